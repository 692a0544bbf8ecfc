#include "compiler/codegen/emit_scan.h"

#include <algorithm>
#include <string>

#include "compiler/codegen/rule_lines.h"

namespace edict::codegen {
namespace {

llvm::Function* NewFunction(ModuleContext& context, const std::string& name, llvm::GlobalValue::LinkageTypes linkage) {
  llvm::LLVMContext& c = context.module.getContext();
  llvm::Type* pointer = llvm::PointerType::getUnqual(c);
  auto* type = llvm::FunctionType::get(pointer, {pointer, pointer, llvm::Type::getInt64Ty(c)}, false);
  auto* function = llvm::Function::Create(type, linkage, name, context.module);
  function->setDoesNotThrow();
  return function;
}

void EndFunction(FunctionBuilder& f, llvm::Value* end) {
  llvm::IRBuilder<>& b = f.b();
  if (f.spends()) f.Settle();
  b.CreateRet(end);
  f.Enter(f.again());
  b.CreateRet(llvm::ConstantPointerNull::get(b.getPtrTy()));
}

}  // namespace

ScanEmitter::ScanEmitter(ModuleContext& context)
    : context_(context),
      hints_(HintOffsets(context.program)),
      has_conditions_(std::any_of(context.program.shapes.begin(), context.program.shapes.end(),
                                  [](const Shape& shape) { return !shape.constraints.empty(); })) {}

void ScanEmitter::EmitEvent(uint32_t event) {
  const Program& program = context_.program;
  const EventType& type = program.events[event];
  llvm::Function* function = NewFunction(context_, "edict_event_" + std::to_string(event), llvm::Function::ExternalLinkage);
  FunctionBuilder f(context_, *function);
  llvm::IRBuilder<>& b = f.b();
  if (context_.lines != nullptr) context_.lines->EnterRead(*function, b, event);
  const SlotUses uses = FindSlotUses(program, type);
  const Shape* record = type.shape != kNone ? &program.shapes[type.shape] : nullptr;
  const bool fits =
      record != nullptr && record->kind == ShapeKind::kRecord && RecordScanner::Takes(*record) && record->constraints.empty();
  const uint32_t tag = fits ? FieldNamed(program, *record, program.discriminator) : kNone;
  if (!fits || uses.whole_event || (tag == kNone && program.discriminator != kNone)) {
    b.CreateBr(f.again());
    f.Enter(f.NewBlock("dead"));
    return EndFunction(f, function->getArg(1));
  }
  for (uint32_t slot = 0; slot < type.slot_count; ++slot) {
    if (uses.slots[slot] == SlotUse::kNone) continue;
    f.Store(f.Boxed(f.KindWord(Kind::kAbsent), f.Word(0)), f.ValueAt(f.slots(), f.Word(slot)));
  }
  llvm::Value* depth = f.max_depth();
  f.AgainIf(b.CreateICmpEQ(depth, f.Word(0)));
  ValueScanner values(*this, f, b.CreateSub(depth, f.Word(1)));
  const uint64_t none = record->fields.size();
  RecordScanner members(values, type.shape, uses.slots, type.name.empty() ? kNone : tag, type.name);
  llvm::Value* seen = function->getArg(2);
  llvm::Value* last = tag == kNone ? f.Word(none) : b.CreateSelect(b.CreateICmpEQ(seen, f.Word(0)), f.Word(none), f.Word(tag));
  EndFunction(f, members.Run(function->getArg(1), seen, last));
}

llvm::Function* ScanEmitter::FunctionOf(uint32_t shape) {
  llvm::Function*& function = functions_[shape];
  if (function == nullptr) {
    function = NewFunction(context_, "edict_shape_" + std::to_string(shape), llvm::Function::ExternalLinkage);
  }
  return function;
}

void ScanEmitter::EmitShape(uint32_t shape) {
  llvm::Function* function = FunctionOf(shape);
  FunctionBuilder f(context_, *function);
  ValueScanner values(*this, f, function->getArg(2));
  EndFunction(f, values.ScanHere(shape, function->getArg(1), nullptr));
}

llvm::Function* ScanEmitter::OwnFunction(const char* name, void (*body)(llvm::Function&)) {
  llvm::Function* function = context_.module.getFunction(name);
  if (function != nullptr) return function;
  llvm::LLVMContext& c = context_.module.getContext();
  llvm::Type* pointer = llvm::PointerType::getUnqual(c);
  auto* pair = llvm::StructType::get(pointer, llvm::Type::getInt64Ty(c));
  auto* type = llvm::FunctionType::get(pair, {pointer}, false);
  function = llvm::Function::Create(type, llvm::GlobalValue::InternalLinkage, name, context_.module);
  function->setDoesNotThrow();
  body(*function);
  return function;
}

}  // namespace edict::codegen
