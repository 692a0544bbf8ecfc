// The members of an object: an expected one is compared in a few words, any other is looked up by its name.
#include "compiler/codegen/emit_scan.h"

namespace edict::codegen {

RecordScanner::RecordScanner(ValueScanner& values, uint32_t shape, std::vector<SlotUse> uses, uint32_t tag,
                             std::string_view tag_value)
    : values_(values),
      f_(values.f()),
      b_(f_.b()),
      id_(shape),
      shape_(f_.program().shapes[shape]),
      uses_(std::move(uses)),
      tag_(tag),
      tag_value_(tag_value),
      at_(f_.Variable(b_.getPtrTy(), "at")),
      seen_(f_.Variable(b_.getInt64Ty(), "seen")),
      last_(f_.Variable(b_.getInt64Ty(), "last")),
      first_(f_.Variable(b_.getInt1Ty(), "first")),
      next_(f_.NewBlock("next_member")),
      search_(f_.NewBlock("search")),
      text_(f_.NewBlock("text")),
      end_(f_.NewBlock("object_ends")) {}

SlotUse RecordScanner::UseOf(const ShapeField& field) const {
  return field.slot == kNone || field.slot >= uses_.size() ? SlotUse::kNone : uses_[field.slot];
}

llvm::Value* RecordScanner::Slot(const ShapeField& field) {
  return UseOf(field) == SlotUse::kNone ? nullptr : f_.ValueAt(f_.slots(), f_.Word(field.slot));
}

// Such fields share their code.
bool RecordScanner::IsPlainText(uint32_t i) const {
  const ShapeField& field = shape_.fields[i];
  const Shape& shape = f_.program().shapes[field.shape];
  return i != tag_ && shape.kind == ShapeKind::kString && !shape.nullable && shape.constraints.empty() &&
         UseOf(field) == SlotUse::kNone;
}

llvm::Value* RecordScanner::Run(llvm::Value* at, llvm::Value* seen, llvm::Value* last) {
  b_.CreateStore(at, at_);
  b_.CreateStore(b_.CreateICmpEQ(last, f_.Word(shape_.fields.size())), first_);
  b_.CreateStore(seen, seen_);
  b_.CreateStore(last, last_);
  b_.CreateBr(next_);
  for (uint32_t i = 0; i < shape_.fields.size(); ++i) fields_.push_back(f_.NewBlock("field"));
  EmitNext();
  EmitSearch();
  for (uint32_t i = 0; i < shape_.fields.size(); ++i) EmitField(i);
  f_.Enter(text_);
  Arrive(values_.ScanText(b_.CreateLoad(b_.getPtrTy(), at_)));

  f_.Enter(end_);
  uint64_t required = 0;
  for (uint32_t i = 0; i < shape_.fields.size(); ++i) required |= shape_.fields[i].optional ? 0 : uint64_t{1} << i;
  llvm::Value* has = b_.CreateAnd(b_.CreateLoad(b_.getInt64Ty(), seen_), f_.Word(required));
  f_.AgainIf(b_.CreateICmpNE(has, f_.Word(required)));
  return b_.CreateLoad(b_.getPtrTy(), at_);
}

// The value of the last field ends there.
void RecordScanner::Arrive(llvm::Value* at) {
  b_.CreateStore(at, at_);
  b_.CreateStore(b_.getFalse(), first_);
  b_.CreateBr(next_);
}

// What came behind the last field the last time is tried first.
void RecordScanner::EmitNext() {
  f_.Enter(next_);
  const auto count = static_cast<uint32_t>(shape_.fields.size());
  llvm::Value* last = b_.CreateLoad(b_.getInt64Ty(), last_);
  llvm::Value* hints = values_.Behind(f_.hints(), values_.scans().HintsOf(id_));
  llvm::Value* hint = b_.CreateLoad(b_.getInt8Ty(), b_.CreateInBoundsGEP(b_.getInt8Ty(), hints, last));
  llvm::SwitchInst* expected = b_.CreateSwitch(hint, search_, count + 1);
  for (uint32_t i = 0; i < count; ++i) {
    llvm::BasicBlock* attempt = f_.NewBlock("try");
    expected->addCase(b_.getInt8(static_cast<uint8_t>(i)), attempt);
    EmitTry(i, attempt);
  }
  llvm::BasicBlock* closes = f_.NewBlock("try_end");
  llvm::BasicBlock* closed = f_.NewBlock("closed");
  expected->addCase(b_.getInt8(static_cast<uint8_t>(count)), closes);
  f_.Enter(closes);
  llvm::Value* at = b_.CreateLoad(b_.getPtrTy(), at_);
  f_.BranchLikely(values_.IsByte(at, '}'), closed, search_);
  f_.Enter(closed);
  b_.CreateStore(values_.Behind(at, 1), at_);
  b_.CreateBr(end_);
}

// The comma, or the brace of the first member, then the name.
void RecordScanner::EmitTry(uint32_t field, llvm::BasicBlock* block) {
  f_.Enter(block);
  const std::string_view field_name = f_.Text(shape_.fields[field].name);
  if (!IsPlainJson(field_name)) {
    b_.CreateBr(search_);
    return;
  }
  const std::string name = "\"" + std::string(field_name) + "\":";
  llvm::Value* at = b_.CreateLoad(b_.getPtrTy(), at_);
  llvm::Value* lead = b_.CreateSelect(b_.CreateLoad(b_.getInt1Ty(), first_), b_.getInt8('{'), b_.getInt8(','));
  llvm::Value* same = b_.CreateAnd(b_.CreateICmpEQ(values_.ByteAt(at), lead), values_.IsText(values_.Behind(at, 1), name));
  llvm::BasicBlock* found = f_.NewBlock("as_expected");
  f_.BranchLikely(same, found, search_);
  f_.Enter(found);
  b_.CreateStore(values_.Behind(at, name.size() + 1), at_);
  b_.CreateBr(fields_[field]);
}

llvm::Value* RecordScanner::Names() {
  std::vector<llvm::Constant*> names;
  for (const ShapeField& field : shape_.fields) {
    const std::string_view text = f_.Text(field.name);
    names.push_back(llvm::ConstantStruct::getAnon({f_.Data(text), f_.Word(text.size())}));
  }
  if (names.empty()) return llvm::ConstantPointerNull::get(b_.getPtrTy());
  auto* type = llvm::ArrayType::get(names[0]->getType(), names.size());
  return new llvm::GlobalVariable(f_.context().module, type, true, llvm::GlobalValue::PrivateLinkage,
                                  llvm::ConstantArray::get(type, names), "names");
}

void RecordScanner::EmitSearch() {
  f_.Enter(search_);
  const uint64_t count = shape_.fields.size();
  llvm::Value* last = b_.CreateLoad(b_.getInt64Ty(), last_);
  llvm::Value* first = b_.CreateZExt(b_.CreateLoad(b_.getInt1Ty(), first_), b_.getInt64Ty());
  llvm::Value* field = nullptr;
  llvm::Value* value =
      values_.CallForPlace("edict_scan_member", {b_.CreateLoad(b_.getPtrTy(), at_), first, Names(), f_.Word(count)}, &field);
  llvm::BasicBlock* known = f_.NewBlock("known");
  llvm::BasicBlock* other = f_.NewBlock("other_member");
  b_.CreateStore(value, at_);
  b_.CreateCondBr(b_.CreateICmpUGT(field, f_.Word(count)), other, known);
  f_.Enter(known);
  llvm::Value* hints = values_.Behind(f_.hints(), values_.scans().HintsOf(id_));
  b_.CreateStore(b_.CreateTrunc(field, b_.getInt8Ty()), b_.CreateInBoundsGEP(b_.getInt8Ty(), hints, last));
  llvm::SwitchInst* which = b_.CreateSwitch(field, end_, static_cast<unsigned>(count));
  for (uint32_t i = 0; i < count; ++i) which->addCase(f_.Word(i), fields_[i]);
  f_.Enter(other);
  if (shape_.closed) {
    b_.CreateBr(f_.again());
    return;
  }
  // Its value matters to nobody.
  llvm::Value* end = f_.Call("edict_scan_value", b_.getPtrTy(), {f_.frame(), value, values_.depth()}, Effects::kReadsOnly);
  f_.AgainIf(b_.CreateIsNull(end));
  Arrive(end);
}

void RecordScanner::EmitField(uint32_t i) {
  f_.Enter(fields_[i]);
  const ShapeField& field = shape_.fields[i];
  llvm::Value* seen = b_.CreateLoad(b_.getInt64Ty(), seen_);
  llvm::Value* bit = f_.Word(uint64_t{1} << i);
  f_.AgainIf(b_.CreateICmpNE(b_.CreateAnd(seen, bit), f_.Word(0)));
  b_.CreateStore(b_.CreateOr(seen, bit), seen_);
  b_.CreateStore(f_.Word(i), last_);
  if (IsPlainText(i)) {
    b_.CreateBr(text_);
    return;
  }
  llvm::Value* at = b_.CreateLoad(b_.getPtrTy(), at_);
  if (i == tag_) {
    f_.AgainIf(b_.CreateNot(values_.IsString(at, tag_value_)));
    if (UseOf(field) != SlotUse::kNone) {
      llvm::Constant* data = f_.Data(tag_value_);
      llvm::Value* payload = b_.CreatePtrToInt(data, b_.getInt64Ty());
      f_.Store(f_.OfSize(Kind::kString, f_.Word(tag_value_.size()), payload), Slot(field));
    }
    return Arrive(values_.Behind(at, tag_value_.size() + 2));
  }
  const bool presence = UseOf(field) == SlotUse::kPresence;
  if (presence) f_.Store({Kind::kNull, nullptr, nullptr}, Slot(field));
  Arrive(values_.Scan(field.shape, at, presence ? nullptr : Slot(field)));
}

}  // namespace edict::codegen
