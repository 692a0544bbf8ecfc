// Emits the expression nodes of one function: every operation of runtime/program/program.h, by group in emit_*.cc.
#ifndef EDICT_COMPILER_CODEGEN_NODE_EMITTER_H_
#define EDICT_COMPILER_CODEGEN_NODE_EMITTER_H_

#include <functional>
#include <map>
#include <unordered_map>
#include <utility>
#include <vector>

#include "compiler/codegen/function_builder.h"
#include "runtime/builtins/registry.h"
#include "runtime/interp/append.h"

namespace edict::codegen {

// A mutable Operand of fixed kind.
class Storage {
 public:
  Storage() = default;
  Storage(FunctionBuilder& f, Kind kind);
  Kind kind() const { return kind_; }
  Operand Get(FunctionBuilder& f) const;
  // Of the same kind; for Node::kAny of any, boxed here.
  void Set(FunctionBuilder& f, const Operand& value) const;

 private:
  Kind kind_ = Node::kAny;
  llvm::AllocaInst* first_ = nullptr;
  llvm::AllocaInst* second_ = nullptr;
};

// A list that a fold appends to, in a buffer of the arena that grows. The first items may be constant: they are copied when
// one is appended.
class GrowingList {
 public:
  GrowingList() = default;
  GrowingList(FunctionBuilder& f, const Operand& first);
  Operand Get(FunctionBuilder& f) const;
  // `room`: i64, of how many items a new buffer is at least.
  void Append(FunctionBuilder& f, const Operand& item, llvm::Value* room) const;

 private:
  llvm::AllocaInst* items_ = nullptr;
  llvm::AllocaInst* end_ = nullptr;    // behind the last item
  llvm::AllocaInst* limit_ = nullptr;  // behind the buffer
};

// Nodes are shared, so that a small Program can stand for a huge tree. A function that grows beyond this leaves its rest to
// the interpreter, which at least takes no memory for it.
inline constexpr uint32_t kMaxNodes = 100'000;

class TextChoice;

class NodeEmitter {
 public:
  explicit NodeEmitter(FunctionBuilder& f) : f_(f), b_(f.b()) {}

  // The node's value at the builder's place, as the interpreter's Evaluate gives it; an error leaves to f.failed().
  Operand Emit(uint32_t node);
  // The same for conditions: i1; what is no bool is an error.
  llvm::Value* EmitBool(uint32_t node);

  // A rule's loops, one in another; `body` emits the innermost. What cannot be looped over leaves to f.failed(). `known`: their
  // number in runtime/program/element_loops.h, or kNone.
  void EmitLoops(const std::vector<Loop>& loops, const std::function<void()>& body, uint32_t known) {
    EmitLoop(loops, 0, body, known);
  }

  // The ordinal, i64, of the lifecycle's state for its one key, a node; takes no fuel but for the key's.
  llvm::Value* LifeOrdinal(uint32_t lifecycle, uint32_t key);
  // Looks up the states of lifecycles that the expression reads by a field which the event's record has in any case: what is
  // emitted from here on shares them. For expressions that are nearly always evaluated.
  void LookUpFirst(uint32_t node, const Shape& record);
  // What the expressions emitted from now on read as that local.
  void Bind(uint32_t local, const Operand& value) { locals_[local].value = value; }

 private:
  // A local that an expression binds: a value, or a fold's accumulator.
  struct Local {
    Operand value;
    bool is_accumulator = false;
    Storage storage;                        // accumulator, if it does not grow
    bool grows = false;                     // accumulator
    GrowingList list;                       // accumulator that grows
    llvm::AllocaInst* is_failed = nullptr;  // accumulator, i1: it is an error
  };
  // What a loop has at hand in each round.
  struct Element {
    Operand key;     // a list's index, a map's key
    Operand value;   // a list's element, a map's value
    Operand single;  // what one variable alone stands for: a list's element, a map's key
  };

  // What a loop does in each round.
  struct Rounds {
    std::function<void(const Element&, llvm::BasicBlock* end)> body;
    // Leaves to `end`; needs no element and takes no fuel. May be null.
    std::function<void(llvm::BasicBlock* end)> condition;
    bool is_small = false;   // all of this may be emitted twice
    uint64_t cost = 1;       // steps of fuel
    uint32_t known = kNone;  // of a list: the loop's number in runtime/program/element_loops.h
  };
  enum class ListForm { kPlain, kJson, kEither };
  // Where a loop over a list stands.
  struct ListPlace {
    Operand list;
    ListForm form;
    llvm::AllocaInst* at;     // the next element: a Value or JsonNode
    llvm::AllocaInst* end;    // behind the last one
    llvm::AllocaInst* index;  // of the next
  };

  Operand EmitOperation(uint32_t id);

  // emit_access.cc: the event, locals, selection, indexing, optionals.
  Operand EmitSlot(const Node& node);
  Operand EmitOptionalSlot(const Node& node);
  Operand EmitLocal(const Node& node);
  Operand EmitField(const Node& node);
  Operand EmitHasField(const Node& node);
  Operand EmitOptionalField(const Node& node);
  Operand EmitIndex(const Node& node);
  Operand ListItem(const Operand& list, llvm::Value* index);
  // kAbsent where there is none; the fuel for looking is spent.
  Operand Find(const Operand& map, uint32_t name);
  Operand FindEntry(const Operand& map, const Operand& key);
  Operand FindInside(const Operand& map, const Operand& key);
  // Of an optional that a node gives by looking for a field: what is in it, kAbsent for nothing, without making an optional.
  bool HasPlainInside(uint32_t id) const;
  Operand EmitInside(uint32_t id);

  // emit_state.cc
  Operand EmitCell(const Node& node);
  Operand EmitScalar(uint32_t cell);
  Operand EmitEntry(const Node& node);
  Operand EmitLifecycle(const Node& node);
  // By a table of the lifecycle's states; false: in some other way.
  bool EmitByState(uint32_t id, Operand* result);
  Operand EmitKeep(const Node& node);
  Operand EmitHeld(const Node& node);

  // emit_logic.cc: && || ! ?:, let, or and orValue.
  Operand EmitLogic(const Node& node);
  void CollectOperands(const Node& node, std::vector<uint32_t>& operands);
  Operand EmitConditional(const Node& node);
  Operand EmitLet(const Node& node);
  Operand EmitOptionalElse(const Node& node);

  // emit_literal.cc
  Operand EmitList(const Node& node);
  Operand EmitMap(const Node& node);
  // An element marked with ?: skips to `next` if it is none.
  Operand UnwrapOptional(const Operand& element, llvm::BasicBlock* next);
  bool IsOptionalElement(const Node& node, uint32_t i) const;

  // emit_loop.cc
  void EmitEach(const Operand& range, const Rounds& rounds);
  void EmitListLoop(const Operand& list, ListForm form, const Rounds& rounds, llvm::BasicBlock* end);
  void EmitMapLoop(const Operand& map, const Rounds& rounds, llvm::BasicBlock* end);
  void EmitUnknownLoop(const Operand& range, const Rounds& rounds, llvm::BasicBlock* end);
  void EmitLoop(const std::vector<Loop>& loops, size_t depth, const std::function<void()>& body, uint32_t known);
  llvm::Value* EmitKnownRounds(const Operand& list, uint32_t loop);
  Operand DecodeJson(llvm::Value* node);
  llvm::Value* IsJson(const Operand& list);
  void ByForm(const Operand& list, ListForm form, const std::function<void()>& json, const std::function<void()>& plain);
  llvm::Value* BehindJson(llvm::Value* node);
  ListPlace BeginList(const Operand& list, ListForm form, llvm::Value* skip = nullptr);
  llvm::Value* IsMore(const ListPlace& place);
  Element NextOfList(const ListPlace& place);
  Element NextOfMap(llvm::Value* cursor, llvm::Value* entry, llvm::BasicBlock* end);

  // emit_fold.cc
  Operand EmitFold(const Node& node);
  void EmitFoldCondition(uint32_t condition, llvm::BasicBlock* end);
  void EmitStep(uint32_t step, const Local& accu);
  void EmitAppend(const interp::Append& append, const Local& accu, llvm::Value* room);
  bool IsSmall(uint32_t node, uint32_t& left) const;
  bool IsEarlyCondition(uint32_t node, const Fold& fold) const;

  // emit_call.cc: which overload.
  Operand EmitCall(const Node& node);
  bool EmitCallOfInside(const Node& node, Operand* result);  // hasValue() and value(): false for others
  Operand EmitDynamicCall(const Node& node);
  Operand EmitHostCall(const Node& node);
  std::vector<Operand> EmitArgs(const Node& node);
  Operand CallOverload(uint32_t id, std::vector<Operand> args, const Node& node);
  Operand CallBuiltin(uint32_t id, const std::vector<Operand>& args);
  llvm::Value* Fits(const std::vector<Operand>& args, const OverloadKinds& kinds);

  // Overloads in line. False: this one is a call. The arguments are of the overload's kinds, its cost is spent.
  bool Inline(uint32_t id, const std::vector<Operand>& args, const Node& node, Operand* result);
  bool InlineArithmetic(std::string_view function, const std::vector<Operand>& args, Operand* result);  // emit_arithmetic.cc
  Operand IntArithmetic(char operation, const Operand& a, const Operand& b);
  Operand DoubleArithmetic(char operation, const Operand& a, const Operand& b);
  Operand Divide(bool remainder, const Operand& a, const Operand& b);
  Operand Negate(const Operand& a);
  bool InlineTime(std::string_view function, const std::vector<Operand>& args, Operand* result);  // emit_time.cc
  bool InlineClock(std::string_view function, const Operand& time, Operand* result);
  llvm::Value* AddSeconds(llvm::Value* a, llvm::Value* b, bool subtract);
  Operand AddTimes(const Operand& a, const Operand& b, bool subtract, Kind result);
  bool InlineComparison(std::string_view function, const std::vector<Operand>& args, Operand* result);  // emit_compare.cc
  llvm::Value* CompareNumbers(llvm::CmpInst::Predicate predicate, const Operand& a, const Operand& b);
  llvm::Value* CompareExactly(llvm::CmpInst::Predicate predicate, const Operand& whole, const Operand& number);
  llvm::Value* CompareTimes(llvm::CmpInst::Predicate predicate, const Operand& a, const Operand& b);
  llvm::Value* EqualOperands(const Operand& a, const Operand& b);
  llvm::Value* EqualUnknown(const Operand& known, const Operand& other);
  llvm::Value* EqualTexts(const Operand& a, const Operand& b);
  bool InlineString(uint32_t id, const std::vector<Operand>& args, const Node& node, Operand* result);  // emit_string.cc
  llvm::Value* HasPart(const Operand& text, const Operand& part, bool at_end);
  llvm::Value* SameBytes(llvm::Value* a, llvm::Value* b, llvm::Value* size);
  Operand EmitConcatenation(const Node& node);
  bool IsConcatenation(const Node& node) const;
  llvm::Value* AddSize(llvm::Value* size, const Operand& text);
  Operand Concatenate(const std::vector<Operand>& texts, llvm::Value* size);
  Operand Matches(const Operand& text, const Operand& pattern, uint32_t constant);
  Operand InConstants(const Operand& value, const Value& list);
  void InTexts(const Operand& value, std::vector<std::string_view> texts, const TextChoice& hashed, llvm::BasicBlock* found,
               llvm::BasicBlock* missing);
  bool InlineConversion(uint32_t id, const std::vector<Operand>& args, Operand* result);  // emit_convert.cc

  FunctionBuilder& f_;
  llvm::IRBuilder<>& b_;
  std::unordered_map<uint32_t, Local> locals_;
  std::map<std::pair<uint32_t, uint32_t>, llvm::Value*> ordinals_;  // by lifecycle and node of the key
  uint32_t emitted_ = 0;
};

}  // namespace edict::codegen

#endif  // EDICT_COMPILER_CODEGEN_NODE_EMITTER_H_
