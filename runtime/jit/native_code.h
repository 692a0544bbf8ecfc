// Native code of one Program, loaded into this process: a verdict function per event type. Freed with its last owner.
#ifndef EDICT_RUNTIME_JIT_NATIVE_CODE_H_
#define EDICT_RUNTIME_JIT_NATIVE_CODE_H_

#include <memory>
#include <string_view>
#include <vector>

#include "runtime/base/result.h"
#include "runtime/interp/interp.h"

namespace edict {

// True: every check passes or does not apply, and the fuel for finding that out is taken. False: the interpreter has to look;
// no fuel is taken.
using VerdictFunction = bool (*)(const Frame*);
// The value of one expression.
using ValueFunction = void (*)(const Frame*, Value*);

class NativeCode {
 public:
  virtual ~NativeCode() = default;
  // Indexed like Program::events.
  const std::vector<VerdictFunction>& verdicts() const { return verdicts_; }
  // Of the expressions asked for, in their order.
  const std::vector<ValueFunction>& values() const { return values_; }

 protected:
  std::vector<VerdictFunction> verdicts_;
  std::vector<ValueFunction> values_;
};

// Links an object file that compiler/codegen made for a Program with `event_count` event types, and `value_count` expressions.
Result<std::shared_ptr<const NativeCode>> LoadNativeCode(std::string_view object, size_t event_count, size_t value_count = 0);

}  // namespace edict

#endif  // EDICT_RUNTIME_JIT_NATIVE_CODE_H_
