// Strings of up to 64 bytes of ASCII, all of them at once; the others are left to the runtime.
#include "compiler/codegen/emit_scan.h"
#include "runtime/json/scan.h"

namespace edict::codegen {
namespace {

constexpr unsigned kLanes = 32;  // bytes of a vector
constexpr uint64_t kBlock = uint64_t{2} * kLanes;
static_assert(kBlock == 64 && kBlock <= json::kScanPadding);  // the bits of a word; may be read

class TextEmitter {
 public:
  explicit TextEmitter(llvm::Function& function)
      : function_(function), b_(llvm::BasicBlock::Create(function.getContext(), "entry", &function)) {}

  void Run() {
    at_ = function_.getArg(0);
    for (uint64_t i = 0; i < 2; ++i) {
      auto* vector = llvm::FixedVectorType::get(b_.getInt8Ty(), kLanes);
      llvm::Value* place = b_.CreateConstInBoundsGEP1_64(b_.getInt8Ty(), at_, i * kLanes);
      halves_[i] = b_.CreateAlignedLoad(vector, place, llvm::Align(1));
    }
    Short();
    llvm::Value* special = Bits([&](llvm::Value* bytes) { return Special(bytes); });
    high_ = Bits([&](llvm::Value* bytes) { return b_.CreateICmpSLT(bytes, Each(0)); });
    // Without any, the place behind the block, where a quote would be the string's.
    llvm::Value* size = b_.CreateBinaryIntrinsic(llvm::Intrinsic::cttz, special, b_.getFalse());
    llvm::Value* first = b_.CreateLoad(b_.getInt8Ty(), b_.CreateInBoundsGEP(b_.getInt8Ty(), at_, size));
    llvm::Value* up_to_it = b_.CreateXor(special, b_.CreateSub(special, Word(1)));
    llvm::Value* ascii = b_.CreateICmpEQ(b_.CreateAnd(high_, up_to_it), Word(0));
    llvm::BasicBlock* plain = Block("plain");
    llvm::BasicBlock* not_plain = Block("not_plain");
    llvm::BasicBlock* escapes = Block("escapes");
    llvm::BasicBlock* wide = Block("not_ascii");
    other_ = Block("other");
    b_.CreateCondBr(b_.CreateAnd(ascii, b_.CreateICmpEQ(first, b_.getInt8('"'))), plain, not_plain);
    b_.SetInsertPoint(plain);
    Return(size, 0);
    b_.SetInsertPoint(not_plain);
    llvm::SwitchInst* by_first = b_.CreateSwitch(first, other_);
    by_first->addCase(b_.getInt8('\\'), escapes);
    by_first->addCase(b_.getInt8('"'), wide);
    b_.SetInsertPoint(wide);
    Wide(size, plain);
    b_.SetInsertPoint(escapes);
    Escapes();
    b_.SetInsertPoint(other_);
    llvm::FunctionCallee runtime = function_.getParent()->getOrInsertFunction("edict_scan_string", function_.getFunctionType());
    b_.CreateRet(b_.CreateCall(runtime, {at_}));
  }

 private:
  llvm::Value* Special(llvm::Value* bytes) {
    return b_.CreateOr(b_.CreateOr(Is(bytes, '"'), Is(bytes, '\\')), b_.CreateICmpULT(bytes, Each(0x20)));
  }

  // Most strings end within the first half and are plain. Goes on behind with those that do not or are not.
  void Short() {
    llvm::Type* word = b_.getIntNTy(kLanes);
    llvm::Value* special = b_.CreateBitCast(Special(halves_[0]), word);
    llvm::BasicBlock* here = Block("short");
    llvm::BasicBlock* plain = Block("short_plain");
    llvm::BasicBlock* on = Block("whole_block");
    llvm::Value* zero = llvm::ConstantInt::get(word, 0);
    b_.CreateCondBr(b_.CreateICmpNE(special, zero), here, on);
    b_.SetInsertPoint(here);
    llvm::Value* size = b_.CreateZExt(b_.CreateBinaryIntrinsic(llvm::Intrinsic::cttz, special, b_.getTrue()), b_.getInt64Ty());
    llvm::Value* first = b_.CreateLoad(b_.getInt8Ty(), b_.CreateInBoundsGEP(b_.getInt8Ty(), at_, size));
    llvm::Value* high = b_.CreateBitCast(b_.CreateICmpSLT(halves_[0], Each(0)), word);
    llvm::Value* up_to_it = b_.CreateXor(special, b_.CreateSub(special, llvm::ConstantInt::get(word, 1)));
    llvm::Value* ascii = b_.CreateICmpEQ(b_.CreateAnd(high, up_to_it), zero);
    b_.CreateCondBr(b_.CreateAnd(ascii, b_.CreateICmpEQ(first, b_.getInt8('"'))), plain, on);
    b_.SetInsertPoint(plain);
    Return(size, 0);
    b_.SetInsertPoint(on);
  }

  // All escapes of the block at once, but for those with \u. A character is escaped that follows an odd number of backslashes:
  // adding the beginnings of runs at odd places to the backslashes carries each through its run, as in simdjson's stage 1.
  void Escapes() {
    constexpr uint64_t kEven = 0x5555555555555555u;
    llvm::Value* slashes = Bits([&](llvm::Value* bytes) { return Is(bytes, '\\'); });
    llvm::Value* follows = b_.CreateShl(slashes, Word(1));
    llvm::Value* odd_starts = b_.CreateAnd(slashes, b_.CreateAnd(Word(~kEven), b_.CreateNot(follows)));
    llvm::Value* carried = b_.CreateShl(b_.CreateAdd(odd_starts, slashes), Word(1));
    llvm::Value* escaped = b_.CreateAnd(b_.CreateXor(Word(kEven), carried), follows);
    llvm::Value* quotes = b_.CreateAnd(Bits([&](llvm::Value* bytes) { return Is(bytes, '"'); }), b_.CreateNot(escaped));
    llvm::Value* valid = Bits([&](llvm::Value* bytes) {
      llvm::Value* any = Is(bytes, '"');
      for (const char c : {'\\', '/', 'b', 'f', 'n', 'r', 't'}) any = b_.CreateOr(any, Is(bytes, c));
      return any;
    });
    llvm::Value* control = Bits([&](llvm::Value* bytes) { return b_.CreateICmpULT(bytes, Each(0x20)); });
    llvm::Value* up_to_end = b_.CreateXor(quotes, b_.CreateSub(quotes, Word(1)));
    llvm::Value* wrong = b_.CreateOr(b_.CreateOr(control, high_), b_.CreateAnd(escaped, b_.CreateNot(valid)));
    llvm::Value* right = b_.CreateICmpEQ(b_.CreateAnd(wrong, up_to_end), Word(0));
    llvm::BasicBlock* ends = Block("ends");
    b_.CreateCondBr(b_.CreateAnd(right, b_.CreateICmpNE(quotes, Word(0))), ends, other_);
    b_.SetInsertPoint(ends);
    Return(b_.CreateBinaryIntrinsic(llvm::Intrinsic::cttz, quotes, b_.getFalse()), 1);
  }

  // A whole string with bytes that are not ASCII.
  void Wide(llvm::Value* size, llvm::BasicBlock* plain) {
    llvm::FunctionType* type = llvm::FunctionType::get(b_.getInt64Ty(), {b_.getPtrTy(), b_.getInt64Ty()}, false);
    llvm::FunctionCallee check = function_.getParent()->getOrInsertFunction("edict_scan_utf8", type);
    b_.CreateCondBr(b_.CreateICmpNE(b_.CreateCall(check, {at_, size}), Word(0)), plain, other_);
  }

  llvm::BasicBlock* Block(const char* name) { return llvm::BasicBlock::Create(function_.getContext(), name, &function_); }
  llvm::ConstantInt* Word(uint64_t value) { return b_.getInt64(value); }
  llvm::Constant* Each(uint8_t byte) {
    return llvm::ConstantVector::getSplat(llvm::ElementCount::getFixed(kLanes), b_.getInt8(byte));
  }
  llvm::Value* Is(llvm::Value* bytes, char c) { return b_.CreateICmpEQ(bytes, Each(static_cast<uint8_t>(c))); }
  // Bit i: what `test` says of byte i of the block.
  template <typename Test>
  llvm::Value* Bits(const Test& test) {
    llvm::Value* words[2];
    for (int i = 0; i < 2; ++i) {
      words[i] = b_.CreateZExt(b_.CreateBitCast(test(halves_[i]), b_.getIntNTy(kLanes)), b_.getInt64Ty());
    }
    return b_.CreateOr(words[0], b_.CreateShl(words[1], Word(kLanes)));
  }
  // The closing quote is that far behind the beginning.
  void Return(llvm::Value* size, uint64_t has_escape) {
    llvm::Value* behind = b_.CreateInBoundsGEP(b_.getInt8Ty(), at_, b_.CreateAdd(size, Word(1)));
    llvm::Value* pair = b_.CreateInsertValue(llvm::PoisonValue::get(function_.getReturnType()), behind, 0);
    b_.CreateRet(b_.CreateInsertValue(pair, Word(has_escape), 1));
  }

  llvm::Function& function_;
  llvm::IRBuilder<> b_;
  llvm::Value* at_ = nullptr;
  llvm::Value* halves_[2] = {};
  llvm::Value* high_ = nullptr;
  llvm::BasicBlock* other_ = nullptr;
};

}  // namespace

llvm::Function* ScanEmitter::TextFunction() {
  return OwnFunction("edict_text", [](llvm::Function& function) { TextEmitter(function).Run(); });
}

}  // namespace edict::codegen
