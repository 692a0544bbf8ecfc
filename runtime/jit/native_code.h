// Native code of one Program, loaded into this process: a verdict function per event type. Freed with its last owner.
#ifndef EDICT_RUNTIME_JIT_NATIVE_CODE_H_
#define EDICT_RUNTIME_JIT_NATIVE_CODE_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/result.h"
#include "runtime/interp/interp.h"
#include "runtime/jit/link.h"

namespace edict {

// True: every check passes or does not apply, what the effects write is queued (Frame::writes), and the fuel for that is taken.
// False: the interpreter has to look; no fuel is taken, and what is queued is to be forgotten.
using VerdictFunction = bool (*)(const Frame*);
// Walks the text of one event (runtime/json/scan.h says how it is padded), of which the type is known, from `at` on: the
// opening brace, and `seen` 0, or behind the value of the discriminator, which came first, and `seen` the bit of its place in
// the shape's fields. Behind the closing brace: the event has its shape and the slots that its rules read are filled. Null:
// the extractor has to look.
using EventFunction = const char* (*)(const Frame*, const char* at, uint64_t seen);
// The value of one expression.
using ValueFunction = void (*)(const Frame*, Value*);

class NativeCode {
 public:
  virtual ~NativeCode() = default;
  // Indexed like Program::events.
  const std::vector<VerdictFunction>& verdicts() const { return verdicts_; }
  const std::vector<EventFunction>& events() const { return events_; }
  // Of the expressions asked for, in their order.
  const std::vector<ValueFunction>& values() const { return values_; }

 protected:
  std::vector<VerdictFunction> verdicts_;
  std::vector<EventFunction> events_;
  std::vector<ValueFunction> values_;
};

// What compiler/codegen made for a Program with `event_count` event types, and `value_count` expressions: linked.
Result<std::shared_ptr<const NativeCode>> LoadNativeCode(std::string_view object, size_t event_count, size_t value_count = 0);

// The same in two steps, for who links it otherwise: the names of its functions, and what they are when linked.
std::vector<std::string> NativeNames(size_t event_count, size_t value_count);
std::shared_ptr<const NativeCode> ToNativeCode(std::unique_ptr<LinkedCode> code, size_t event_count, size_t value_count);

}  // namespace edict

#endif  // EDICT_RUNTIME_JIT_NATIVE_CODE_H_
