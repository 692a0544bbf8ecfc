// Extraction fused with the shape check, as code made for the rule set: for each event type a function that walks the bytes
// of one event, says whether it is JSON of the declared shape, and fills the slots that the type's rules read. It is for
// valid events: whatever is out of the ordinary (a fault, a key written with an escape, a member twice, a number in an odd
// notation) makes it give up, and the extractor walks the event's tape. See runtime/program/scan_plan.h for how it expects
// the members in the order in which they came the last time.
//
// There is no structural index: a walk that knows which bytes come next compares them and needs nobody to have found the
// quotes before, so that it takes less than simdjson's stage 1 and what reads its index (bench/README.md). Lines need not be
// cut first, and a damaged one spoils only itself.
#ifndef EDICT_COMPILER_CODEGEN_EMIT_SCAN_H_
#define EDICT_COMPILER_CODEGEN_EMIT_SCAN_H_

#include <cstdint>
#include <functional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "compiler/codegen/node_emitter.h"
#include "runtime/program/scan_plan.h"

namespace edict::codegen {

// Of one module.
class ScanEmitter {
 public:
  explicit ScanEmitter(ModuleContext& context);

  // const char* edict_event_N(const Frame*, const char* at, uint64_t seen): behind the event's closing brace, or null. `at`:
  // the opening brace, and `seen` 0; or behind the value of the discriminator, which came first and names this type, and `seen`
  // its bit (the field's place in the shape).
  void EmitEvent(uint32_t event);
  // The function of a shape, edict_shape_N.
  void EmitShape(uint32_t shape);

  // const char*(const Frame*, const char* at, uint64_t depth), which may be defined in another module.
  llvm::Function* FunctionOf(uint32_t shape);
  // Functions of the module's own, as edict_scan_int and edict_scan_string: {const char*, word}(const char* at).
  llvm::Function* IntFunction();
  llvm::Function* TextFunction();
  // Whether checking shapes may take fuel.
  bool has_conditions() const { return has_conditions_; }
  uint32_t HintsOf(uint32_t shape) const { return hints_[shape]; }
  ModuleContext& context() { return context_; }

 private:
  // Made at the first call, by `body`.
  llvm::Function* OwnFunction(const char* name, void (*body)(llvm::Function&));

  ModuleContext& context_;
  std::vector<uint32_t> hints_;
  bool has_conditions_;
  std::unordered_map<uint32_t, llvm::Function*> functions_;
};

// Whether values of the shape are walked in a function of its own.
bool HasParts(const Shape& shape);

// The code for one value after the other, within one function.
class ValueScanner {
 public:
  // `depth`: i64, levels of nesting allowed for the values.
  ValueScanner(ScanEmitter& scans, FunctionBuilder& f, llvm::Value* depth) : scans_(scans), f_(f), b_(f.b()), depth_(depth) {}

  // Behind the value that starts at `at`, of which the shape is checked. Its Value goes to `slot`, unless that is null.
  // Leaves to f.again() where it gives up.
  llvm::Value* Scan(uint32_t shape, llvm::Value* at, llvm::Value* slot);
  // The same for any kind but a reference to a shape's function: the body of that function.
  llvm::Value* ScanHere(uint32_t shape, llvm::Value* at, llvm::Value* slot);
  // Behind a string of which only the end is wanted.
  llvm::Value* ScanText(llvm::Value* at);
  // Whether the text stands there; the bytes behind it may be read as well.
  llvm::Value* IsText(llvm::Value* at, std::string_view text);
  // Whether the JSON string of that value stands there, written without escapes.
  llvm::Value* IsString(llvm::Value* at, std::string_view value);
  llvm::Value* ByteAt(llvm::Value* at) { return b_.CreateLoad(b_.getInt8Ty(), at); }
  llvm::Value* IsByte(llvm::Value* at, char c) { return b_.CreateICmpEQ(ByteAt(at), b_.getInt8(static_cast<uint8_t>(c))); }
  llvm::Value* Behind(llvm::Value* at, uint64_t bytes) { return b_.CreateConstInBoundsGEP1_64(b_.getInt8Ty(), at, bytes); }
  // A call of runtime/interp/native_scan.h for {pointer, word}; null pointers leave to f.again().
  llvm::Value* CallForPlace(const char* name, const std::vector<llvm::Value*>& args, llvm::Value** word);

  ScanEmitter& scans() { return scans_; }
  FunctionBuilder& f() { return f_; }
  llvm::Value* depth() { return depth_; }

 private:
  struct Text {
    llvm::Value* begin;
    llvm::Value* end;      // behind the closing quote
    llvm::Value* escaped;  // i64
  };
  Text ScanWholeText(llvm::Value* at);
  llvm::Value* ScanKind(uint32_t shape, llvm::Value* at, llvm::Value* slot);
  llvm::Value* ScanString(const Shape& shape, llvm::Value* at, llvm::Value* slot);
  llvm::Value* ScanBool(const Shape& shape, llvm::Value* at, llvm::Value* slot);
  llvm::Value* ScanNumber(const Shape& shape, llvm::Value* at, llvm::Value* slot);
  llvm::Value* SizeToQuote(llvm::Value* begin);
  // `found` is given the index of the text and its size, and ends its block.
  std::vector<uint32_t> ChooseText(const std::vector<std::string_view>& texts, llvm::Value* at,
                                   const std::function<void(llvm::Value*, llvm::Value*)>& found);
  llvm::Value* ScanEnum(const Shape& shape, llvm::Value* at, llvm::Value* slot);
  llvm::Value* ScanAny(const Shape& shape, llvm::Value* at, llvm::Value* slot, char first);
  llvm::Value* ScanElements(const Shape& shape, llvm::Value* at);
  llvm::Value* ScanElement(const Shape& shape, llvm::Value* at, llvm::Value* first);
  llvm::Value* ScanTagged(const Shape& shape, llvm::Value* at);
  llvm::Value* ScanUnion(const Shape& shape, llvm::Value* at);
  llvm::Value* ScanRecord(uint32_t shape, llvm::Value* at);
  // The whole value from `at` to `end` by its tape, for the slot and the shape's conditions.
  void TakeWhole(const Shape& shape, llvm::Value* at, llvm::Value* end, llvm::Value* slot);
  void Keep(const Shape& shape, const Operand& value, llvm::Value* slot);
  void CheckConditions(const Shape& shape, const Operand& value);
  bool HoldsTag(uint32_t shape, uint32_t tag) const;
  void GiveUp();
  // Of a union: a number's Value is that of the member which takes it.
  void GiveUpOnNumbers(uint32_t shape, llvm::Value* at);

  ScanEmitter& scans_;
  FunctionBuilder& f_;
  llvm::IRBuilder<>& b_;
  llvm::Value* depth_;
};

// The members of one object, in whatever order they come.
class RecordScanner {
 public:
  static bool Takes(const Shape& shape) { return shape.fields.size() <= kMostScannedFields; }

  // `uses`: by slot; empty where no rule reads the fields. `tag`: the field of which the value is known, and that value.
  RecordScanner(ValueScanner& values, uint32_t shape, std::vector<SlotUse> uses = {}, uint32_t tag = kNone,
                std::string_view tag_value = {});

  // Behind the closing brace. `last`: i64, the field that ends at `at`; the number of fields: none, at the opening brace.
  llvm::Value* Run(llvm::Value* at, llvm::Value* seen, llvm::Value* last);

 private:
  llvm::Value* Slot(const ShapeField& field);
  SlotUse UseOf(const ShapeField& field) const;
  bool IsPlainText(uint32_t field) const;
  void EmitNext();
  void EmitTry(uint32_t field, llvm::BasicBlock* block);
  void EmitSearch();
  void EmitField(uint32_t field);
  void Arrive(llvm::Value* at);
  llvm::Value* Names();

  ValueScanner& values_;
  FunctionBuilder& f_;
  llvm::IRBuilder<>& b_;
  uint32_t id_;
  const Shape& shape_;
  std::vector<SlotUse> uses_;
  uint32_t tag_;
  std::string_view tag_value_;
  llvm::AllocaInst* at_;
  llvm::AllocaInst* seen_;
  llvm::AllocaInst* last_;
  llvm::AllocaInst* first_;  // i1: at the opening brace
  llvm::BasicBlock* next_;
  llvm::BasicBlock* search_;
  llvm::BasicBlock* text_;
  llvm::BasicBlock* end_;
  std::vector<llvm::BasicBlock*> fields_;
};

}  // namespace edict::codegen

#endif  // EDICT_COMPILER_CODEGEN_EMIT_SCAN_H_
