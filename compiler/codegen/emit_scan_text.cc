// Strings of up to 64 bytes of plain ASCII, all of them at once; the others are left to the runtime.
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
    llvm::Value* at = function_.getArg(0);
    llvm::Value* special = nullptr;
    llvm::Value* high = nullptr;
    for (const uint64_t offset : {uint64_t{0}, uint64_t{kLanes}}) {
      auto* vector = llvm::FixedVectorType::get(b_.getInt8Ty(), kLanes);
      llvm::Value* place = b_.CreateConstInBoundsGEP1_64(b_.getInt8Ty(), at, offset);
      llvm::Value* bytes = b_.CreateAlignedLoad(vector, place, llvm::Align(1));
      llvm::Value* marks = b_.CreateOr(b_.CreateICmpEQ(bytes, Each('"')), b_.CreateICmpEQ(bytes, Each('\\')));
      llvm::Value* found = Bits(b_.CreateOr(marks, b_.CreateICmpULT(bytes, Each(0x20))));
      llvm::Value* upper = Bits(b_.CreateICmpSLT(bytes, Each(0)));
      special = offset == 0 ? found : b_.CreateOr(special, b_.CreateShl(found, offset));
      high = offset == 0 ? upper : b_.CreateOr(high, b_.CreateShl(upper, offset));
    }
    // Without any, the place behind the block, where a quote would be the string's.
    llvm::Value* size = b_.CreateBinaryIntrinsic(llvm::Intrinsic::cttz, special, b_.getFalse());
    llvm::Value* close = b_.CreateInBoundsGEP(b_.getInt8Ty(), at, size);
    llvm::Value* up_to_it = b_.CreateXor(special, b_.CreateSub(special, b_.getInt64(1)));
    llvm::Value* quote = b_.CreateICmpEQ(b_.CreateLoad(b_.getInt8Ty(), close), b_.getInt8('"'));
    llvm::Value* plain = b_.CreateAnd(quote, b_.CreateICmpEQ(b_.CreateAnd(high, up_to_it), b_.getInt64(0)));
    llvm::BasicBlock* here = llvm::BasicBlock::Create(function_.getContext(), "plain", &function_);
    llvm::BasicBlock* other = llvm::BasicBlock::Create(function_.getContext(), "other", &function_);
    b_.CreateCondBr(plain, here, other);
    b_.SetInsertPoint(here);
    llvm::Value* pair = llvm::PoisonValue::get(function_.getReturnType());
    pair = b_.CreateInsertValue(pair, b_.CreateConstInBoundsGEP1_64(b_.getInt8Ty(), close, 1), 0);
    b_.CreateRet(b_.CreateInsertValue(pair, b_.getInt64(0), 1));
    b_.SetInsertPoint(other);
    llvm::FunctionCallee runtime = function_.getParent()->getOrInsertFunction("edict_scan_string", function_.getFunctionType());
    b_.CreateRet(b_.CreateCall(runtime, {at}));
  }

 private:
  llvm::Constant* Each(uint8_t byte) {
    return llvm::ConstantVector::getSplat(llvm::ElementCount::getFixed(kLanes), b_.getInt8(byte));
  }
  llvm::Value* Bits(llvm::Value* lanes) { return b_.CreateZExt(b_.CreateBitCast(lanes, b_.getIntNTy(kLanes)), b_.getInt64Ty()); }

  llvm::Function& function_;
  llvm::IRBuilder<> b_;
};

}  // namespace

llvm::Function* ScanEmitter::TextFunction() {
  return OwnFunction("edict_text", [](llvm::Function& function) { TextEmitter(function).Run(); });
}

}  // namespace edict::codegen
