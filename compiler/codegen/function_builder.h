// What every emitter needs: blocks, temporaries, boxing and unboxing, fuel, calls of the runtime, constants.
#ifndef EDICT_COMPILER_CODEGEN_FUNCTION_BUILDER_H_
#define EDICT_COMPILER_CODEGEN_FUNCTION_BUILDER_H_

#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/Module.h>

#include <string_view>
#include <unordered_map>
#include <vector>

#include "compiler/codegen/operand.h"
#include "runtime/program/element_loops.h"
#include "runtime/program/program.h"
#include "runtime/program/projections.h"

namespace edict::codegen {

class RuleLines;

// What the functions of one module share.
struct ModuleContext {
  llvm::Module& module;
  const Program& program;
  std::unordered_map<uint32_t, llvm::Constant*> constants;  // by index in the Program: the data of texts, lists and maps
  uint64_t nodes = 0;                                       // emitted so far, in all functions
  const std::vector<ElementLoop>& element_loops;
  const std::vector<Projection>& projections;
  RuleLines* lines = nullptr;  // where nobody asks for debug information

  // The number of the loop of that clause or effect; kNone: its rounds depend on more than the element.
  uint32_t ElementLoopOf(const ElementLoop& loop) const;
  // The number of the projection of that check, which can be known to pass; or kNone.
  uint32_t ProjectionOf(uint32_t event, uint32_t check) const;
};

// Effects of a function of the runtime, for the optimiser.
enum class Effects { kReadsOnly, kAny, kFuel };  // kFuel: any, and it charges the context

// Emits into one function, `T name(const Frame*, ...)`. Three ways lead out of an operation:
//  - on, with a value that is no error;
//  - to `failed()`: the value is an error. Nothing is carried there: && and || go on with their other side, and outermost
//    it is `again()`;
//  - to `again()`: the function gives up, gives the fuel back, and the interpreter evaluates all of it anew. It words the
//    errors, meets spent fuel at the very step, and takes values of a kind that their static kind does not allow.
// So a function that ends well has taken exactly the fuel that the interpreter takes: each operation Spends what it costs,
// at the place where the interpreter charges it, and the sum is checked at the end and by loops.
class FunctionBuilder {
 public:
  FunctionBuilder(ModuleContext& context, llvm::Function& function);

  llvm::IRBuilder<>& b() { return b_; }
  ModuleContext& context() { return context_; }
  const Program& program() const { return context_.program; }
  const Node& At(uint32_t node) const { return context_.program.nodes[node]; }
  uint32_t Arg(const Node& node, uint32_t i) const { return context_.program.args[node.args + i]; }
  std::string_view Text(uint32_t constant) const { return context_.program.constants[constant].text(); }

  // ---- control flow
  llvm::BasicBlock* NewBlock(const char* name);
  void Enter(llvm::BasicBlock* block) { b_.SetInsertPoint(block); }
  llvm::BasicBlock* failed() const { return failed_; }
  llvm::BasicBlock* again() const { return again_; }
  // Another place for errors, until the next call; gives the one before.
  llvm::BasicBlock* SetFailed(llvm::BasicBlock* block);
  void FailIf(llvm::Value* condition) { LeaveIf(condition, failed_); }
  void AgainIf(llvm::Value* condition) { LeaveIf(condition, again_); }
  void LeaveIf(llvm::Value* condition, llvm::BasicBlock* to);
  // A branch that is nearly always taken: the other way is kept out of the way.
  void BranchLikely(llvm::Value* condition, llvm::BasicBlock* likely, llvm::BasicBlock* unlikely);
  // For operations that always fail: what follows is dead code.
  Operand Fail();
  Operand Undefined(Kind kind);

  // ---- fuel
  void Spend(llvm::Value* steps);
  void Spend(uint64_t steps) { Spend(Word(steps)); }
  // `again` when less is left. Loops need it at their back edges, or before they begin where the rounds cost the same.
  void NeedFuel(llvm::Value* steps);
  // How many places there are so far that spend what is not known when compiling.
  uint64_t open_costs() const { return open_costs_; }
  void AddOpenCost() { ++open_costs_; }
  // Whether anything so far takes fuel.
  bool spends() const { return spends_; }
  // At the end: takes what was spent, or leaves to `again`.
  void Settle();
  // What is left, so far.
  llvm::Value* Fuel() { return b_.CreateLoad(b_.getInt64Ty(), fuel_); }
  // The first instructions of `again`'s block: the fuel as it was.
  void GiveFuelBack();

  // ---- values
  llvm::ConstantInt* Word(uint64_t value) { return b_.getInt64(value); }
  llvm::ConstantInt* KindWord(Kind kind) { return b_.getInt64(static_cast<uint64_t>(kind)); }
  Operand Bool(llvm::Value* bit) { return {Kind::kBool, bit, nullptr}; }
  Operand Box(const Operand& value);               // as kind kAny
  Operand Unbox(Kind kind, const Operand& boxed);  // known to be of that kind
  Operand Boxed(llvm::Value* header, llvm::Value* payload) { return {Node::kAny, header, payload}; }
  llvm::Value* KindOf(const Operand& boxed) { return b_.CreateAnd(boxed.first, Word(0xff)); }
  llvm::Value* IsKind(const Operand& boxed, Kind kind) { return b_.CreateICmpEQ(KindOf(boxed), KindWord(kind)); }
  // As the interpreter reads a value where `rep` is wanted; to `again` with one that cannot be it.
  Operand Conform(const Operand& value, Kind rep);
  // The value where a function takes that kind (kAny: any); an error if it is of another.
  Operand Require(const Operand& value, Kind kind, uint8_t opaque = 0);
  llvm::Value* SizeOf(const Operand& boxed) { return b_.CreateLShr(boxed.first, Word(32)); }
  llvm::Value* Pointer(const Operand& boxed) { return b_.CreateIntToPtr(boxed.second, b_.getPtrTy()); }
  Operand OfSize(Kind kind, llvm::Value* size, llvm::Value* payload, uint64_t flags = 0);
  Operand Constant(uint32_t constant);
  llvm::Constant* Data(std::string_view bytes);

  // ---- memory
  // Stack room for so many Values, in the entry block: one stack frame, whatever the control flow.
  llvm::AllocaInst* Temporary(uint64_t values);
  llvm::AllocaInst* Variable(llvm::Type* type, const char* name);
  llvm::Value* ValueAt(llvm::Value* base, llvm::Value* index);  // address of a Value in an array
  Operand Load(llvm::Value* address);
  // Of memory that does not change while the function runs.
  Operand LoadInvariant(llvm::Value* address);
  llvm::Value* LoadInvariant(llvm::Type* type, llvm::Value* base, uint64_t offset);
  void Store(const Operand& value, llvm::Value* address);
  llvm::Value* frame() { return function_.getArg(0); }
  llvm::Value* slots() { return FrameField(slots_offset_); }
  llvm::Value* locals() { return FrameField(locals_offset_); }
  llvm::Value* cells() { return FrameField(cells_offset_); }
  llvm::Value* hints() { return FrameField(hints_offset_); }
  llvm::Value* memo() { return FrameField(memo_offset_); }
  // The same where it may become null meanwhile: while the event is read.
  llvm::Value* memo_now() {
    return b_.CreateLoad(b_.getPtrTy(), b_.CreateConstInBoundsGEP1_64(b_.getInt8Ty(), frame(), memo_offset_));
  }
  llvm::Value* checks() { return FrameField(checks_offset_); }
  llvm::Value* max_depth() { return LoadInvariant(b_.getInt64Ty(), frame(), max_depth_offset_); }
  llvm::Value* eval_context() { return FrameField(context_offset_); }

  // ---- calls of the runtime (runtime/interp/native_support.h)
  llvm::Value* Call(const char* name, llvm::Type* result, const std::vector<llvm::Value*>& args, Effects effects);
  // Of a function that gives ValueWords.
  Operand CallForValue(const char* name, const std::vector<llvm::Value*>& args, Effects effects);
  // The same, of one that charges the context; an error leaves to failed().
  Operand CallOrFail(const char* name, const std::vector<llvm::Value*>& args);
  // An i64 that is not zero.
  llvm::Value* CallForBit(const char* name, const std::vector<llvm::Value*>& args, Effects effects);
  // The operands in an array of Values, and room for a result: on the stack, to be used by the next call only.
  llvm::Value* Array(const std::vector<Operand>& values);
  llvm::Value* Result();

 private:
  llvm::Constant* PayloadOf(const Value& value);
  llvm::Value* FuelAddress();

  static const uint64_t slots_offset_;
  static const uint64_t locals_offset_;
  static const uint64_t context_offset_;
  static const uint64_t cells_offset_;
  static const uint64_t hints_offset_;
  static const uint64_t max_depth_offset_;
  static const uint64_t memo_offset_;
  static const uint64_t checks_offset_;
  llvm::Value* FrameField(uint64_t offset) { return LoadInvariant(b_.getPtrTy(), frame(), offset); }

  ModuleContext& context_;
  llvm::Function& function_;
  llvm::IRBuilder<> b_;
  llvm::BasicBlock* failed_;
  llvm::BasicBlock* again_;
  std::vector<llvm::AllocaInst*> arrays_;  // by number of Values
  llvm::AllocaInst* result_ = nullptr;
  uint64_t open_costs_ = 0;
  bool spends_ = false;
  llvm::AllocaInst* fuel_;      // what is left, in a register mostly
  llvm::Value* fuel_at_entry_;  // loaded in the entry block
};

// Brings the values of several branches together. Add at the end of each branch, which is left without a terminator; Meet
// closes them all and goes on at the place where they meet, with a value of kind kAny where theirs differ.
class Join {
 public:
  explicit Join(FunctionBuilder& f) : f_(f) {}
  void Add(const Operand& value) { branches_.push_back({value, f_.b().GetInsertBlock()}); }
  Operand Meet(const char* name);

 private:
  struct Branch {
    Operand value;
    llvm::BasicBlock* end;
  };
  FunctionBuilder& f_;
  std::vector<Branch> branches_;
};

}  // namespace edict::codegen

#endif  // EDICT_COMPILER_CODEGEN_FUNCTION_BUILDER_H_
