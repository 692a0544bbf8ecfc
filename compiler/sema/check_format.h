// What is certain to fail of "...".format([...]) where the text and the list are literals.
#ifndef EDICT_COMPILER_SEMA_CHECK_FORMAT_H_
#define EDICT_COMPILER_SEMA_CHECK_FORMAT_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/value/value.h"

namespace edict::sema {

struct FormatFault {
  static constexpr size_t kText = static_cast<size_t>(-1);

  std::string message;
  size_t argument = kText;  // the one that does not fit its clause; kText: the text is at fault
};

// `arguments`: their static kinds, kAbsent where only the value will tell. The clauses are those of the builtin `format`.
std::optional<FormatFault> FindFormatFault(std::string_view text, const std::vector<Kind>& arguments);

}  // namespace edict::sema

#endif  // EDICT_COMPILER_SEMA_CHECK_FORMAT_H_
