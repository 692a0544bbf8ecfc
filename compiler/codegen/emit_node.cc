#include "compiler/codegen/emit_node.h"

#include <string_view>

#include "runtime/builtins/registry.h"

namespace edict::codegen {
namespace {

// Fields of Frame (runtime/interp/interp.h), in order, each a pointer.
constexpr unsigned kFrameSlots = 1;
constexpr unsigned kFrameLocals = 3;

uint64_t HeaderBits(const Value& value) {
  return static_cast<uint64_t>(value.kind) | static_cast<uint64_t>(value.flags) << 8 | static_cast<uint64_t>(value.size) << 32;
}

bool IsScalar(Kind kind) {
  return kind == Kind::kNull || kind == Kind::kBool || kind == Kind::kInt || kind == Kind::kUint || kind == Kind::kDouble ||
         kind == Kind::kTimestamp || kind == Kind::kDuration;
}

}  // namespace

NodeEmitter::NodeEmitter(ModuleContext& context, llvm::Function& function, llvm::IRBuilder<>& builder)
    : context_(context), function_(function), b_(builder) {}

llvm::BasicBlock* NodeEmitter::NewBlock(const char* name) { return llvm::BasicBlock::Create(b_.getContext(), name, &function_); }

// Temporaries are allocas of the entry block: one stack frame, whatever the control flow.
llvm::Value* NodeEmitter::Temporary(uint32_t values) {
  llvm::IRBuilder<> entry(&function_.getEntryBlock(), function_.getEntryBlock().begin());
  return entry.CreateAlloca(entry.getInt64Ty(), entry.getInt64(2 * static_cast<uint64_t>(values)));
}

llvm::Value* NodeEmitter::FramePointer(unsigned index) {
  llvm::Value* address = b_.CreateConstInBoundsGEP1_64(b_.getPtrTy(), function_.getArg(0), index);
  return b_.CreateLoad(b_.getPtrTy(), address);
}

llvm::Value* NodeEmitter::ConstantKind(Kind kind) { return b_.getInt64(static_cast<uint64_t>(kind)); }
llvm::Value* NodeEmitter::KindOf(const Pair& value) { return b_.CreateAnd(value.header, b_.getInt64(0xff)); }
llvm::Value* NodeEmitter::IsKind(const Pair& value, Kind kind) { return b_.CreateICmpEQ(KindOf(value), ConstantKind(kind)); }
Pair NodeEmitter::Bool(llvm::Value* bit) { return {ConstantKind(Kind::kBool), b_.CreateZExt(bit, b_.getInt64Ty())}; }

Pair NodeEmitter::Load(llvm::Value* address) {
  llvm::Value* header = b_.CreateLoad(b_.getInt64Ty(), address);
  llvm::Value* payload = b_.CreateLoad(b_.getInt64Ty(), b_.CreateConstInBoundsGEP1_64(b_.getInt64Ty(), address, 1));
  return {header, payload};
}

void NodeEmitter::Store(const Pair& value, llvm::Value* address) {
  b_.CreateStore(value.header, address);
  b_.CreateStore(value.payload, b_.CreateConstInBoundsGEP1_64(b_.getInt64Ty(), address, 1));
}

Pair NodeEmitter::Phi(const Pair& a, llvm::BasicBlock* from_a, const Pair& b, llvm::BasicBlock* from_b) {
  auto merge = [&](llvm::Value* x, llvm::Value* y) {
    llvm::PHINode* phi = b_.CreatePHI(b_.getInt64Ty(), 2);
    phi->addIncoming(x, from_a);
    phi->addIncoming(y, from_b);
    return phi;
  };
  llvm::Value* header = merge(a.header, b.header);
  return {header, merge(a.payload, b.payload)};
}

Pair NodeEmitter::EvaluateGeneric(uint32_t node) {
  llvm::Value* out = Temporary(1);
  b_.CreateCall(context_.evaluate, {out, function_.getArg(0), b_.getInt32(node)});
  return Load(out);
}

Pair NodeEmitter::ApplyGeneric(uint32_t node, const std::vector<Pair>& args) {
  llvm::Value* out = Temporary(1);
  llvm::Value* values = Temporary(static_cast<uint32_t>(args.size()) + 1);
  for (size_t i = 0; i < args.size(); ++i) Store(args[i], b_.CreateConstInBoundsGEP1_64(b_.getInt64Ty(), values, 2 * i));
  b_.CreateCall(context_.apply, {out, function_.getArg(0), b_.getInt32(node), values});
  return Load(out);
}

Pair NodeEmitter::EmitConst(uint32_t constant) {
  const Value& value = context_.program.constants[constant];
  llvm::Value* header = b_.getInt64(HeaderBits(value));
  if (IsScalar(value.kind)) return {header, b_.getInt64(value.kind == Kind::kBool ? (value.b ? 1 : 0) : value.u)};
  // Text lives in the module: comparisons with it become word compares, and the object needs no address of the Program.
  llvm::Constant* bytes = llvm::ConstantDataArray::getString(b_.getContext(), llvm::StringRef(value.s, value.size), false);
  auto* global =
      new llvm::GlobalVariable(context_.module, bytes->getType(), true, llvm::GlobalValue::PrivateLinkage, bytes, "text");
  global->setUnnamedAddr(llvm::GlobalValue::UnnamedAddr::Global);
  return {header, b_.CreatePtrToInt(global, b_.getInt64Ty())};
}

// The field's value; one that is absent is an error, which the interpreter words.
Pair NodeEmitter::EmitSlot(uint32_t node) {
  uint64_t offset = static_cast<uint64_t>(At(node).imm) * 2;
  Pair value = Load(b_.CreateConstInBoundsGEP1_64(b_.getInt64Ty(), FramePointer(kFrameSlots), offset));
  llvm::BasicBlock* from = b_.GetInsertBlock();
  llvm::BasicBlock* absent = NewBlock("absent");
  llvm::BasicBlock* done = NewBlock("slot");
  b_.CreateCondBr(IsKind(value, Kind::kAbsent), absent, done);
  b_.SetInsertPoint(absent);
  Pair error = EvaluateGeneric(node);
  llvm::BasicBlock* from_error = b_.GetInsertBlock();
  b_.CreateBr(done);
  b_.SetInsertPoint(done);
  return Phi(value, from, error, from_error);
}

// a && b (a || b): decided at once where a is a bool that decides. Otherwise the result is b where a is the other bool;
// where a is an error or no bool, apply absorbs as CEL says.
Pair NodeEmitter::EmitLogic(uint32_t node) {
  const Node& n = At(node);
  bool deciding = n.op == Op::kOr;
  Pair a = Emit(Arg(n, 0));
  llvm::Value* is_bool = IsKind(a, Kind::kBool);
  llvm::Value* decides = b_.CreateAnd(is_bool, b_.CreateICmpEQ(a.payload, b_.getInt64(deciding ? 1 : 0)));
  llvm::BasicBlock* from_a = b_.GetInsertBlock();
  llvm::BasicBlock* second = NewBlock("second");
  llvm::BasicBlock* done = NewBlock("logic");
  b_.CreateCondBr(decides, done, second);
  b_.SetInsertPoint(second);
  Pair b = Emit(Arg(n, 1));
  llvm::BasicBlock* plain = NewBlock("plain");
  llvm::BasicBlock* odd = NewBlock("odd");
  llvm::BasicBlock* joined = NewBlock("joined");
  b_.CreateCondBr(b_.CreateAnd(is_bool, IsKind(b, Kind::kBool)), plain, odd);
  b_.SetInsertPoint(plain);
  b_.CreateBr(joined);
  b_.SetInsertPoint(odd);
  Pair absorbed = ApplyGeneric(node, {a, b});
  b_.CreateBr(joined);
  b_.SetInsertPoint(joined);
  Pair merged = Phi(b, plain, absorbed, odd);
  b_.CreateBr(done);
  b_.SetInsertPoint(done);
  return Phi(Bool(b_.getInt1(deciding)), from_a, merged, joined);
}

// Only the chosen branch is evaluated; a condition that is no bool is the interpreter's error.
Pair NodeEmitter::EmitCond(uint32_t node) {
  const Node& n = At(node);
  Pair condition = Emit(Arg(n, 0));
  llvm::BasicBlock* choose = NewBlock("choose");
  llvm::BasicBlock* odd = NewBlock("odd");
  llvm::BasicBlock* yes = NewBlock("then");
  llvm::BasicBlock* no = NewBlock("else");
  llvm::BasicBlock* chosen = NewBlock("chosen");
  llvm::BasicBlock* done = NewBlock("cond");
  b_.CreateCondBr(IsKind(condition, Kind::kBool), choose, odd);
  b_.SetInsertPoint(choose);
  b_.CreateCondBr(b_.CreateICmpNE(condition.payload, b_.getInt64(0)), yes, no);
  b_.SetInsertPoint(yes);
  Pair first = Emit(Arg(n, 1));
  llvm::BasicBlock* from_yes = b_.GetInsertBlock();
  b_.CreateBr(chosen);
  b_.SetInsertPoint(no);
  Pair second = Emit(Arg(n, 2));
  llvm::BasicBlock* from_no = b_.GetInsertBlock();
  b_.CreateBr(chosen);
  b_.SetInsertPoint(chosen);
  Pair value = Phi(first, from_yes, second, from_no);
  b_.CreateBr(done);
  b_.SetInsertPoint(odd);
  Pair error = EvaluateGeneric(node);
  b_.CreateBr(done);
  b_.SetInsertPoint(done);
  return Phi(value, chosen, error, odd);
}

Pair NodeEmitter::EmitEquality(uint32_t node, bool negate) {
  const Node& n = At(node);
  Pair a = Emit(Arg(n, 0));
  Pair b = Emit(Arg(n, 1));
  llvm::BasicBlock* plain = NewBlock("equal");
  llvm::BasicBlock* odd = NewBlock("odd");
  llvm::BasicBlock* done = NewBlock("compared");
  llvm::Value* failed = b_.CreateOr(IsKind(a, Kind::kError), IsKind(b, Kind::kError));
  b_.CreateCondBr(failed, odd, plain);
  b_.SetInsertPoint(plain);
  llvm::Value* same;
  Kind left = At(Arg(n, 0)).rep;
  if (left == At(Arg(n, 1)).rep && (left == Kind::kInt || left == Kind::kBool || left == Kind::kUint)) {
    same = b_.CreateICmpEQ(a.payload, b.payload);
  } else {
    same = b_.CreateCall(context_.equal, {a.header, a.payload, b.header, b.payload});
  }
  Pair result = Bool(negate ? b_.CreateNot(same) : same);
  llvm::BasicBlock* from_plain = b_.GetInsertBlock();
  b_.CreateBr(done);
  b_.SetInsertPoint(odd);
  Pair error = ApplyGeneric(node, {a, b});
  b_.CreateBr(done);
  b_.SetInsertPoint(done);
  return Phi(result, from_plain, error, odd);
}

Pair NodeEmitter::EmitComparison(uint32_t node, std::string_view function) {
  const Node& n = At(node);
  Pair a = Emit(Arg(n, 0));
  Pair b = Emit(Arg(n, 1));
  llvm::BasicBlock* plain = NewBlock("order");
  llvm::BasicBlock* odd = NewBlock("odd");
  llvm::BasicBlock* done = NewBlock("ordered");
  b_.CreateCondBr(b_.CreateAnd(IsKind(a, Kind::kInt), IsKind(b, Kind::kInt)), plain, odd);
  b_.SetInsertPoint(plain);
  auto predicate = function == "_<_"    ? llvm::CmpInst::ICMP_SLT
                   : function == "_<=_" ? llvm::CmpInst::ICMP_SLE
                   : function == "_>_"  ? llvm::CmpInst::ICMP_SGT
                                        : llvm::CmpInst::ICMP_SGE;
  Pair result = Bool(b_.CreateICmp(predicate, a.payload, b.payload));
  b_.CreateBr(done);
  b_.SetInsertPoint(odd);
  Pair other = ApplyGeneric(node, {a, b});
  b_.CreateBr(done);
  b_.SetInsertPoint(done);
  return Phi(result, plain, other, odd);
}

Pair NodeEmitter::EmitIntArithmetic(uint32_t node, llvm::Intrinsic::ID with_overflow) {
  const Node& n = At(node);
  Pair a = Emit(Arg(n, 0));
  Pair b = Emit(Arg(n, 1));
  llvm::Value* pair = b_.CreateBinaryIntrinsic(with_overflow, a.payload, b.payload);
  llvm::Value* plain_kinds = b_.CreateAnd(IsKind(a, Kind::kInt), IsKind(b, Kind::kInt));
  llvm::Value* plain = b_.CreateAnd(plain_kinds, b_.CreateNot(b_.CreateExtractValue(pair, 1)));
  Pair result{ConstantKind(Kind::kInt), b_.CreateExtractValue(pair, 0)};
  llvm::BasicBlock* from = b_.GetInsertBlock();
  llvm::BasicBlock* odd = NewBlock("odd");
  llvm::BasicBlock* done = NewBlock("computed");
  b_.CreateCondBr(plain, done, odd);
  b_.SetInsertPoint(odd);
  Pair other = ApplyGeneric(node, {a, b});
  b_.CreateBr(done);
  b_.SetInsertPoint(done);
  return Phi(result, from, other, odd);
}

Pair NodeEmitter::EmitCall(uint32_t node) {
  const Node& n = At(node);
  if (n.arg_count == 2) {
    std::string_view function = OverloadAt(n.imm).function;
    bool ints = At(Arg(n, 0)).rep == Kind::kInt && At(Arg(n, 1)).rep == Kind::kInt;
    if (function == "_==_" || function == "_!=_") return EmitEquality(node, function == "_!=_");
    if (ints && function == "_+_") return EmitIntArithmetic(node, llvm::Intrinsic::sadd_with_overflow);
    if (ints && function == "_-_") return EmitIntArithmetic(node, llvm::Intrinsic::ssub_with_overflow);
    if (ints && function == "_*_") return EmitIntArithmetic(node, llvm::Intrinsic::smul_with_overflow);
    if (ints && (function == "_<_" || function == "_<=_" || function == "_>_" || function == "_>=_")) {
      return EmitComparison(node, function);
    }
  }
  std::vector<Pair> args;
  for (uint32_t i = 0; i < n.arg_count; ++i) args.push_back(Emit(Arg(n, i)));
  return ApplyGeneric(node, args);
}

Pair NodeEmitter::Emit(uint32_t node) {
  const Node& n = At(node);
  switch (n.op) {
    case Op::kConst: {
      Kind kind = context_.program.constants[n.imm].kind;
      return IsScalar(kind) || kind == Kind::kString || kind == Kind::kBytes ? EmitConst(n.imm) : EvaluateGeneric(node);
    }
    case Op::kSlot:
      return EmitSlot(node);
    case Op::kPresent: {
      uint64_t offset = static_cast<uint64_t>(n.imm) * 2;
      Pair value = Load(b_.CreateConstInBoundsGEP1_64(b_.getInt64Ty(), FramePointer(kFrameSlots), offset));
      return Bool(b_.CreateNot(IsKind(value, Kind::kAbsent)));
    }
    case Op::kLocal:
      return Load(b_.CreateConstInBoundsGEP1_64(b_.getInt64Ty(), FramePointer(kFrameLocals), static_cast<uint64_t>(n.imm) * 2));
    case Op::kAnd:
    case Op::kOr:
      return EmitLogic(node);
    case Op::kNot: {
      Pair value = Emit(Arg(n, 0));
      llvm::BasicBlock* from = b_.GetInsertBlock();
      Pair result = Bool(b_.CreateICmpEQ(value.payload, b_.getInt64(0)));
      llvm::BasicBlock* odd = NewBlock("odd");
      llvm::BasicBlock* done = NewBlock("not");
      b_.CreateCondBr(IsKind(value, Kind::kBool), done, odd);
      b_.SetInsertPoint(odd);
      Pair error = ApplyGeneric(node, {value});
      b_.CreateBr(done);
      b_.SetInsertPoint(done);
      return Phi(result, from, error, odd);
    }
    case Op::kCond:
      return EmitCond(node);
    case Op::kCall:
      return EmitCall(node);
    // The rest binds locals, chooses what it evaluates, or reads the event's tree: the interpreter's operations.
    default:
      return EvaluateGeneric(node);
  }
}

llvm::Value* NodeEmitter::EmitIsTrue(uint32_t node) {
  Pair value = Emit(node);
  return b_.CreateAnd(IsKind(value, Kind::kBool), b_.CreateICmpNE(value.payload, b_.getInt64(0)));
}

}  // namespace edict::codegen
