// What is wrong with a regular expression, before any text is matched: for the compiler.
#ifndef EDICT_RUNTIME_BUILTINS_REGEX_H_
#define EDICT_RUNTIME_BUILTINS_REGEX_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace edict {

struct RegexFault {
  enum Kind : uint8_t { kNone, kInvalid, kTooLarge };
  Kind kind = kNone;
  std::string message;  // what and, of a size, which limit
};

// `max_bytes`: of the pattern's text; `max_program`: instructions of its program. What passes here, `matches` takes, unless
// the limits are above its own (RegexCache).
RegexFault TryRegex(std::string_view pattern, uint32_t max_bytes, uint32_t max_program);

}  // namespace edict

#endif  // EDICT_RUNTIME_BUILTINS_REGEX_H_
