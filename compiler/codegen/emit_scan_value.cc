// Values of every shape, each by the bytes that it begins with.
#include <algorithm>
#include <array>
#include <cstring>
#include <numeric>

#include "compiler/codegen/emit_scan.h"
#include "compiler/codegen/text_choice.h"
#include "runtime/json/scan.h"

namespace edict::codegen {
namespace {

static_assert(kMostTableText <= json::kScanPadding);  // may be read

enum class Lead : uint8_t { kText, kObject, kArray, kBool, kNull, kNumber };
constexpr std::array<Lead, 6> kLeads = {Lead::kText, Lead::kObject, Lead::kArray, Lead::kBool, Lead::kNull, Lead::kNumber};

std::string_view BytesOf(Lead lead) {
  switch (lead) {
    case Lead::kText:
      return "\"";
    case Lead::kObject:
      return "{";
    case Lead::kArray:
      return "[";
    case Lead::kBool:
      return "tf";
    case Lead::kNull:
      return "n";
    case Lead::kNumber:
      return "-0123456789";
  }
  return "";
}

// Whether values that begin so may be of the shape: yes, no, or only the value itself tells.
enum class Takes : uint8_t { kNo, kAll, kSome };
Takes TakesOf(const Program& program, const Shape& shape, Lead lead) {
  if (lead == Lead::kNull && shape.nullable) return Takes::kAll;
  switch (shape.kind) {
    case ShapeKind::kAnything:
      return Takes::kAll;
    case ShapeKind::kNonNull:
      return lead == Lead::kNull ? Takes::kNo : Takes::kAll;
    case ShapeKind::kNull:
      return lead == Lead::kNull ? Takes::kAll : Takes::kNo;
    case ShapeKind::kBool:
      return lead == Lead::kBool ? Takes::kAll : Takes::kNo;
    case ShapeKind::kInt:
      return lead == Lead::kNumber ? Takes::kSome : Takes::kNo;
    case ShapeKind::kNumber:
      return lead == Lead::kNumber ? Takes::kAll : Takes::kNo;
    case ShapeKind::kString:
      return lead == Lead::kText ? Takes::kAll : Takes::kNo;
    case ShapeKind::kArray:
      return lead == Lead::kArray ? Takes::kAll : Takes::kNo;
    case ShapeKind::kObject:
    case ShapeKind::kRecord:
    case ShapeKind::kTagged:
      return lead == Lead::kObject ? Takes::kAll : Takes::kNo;
    case ShapeKind::kEnum:
    case ShapeKind::kUnion:
      break;
  }
  const bool compound = lead == Lead::kObject || lead == Lead::kArray;
  if (shape.kind == ShapeKind::kEnum) return compound ? Takes::kNo : Takes::kSome;
  const bool none = std::all_of(shape.members.begin(), shape.members.end(),
                                [&](uint32_t member) { return TakesOf(program, program.shapes[member], lead) == Takes::kNo; });
  return none ? Takes::kNo : Takes::kSome;
}

// Where alternatives meet, each with the place behind its value.
class Meeting {
 public:
  Meeting(FunctionBuilder& f, const char* name) : f_(f), block_(f.NewBlock(name)) {}

  // Ends the alternative at hand.
  void Add(llvm::Value* end) {
    ends_.emplace_back(end, f_.b().GetInsertBlock());
    f_.b().CreateBr(block_);
  }
  // Goes on behind them all. Where there are none, nothing gets there.
  llvm::Value* Meet() {
    f_.Enter(block_);
    if (ends_.empty()) return llvm::PoisonValue::get(f_.b().getPtrTy());
    llvm::PHINode* end = f_.b().CreatePHI(f_.b().getPtrTy(), static_cast<unsigned>(ends_.size()));
    for (const auto& [place, block] : ends_) end->addIncoming(place, block);
    return end;
  }

 private:
  FunctionBuilder& f_;
  llvm::BasicBlock* block_;
  std::vector<std::pair<llvm::Value*, llvm::BasicBlock*>> ends_;
};

}  // namespace

// ---- bytes

llvm::Value* ValueScanner::IsText(llvm::Value* at, std::string_view text) {
  if (text.size() > json::kScanPadding) return b_.getFalse();  // may lie beyond what can be read
  llvm::Value* difference = nullptr;
  const auto compare = [&](uint64_t offset, unsigned bytes) {
    uint64_t wanted = 0;
    std::memcpy(&wanted, text.data() + offset, bytes);
    llvm::IntegerType* type = b_.getIntNTy(bytes * 8);
    llvm::Value* loaded = b_.CreateAlignedLoad(type, Behind(at, offset), llvm::Align(1));
    llvm::Value* differs = b_.CreateZExt(b_.CreateXor(loaded, llvm::ConstantInt::get(type, wanted)), b_.getInt64Ty());
    difference = difference == nullptr ? differs : b_.CreateOr(difference, differs);
  };
  uint64_t done = 0;
  for (const unsigned bytes : {8u, 4u, 2u, 1u}) {
    for (; text.size() - done >= bytes; done += bytes) compare(done, bytes);
    // What is left lies within the last word of this size.
    if (done != text.size() && text.size() >= bytes && text.size() - done > bytes / 2) {
      compare(text.size() - bytes, bytes);
      done = text.size();
    }
  }
  return difference == nullptr ? b_.getTrue() : b_.CreateICmpEQ(difference, f_.Word(0));
}

llvm::Value* ValueScanner::IsString(llvm::Value* at, std::string_view value) {
  return IsPlainJson(value) ? IsText(at, "\"" + std::string(value) + "\"") : b_.getFalse();
}

llvm::Value* ValueScanner::CallForPlace(const char* name, const std::vector<llvm::Value*>& args, llvm::Value** word) {
  llvm::Type* pair = llvm::StructType::get(b_.getPtrTy(), b_.getInt64Ty());
  llvm::Value* result = f_.Call(name, pair, args, Effects::kReadsOnly);
  llvm::Value* place = b_.CreateExtractValue(result, 0);
  f_.AgainIf(b_.CreateIsNull(place));
  if (word != nullptr) *word = b_.CreateExtractValue(result, 1);
  return place;
}

void ValueScanner::GiveUp() {
  b_.CreateBr(f_.again());
  f_.Enter(f_.NewBlock("dead"));
}

// ---- strings

ValueScanner::Text ValueScanner::ScanWholeText(llvm::Value* at) {
  f_.AgainIf(b_.CreateNot(IsByte(at, '"')));
  llvm::Value* begin = Behind(at, 1);
  llvm::Value* escaped = nullptr;
  llvm::Value* end = CallForPlace(scans_.TextFunction()->getName().str().c_str(), {begin}, &escaped);
  return {begin, end, escaped};
}

llvm::Value* ValueScanner::ScanText(llvm::Value* at) { return ScanWholeText(at).end; }

llvm::Value* ValueScanner::ScanString(const Shape& shape, llvm::Value* at, llvm::Value* slot) {
  const Text text = ScanWholeText(at);
  if (slot == nullptr && shape.constraints.empty()) return text.end;
  llvm::BasicBlock* plain = f_.NewBlock("as_written");
  llvm::BasicBlock* escaped = f_.NewBlock("unescape");
  f_.BranchLikely(b_.CreateICmpEQ(text.escaped, f_.Word(0)), plain, escaped);
  Join join(f_);
  f_.Enter(plain);
  llvm::Value* begin = b_.CreatePtrToInt(text.begin, b_.getInt64Ty());
  llvm::Value* size = b_.CreateSub(b_.CreateSub(b_.CreatePtrToInt(text.end, b_.getInt64Ty()), begin), f_.Word(1));
  join.Add(f_.OfSize(Kind::kString, size, begin));
  f_.Enter(escaped);
  join.Add(f_.Unbox(Kind::kString, f_.CallForValue("edict_scan_unescape", {f_.frame(), text.begin}, Effects::kAny)));
  Keep(shape, join.Meet("text"), slot);
  return text.end;
}

// ---- other scalars

llvm::Value* ValueScanner::ScanBool(const Shape& shape, llvm::Value* at, llvm::Value* slot) {
  llvm::Value* is_true = IsText(at, "true");
  f_.AgainIf(b_.CreateNot(b_.CreateOr(is_true, IsText(at, "false"))));
  Keep(shape, f_.Bool(is_true), slot);
  return b_.CreateSelect(is_true, Behind(at, 4), Behind(at, 5));
}

llvm::Value* ValueScanner::ScanNumber(const Shape& shape, llvm::Value* at, llvm::Value* slot) {
  const bool wanted = slot != nullptr || !shape.constraints.empty();
  if (shape.kind == ShapeKind::kInt) {
    llvm::Value* value = nullptr;
    llvm::Value* end = CallForPlace(scans_.IntFunction()->getName().str().c_str(), {at}, &value);
    Keep(shape, {Kind::kInt, value, nullptr}, slot);
    return end;
  }
  if (!wanted) {
    llvm::Value* end = f_.Call("edict_scan_number", b_.getPtrTy(), {at}, Effects::kReadsOnly);
    f_.AgainIf(b_.CreateIsNull(end));
    return end;
  }
  llvm::Type* pair = llvm::StructType::get(b_.getPtrTy(), b_.getDoubleTy());
  llvm::Value* result = f_.Call("edict_scan_double", pair, {at}, Effects::kReadsOnly);
  llvm::Value* end = b_.CreateExtractValue(result, 0);
  f_.AgainIf(b_.CreateIsNull(end));
  Keep(shape, {Kind::kDouble, b_.CreateExtractValue(result, 1), nullptr}, slot);
  return end;
}

// The size of a text, of which the closing quote is within a vector; else that of the vector.
llvm::Value* ValueScanner::SizeToQuote(llvm::Value* begin) {
  auto* vector = llvm::FixedVectorType::get(b_.getInt8Ty(), kMostTableText);
  llvm::Value* bytes = b_.CreateAlignedLoad(vector, begin, llvm::Align(1));
  llvm::Value* quotes = b_.CreateICmpEQ(bytes, b_.CreateVectorSplat(kMostTableText, b_.getInt8('"')));
  llvm::Value* bits = b_.CreateZExt(b_.CreateBitCast(quotes, b_.getIntNTy(kMostTableText)), b_.getInt64Ty());
  llvm::Value* bounded = b_.CreateOr(bits, f_.Word(uint64_t{1} << kMostTableText));
  return b_.CreateBinaryIntrinsic(llvm::Intrinsic::cttz, bounded, b_.getTrue());
}

// `texts` are plain JSON. Goes on where the value is none of those that a hash tells apart; gives the others.
std::vector<uint32_t> ValueScanner::ChooseText(const std::vector<std::string_view>& texts, llvm::Value* at,
                                               const std::function<void(llvm::Value*, llvm::Value*)>& found) {
  std::vector<uint32_t> all(texts.size());
  std::iota(all.begin(), all.end(), 0u);
  if (texts.size() < kLeastHashedTexts) return all;
  const TextChoice choice(texts, kMostTableText - 1);
  if (choice.left().size() == texts.size()) return all;
  llvm::BasicBlock* missing = f_.NewBlock("not_hashed");
  llvm::Value* begin = Behind(at, 1);
  f_.AgainIf(b_.CreateNot(IsByte(at, '"')));
  llvm::Value* size = SizeToQuote(begin);
  llvm::Value* which = choice.Emit(f_, begin, size, missing);
  found(which, size);
  f_.Enter(missing);
  return choice.left();
}

// Texts only: numbers can be written in many ways.
llvm::Value* ValueScanner::ScanEnum(const Shape& shape, llvm::Value* at, llvm::Value* slot) {
  std::vector<std::string_view> texts;
  std::vector<uint32_t> constants;
  for (const uint32_t literal : shape.literals) {
    const Value& constant = f_.program().constants[literal];
    if (constant.kind != Kind::kString || !IsPlainJson(constant.text())) continue;
    texts.push_back(constant.text());
    constants.push_back(literal);
  }
  Meeting literals(f_, "is_literal");
  const auto take = [&](llvm::Value* /*which*/, llvm::Value* size) {
    llvm::Value* begin = Behind(at, 1);
    Keep(shape, f_.OfSize(Kind::kString, size, b_.CreatePtrToInt(begin, b_.getInt64Ty())), slot);
    literals.Add(b_.CreateInBoundsGEP(b_.getInt8Ty(), begin, b_.CreateAdd(size, f_.Word(1))));
  };
  for (const uint32_t i : ChooseText(texts, at, take)) {
    llvm::BasicBlock* is = f_.NewBlock("literal");
    llvm::BasicBlock* next = f_.NewBlock("next_literal");
    b_.CreateCondBr(IsString(at, texts[i]), is, next);
    f_.Enter(is);
    Keep(shape, f_.Constant(constants[i]), slot);
    literals.Add(Behind(at, texts[i].size() + 2));
    f_.Enter(next);
  }
  b_.CreateBr(f_.again());
  return literals.Meet();
}

// ---- whole values

void ValueScanner::Keep(const Shape& shape, const Operand& value, llvm::Value* slot) {
  CheckConditions(shape, value);
  if (slot != nullptr) f_.Store(value, slot);
}

// The conditions read the value as local 0.
void ValueScanner::CheckConditions(const Shape& shape, const Operand& value) {
  for (const ShapeConstraint& constraint : shape.constraints) {
    NodeEmitter emitter(f_);
    emitter.Bind(0, value);
    f_.AgainIf(b_.CreateNot(emitter.EmitBool(constraint.condition)));
  }
}

void ValueScanner::TakeWhole(const Shape& shape, llvm::Value* at, llvm::Value* end, llvm::Value* slot) {
  if (slot == nullptr && shape.constraints.empty()) return;
  llvm::Value* room = slot != nullptr ? slot : f_.Temporary(1);
  f_.AgainIf(b_.CreateNot(f_.CallForBit("edict_scan_tape", {f_.frame(), at, end, room}, Effects::kAny)));
  CheckConditions(shape, f_.Load(room));
}

// A value of which nothing but its first byte matters (0: nor that).
llvm::Value* ValueScanner::ScanAny(const Shape& shape, llvm::Value* at, llvm::Value* slot, char first) {
  if (first != 0) f_.AgainIf(b_.CreateNot(IsByte(at, first)));
  if (shape.kind == ShapeKind::kNonNull) f_.AgainIf(IsByte(at, 'n'));
  llvm::Value* end = f_.Call("edict_scan_value", b_.getPtrTy(), {f_.frame(), at, depth_}, Effects::kReadsOnly);
  f_.AgainIf(b_.CreateIsNull(end));
  TakeWhole(shape, at, end, slot);
  return end;
}

bool HasParts(const Shape& shape) {
  return shape.kind == ShapeKind::kRecord || shape.kind == ShapeKind::kTagged || shape.kind == ShapeKind::kUnion ||
         shape.element != kNone;
}

llvm::Value* ValueScanner::Scan(uint32_t id, llvm::Value* at, llvm::Value* slot) {
  const Shape& shape = f_.program().shapes[id];
  if (!HasParts(shape)) return ScanHere(id, at, slot);
  llvm::Function* function = scans_.FunctionOf(id);
  llvm::Value* end = f_.Call(function->getName().str().c_str(), b_.getPtrTy(), {f_.frame(), at, depth_},
                             scans_.has_conditions() ? Effects::kFuel : Effects::kAny);
  f_.AgainIf(b_.CreateIsNull(end));
  if (slot == nullptr) return end;
  GiveUpOnNumbers(id, at);
  f_.AgainIf(b_.CreateNot(f_.CallForBit("edict_scan_tape", {f_.frame(), at, end, slot}, Effects::kAny)));
  return end;
}

llvm::Value* ValueScanner::ScanHere(uint32_t id, llvm::Value* at, llvm::Value* slot) {
  const Shape& shape = f_.program().shapes[id];
  if (!shape.nullable) return ScanKind(id, at, slot);
  llvm::BasicBlock* null = f_.NewBlock("null");
  llvm::BasicBlock* plain = f_.NewBlock("not_null");
  Meeting ways(f_, "nullable");
  b_.CreateCondBr(IsByte(at, 'n'), null, plain);
  f_.Enter(null);
  f_.AgainIf(b_.CreateNot(IsText(at, "null")));
  if (slot != nullptr) f_.Store({Kind::kNull, nullptr, nullptr}, slot);
  ways.Add(Behind(at, 4));
  f_.Enter(plain);
  ways.Add(ScanKind(id, at, slot));
  return ways.Meet();
}

llvm::Value* ValueScanner::ScanKind(uint32_t id, llvm::Value* at, llvm::Value* slot) {
  const Shape& shape = f_.program().shapes[id];
  switch (shape.kind) {
    case ShapeKind::kAnything:
    case ShapeKind::kNonNull:
      return ScanAny(shape, at, slot, 0);
    case ShapeKind::kNull:
      return ScanAny(shape, at, slot, 'n');
    case ShapeKind::kBool:
      return ScanBool(shape, at, slot);
    case ShapeKind::kInt:
    case ShapeKind::kNumber:
      return ScanNumber(shape, at, slot);
    case ShapeKind::kString:
      return ScanString(shape, at, slot);
    case ShapeKind::kEnum:
      return ScanEnum(shape, at, slot);
    case ShapeKind::kObject:
    case ShapeKind::kArray:
      if (shape.element == kNone) return ScanAny(shape, at, slot, shape.kind == ShapeKind::kObject ? '{' : '[');
      break;
    case ShapeKind::kRecord:
    case ShapeKind::kTagged:
    case ShapeKind::kUnion:
      break;
  }
  // With parts: the body of the shape's function, which fills no slot.
  llvm::Value* end = shape.kind == ShapeKind::kRecord   ? ScanRecord(id, at)
                     : shape.kind == ShapeKind::kTagged ? ScanTagged(shape, at)
                     : shape.kind == ShapeKind::kUnion  ? ScanUnion(shape, at)
                                                        : ScanElements(shape, at);
  if (!shape.constraints.empty()) GiveUpOnNumbers(id, at);
  TakeWhole(shape, at, end, nullptr);
  return end;
}

void ValueScanner::GiveUpOnNumbers(uint32_t id, llvm::Value* at) {
  if (f_.program().shapes[id].kind != ShapeKind::kUnion) return;
  llvm::Value* digit = b_.CreateICmpULT(b_.CreateSub(ByteAt(at), b_.getInt8('0')), b_.getInt8(10));
  f_.AgainIf(b_.CreateOr(digit, IsByte(at, '-')));
}

// Only then is a tag that comes twice noticed.
bool ValueScanner::HoldsTag(uint32_t id, uint32_t tag) const {
  const Shape& shape = f_.program().shapes[id];
  return shape.kind == ShapeKind::kRecord && !shape.nullable && FieldNamed(f_.program(), shape, tag) != kNone;
}

// ---- values with parts

llvm::Value* ValueScanner::ScanRecord(uint32_t id, llvm::Value* at) {
  f_.AgainIf(b_.CreateNot(IsByte(at, '{')));
  f_.AgainIf(b_.CreateICmpEQ(depth_, f_.Word(0)));
  ValueScanner inside(scans_, f_, b_.CreateSub(depth_, f_.Word(1)));
  const uint64_t none = f_.program().shapes[id].fields.size();
  if (!RecordScanner::Takes(f_.program().shapes[id])) {
    GiveUp();
    return at;
  }
  return RecordScanner(inside, id).Run(at, f_.Word(0), f_.Word(none));
}

// Elements of an array, or values of an object's members.
llvm::Value* ValueScanner::ScanElements(const Shape& shape, llvm::Value* at) {
  const bool is_array = shape.kind == ShapeKind::kArray;
  f_.AgainIf(b_.CreateNot(IsByte(at, is_array ? '[' : '{')));
  f_.AgainIf(b_.CreateICmpEQ(depth_, f_.Word(0)));
  ValueScanner inside(scans_, f_, b_.CreateSub(depth_, f_.Word(1)));
  llvm::BasicBlock* before = b_.GetInsertBlock();
  llvm::BasicBlock* head = f_.NewBlock("element");
  llvm::BasicBlock* body = f_.NewBlock("value");
  llvm::BasicBlock* done = f_.NewBlock("elements_end");
  b_.CreateBr(head);
  f_.Enter(head);
  llvm::PHINode* place = b_.CreatePHI(b_.getPtrTy(), 2);
  llvm::PHINode* first = b_.CreatePHI(b_.getInt64Ty(), 2);
  place->addIncoming(at, before);
  first->addIncoming(f_.Word(1), before);
  llvm::Value* what = nullptr;
  llvm::Value* null = llvm::ConstantPointerNull::get(b_.getPtrTy());
  llvm::Value* value = is_array ? CallForPlace("edict_scan_element", {place, first}, &what)
                                : CallForPlace("edict_scan_member", {place, first, null, f_.Word(0)}, &what);
  b_.CreateCondBr(b_.CreateICmpNE(what, f_.Word(0)), body, done);
  f_.Enter(body);
  llvm::Value* end = inside.ScanElement(shape, value, first);
  place->addIncoming(end, b_.GetInsertBlock());
  first->addIncoming(f_.Word(0), b_.GetInsertBlock());
  b_.CreateBr(head);
  f_.Enter(done);
  return value;
}

// Behind it, or behind the last of several that are known (runtime/cache). `first`: i64, whether it is the array's first.
llvm::Value* ValueScanner::ScanElement(const Shape& shape, llvm::Value* at, llvm::Value* first) {
  if (!HasKnownElements(f_.program(), shape)) return Scan(shape.element, at, nullptr);
  const Effects effects = scans_.has_conditions() ? Effects::kFuel : Effects::kAny;
  llvm::Value* kind = f_.Word(shape.element);
  llvm::BasicBlock* look = f_.NewBlock("look");
  llvm::BasicBlock* known = f_.NewBlock("known");
  llvm::BasicBlock* unknown = f_.NewBlock("unknown");
  llvm::BasicBlock* walk = f_.NewBlock("walk");
  llvm::BasicBlock* keep = f_.NewBlock("keep");
  llvm::Value* caches = b_.CreateIsNotNull(f_.memo_now());
  Meeting ways(f_, "behind_element");
  b_.CreateCondBr(caches, look, walk);
  f_.Enter(look);
  llvm::Value* behind = f_.Call("edict_scan_known", b_.getPtrTy(), {f_.frame(), at, kind, depth_, first}, effects);
  b_.CreateCondBr(b_.CreateIsNull(behind), walk, known);
  f_.Enter(known);
  ways.Add(behind);
  f_.Enter(walk);
  llvm::Value* end = Scan(shape.element, at, nullptr);
  b_.CreateCondBr(caches, keep, unknown);
  f_.Enter(keep);
  f_.Call("edict_scan_keep", b_.getVoidTy(), {f_.frame(), at, end, kind, depth_}, effects);
  ways.Add(end);
  f_.Enter(unknown);
  ways.Add(end);
  return ways.Meet();
}

// By the tag, which is looked for first; whatever it selects then checks all members.
llvm::Value* ValueScanner::ScanTagged(const Shape& shape, llvm::Value* at) {
  if (!std::all_of(shape.alternatives.begin(), shape.alternatives.end(),
                   [&](const ShapeAlternative& alternative) { return HoldsTag(alternative.shape, shape.tag_field); })) {
    GiveUp();
    return at;
  }
  f_.AgainIf(b_.CreateNot(IsByte(at, '{')));
  Operand name = f_.Constant(shape.tag_field);
  llvm::Value* tag =
      f_.Call("edict_scan_for_member", b_.getPtrTy(), {at, f_.Pointer(name), f_.SizeOf(name), depth_}, Effects::kReadsOnly);
  f_.AgainIf(b_.CreateIsNull(tag));
  Meeting alternatives(f_, "tagged");
  std::vector<std::string_view> tags;
  std::vector<uint32_t> shapes;
  for (const ShapeAlternative& alternative : shape.alternatives) {
    // One that needs escapes is as good as unknown where those are accepted, so then the tape has to tell.
    if (!IsPlainJson(f_.Text(alternative.tag))) continue;
    tags.push_back(f_.Text(alternative.tag));
    shapes.push_back(alternative.shape);
  }
  const auto enter = [&](llvm::Value* which, llvm::Value* /*size*/) {
    llvm::SwitchInst* by_tag = b_.CreateSwitch(which, f_.again());
    for (uint32_t i = 0; i < tags.size(); ++i) {
      llvm::BasicBlock* is = f_.NewBlock("alternative");
      by_tag->addCase(f_.Word(i), is);
      f_.Enter(is);
      alternatives.Add(Scan(shapes[i], at, nullptr));
    }
  };
  for (const uint32_t i : ChooseText(tags, tag, enter)) {
    llvm::BasicBlock* is = f_.NewBlock("alternative");
    llvm::BasicBlock* next = f_.NewBlock("next_alternative");
    b_.CreateCondBr(IsString(tag, tags[i]), is, next);
    f_.Enter(is);
    alternatives.Add(Scan(shapes[i], at, nullptr));
    f_.Enter(next);
  }
  if (shape.otherwise == kNone || !HoldsTag(shape.otherwise, shape.tag_field)) {
    b_.CreateBr(f_.again());
  } else {
    const Text text = ScanWholeText(tag);
    f_.AgainIf(b_.CreateICmpNE(text.escaped, f_.Word(0)));
    alternatives.Add(Scan(shape.otherwise, at, nullptr));
  }
  return alternatives.Meet();
}

// Members are told apart by the first byte. Where that does not do, it gives up.
llvm::Value* ValueScanner::ScanUnion(const Shape& shape, llvm::Value* at) {
  const Program& program = f_.program();
  llvm::SwitchInst* by_byte = b_.CreateSwitch(ByteAt(at), f_.again());
  Meeting members(f_, "union");
  for (const Lead lead : kLeads) {
    const auto takes = [&](uint32_t member) { return TakesOf(program, program.shapes[member], lead); };
    const auto first = std::find_if(shape.members.begin(), shape.members.end(), [&](uint32_t m) { return takes(m) != Takes::kNo; });
    if (first == shape.members.end()) continue;
    const auto rivals = [&](uint32_t m) { return m != *first && takes(m) != Takes::kNo; };
    const bool decided = takes(*first) == Takes::kAll && lead != Lead::kNumber;
    if (!decided && std::any_of(shape.members.begin(), shape.members.end(), rivals)) continue;
    llvm::BasicBlock* block = f_.NewBlock("member");
    for (const char byte : BytesOf(lead)) by_byte->addCase(b_.getInt8(static_cast<uint8_t>(byte)), block);
    f_.Enter(block);
    members.Add(Scan(*first, at, nullptr));
  }
  return members.Meet();
}

}  // namespace edict::codegen
