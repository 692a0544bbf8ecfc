// Calls of the functions of the program that embeds the rules: what goes in is of the types that the rules declare, and so is
// what comes out, whatever the function does.
#include <exception>
#include <string>

#include "runtime/builtins/registry.h"
#include "runtime/builtins/support.h"
#include "runtime/builtins/time.h"
#include "runtime/builtins/utf8.h"
#include "runtime/interp/operations.h"
#include "runtime/program/host_function.h"

namespace edict::interp {
namespace {

bool IsOf(const Value& value, Kind kind) {
  return value.kind == kind && (kind != Kind::kBytes || (value.flags & kOpaqueFlags) == 0);
}

Value DoesNotTake(const Frame& frame, const HostDecl& decl, const Value* args) {
  std::string types;
  for (size_t i = 0; i < decl.params.size(); ++i) types += (i == 0 ? "" : ", ") + std::string(TypeNameOf(args[i]));
  return NoSuchOverload(frame, decl.name + "(" + types + "), there is " + SignatureText(decl));
}

// No exception leaves.
void CallGuarded(const HostFunction& function, HostCall& call) {
  try {
    function.call(call);
  } catch (const std::exception& thrown) {
    call.Fail(thrown.what());
  } catch (...) {
    call.Fail("it has thrown an exception");
  }
}

// Whether a time is one that rules can have: within CEL's range, its parts as Value has them.
bool IsTime(const Value& time) {
  const int64_t nanos = time.nanos();
  if (time.kind == Kind::kTimestamp) {
    return time.i >= builtins::kMinTimestampSeconds && time.i <= builtins::kMaxTimestampSeconds && nanos >= 0 &&
           nanos < builtins::kNanosPerSecond;
  }
  const bool agree = nanos == 0 || time.i == 0 || (nanos < 0) == (time.i < 0);
  return time.i >= -builtins::kMaxDurationSeconds && time.i <= builtins::kMaxDurationSeconds && agree &&
         nanos > -builtins::kNanosPerSecond && nanos < builtins::kNanosPerSecond;
}

// The answer if it is as declared, else an error.
Value Answer(const Frame& frame, const HostDecl& decl, const Value& answer) {
  const auto fault = [&](const std::string& why) { return Fail(frame, ErrorCode::kInvalidArgument, decl.name + ": " + why); };
  switch (answer.kind) {
    case Kind::kError:
      return builtins::IsUtf8(answer.error->detail) ? answer : fault("it fails, and its reason is no UTF-8");
    case Kind::kAbsent:
      return fault("it gives no answer");
    default:
      break;
  }
  if (!IsOf(answer, decl.result)) {
    return fault("it gives a value of type " + std::string(TypeNameOf(answer)) + ", not as declared: " + SignatureText(decl));
  }
  if (decl.result == Kind::kString && !builtins::IsUtf8(answer.text(), true)) return fault("its text is no UTF-8");
  const bool is_time = decl.result == Kind::kTimestamp || decl.result == Kind::kDuration;
  if (is_time && !IsTime(answer)) return fault("its time is out of range");
  const bool is_text = decl.result == Kind::kString || decl.result == Kind::kBytes;
  if (is_text && !builtins::ChargeBytes(*frame.context, answer.size)) return FuelError(*frame.context);
  return answer;
}

}  // namespace

Value CallHost(const Frame& frame, uint32_t id, const Value* args) {
  const HostDecl& decl = frame.program->host_functions[id];
  Value given[kMaxHostParams];
  for (size_t i = 0; i < decl.params.size(); ++i) {
    given[i] = Conform(args[i], decl.params[i]);
    if (!IsOf(given[i], decl.params[i])) return DoesNotTake(frame, decl, args);
  }
  EvalContext& context = *frame.context;
  if (!Charge(context, decl.cost)) return FuelError(context);
  const HostFunction* function = context.host_functions == nullptr ? nullptr : context.host_functions[id];
  if (function == nullptr) {
    return Fail(frame, ErrorCode::kInvalidArgument,
                "the host function " + SignatureText(decl) + " is not given: only a program that embeds the rules can do that");
  }
  HostCall call(given, decl, *context.arena);
  CallGuarded(*function, call);
  return Answer(frame, decl, call.answer());
}

}  // namespace edict::interp
