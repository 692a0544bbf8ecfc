// + - * / % and negation of numbers: checked 64-bit integers, IEEE doubles.
#include <limits>

#include "compiler/codegen/node_emitter.h"

namespace edict::codegen {
namespace {

llvm::Intrinsic::ID Checked(char operation, bool is_signed) {
  switch (operation) {
    case '+':
      return is_signed ? llvm::Intrinsic::sadd_with_overflow : llvm::Intrinsic::uadd_with_overflow;
    case '-':
      return is_signed ? llvm::Intrinsic::ssub_with_overflow : llvm::Intrinsic::usub_with_overflow;
    default:
      return is_signed ? llvm::Intrinsic::smul_with_overflow : llvm::Intrinsic::umul_with_overflow;
  }
}

constexpr auto kMinInt = static_cast<uint64_t>(std::numeric_limits<int64_t>::min());

}  // namespace

bool NodeEmitter::InlineArithmetic(std::string_view function, const std::vector<Operand>& args, Operand* result) {
  if (args.empty() || !args[0].is_number()) return false;
  if (function == "-_") {
    *result = Negate(args[0]);
    return true;
  }
  // An operator's name is "_+_".
  bool is_operator = function.size() == 3 && function[0] == '_' && std::string_view("+-*/%").find(function[1]) < 5;
  if (!is_operator || args[0].kind != args[1].kind) return false;
  char operation = function[1];
  if (args[0].kind == Kind::kDouble) {
    *result = DoubleArithmetic(operation, args[0], args[1]);
  } else if (operation == '/' || operation == '%') {
    *result = Divide(operation == '%', args[0], args[1]);
  } else {
    *result = IntArithmetic(operation, args[0], args[1]);
  }
  return true;
}

Operand NodeEmitter::IntArithmetic(char operation, const Operand& a, const Operand& b) {
  llvm::Value* pair = b_.CreateBinaryIntrinsic(Checked(operation, a.kind == Kind::kInt), a.first, b.first);
  f_.FailIf(b_.CreateExtractValue(pair, 1));
  return {a.kind, b_.CreateExtractValue(pair, 0), nullptr};
}

Operand NodeEmitter::DoubleArithmetic(char operation, const Operand& a, const Operand& b) {
  switch (operation) {
    case '+':
      return {a.kind, b_.CreateFAdd(a.first, b.first), nullptr};
    case '-':
      return {a.kind, b_.CreateFSub(a.first, b.first), nullptr};
    case '*':
      return {a.kind, b_.CreateFMul(a.first, b.first), nullptr};
    default:
      return {a.kind, b_.CreateFDiv(a.first, b.first), nullptr};
  }
}

Operand NodeEmitter::Divide(bool remainder, const Operand& a, const Operand& b) {
  f_.FailIf(b_.CreateICmpEQ(b.first, f_.Word(0)));
  if (a.kind == Kind::kUint) {
    return {a.kind, remainder ? b_.CreateURem(a.first, b.first) : b_.CreateUDiv(a.first, b.first), nullptr};
  }
  llvm::Value* overflows =
      b_.CreateAnd(b_.CreateICmpEQ(a.first, f_.Word(kMinInt)), b_.CreateICmpEQ(b.first, f_.Word(~uint64_t{0})));
  f_.FailIf(overflows);
  return {a.kind, remainder ? b_.CreateSRem(a.first, b.first) : b_.CreateSDiv(a.first, b.first), nullptr};
}

Operand NodeEmitter::Negate(const Operand& a) {
  if (a.kind == Kind::kDouble) return {a.kind, b_.CreateFNeg(a.first), nullptr};
  f_.FailIf(b_.CreateICmpEQ(a.first, f_.Word(kMinInt)));
  return {a.kind, b_.CreateNeg(a.first), nullptr};
}

}  // namespace edict::codegen
