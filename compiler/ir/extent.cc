#include "compiler/ir/extent.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "compiler/ir/overload.h"

namespace edict::ir {
namespace {

// Bytes of a string in the state that declares no bound: EngineOptions::max_state_string_bytes by default.
constexpr double kStateString = 64 << 10;
constexpr int kMaxShapeDepth = 20;  // of shapes in each other: recursive ones end in a name
constexpr double kInfinity = std::numeric_limits<double>::infinity();

// The most that size(this) may be where the condition holds; infinity if it does not say.
double SizeLimit(const Program& p, uint32_t id) {
  const Node& node = p.nodes[id];
  auto arg = [&](uint32_t i) { return p.args[node.args + i]; };
  if (node.op == Op::kAnd) return std::min(SizeLimit(p, arg(0)), SizeLimit(p, arg(1)));
  if (node.op != Op::kCall || node.arg_count != 2) return kInfinity;
  auto is_size = [&](uint32_t of) {
    const Node& call = p.nodes[of];
    if (call.op != Op::kCall || call.imm < kSizeString || call.imm > kSizeOfMap) return false;
    const Node& value = p.nodes[p.args[call.args]];
    return value.op == Op::kLocal && value.imm == 0;  // `this`
  };
  auto number = [&](uint32_t of) {
    const Node& constant = p.nodes[of];
    bool is_int = constant.op == Op::kConst && p.constants[constant.imm].kind == Kind::kInt;
    return is_int ? std::max(0.0, static_cast<double>(p.constants[constant.imm].i)) : kInfinity;
  };
  bool upper = node.imm == kLessInt || node.imm == kLessEqualInt || node.imm == kEquals;
  bool lower = node.imm == kGreaterInt || node.imm == kGreaterEqualInt || node.imm == kEquals;
  if (upper && is_size(arg(0))) return number(arg(1));
  if (lower && is_size(arg(1))) return number(arg(0));
  return kInfinity;
}

Extent NamedShape(const Program& p, uint32_t id, const std::string& name, int depth);

// A record, union or tagged union: anything that one of its parts may be.
Extent Parts(const Program& p, const Shape& shape, const std::string& name, int depth) {
  Extent extent;
  for (const ShapeField& field : shape.fields) {
    Extent part = NamedShape(p, field.shape, name + "." + std::string(p.constants[field.name].text()), depth + 1);
    extent.largest = Max(extent.largest, Max(part.size, part.largest));
    extent.total = extent.total + part.total;
  }
  auto count = static_cast<double>(shape.fields.size());
  extent.size = count;
  for (const ShapeField& field : shape.fields)
    extent.largest = Max(extent.largest, static_cast<double>(p.constants[field.name].size));
  for (const ShapeField& field : shape.fields) extent.total = extent.total + static_cast<double>(p.constants[field.name].size);
  extent.total = extent.total + count;
  return extent;
}

Extent NamedShape(const Program& p, uint32_t id, const std::string& name, int depth) {
  if (id == kNone || depth > kMaxShapeDepth) return Unknown(name);
  const Shape& shape = p.shapes[id];
  double limit = kInfinity;
  for (const ShapeConstraint& constraint : shape.constraints) limit = std::min(limit, SizeLimit(p, constraint.condition));
  Extent unknown = Unknown(name);
  switch (shape.kind) {
    case ShapeKind::kNull:
    case ShapeKind::kBool:
    case ShapeKind::kInt:
    case ShapeKind::kNumber:
      return {};
    case ShapeKind::kEnum: {
      Extent extent;
      for (uint32_t literal : shape.literals) extent = Either(extent, ExtentOf(p.constants[literal]));
      return extent;
    }
    case ShapeKind::kString:
      // size() counts characters, of four bytes at most.
      return limit == kInfinity ? TextExtent(unknown.size) : TextExtent(4 * limit);
    case ShapeKind::kArray: {
      if (limit != kInfinity) unknown.size = limit;
      if (shape.element == kNone) return unknown;
      Extent element = NamedShape(p, shape.element, name + "[]", depth + 1);
      return {unknown.size, Max(element.size, element.largest), unknown.size * (1 + element.total)};
    }
    case ShapeKind::kRecord:
      return shape.closed ? Parts(p, shape, name, depth) : unknown;
    default:
      if (limit != kInfinity) unknown.size = limit;
      return unknown;
  }
}

}  // namespace

Extent UnboundedExtent() { return {Bound::Unbounded(), Bound::Unbounded(), Bound::Unbounded()}; }
Extent TextExtent(const Bound& bytes) { return {bytes, {}, bytes}; }
Extent Unknown(const std::string& name) {
  return {Bound::Of("size(" + name + ")"), Bound::Of("largest(" + name + ")"), Bound::Of("total(" + name + ")")};
}
Extent Inside(const Extent& container) { return {container.largest, container.largest, container.total}; }
Extent Either(const Extent& a, const Extent& b) { return {Max(a.size, b.size), Max(a.largest, b.largest), Max(a.total, b.total)}; }

bool IsScalar(Kind rep) {
  return rep == Kind::kNull || rep == Kind::kBool || rep == Kind::kInt || rep == Kind::kUint || rep == Kind::kDouble ||
         rep == Kind::kTimestamp || rep == Kind::kDuration;
}

namespace {

struct Sizes {
  double size = 0;
  double largest = 0;
  double total = 0;
};

Sizes SizesOf(const Value& value) {
  Sizes sizes;
  auto add = [&](const Value& part) {
    Sizes inside = SizesOf(part);
    sizes.largest = std::max({sizes.largest, inside.size, inside.largest});
    sizes.total += inside.total;
  };
  switch (value.kind) {
    case Kind::kString:
    case Kind::kBytes:
    case Kind::kType:
      sizes.size = value.size;
      break;
    case Kind::kList:
      sizes.size = ListSize(value);
      for (ListCursor c(value); c.Next();) add(c.value());
      break;
    case Kind::kMap:
      sizes.size = MapSize(value);
      for (MapCursor c(value); c.Next();) {
        add(c.key());
        add(c.value());
      }
      break;
    case Kind::kOptional:
      return value.inner == nullptr ? sizes : SizesOf(*value.inner);
    default:
      return sizes;
  }
  sizes.total += sizes.size;
  return sizes;
}

}  // namespace

Extent ExtentOf(const Value& value) {
  Sizes sizes = SizesOf(value);
  return {sizes.size, sizes.largest, sizes.total};
}

void Measure(const std::string& name, const Value& value, std::map<std::string, double>& sizes) {
  Sizes measured = SizesOf(value);
  sizes["size(" + name + ")"] = measured.size;
  sizes["largest(" + name + ")"] = measured.largest;
  sizes["total(" + name + ")"] = measured.total;
}

Extent ShapeExtent(const Program& program, uint32_t shape, const std::string& name) { return NamedShape(program, shape, name, 0); }

Extent CellValue(const Cell& cell) {
  if (IsScalar(cell.rep)) return {};
  return TextExtent(cell.bound_bytes != 0                               ? static_cast<double>(cell.bound_bytes)
                    : cell.kind == CellKind::kScalar && cell.bound != 0 ? static_cast<double>(cell.bound)
                                                                        : kStateString);
}

Extent CellKeys(const Cell& cell) {
  auto entries = static_cast<double>(cell.bound);
  double bytes = IsScalar(cell.key_rep) ? 0 : cell.bound_bytes != 0 ? static_cast<double>(cell.bound_bytes) : kStateString;
  return {entries, bytes, entries * (1 + bytes)};
}

Extent LifecycleKeys(const Lifecycle& lifecycle) {
  auto entries = static_cast<double>(lifecycle.bound);
  double parts = lifecycle.key_count;
  return {entries, std::max(kStateString, parts), entries * (1 + parts + parts * kStateString)};
}

Extent KeepValue(const Keep& keep) { return keep.rep == Kind::kString ? TextExtent(static_cast<double>(keep.bound)) : Extent{}; }

Extent DocumentValue(const Document& document) {
  auto bytes = static_cast<double>(document.bound);
  return {bytes, bytes, bytes};
}

}  // namespace edict::ir
