// Conversions that are a move or one instruction, and the parts of optionals.
#include "compiler/codegen/node_emitter.h"

namespace edict::codegen {

bool NodeEmitter::InlineConversion(uint32_t id, const std::vector<Operand>& args, Operand* result) {
  switch (static_cast<Builtin>(id)) {
    case Builtin::kBoolFromBool:
    case Builtin::kIntFromInt:
    case Builtin::kUintFromUint:
    case Builtin::kDoubleFromDouble:
    case Builtin::kStringFromString:
    case Builtin::kBytesFromBytes:
    case Builtin::kTimestampFromTimestamp:
    case Builtin::kDurationFromDuration:
    case Builtin::kToDyn:
      *result = args[0];
      return true;
    case Builtin::kDoubleFromInt:
      *result = {Kind::kDouble, b_.CreateSIToFP(args[0].first, b_.getDoubleTy()), nullptr};
      return true;
    case Builtin::kDoubleFromUint:
      *result = {Kind::kDouble, b_.CreateUIToFP(args[0].first, b_.getDoubleTy()), nullptr};
      return true;
    // The two have the same bits where both can hold the number.
    case Builtin::kIntFromUint:
    case Builtin::kUintFromInt:
      f_.FailIf(b_.CreateICmpSLT(args[0].first, f_.Word(0)));
      *result = {args[0].kind == Kind::kInt ? Kind::kUint : Kind::kInt, args[0].first, nullptr};
      return true;
    case Builtin::kOptionalNone:
      *result = {Kind::kOptional, f_.KindWord(Kind::kOptional), f_.Word(0)};
      return true;
    case Builtin::kOptionalOf: {
      llvm::Value* inner = f_.Call("edict_native_allocate", b_.getPtrTy(), {f_.frame(), f_.Word(sizeof(Value))}, Effects::kAny);
      f_.Store(args[0], inner);
      *result = {Kind::kOptional, f_.KindWord(Kind::kOptional), b_.CreatePtrToInt(inner, b_.getInt64Ty())};
      return true;
    }
    case Builtin::kOptionalHasValue:
      *result = f_.Bool(b_.CreateICmpNE(args[0].second, f_.Word(0)));
      return true;
    case Builtin::kOptionalValue:
      f_.FailIf(b_.CreateICmpEQ(args[0].second, f_.Word(0)));
      *result = f_.Load(f_.Pointer(args[0]));
      return true;
    default:
      return false;
  }
}

}  // namespace edict::codegen
