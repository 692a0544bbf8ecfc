// Emits LLVM IR for the expression nodes of one function.
#ifndef EDICT_COMPILER_CODEGEN_EMIT_NODE_H_
#define EDICT_COMPILER_CODEGEN_EMIT_NODE_H_

#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/Module.h>

#include "runtime/program/program.h"

namespace edict::codegen {

// A Value in two registers: `header` holds kind (bits 0-7), flags (8-15) and size (32-63); `payload` the union.
struct Pair {
  llvm::Value* header = nullptr;
  llvm::Value* payload = nullptr;
};

// What the calls of one module share.
struct ModuleContext {
  llvm::Module& module;
  const Program& program;
  llvm::FunctionCallee evaluate;  // void edict_native_evaluate(Value* out, const Frame*, u32 node)
  llvm::FunctionCallee apply;     // void edict_native_apply(Value* out, const Frame*, u32 node, const Value* args)
  llvm::FunctionCallee equal;     // bool edict_native_equal(u64 h1, u64 p1, u64 h2, u64 p2)
};

class NodeEmitter {
 public:
  NodeEmitter(ModuleContext& context, llvm::Function& function, llvm::IRBuilder<>& builder);

  // The node's value at the builder's place.
  Pair Emit(uint32_t node);
  // i1: the node's value is the bool true.
  llvm::Value* EmitIsTrue(uint32_t node);

 private:
  Pair EmitConst(uint32_t constant);
  Pair EmitSlot(uint32_t node);
  Pair EmitLogic(uint32_t node);
  Pair EmitCond(uint32_t node);
  Pair EmitCall(uint32_t node);
  Pair EmitIntArithmetic(uint32_t node, llvm::Intrinsic::ID with_overflow);
  Pair EmitComparison(uint32_t node, std::string_view function);
  Pair EmitEquality(uint32_t node, bool negate);
  Pair ApplyGeneric(uint32_t node, const std::vector<Pair>& args);
  Pair EvaluateGeneric(uint32_t node);

  Pair Bool(llvm::Value* bit);
  llvm::Value* KindOf(const Pair& value);
  llvm::Value* IsKind(const Pair& value, Kind kind);
  llvm::Value* ConstantKind(Kind kind);
  Pair Load(llvm::Value* address);
  void Store(const Pair& value, llvm::Value* address);
  llvm::BasicBlock* NewBlock(const char* name);
  llvm::Value* Temporary(uint32_t values);
  Pair Phi(const Pair& a, llvm::BasicBlock* from_a, const Pair& b, llvm::BasicBlock* from_b);
  llvm::Value* FramePointer(unsigned index);
  const Node& At(uint32_t node) const { return context_.program.nodes[node]; }
  uint32_t Arg(const Node& node, uint32_t i) const { return context_.program.args[node.args + i]; }

  ModuleContext& context_;
  llvm::Function& function_;
  llvm::IRBuilder<>& b_;
};

}  // namespace edict::codegen

#endif  // EDICT_COMPILER_CODEGEN_EMIT_NODE_H_
