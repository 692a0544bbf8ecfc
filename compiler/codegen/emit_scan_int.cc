// Integers of up to 16 digits, eight at a time; the others are left to the runtime.
#include <array>

#include "compiler/codegen/emit_scan.h"

namespace edict::codegen {
namespace {

class IntEmitter {
 public:
  explicit IntEmitter(llvm::Function& function)
      : function_(function), b_(llvm::BasicBlock::Create(function.getContext(), "entry", &function)) {}

  void Run() {
    llvm::Value* at = function_.getArg(0);
    llvm::BasicBlock* second = Block("second_word");
    llvm::BasicBlock* first_only = Block("first_word");
    llvm::BasicBlock* other = Block("other");
    llvm::BasicBlock* ready = Block("two_words");
    llvm::BasicBlock* some = Block("some_digits");
    llvm::Value* word = Load(at, 0);
    llvm::Value* digits = Digits(word);
    // A sign, no digit at all, or a zero before others.
    llvm::Value* zero = b_.CreateICmpEQ(b_.CreateAnd(word, Word(0xff)), Word('0'));
    llvm::Value* odd = b_.CreateOr(b_.CreateICmpEQ(digits, Word(0)), b_.CreateAnd(zero, b_.CreateICmpNE(digits, Word(1))));
    b_.CreateCondBr(odd, other, some);
    b_.SetInsertPoint(some);
    llvm::Value* value = Number(word, digits);
    b_.CreateCondBr(b_.CreateICmpEQ(digits, Word(8)), second, first_only);

    b_.SetInsertPoint(first_only);
    Return(b_.CreateInBoundsGEP(b_.getInt8Ty(), at, digits), value);

    b_.SetInsertPoint(second);
    llvm::Value* next = Load(at, 8);
    llvm::Value* more = Digits(next);
    b_.CreateCondBr(b_.CreateICmpEQ(more, Word(8)), other, ready);
    b_.SetInsertPoint(ready);
    llvm::Value* whole = b_.CreateAdd(b_.CreateMul(value, Power(more)), Number(next, more));
    Return(b_.CreateInBoundsGEP(b_.getInt8Ty(), at, b_.CreateAdd(more, Word(8))), whole);

    b_.SetInsertPoint(other);
    llvm::FunctionCallee runtime = function_.getParent()->getOrInsertFunction("edict_scan_int", function_.getFunctionType());
    b_.CreateRet(b_.CreateCall(runtime, {at}));
  }

 private:
  llvm::BasicBlock* Block(const char* name) { return llvm::BasicBlock::Create(function_.getContext(), name, &function_); }
  llvm::ConstantInt* Word(uint64_t value) { return b_.getInt64(value); }
  llvm::Value* Load(llvm::Value* at, uint64_t offset) {
    return b_.CreateAlignedLoad(b_.getInt64Ty(), b_.CreateConstInBoundsGEP1_64(b_.getInt8Ty(), at, offset), llvm::Align(1));
  }
  // How many digits the word begins with.
  llvm::Value* Digits(llvm::Value* word) {
    llvm::Value* high = b_.CreateXor(b_.CreateAnd(word, Word(0xF0F0F0F0F0F0F0F0u)), Word(0x3030303030303030u));
    llvm::Value* low = b_.CreateAdd(b_.CreateAnd(word, Word(0x0F0F0F0F0F0F0F0Fu)), Word(0x0606060606060606u));
    llvm::Value* others = b_.CreateOr(high, b_.CreateAnd(low, Word(0xF0F0F0F0F0F0F0F0u)));
    return b_.CreateLShr(b_.CreateBinaryIntrinsic(llvm::Intrinsic::cttz, others, b_.getFalse()), Word(3));
  }
  // The number that so many digits, of 8, stand for: pairs, then fours, then all are joined. No digits: 0.
  llvm::Value* Number(llvm::Value* word, llvm::Value* digits) {
    llvm::Value* x = b_.CreateAnd(word, Word(0x0F0F0F0F0F0F0F0Fu));
    // By 8 - digits bytes, in two steps, since 64 bits at once are undefined.
    llvm::Value* rest = b_.CreateSub(Word(7), digits);
    llvm::Value* shifted = b_.CreateShl(b_.CreateShl(x, Word(8)), b_.CreateShl(rest, Word(3)));
    x = b_.CreateSelect(b_.CreateICmpEQ(digits, Word(8)), x, shifted);
    x = b_.CreateAnd(b_.CreateAdd(b_.CreateMul(x, Word(10)), b_.CreateLShr(x, Word(8))), Word(0x00FF00FF00FF00FFu));
    x = b_.CreateAnd(b_.CreateAdd(b_.CreateMul(x, Word(100)), b_.CreateLShr(x, Word(16))), Word(0x0000FFFF0000FFFFu));
    return b_.CreateAnd(b_.CreateAdd(b_.CreateMul(x, Word(10'000)), b_.CreateLShr(x, Word(32))), Word(0xFFFFFFFFu));
  }
  llvm::Value* Power(llvm::Value* of) {
    constexpr std::array<uint64_t, 8> kPowers = {1, 10, 100, 1'000, 10'000, 100'000, 1'000'000, 10'000'000};
    llvm::Constant* data = llvm::ConstantDataArray::get(function_.getContext(), kPowers);
    auto* table = new llvm::GlobalVariable(*function_.getParent(), data->getType(), true, llvm::GlobalValue::PrivateLinkage, data,
                                           "powers_of_ten");
    return b_.CreateLoad(b_.getInt64Ty(), b_.CreateInBoundsGEP(b_.getInt64Ty(), table, of));
  }
  void Return(llvm::Value* end, llvm::Value* value) {
    llvm::Value* pair = llvm::PoisonValue::get(function_.getReturnType());
    b_.CreateRet(b_.CreateInsertValue(b_.CreateInsertValue(pair, end, 0), value, 1));
  }

  llvm::Function& function_;
  llvm::IRBuilder<> b_;
};

}  // namespace

llvm::Function* ScanEmitter::IntFunction() {
  return OwnFunction("edict_int", [](llvm::Function& function) { IntEmitter(function).Run(); });
}

}  // namespace edict::codegen
