// The expression AST: CEL as written, with spans. Macros (`all`, `map`, `has`, `cel.bind` ...) are still calls here;
// sema recognises and expands them. C++17-clean. Nesting is bounded by the parser's depth limit.
#ifndef EDICT_COMPILER_AST_EXPR_H_
#define EDICT_COMPILER_AST_EXPR_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "compiler/source/source.h"

namespace edict::ast {

enum class ExprKind : uint8_t {
  kNull,
  kBool,
  kInt,
  kUint,
  kDouble,
  kString,     // `text` holds the unescaped (WTF-8) value
  kBytes,      // `text` holds the unescaped bytes
  kIdent,      // `text` = name; `leading_dot` for ".name"
  kSelect,     // args[0] . `text`
  kOptSelect,  // args[0] .? `text`
  kIndex,      // args[0] [ args[1] ]
  kOptIndex,   // args[0] [? args[1] ]
  kCall,       // `text`( args... ) or, if has_target, args[0].`text`( args[1...] ). Operators are calls of their CEL names:
               // "_+_" "_-_" "_*_" "_/_" "_%_" "-_" "!_" "_==_" "_!=_" "_<_" "_<=_" "_>_" "_>=_" "@in" "_&&_" "_||_" "_?_:_".
               // Chains a && b && c are left-associated binary calls, parsed balanced or left - either is right.
  kList,       // args, `optional[i]` for [?x]
  kMap,        // args = k0, v0, k1, v1 ...; `optional[i]` for the i-th entry written ?k: v
  kStruct,     // message literal `text`{ fields }: parsed, rejected by sema (no protobuf). args = values, `names` = fields
};

struct Expr;
using ExprPtr = std::unique_ptr<Expr>;

struct Expr {
  ExprKind kind = ExprKind::kNull;
  bool bool_value = false;
  bool has_target = false;     // kCall: receiver-style
  bool leading_dot = false;    // kIdent, kCall without target, kStruct
  bool escaped_ident = false;  // kSelect: name was written in backquotes
  int64_t int_value = 0;       // kInt (already negated for "-9223372036854775808")
  uint64_t uint_value = 0;
  double double_value = 0;
  std::string text;
  source::Span span;       // the whole expression
  source::Span name_span;  // the name or operator inside it (kIdent: == span)
  std::vector<ExprPtr> args;
  std::vector<bool> optional;
  std::vector<std::string> names;
  uint32_t height = 1;  // nodes on the longest path down; ParseLimits::expression_depth bounds it, so recursion is safe
};

}  // namespace edict::ast

#endif  // EDICT_COMPILER_AST_EXPR_H_
