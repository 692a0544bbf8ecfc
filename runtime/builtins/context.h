// What a builtin needs beyond its arguments.
#ifndef EDICT_RUNTIME_BUILTINS_CONTEXT_H_
#define EDICT_RUNTIME_BUILTINS_CONTEXT_H_

#include <cstdint>
#include <memory>
#include <string_view>

#include "runtime/base/arena.h"
#include "runtime/program/program.h"
#include "runtime/value/value.h"

namespace edict {

struct HostFunction;

// Compiled regular expressions by their text. One owner at a time (a stream); not thread-safe. Holds at most kMaxPatterns,
// since patterns can come from the input; then it starts anew.
class RegexCache {
 public:
  static constexpr uint32_t kMaxPatterns = 256;
  static constexpr uint32_t kMaxPatternBytes = 10'000;           // of one pattern's text
  static constexpr int64_t kMaxProgramBytes = int64_t{1} << 20;  // of one compiled pattern

  RegexCache();
  ~RegexCache();
  RegexCache(const RegexCache&) = delete;
  RegexCache& operator=(const RegexCache&) = delete;

  // RE2's partial match of `text`, as CEL's `matches`. 1 or 0; -1: the pattern is not valid, `why` tells.
  int Matches(std::string_view text, std::string_view pattern, std::string_view* why);
  // The same for a pattern that is constant `id` of the one Program that this cache serves: found without hashing its text,
  // and never dropped.
  int MatchesConstant(std::string_view text, uint32_t id, std::string_view pattern);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

struct EvalContext {
  Arena* arena = nullptr;  // owns every result until the event ends
  const Program* program = nullptr;
  int64_t fuel = 0;               // steps left; an evaluation fails with ErrorCode::kFuel when it falls below zero
  RegexCache* regexes = nullptr;  // null: `matches` compiles anew each time
  // By Program::host_functions; null ones are not given. Null: none is.
  const HostFunction* const* host_functions = nullptr;
  // For the error of spent fuel: what there was at first, and the expression, by its place or (kNone) by its text.
  int64_t fuel_limit = 0;
  uint32_t span = kNone;  // Program::spans
  std::string_view expression;
  // Where the arena was before the native function that runs, whose results go when it leaves all to the interpreter. Null:
  // they are kept.
  const Arena::Mark* before_native = nullptr;
  uint64_t reinterpreted = 0;  // expressions that native code left to the interpreter (NodeEmitter says when)
};

// Takes `steps` of fuel; false when it has run out: the caller's result is then FuelError.
inline bool Charge(EvalContext& context, uint64_t steps) {
  if (context.fuel < 0) return false;
  context.fuel -= static_cast<int64_t>(steps);
  return context.fuel >= 0;
}
// Names the limit and the expression.
Value FuelError(EvalContext& context);

}  // namespace edict

#endif  // EDICT_RUNTIME_BUILTINS_CONTEXT_H_
