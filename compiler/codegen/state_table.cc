#include "compiler/codegen/state_table.h"

#include <algorithm>

#include "runtime/builtins/registry.h"

namespace edict::codegen {
namespace {

constexpr size_t kMostStates = 64;  // a bool of each is a bit of a word
constexpr uint32_t kMostNodes = 400;

class Tabulator {
 public:
  explicit Tabulator(const Program& program) : program_(program) {}

  std::optional<StateTable> Run(uint32_t node) {
    if (!Fits(node) || table_.state == kNone) return std::nullopt;
    const uint32_t lifecycle = program_.nodes[table_.state].imm;
    const size_t states = program_.enums[program_.lifecycles[lifecycle].states].names.size();
    if (states > kMostStates) return std::nullopt;
    table_.kind = program_.nodes[node].rep;
    for (state_ = 0; state_ < static_cast<int64_t>(states); ++state_) {
      fuel_ = 0;
      table_.values.push_back(ValueOf(node));
      table_.fuel.push_back(fuel_);
    }
    return std::move(table_);
  }

 private:
  uint32_t Arg(const Node& node, uint32_t i) const { return program_.args[node.args + i]; }

  // Nodes may be shared: what is counted is what would be emitted.
  bool Fits(uint32_t id) {
    const Node& node = program_.nodes[id];
    if (++nodes_ > kMostNodes || (node.rep != Kind::kBool && node.rep != Kind::kInt)) return false;
    switch (node.op) {
      case Op::kConst:
        return program_.constants[node.imm].kind == node.rep;
      case Op::kLifeState: {
        const bool first = table_.state == kNone;
        if (first) table_.state = id;
        return node.arg_count == 1 && table_.state == id;
      }
      case Op::kCall: {
        const auto builtin = static_cast<Builtin>(node.imm);
        if ((builtin != Builtin::kEquals && builtin != Builtin::kNotEquals) || node.arg_count != 2) return false;
        if (program_.nodes[Arg(node, 0)].rep != program_.nodes[Arg(node, 1)].rep) return false;
        ++table_.comparisons;
        break;
      }
      case Op::kAnd:
      case Op::kOr:
      case Op::kNot:
      case Op::kCond:
        break;
      default:
        return false;
    }
    for (uint32_t i = 0; i < node.arg_count; ++i) {
      if (!Fits(Arg(node, i))) return false;
    }
    return true;
  }

  // As the interpreter evaluates it.
  int64_t ValueOf(uint32_t id) {
    const Node& node = program_.nodes[id];
    switch (node.op) {
      case Op::kConst: {
        const Value& value = program_.constants[node.imm];
        return value.kind == Kind::kBool ? static_cast<int64_t>(value.b) : value.i;
      }
      case Op::kLifeState:
        ++fuel_;
        return state_;
      case Op::kCall: {
        const int64_t a = ValueOf(Arg(node, 0));
        const int64_t b = ValueOf(Arg(node, 1));
        fuel_ += OverloadAt(node.imm).cost;
        return static_cast<int64_t>((a == b) == (static_cast<Builtin>(node.imm) == Builtin::kEquals));
      }
      case Op::kNot:
        return static_cast<int64_t>(ValueOf(Arg(node, 0)) == 0);
      case Op::kCond:
        return ValueOf(Arg(node, ValueOf(Arg(node, 0)) != 0 ? 1 : 2));
      default: {
        const int64_t decides = node.op == Op::kOr ? 1 : 0;
        for (uint32_t i = 0; i < node.arg_count; ++i) {
          if (ValueOf(Arg(node, i)) == decides) return decides;
        }
        return 1 - decides;
      }
    }
  }

  const Program& program_;
  StateTable table_;
  uint32_t nodes_ = 0;
  int64_t state_ = 0;
  uint64_t fuel_ = 0;
};

}  // namespace

std::optional<StateTable> MakeStateTable(const Program& program, uint32_t node) { return Tabulator(program).Run(node); }

}  // namespace edict::codegen
