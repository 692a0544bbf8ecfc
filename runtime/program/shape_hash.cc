#include "runtime/program/shape_hash.h"

#include <cstring>
#include <string>
#include <unordered_map>
#include <vector>

namespace edict {
namespace {

// Shapes and nodes are written in the order in which they are met, and referred to by their place in it.
class ShapeWriter {
 public:
  explicit ShapeWriter(const Program& program) : program_(program) {}

  std::optional<Hash128> Run(uint32_t root) {
    Shape(root);
    for (size_t i = 0; i < shapes_.order.size(); ++i) Write(program_.shapes[shapes_.order[i]]);
    Word(kNone);
    for (size_t i = 0; i < nodes_.order.size(); ++i) Write(program_.nodes[nodes_.order[i]]);
    if (!pure_) return std::nullopt;
    return ContentHash(bytes_);
  }

 private:
  struct Numbers {
    std::unordered_map<uint32_t, uint32_t> places;
    std::vector<uint32_t> order;
    uint32_t Of(uint32_t id) {
      if (id == kNone) return kNone;
      const auto [found, is_new] = places.try_emplace(id, static_cast<uint32_t>(order.size()));
      if (is_new) order.push_back(id);
      return found->second;
    }
  };

  template <typename T>
  void Raw(const T& value) {
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void Word(uint32_t word) { Raw(word); }
  void Text(std::string_view text) {
    Word(static_cast<uint32_t>(text.size()));
    bytes_.append(text);
  }
  void Shape(uint32_t id) { Word(shapes_.Of(id)); }
  void Node(uint32_t id) { Word(nodes_.Of(id)); }
  void Constant(uint32_t id) {
    if (id == kNone) return Word(kNone);
    Write(program_.constants[id]);
  }

  void Write(const Value& value) {
    Raw(value.kind);
    switch (value.kind) {
      case Kind::kString:
      case Kind::kBytes:
      case Kind::kType:
        return Text(value.text());
      case Kind::kList:
        Word(value.size);
        for (ListCursor c(value); c.Next();) Write(c.value());
        return;
      case Kind::kMap:
        Word(value.size);
        for (MapCursor c(value); c.Next();) {
          Write(c.key());
          Write(c.value());
        }
        return;
      case Kind::kNull:
      case Kind::kAbsent:
        return;
      case Kind::kBool:
        return Raw(value.b);
      case Kind::kInt:
      case Kind::kUint:
      case Kind::kDouble:
        return Raw(value.i);
      case Kind::kTimestamp:
      case Kind::kDuration:
        Raw(value.i);
        return Word(value.size);
      default:
        pure_ = false;  // no constant of conditions so far; better no hash than one that says too little
    }
  }

  void Write(const edict::Shape& shape) {
    Raw(shape.kind);
    Raw(shape.nullable);
    Raw(shape.closed);
    Shape(shape.element);
    Constant(shape.tag_field);
    Word(static_cast<uint32_t>(shape.literals.size()));
    for (const uint32_t literal : shape.literals) Constant(literal);
    Word(static_cast<uint32_t>(shape.fields.size()));
    for (const ShapeField& field : shape.fields) {
      Constant(field.name);
      Shape(field.shape);
      Raw(field.optional);
    }
    Word(static_cast<uint32_t>(shape.alternatives.size()));
    for (const ShapeAlternative& alternative : shape.alternatives) {
      Constant(alternative.tag);
      Shape(alternative.shape);
    }
    Shape(shape.otherwise);
    Word(static_cast<uint32_t>(shape.members.size()));
    for (const uint32_t member : shape.members) Shape(member);
    Word(static_cast<uint32_t>(shape.constraints.size()));
    for (const ShapeConstraint& constraint : shape.constraints) Node(constraint.condition);
  }

  // What `imm` and `imm2` are depends on the operation; only those that conditions use are written.
  void Write(const edict::Node& node) {
    Raw(node.op);
    Raw(node.rep);
    Word(node.arg_count);
    for (uint32_t i = 0; i < node.arg_count; ++i) Node(program_.args[node.args + i]);
    switch (node.op) {
      case Op::kConst:
      case Op::kField:
      case Op::kHasField:
      case Op::kOptField:
      case Op::kCallDyn:
      case Op::kList:
      case Op::kMap:
        Constant(node.imm);
        return Word(node.imm2);
      case Op::kFold: {
        const Fold& fold = program_.folds[node.imm];
        Word(fold.element);
        Word(fold.second);
        Word(fold.accu);
        return Word(node.imm2);
      }
      case Op::kLocal:
      case Op::kLet:
      case Op::kCall:  // the builtins are the same in all Programs
      case Op::kIndex:
      case Op::kOptIndex:
      case Op::kAnd:
      case Op::kOr:
      case Op::kNot:
      case Op::kCond:
      case Op::kOptOr:
      case Op::kOptOrValue:
        Word(node.imm);
        return Word(node.imm2);
      default:
        pure_ = false;
    }
  }

  const Program& program_;
  std::string bytes_;
  Numbers shapes_;
  Numbers nodes_;
  bool pure_ = true;
};

}  // namespace

std::optional<Hash128> ShapeHash(const Program& program, uint32_t shape) { return ShapeWriter(program).Run(shape); }

}  // namespace edict
