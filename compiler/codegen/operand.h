// How generated code holds a value of an expression.
#ifndef EDICT_COMPILER_CODEGEN_OPERAND_H_
#define EDICT_COMPILER_CODEGEN_OPERAND_H_

#include <llvm/IR/Value.h>

#include "runtime/program/program.h"

namespace edict::codegen {

// A value that is no error. With a known kind it is unboxed:
//   kNull                  nothing
//   kBool                  `first`: i1
//   kInt, kUint            `first`: i64
//   kDouble                `first`: double
//   any other, Node::kAny  `first`: header, `second`: payload, the two words of a Value (ValueWords)
struct Operand {
  Kind kind = Node::kAny;
  llvm::Value* first = nullptr;
  llvm::Value* second = nullptr;

  bool is_number() const { return kind == Kind::kInt || kind == Kind::kUint || kind == Kind::kDouble; }
  bool is_boxed() const { return !is_number() && kind != Kind::kNull && kind != Kind::kBool; }
};

}  // namespace edict::codegen

#endif  // EDICT_COMPILER_CODEGEN_OPERAND_H_
