// Host functions that are written in C.
#include "runtime/capi/handles.h"
#include "runtime/program/host_function.h"

using edict::HostCall;
using edict::Kind;
using edict::Value;

namespace {

// The handle is the call itself.
const HostCall& CallOf(const edict_host_call* call) { return *reinterpret_cast<const HostCall*>(call); }
HostCall& CallOf(edict_host_call* call) { return *reinterpret_cast<HostCall*>(call); }

// Null: there is no such argument of one of these kinds.
const Value* Argument(const edict_host_call* call, size_t at, Kind kind, Kind or_kind) {
  if (call == nullptr || at >= CallOf(call).declared().params.size()) return nullptr;
  const Value& value = CallOf(call).arg(at);
  return value.kind == kind || value.kind == or_kind ? &value : nullptr;
}

void Answer(edict_host_call* call, const Value& value) {
  if (call != nullptr) CallOf(call).Return(value);
}

}  // namespace

namespace edict::capi {

bool ReadHostFunctions(const edict_host_function* given, size_t count, std::vector<HostFunction>& out) {
  if (given == nullptr) return count == 0;
  const size_t size = given->struct_size;  // of each
  if (size % alignof(edict_host_function) != 0) return false;
  for (size_t i = 0; i < count; ++i) {
    const auto* one = reinterpret_cast<const edict_host_function*>(reinterpret_cast<const char*>(given) + i * size);
    edict_host_function read;
    if (one->struct_size != size || !ReadStruct(one, read)) return false;
    HostFunction function;
    function.signature = Name(read.signature);
    if (read.call != nullptr) {
      function.call = [call = read.call, user = read.user](HostCall& made) {
        call(user, reinterpret_cast<edict_host_call*>(&made));
      };
    }
    out.push_back(std::move(function));
  }
  return true;
}

}  // namespace edict::capi

extern "C" {

int edict_host_bool(const edict_host_call* call, size_t at) {
  const Value* value = Argument(call, at, Kind::kBool, Kind::kBool);
  return value != nullptr && value->b ? 1 : 0;
}
int64_t edict_host_int(const edict_host_call* call, size_t at) {
  const Value* value = Argument(call, at, Kind::kInt, Kind::kInt);
  return value != nullptr ? value->i : 0;
}
uint64_t edict_host_uint(const edict_host_call* call, size_t at) {
  const Value* value = Argument(call, at, Kind::kUint, Kind::kUint);
  return value != nullptr ? value->u : 0;
}
double edict_host_double(const edict_host_call* call, size_t at) {
  const Value* value = Argument(call, at, Kind::kDouble, Kind::kDouble);
  return value != nullptr ? value->d : 0;
}
const char* edict_host_text(const edict_host_call* call, size_t at, size_t* size) {
  const Value* value = Argument(call, at, Kind::kString, Kind::kBytes);
  if (size != nullptr) *size = value != nullptr ? value->size : 0;
  return value != nullptr && value->s != nullptr ? value->s : "";
}
int64_t edict_host_time(const edict_host_call* call, size_t at, int32_t* nanos) {
  const Value* value = Argument(call, at, Kind::kTimestamp, Kind::kDuration);
  if (nanos != nullptr) *nanos = value != nullptr ? value->nanos() : 0;
  return value != nullptr ? value->i : 0;
}

void edict_host_return_bool(edict_host_call* call, int value) { Answer(call, Value::Bool(value != 0)); }
void edict_host_return_int(edict_host_call* call, int64_t value) { Answer(call, Value::Int(value)); }
void edict_host_return_uint(edict_host_call* call, uint64_t value) { Answer(call, Value::Uint(value)); }
void edict_host_return_double(edict_host_call* call, double value) { Answer(call, Value::Double(value)); }
void edict_host_return_text(edict_host_call* call, const char* text, size_t size) {
  if (call != nullptr) CallOf(call).ReturnText(edict::capi::View(text, size));
}
void edict_host_return_time(edict_host_call* call, int64_t seconds, int32_t nanos) {
  if (call == nullptr) return;
  const bool is_duration = CallOf(call).declared().result == Kind::kDuration;
  Answer(call, is_duration ? Value::Duration(seconds, nanos) : Value::Timestamp(seconds, nanos));
}
void edict_host_fail(edict_host_call* call, const char* why, size_t size) {
  if (call != nullptr) CallOf(call).Fail(edict::capi::View(why, size));
}
}
