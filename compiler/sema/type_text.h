// Types as users write them outside of rule files, which is as ToText prints them: "int", "list(map(string, dyn))",
// "optional(timestamp)", "net.IP".
#ifndef EDICT_COMPILER_SEMA_TYPE_TEXT_H_
#define EDICT_COMPILER_SEMA_TYPE_TEXT_H_

#include <string_view>

#include "compiler/sema/types.h"
#include "runtime/base/result.h"

namespace edict::sema {

// list, optional and type without their part are of dyn, map is map(dyn, dyn). The Error names the part that is no type.
Result<TypeRef> ParseTypeText(TypeTable& types, std::string_view text);

}  // namespace edict::sema

#endif  // EDICT_COMPILER_SEMA_TYPE_TEXT_H_
