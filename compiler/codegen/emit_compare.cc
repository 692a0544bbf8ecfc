// == != < <= > >=: exact across int, uint and double; of texts, times, and of values whose kind only the event tells.
#include "compiler/codegen/node_emitter.h"

namespace edict::codegen {
namespace {

using Predicate = llvm::CmpInst::Predicate;

// Integers up to here are doubles exactly.
constexpr uint64_t kExact = uint64_t{1} << 53;

// The signed integer predicate of an operator; BAD_ICMP_PREDICATE: it is none.
Predicate PredicateOf(std::string_view function) {
  if (function == "_<_") return llvm::CmpInst::ICMP_SLT;
  if (function == "_<=_") return llvm::CmpInst::ICMP_SLE;
  if (function == "_>_") return llvm::CmpInst::ICMP_SGT;
  if (function == "_>=_") return llvm::CmpInst::ICMP_SGE;
  if (function == "_==_") return llvm::CmpInst::ICMP_EQ;
  return llvm::CmpInst::BAD_ICMP_PREDICATE;
}

Predicate OfDoubles(Predicate predicate) {
  switch (predicate) {
    case llvm::CmpInst::ICMP_SLT:
      return llvm::CmpInst::FCMP_OLT;
    case llvm::CmpInst::ICMP_SLE:
      return llvm::CmpInst::FCMP_OLE;
    case llvm::CmpInst::ICMP_SGT:
      return llvm::CmpInst::FCMP_OGT;
    case llvm::CmpInst::ICMP_SGE:
      return llvm::CmpInst::FCMP_OGE;
    default:
      return llvm::CmpInst::FCMP_OEQ;
  }
}

bool IsText(Kind kind) { return kind == Kind::kString || kind == Kind::kBytes || kind == Kind::kType; }
bool IsTime(Kind kind) { return kind == Kind::kTimestamp || kind == Kind::kDuration; }

}  // namespace

bool NodeEmitter::InlineComparison(std::string_view function, const std::vector<Operand>& args, Operand* result) {
  if (args.size() != 2) return false;
  const Operand& a = args[0];
  const Operand& b = args[1];
  if (function == "_==_" || function == "_!=_") {
    llvm::Value* equal = EqualOperands(a, b);
    *result = f_.Bool(function == "_==_" ? equal : b_.CreateNot(equal));
    return true;
  }
  Predicate predicate = PredicateOf(function);
  if (predicate == llvm::CmpInst::BAD_ICMP_PREDICATE) return false;
  if (a.is_number() && b.is_number()) {
    *result = f_.Bool(CompareNumbers(predicate, a, b));
  } else if (a.kind == Kind::kBool) {
    *result = f_.Bool(b_.CreateICmp(llvm::ICmpInst::getUnsignedPredicate(predicate), a.first, b.first));
  } else if (IsTime(a.kind)) {
    *result = f_.Bool(CompareTimes(predicate, a, b));
  } else {
    std::vector<llvm::Value*> words = {a.first, a.second, b.first, b.second};
    if (IsText(a.kind)) {
      llvm::Value* shorter = b_.CreateBinaryIntrinsic(llvm::Intrinsic::umin, f_.SizeOf(a), f_.SizeOf(b));
      f_.Spend(b_.CreateLShr(shorter, f_.Word(10)));
    }
    llvm::Value* order = f_.Call("edict_native_compare", b_.getInt64Ty(), words, Effects::kReadsOnly);
    *result = f_.Bool(b_.CreateICmp(predicate, order, f_.Word(0)));
  }
  return true;
}

llvm::Value* NodeEmitter::CompareNumbers(Predicate predicate, const Operand& a, const Operand& b) {
  if (a.kind == b.kind) {
    if (a.kind == Kind::kDouble) return b_.CreateFCmp(OfDoubles(predicate), a.first, b.first);
    bool is_unsigned = a.kind == Kind::kUint && predicate != llvm::CmpInst::ICMP_EQ;
    return b_.CreateICmp(is_unsigned ? llvm::ICmpInst::getUnsignedPredicate(predicate) : predicate, a.first, b.first);
  }
  if (b.kind == Kind::kDouble) return CompareExactly(predicate, a, b);
  if (a.kind == Kind::kDouble) return CompareExactly(llvm::CmpInst::getSwappedPredicate(predicate), b, a);
  if (a.kind == Kind::kUint) return CompareNumbers(llvm::CmpInst::getSwappedPredicate(predicate), b, a);
  // int against uint: a negative int is below all, the others compare as they are.
  llvm::Value* negative = b_.CreateICmpSLT(a.first, f_.Word(0));
  bool equality = predicate == llvm::CmpInst::ICMP_EQ;
  llvm::Value* plain = b_.CreateICmp(equality ? predicate : llvm::ICmpInst::getUnsignedPredicate(predicate), a.first, b.first);
  bool below = predicate == llvm::CmpInst::ICMP_SLT || predicate == llvm::CmpInst::ICMP_SLE;
  return below ? b_.CreateOr(negative, plain) : b_.CreateAnd(b_.CreateNot(negative), plain);
}

// An int or uint against a double, by mathematical value. An integer that is no double exactly is beyond 2^53, where a double
// that fits the integer's type decides by its whole part; any other is on the same side of 0 as of the integer.
llvm::Value* NodeEmitter::CompareExactly(Predicate predicate, const Operand& whole, const Operand& number) {
  bool is_int = whole.kind == Kind::kInt;
  llvm::Value* distance = is_int ? b_.CreateAdd(whole.first, f_.Word(kExact)) : whole.first;
  llvm::Value* exact = b_.CreateICmpULE(distance, f_.Word(is_int ? 2 * kExact : kExact));
  llvm::BasicBlock* near = f_.NewBlock("exact");
  llvm::BasicBlock* far = f_.NewBlock("wide");
  llvm::BasicBlock* fits = f_.NewBlock("double_fits");
  llvm::BasicBlock* beyond = f_.NewBlock("double_beyond");
  f_.BranchLikely(exact, near, far);
  Join join(f_);
  const auto compare_double = [&](llvm::Value* with) {
    join.Add(f_.Bool(b_.CreateFCmp(OfDoubles(predicate), with, number.first)));
  };
  f_.Enter(near);
  compare_double(is_int ? b_.CreateSIToFP(whole.first, b_.getDoubleTy()) : b_.CreateUIToFP(whole.first, b_.getDoubleTy()));
  f_.Enter(far);
  const auto constant = [&](double value) { return llvm::ConstantFP::get(b_.getDoubleTy(), value); };
  llvm::Value* above_least =
      is_int ? b_.CreateFCmpOGE(number.first, constant(-0x1p63)) : b_.CreateFCmpOGT(number.first, constant(-1));
  llvm::Value* below_most = b_.CreateFCmpOLT(number.first, constant(is_int ? 0x1p63 : 0x1p64));
  b_.CreateCondBr(b_.CreateAnd(above_least, below_most), fits, beyond);
  f_.Enter(fits);
  llvm::Value* truncated = is_int ? b_.CreateFPToSI(number.first, b_.getInt64Ty()) : b_.CreateFPToUI(number.first, b_.getInt64Ty());
  bool as_is = is_int || predicate == llvm::CmpInst::ICMP_EQ;
  join.Add(f_.Bool(b_.CreateICmp(as_is ? predicate : llvm::ICmpInst::getUnsignedPredicate(predicate), whole.first, truncated)));
  f_.Enter(beyond);  // or NaN, where nothing holds
  compare_double(constant(0));
  return join.Meet("compared").first;
}

llvm::Value* NodeEmitter::CompareTimes(Predicate predicate, const Operand& a, const Operand& b) {
  llvm::Value* same_second = b_.CreateICmpEQ(a.second, b.second);
  llvm::Value* seconds = b_.CreateICmp(llvm::ICmpInst::getStrictPredicate(predicate), a.second, b.second);
  llvm::Value* nanos = b_.CreateICmp(predicate, b_.CreateAShr(a.first, f_.Word(32)), b_.CreateAShr(b.first, f_.Word(32)));
  return b_.CreateSelect(same_second, nanos, seconds);
}

// ---- equality

llvm::Value* NodeEmitter::EqualOperands(const Operand& a, const Operand& b) {
  if (a.is_number() && b.is_number()) return CompareNumbers(llvm::CmpInst::ICMP_EQ, a, b);
  if (a.kind == Node::kAny && b.kind != Node::kAny) return EqualUnknown(b, a);
  if (b.kind == Node::kAny && a.kind != Node::kAny) return EqualUnknown(a, b);
  if (a.kind != b.kind) return b_.getFalse();
  if (a.kind == Kind::kNull) return b_.getTrue();
  if (a.kind == Kind::kBool) return b_.CreateICmpEQ(a.first, b.first);
  if (IsText(a.kind)) return EqualTexts(a, b);
  if (IsTime(a.kind)) return b_.CreateAnd(b_.CreateICmpEQ(a.first, b.first), b_.CreateICmpEQ(a.second, b.second));
  return f_.CallForBit("edict_native_equal_paid", {f_.frame(), a.first, a.second, b.first, b.second}, Effects::kFuel);
}

// A value of known kind against one whose kind is only known at run time.
llvm::Value* NodeEmitter::EqualUnknown(const Operand& known, const Operand& other) {
  if (known.kind == Kind::kList || known.kind == Kind::kMap || known.kind == Kind::kOptional) {
    return f_.CallForBit("edict_native_equal_paid", {f_.frame(), known.first, known.second, other.first, other.second},
                         Effects::kFuel);
  }
  llvm::BasicBlock* same_kind = f_.NewBlock("same_kind");
  llvm::BasicBlock* another = f_.NewBlock("another_kind");
  b_.CreateCondBr(f_.IsKind(other, known.kind), same_kind, another);
  Join join(f_);
  f_.Enter(same_kind);
  join.Add(f_.Bool(EqualOperands(known, f_.Unbox(known.kind, other))));
  f_.Enter(another);
  if (known.is_number()) {
    Operand boxed = f_.Box(known);
    join.Add(
        f_.Bool(f_.CallForBit("edict_native_equal", {boxed.first, boxed.second, other.first, other.second}, Effects::kReadsOnly)));
  } else {
    join.Add(f_.Bool(b_.getFalse()));
  }
  return join.Meet("equal").first;
}

// The headers hold kind, flags and length: where they differ, so do the texts.
llvm::Value* NodeEmitter::EqualTexts(const Operand& a, const Operand& b) {
  llvm::BasicBlock* same_length = f_.NewBlock("same_length");
  llvm::BasicBlock* differ = f_.NewBlock("differ");
  b_.CreateCondBr(b_.CreateICmpEQ(a.first, b.first), same_length, differ);
  Join join(f_);
  f_.Enter(differ);
  join.Add(f_.Bool(b_.getFalse()));
  f_.Enter(same_length);
  // The length of a constant, if one is: the comparison becomes a few words.
  const Operand& known = llvm::isa<llvm::ConstantInt>(b.first) ? b : a;
  if (a.kind != Kind::kType) f_.Spend(b_.CreateLShr(f_.SizeOf(known), f_.Word(10)));
  join.Add(f_.Bool(SameBytes(f_.Pointer(a), f_.Pointer(b), f_.SizeOf(known))));
  return join.Meet("same").first;
}

}  // namespace edict::codegen
