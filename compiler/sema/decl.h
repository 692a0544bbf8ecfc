// Types and declarations of variables as the CEL conformance suite writes them: protobuf text format of cel.expr.Type and
// cel.expr.Decl (cel-spec, proto/cel/expr/checked.proto).
#ifndef EDICT_COMPILER_SEMA_DECL_H_
#define EDICT_COMPILER_SEMA_DECL_H_

#include <string>
#include <string_view>

#include "compiler/sema/types.h"
#include "runtime/base/result.h"

namespace edict::sema {

struct VariableDecl {
  std::string name;
  TypeRef type = nullptr;
};

// `name: "x" ident { type { primitive: INT64 } }`. A declared function is an Error: there is no body to run.
Result<VariableDecl> ReadDecl(TypeTable& types, std::string_view text);

// `list_type { elem_type { primitive: INT64 } }`
std::string ToTypeProto(TypeRef type);

}  // namespace edict::sema

#endif  // EDICT_COMPILER_SEMA_DECL_H_
