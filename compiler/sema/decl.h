// Types and declarations as the CEL conformance suite writes them: protobuf text format of cel.expr.Type and
// cel.expr.Decl (cel-spec, proto/cel/expr/checked.proto).
#ifndef EDICT_COMPILER_SEMA_DECL_H_
#define EDICT_COMPILER_SEMA_DECL_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/sema/env.h"
#include "compiler/sema/types.h"
#include "runtime/base/result.h"

namespace edict::sema {

using MessageTypes = std::map<std::string, TypeRef, std::less<>>;

struct Decl {
  std::string name;
  TypeRef type = nullptr;                   // of a variable; null for a function
  std::vector<FunctionOverload> overloads;  // of a function
};

// `name: "x" ident { type { primitive: INT64 } }`, or a function: its overloads, which have no bodies.
// `messages` has the message types by name; others are dyn.
Result<Decl> ReadDecl(TypeTable& types, std::string_view text, const MessageTypes& messages = {});

// `list_type { elem_type { primitive: INT64 } }`
std::string ToTypeProto(TypeRef type);

}  // namespace edict::sema

#endif  // EDICT_COMPILER_SEMA_DECL_H_
