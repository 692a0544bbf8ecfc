#include "compiler/codegen/function_builder.h"

#include <llvm/IR/MDBuilder.h>

#include <algorithm>
#include <cstddef>
#include <utility>

#include "runtime/builtins/support.h"
#include "runtime/interp/interp.h"

namespace edict::codegen {

const uint64_t FunctionBuilder::slots_offset_ = offsetof(Frame, slots);
const uint64_t FunctionBuilder::locals_offset_ = offsetof(Frame, locals);
const uint64_t FunctionBuilder::context_offset_ = offsetof(Frame, context);
const uint64_t FunctionBuilder::cells_offset_ = offsetof(Frame, cells);
const uint64_t FunctionBuilder::hints_offset_ = offsetof(Frame, hints);
const uint64_t FunctionBuilder::max_depth_offset_ = offsetof(Frame, max_depth);
const uint64_t FunctionBuilder::memo_offset_ = offsetof(Frame, memo);
const uint64_t FunctionBuilder::checks_offset_ = offsetof(Frame, checks);

uint32_t ModuleContext::ElementLoopOf(const ElementLoop& loop) const {
  const auto found = std::find(element_loops.begin(), element_loops.end(), loop);
  return found == element_loops.end() ? kNone : static_cast<uint32_t>(found - element_loops.begin());
}

uint32_t ModuleContext::ProjectionOf(uint32_t event, uint32_t check) const {
  const auto before = [](const Projection& p, const std::pair<uint32_t, uint32_t>& place) {
    return std::pair(p.event, p.check) < place;
  };
  const auto found = std::lower_bound(projections.begin(), projections.end(), std::pair(event, check), before);
  const bool is_it = found != projections.end() && found->event == event && found->check == check;
  return is_it ? static_cast<uint32_t>(found - projections.begin()) : kNone;
}

FunctionBuilder::FunctionBuilder(ModuleContext& context, llvm::Function& function)
    : context_(context), function_(function), b_(llvm::BasicBlock::Create(function.getContext(), "entry", &function)) {
  again_ = NewBlock("again");
  failed_ = again_;
  fuel_ = Variable(b_.getInt64Ty(), "fuel");
  fuel_at_entry_ = b_.CreateLoad(b_.getInt64Ty(), FuelAddress(), "fuel_at_entry");
  b_.CreateStore(fuel_at_entry_, fuel_);
}

// ---- control flow

llvm::BasicBlock* FunctionBuilder::NewBlock(const char* name) {
  return llvm::BasicBlock::Create(b_.getContext(), name, &function_);
}

llvm::BasicBlock* FunctionBuilder::SetFailed(llvm::BasicBlock* block) { return std::exchange(failed_, block); }

void FunctionBuilder::LeaveIf(llvm::Value* condition, llvm::BasicBlock* to) {
  if (auto* known = llvm::dyn_cast<llvm::ConstantInt>(condition); known != nullptr && known->isZero()) return;
  llvm::BasicBlock* on = NewBlock("on");
  b_.CreateCondBr(condition, to, on, llvm::MDBuilder(b_.getContext()).createBranchWeights(1, 2000));
  Enter(on);
}

void FunctionBuilder::BranchLikely(llvm::Value* condition, llvm::BasicBlock* likely, llvm::BasicBlock* unlikely) {
  b_.CreateCondBr(condition, likely, unlikely, llvm::MDBuilder(b_.getContext()).createBranchWeights(2000, 1));
}

Operand FunctionBuilder::Fail() {
  b_.CreateBr(failed_);
  Enter(NewBlock("dead"));
  return Undefined(Node::kAny);
}

Operand FunctionBuilder::Undefined(Kind kind) {
  llvm::Value* word = llvm::PoisonValue::get(b_.getInt64Ty());
  switch (kind) {
    case Kind::kNull:
      return {kind, nullptr, nullptr};
    case Kind::kBool:
      return {kind, llvm::PoisonValue::get(b_.getInt1Ty()), nullptr};
    case Kind::kInt:
    case Kind::kUint:
      return {kind, word, nullptr};
    case Kind::kDouble:
      return {kind, llvm::PoisonValue::get(b_.getDoubleTy()), nullptr};
    default:
      return {kind, word, word};
  }
}

Operand Join::Meet(const char* name) {
  llvm::IRBuilder<>& b = f_.b();
  bool same = true;
  for (const Branch& branch : branches_) same = same && branch.value.kind == branches_[0].value.kind;
  llvm::BasicBlock* meet = f_.NewBlock(name);
  for (Branch& branch : branches_) {
    f_.Enter(branch.end);
    if (!same) branch.value = f_.Box(branch.value);
    b.CreateBr(meet);
  }
  f_.Enter(meet);
  const auto phi = [&](llvm::Value* Operand::*part) -> llvm::Value* {
    if (branches_[0].value.*part == nullptr) return nullptr;
    llvm::PHINode* node = b.CreatePHI((branches_[0].value.*part)->getType(), static_cast<unsigned>(branches_.size()));
    for (const Branch& branch : branches_) node->addIncoming(branch.value.*part, branch.end);
    return node;
  };
  llvm::Value* first = phi(&Operand::first);
  return {branches_[0].value.kind, first, phi(&Operand::second)};
}

// ---- fuel

llvm::Value* FunctionBuilder::FuelAddress() {
  return b_.CreateConstInBoundsGEP1_64(b_.getInt8Ty(), eval_context(), offsetof(EvalContext, fuel));
}

void FunctionBuilder::Spend(llvm::Value* steps) {
  if (auto* known = llvm::dyn_cast<llvm::ConstantInt>(steps); known != nullptr && known->isZero()) return;
  spends_ = true;
  if (!llvm::isa<llvm::ConstantInt>(steps)) AddOpenCost();
  b_.CreateStore(b_.CreateSub(b_.CreateLoad(b_.getInt64Ty(), fuel_), steps), fuel_);
}

void FunctionBuilder::NeedFuel(llvm::Value* steps) { AgainIf(b_.CreateICmpSLT(b_.CreateLoad(b_.getInt64Ty(), fuel_), steps)); }

void FunctionBuilder::Settle() {
  NeedFuel(Word(0));
  b_.CreateStore(b_.CreateLoad(b_.getInt64Ty(), fuel_), FuelAddress());
}

void FunctionBuilder::GiveFuelBack() { b_.CreateStore(fuel_at_entry_, FuelAddress()); }

// ---- values

Operand FunctionBuilder::Box(const Operand& value) {
  switch (value.kind) {
    case Kind::kNull:
      return Boxed(KindWord(Kind::kNull), Word(0));
    case Kind::kBool:
      return Boxed(KindWord(Kind::kBool), b_.CreateZExt(value.first, b_.getInt64Ty()));
    case Kind::kInt:
    case Kind::kUint:
      return Boxed(KindWord(value.kind), value.first);
    case Kind::kDouble:
      return Boxed(KindWord(Kind::kDouble), b_.CreateBitCast(value.first, b_.getInt64Ty()));
    default:
      return Boxed(value.first, value.second);
  }
}

Operand FunctionBuilder::Unbox(Kind kind, const Operand& boxed) {
  switch (kind) {
    case Kind::kNull:
      return {kind, nullptr, nullptr};
    case Kind::kBool:
      return {kind, b_.CreateTrunc(boxed.second, b_.getInt1Ty()), nullptr};
    case Kind::kInt:
    case Kind::kUint:
      return {kind, boxed.second, nullptr};
    case Kind::kDouble:
      return {kind, b_.CreateBitCast(boxed.second, b_.getDoubleTy()), nullptr};
    default:
      return {kind, boxed.first, boxed.second};
  }
}

namespace {

// Whether a double is a whole number in int64's range, as Conform of runtime/interp asks.
llvm::Value* IsWhole(llvm::IRBuilder<>& b, llvm::Value* number) {
  llvm::Value* whole = b.CreateFCmpOEQ(b.CreateUnaryIntrinsic(llvm::Intrinsic::trunc, number), number);
  llvm::Value* size = b.CreateUnaryIntrinsic(llvm::Intrinsic::fabs, number);
  return b.CreateAnd(whole, b.CreateFCmpOLT(size, llvm::ConstantFP::get(b.getDoubleTy(), 0x1p63)));
}

}  // namespace

Operand FunctionBuilder::Conform(const Operand& value, Kind rep) {
  if (rep == Node::kAny || value.kind == rep) return value;
  if (rep == Kind::kDouble && value.kind == Kind::kInt) return {rep, b_.CreateSIToFP(value.first, b_.getDoubleTy()), nullptr};
  if (rep == Kind::kInt && value.kind == Kind::kDouble) {
    AgainIf(b_.CreateNot(IsWhole(b_, value.first)));
    return {rep, b_.CreateFPToSI(value.first, b_.getInt64Ty()), nullptr};
  }
  if (value.kind != Node::kAny) return value;
  if (rep != Kind::kInt && rep != Kind::kDouble) {
    AgainIf(b_.CreateNot(IsKind(value, rep)));
    return Unbox(rep, value);
  }
  // JSON's number may be written either way.
  Kind other_kind = rep == Kind::kInt ? Kind::kDouble : Kind::kInt;
  llvm::BasicBlock* plain = NewBlock("as_said");
  llvm::BasicBlock* other = NewBlock("another_number");
  BranchLikely(IsKind(value, rep), plain, other);
  Join join(*this);
  Enter(plain);
  join.Add(Unbox(rep, value));
  Enter(other);
  AgainIf(b_.CreateNot(IsKind(value, other_kind)));
  join.Add(Conform(Unbox(other_kind, value), rep));
  return join.Meet("conform");
}

Operand FunctionBuilder::Require(const Operand& value, Kind kind, uint8_t opaque) {
  if (kind == Node::kAny) return value;
  if (value.kind != kind && value.kind != Node::kAny) {
    Fail();
    return Undefined(kind);
  }
  if (kind == Kind::kBytes) {
    constexpr uint64_t kMask = 0xff | static_cast<uint64_t>(kOpaqueFlags) << 8;
    uint64_t wanted = static_cast<uint64_t>(kind) | static_cast<uint64_t>(opaque) << 8;
    FailIf(b_.CreateICmpNE(b_.CreateAnd(value.first, Word(kMask)), Word(wanted)));
  } else if (value.kind == Node::kAny) {
    FailIf(b_.CreateNot(IsKind(value, kind)));
  }
  return value.kind == kind ? value : Unbox(kind, value);
}

Operand FunctionBuilder::OfSize(Kind kind, llvm::Value* size, llvm::Value* payload, uint64_t flags) {
  llvm::Value* header = b_.CreateOr(b_.CreateShl(size, Word(32)), Word(static_cast<uint64_t>(kind) | flags << 8));
  return {kind, header, payload};
}

// ---- memory

llvm::AllocaInst* FunctionBuilder::Temporary(uint64_t values) {
  llvm::BasicBlock& entry = function_.getEntryBlock();
  llvm::IRBuilder<> b(&entry, entry.begin());
  return b.CreateAlloca(llvm::ArrayType::get(b.getInt64Ty(), 2 * values), nullptr, "values");
}

llvm::AllocaInst* FunctionBuilder::Variable(llvm::Type* type, const char* name) {
  llvm::BasicBlock& entry = function_.getEntryBlock();
  llvm::IRBuilder<> b(&entry, entry.begin());
  return b.CreateAlloca(type, nullptr, name);
}

llvm::Value* FunctionBuilder::ValueAt(llvm::Value* base, llvm::Value* index) {
  return b_.CreateInBoundsGEP(llvm::ArrayType::get(b_.getInt64Ty(), 2), base, index);
}

Operand FunctionBuilder::Load(llvm::Value* address) {
  llvm::Value* header = b_.CreateLoad(b_.getInt64Ty(), address);
  return Boxed(header, b_.CreateLoad(b_.getInt64Ty(), b_.CreateConstInBoundsGEP1_64(b_.getInt64Ty(), address, 1)));
}

Operand FunctionBuilder::LoadInvariant(llvm::Value* address) {
  llvm::Value* header = LoadInvariant(b_.getInt64Ty(), address, 0);
  return Boxed(header, LoadInvariant(b_.getInt64Ty(), address, sizeof(uint64_t)));
}

llvm::Value* FunctionBuilder::LoadInvariant(llvm::Type* type, llvm::Value* base, uint64_t offset) {
  llvm::LoadInst* load = b_.CreateLoad(type, b_.CreateConstInBoundsGEP1_64(b_.getInt8Ty(), base, offset));
  load->setMetadata(llvm::LLVMContext::MD_invariant_load, llvm::MDNode::get(b_.getContext(), {}));
  return load;
}

void FunctionBuilder::Store(const Operand& value, llvm::Value* address) {
  Operand boxed = Box(value);
  b_.CreateStore(boxed.first, address);
  b_.CreateStore(boxed.second, b_.CreateConstInBoundsGEP1_64(b_.getInt64Ty(), address, 1));
}

// ---- calls of the runtime

llvm::Value* FunctionBuilder::Call(const char* name, llvm::Type* result, const std::vector<llvm::Value*>& args, Effects effects) {
  std::vector<llvm::Type*> types;
  for (llvm::Value* arg : args) types.push_back(arg->getType());
  llvm::FunctionCallee callee = context_.module.getOrInsertFunction(name, llvm::FunctionType::get(result, types, false));
  auto* function = llvm::cast<llvm::Function>(callee.getCallee());
  function->setDoesNotThrow();
  function->setWillReturn();
  if (effects == Effects::kReadsOnly) function->setOnlyReadsMemory();
  if (effects == Effects::kFuel) {
    AddOpenCost();
    spends_ = true;
    b_.CreateStore(b_.CreateLoad(b_.getInt64Ty(), fuel_), FuelAddress());
  }
  llvm::Value* value = b_.CreateCall(callee, args);
  if (effects == Effects::kFuel) b_.CreateStore(b_.CreateLoad(b_.getInt64Ty(), FuelAddress()), fuel_);
  return value;
}

Operand FunctionBuilder::CallForValue(const char* name, const std::vector<llvm::Value*>& args, Effects effects) {
  llvm::Type* words = llvm::StructType::get(b_.getInt64Ty(), b_.getInt64Ty());
  llvm::Value* value = Call(name, words, args, effects);
  return Boxed(b_.CreateExtractValue(value, 0), b_.CreateExtractValue(value, 1));
}

Operand FunctionBuilder::CallOrFail(const char* name, const std::vector<llvm::Value*>& args) {
  Operand value = CallForValue(name, args, Effects::kFuel);
  FailIf(IsKind(value, Kind::kError));
  return value;
}

llvm::Value* FunctionBuilder::CallForBit(const char* name, const std::vector<llvm::Value*>& args, Effects effects) {
  return b_.CreateICmpNE(Call(name, b_.getInt64Ty(), args, effects), Word(0));
}

llvm::Value* FunctionBuilder::Array(const std::vector<Operand>& values) {
  if (arrays_.size() <= values.size()) arrays_.resize(values.size() + 1);
  llvm::AllocaInst*& array = arrays_[values.size()];
  if (array == nullptr) array = Temporary(values.size() + 1);
  for (size_t i = 0; i < values.size(); ++i) Store(values[i], ValueAt(array, Word(i)));
  return array;
}

llvm::Value* FunctionBuilder::Result() {
  if (result_ == nullptr) result_ = Temporary(1);
  return result_;
}

}  // namespace edict::codegen
