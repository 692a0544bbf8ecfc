// Calls of builtins: of the overload that the checker chose, or of one of those that the operands' kinds leave.
#include "compiler/codegen/node_emitter.h"
#include "runtime/builtins/support.h"

namespace edict::codegen {
namespace {

// Candidates of a dynamic call that are tried one after the other; where there are more, the runtime looks for one.
constexpr size_t kMaxTried = 4;

bool MayBe(const Operand& value, const KindOfType& type) {
  return type.kind == Node::kAny || value.kind == Node::kAny || value.kind == type.kind;
}

std::vector<uint32_t> Candidates(std::string_view function, bool member, const std::vector<Operand>& args) {
  std::vector<uint32_t> result;
  for (uint32_t id : OverloadsNamed(function, member)) {
    const OverloadKinds& kinds = KindsAt(id);
    bool fits = kinds.count == args.size();
    for (size_t i = 0; fits && i < args.size(); ++i) fits = MayBe(args[i], kinds.params[i]);
    if (fits) result.push_back(id);
  }
  return result;
}

}  // namespace

std::vector<Operand> NodeEmitter::EmitArgs(const Node& node) {
  std::vector<Operand> args;
  for (uint32_t i = 0; i < node.arg_count; ++i) args.push_back(Emit(f_.Arg(node, i)));
  return args;
}

Operand NodeEmitter::EmitCall(const Node& node) {
  if (IsConcatenation(node)) return EmitConcatenation(node);
  Operand result;
  return EmitCallOfInside(node, &result) ? result : CallOverload(node.imm, EmitArgs(node), node);
}

bool NodeEmitter::EmitCallOfInside(const Node& node, Operand* result) {
  auto builtin = static_cast<Builtin>(node.imm);
  if (builtin != Builtin::kOptionalHasValue && builtin != Builtin::kOptionalValue) return false;
  if (!HasPlainInside(f_.Arg(node, 0))) return false;
  Operand inside = EmitInside(f_.Arg(node, 0));
  f_.Spend(OverloadAt(node.imm).cost);
  llvm::Value* absent = f_.IsKind(inside, Kind::kAbsent);
  if (builtin == Builtin::kOptionalHasValue) {
    *result = f_.Bool(b_.CreateNot(absent));
  } else {
    f_.FailIf(absent);
    *result = inside;
  }
  return true;
}

// i1: the arguments are of the kinds that the overload takes.
llvm::Value* NodeEmitter::Fits(const std::vector<Operand>& args, const OverloadKinds& kinds) {
  llvm::Value* fits = b_.getTrue();
  for (size_t i = 0; i < args.size(); ++i) {
    const KindOfType& type = kinds.params[i];
    if (type.kind == Kind::kBytes) {
      constexpr uint64_t kMask = 0xff | static_cast<uint64_t>(kOpaqueFlags) << 8;
      uint64_t wanted = static_cast<uint64_t>(type.kind) | static_cast<uint64_t>(type.opaque) << 8;
      fits = b_.CreateAnd(fits, b_.CreateICmpEQ(b_.CreateAnd(f_.Box(args[i]).first, f_.Word(kMask)), f_.Word(wanted)));
    } else if (type.kind != Node::kAny && args[i].kind == Node::kAny) {
      fits = b_.CreateAnd(fits, f_.IsKind(args[i], type.kind));
    }
  }
  return fits;
}

Operand NodeEmitter::EmitDynamicCall(const Node& node) {
  std::vector<Operand> args = EmitArgs(node);
  std::string_view function = f_.Text(node.imm);
  std::vector<uint32_t> candidates = Candidates(function, node.imm2 == 1, args);
  if (candidates.empty()) return f_.Fail();
  if (candidates.size() == 1) return CallOverload(candidates[0], args, node);
  if (candidates.size() > kMaxTried) {
    Operand name = f_.Constant(node.imm);
    llvm::Value* out = f_.Result();
    f_.Call("edict_native_call_dynamic", b_.getVoidTy(),
            {out, f_.frame(), f_.Pointer(name), f_.SizeOf(name), b_.getInt32(node.imm2 == 1 ? 1 : 0), f_.Array(args),
             b_.getInt32(static_cast<uint32_t>(args.size()))},
            Effects::kFuel);
    Operand value = f_.Load(out);
    f_.FailIf(f_.IsKind(value, Kind::kError));
    return value;
  }
  Join join(f_);
  for (uint32_t id : candidates) {
    llvm::BasicBlock* yes = f_.NewBlock("overload");
    llvm::BasicBlock* no = f_.NewBlock("other_overload");
    b_.CreateCondBr(Fits(args, KindsAt(id)), yes, no);
    f_.Enter(yes);
    join.Add(CallOverload(id, args, node));
    f_.Enter(no);
  }
  b_.CreateBr(f_.failed());
  return join.Meet("called");
}

// All of it is the runtime's: which function that is, and whether it gives what is declared.
Operand NodeEmitter::EmitHostCall(const Node& node) {
  const std::vector<Operand> args = EmitArgs(node);
  return f_.Unbox(f_.program().host_functions[node.imm].result,
                  f_.CallOrFail("edict_native_call_host", {f_.frame(), b_.getInt32(node.imm), f_.Array(args)}));
}

Operand NodeEmitter::CallOverload(uint32_t id, std::vector<Operand> args, const Node& node) {
  const OverloadKinds& kinds = KindsAt(id);
  if (kinds.count != args.size()) return f_.Fail();
  for (size_t i = 0; i < args.size(); ++i) args[i] = f_.Require(args[i], kinds.params[i].kind, kinds.params[i].opaque);
  f_.Spend(OverloadAt(id).cost);
  Operand result;
  return Inline(id, args, node, &result) ? result : CallBuiltin(id, args);
}

Operand NodeEmitter::CallBuiltin(uint32_t id, const std::vector<Operand>& args) {
  llvm::Value* out = f_.Result();
  std::string name = std::string("edict_builtin_") + OverloadAt(id).symbol;
  f_.Call(name.c_str(), b_.getVoidTy(), {out, f_.Array(args), b_.getInt32(static_cast<uint32_t>(args.size())), f_.eval_context()},
          Effects::kFuel);
  Operand value = f_.Load(out);
  f_.FailIf(f_.IsKind(value, Kind::kError));
  Kind kind = KindsAt(id).result.kind;
  return kind == Node::kAny ? value : f_.Unbox(kind, value);
}

bool NodeEmitter::Inline(uint32_t id, const std::vector<Operand>& args, const Node& node, Operand* result) {
  std::string_view function = OverloadAt(id).function;
  return InlineArithmetic(function, args, result) || InlineTime(function, args, result) ||
         InlineComparison(function, args, result) || InlineString(id, args, node, result) || InlineConversion(id, args, result);
}

}  // namespace edict::codegen
