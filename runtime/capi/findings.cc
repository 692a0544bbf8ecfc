// Errors, findings and stops.
#include "runtime/capi/handles.h"

namespace {

edict_finding ToC(const edict::Finding& f) {
  edict_finding c{};
  c.struct_size = sizeof c;
  c.stream = f.stream.c_str();
  c.stream_size = f.stream.size();
  c.index = f.index;
  c.offset = f.offset;
  c.severity = static_cast<int>(f.severity);
  c.code = f.code.c_str();
  c.path = f.path.c_str();
  c.path_size = f.path.size();
  c.message = f.message.c_str();
  c.message_size = f.message.size();
  c.rule = f.rule.c_str();
  c.package = f.package.c_str();
  c.fix = f.fix.c_str();
  c.see = f.see.c_str();
  return c;
}

static_assert(static_cast<int>(edict::Severity::kInfo) == EDICT_INFO);
static_assert(static_cast<int>(edict::Severity::kWarning) == EDICT_WARNING);
static_assert(static_cast<int>(edict::Severity::kError) == EDICT_ERROR);
static_assert(static_cast<int>(edict::Severity::kCritical) == EDICT_CRITICAL);

}  // namespace

namespace edict::capi {

bool ReadStop(const edict_stop* stop, StopWhen& out) {
  edict_stop read;
  if (!ReadStruct(stop, read)) return false;
  if (read.cancel != nullptr) out.cancelled = &read.cancel->cancelled;
  if (read.timeout_ns > 0) out.deadline = std::chrono::steady_clock::now() + std::chrono::nanoseconds(read.timeout_ns);
  return true;
}

edict_status WriteStats(const StreamSetStats& stats, edict_set_stats* out) {
  edict_set_stats c{};
  c.opened = stats.opened;
  c.evicted = stats.evicted;
  c.most_open = stats.most_open;
  c.bytes = stats.bytes;
  c.most_bytes = stats.most_bytes;
  c.ended_events = stats.ended.events;
  c.ended_not_validated = stats.ended.not_validated;
  for (size_t i = 0; i < 4; ++i) c.ended_findings[i] = stats.ended.findings[i];
  return WriteStruct(c, out);
}

bool ReadSetOptions(const edict_set_options* given, edict_set_options& read, StreamSetOptions& out) {
  if (!ReadStruct(given, read)) return false;
  if (read.max_streams != 0) out.max_streams = read.max_streams;
  if (read.max_bytes != 0) out.max_bytes = read.max_bytes;
  return true;
}

}  // namespace edict::capi

extern "C" {

void edict_abi_version(int* major, int* minor) {
  if (major != nullptr) *major = EDICT_ABI_MAJOR;
  if (minor != nullptr) *minor = EDICT_ABI_MINOR;
}

const char* edict_error_text(const edict_error* error) { return error == nullptr ? "" : error->text.c_str(); }
void edict_error_free(edict_error* error) { delete error; }

edict_findings* edict_findings_new(void) { return new (std::nothrow) edict_findings; }
void edict_findings_free(edict_findings* findings) { delete findings; }
void edict_findings_clear(edict_findings* findings) {
  if (findings != nullptr) findings->all.clear();
}
size_t edict_findings_count(const edict_findings* findings) { return findings == nullptr ? 0 : findings->all.size(); }

edict_status edict_findings_get(const edict_findings* findings, size_t at, edict_finding* out) {
  if (findings == nullptr) return EDICT_BAD_ARGUMENT;
  if (at >= findings->all.size()) return EDICT_NOT_FOUND;
  return edict::capi::WriteStruct(ToC(findings->all[at]), out);
}

edict_status edict_findings_take(edict_findings* findings, edict_finding_function each, void* user) {
  if (findings == nullptr || each == nullptr) return EDICT_BAD_ARGUMENT;
  for (const edict::Finding& finding : findings->all) {
    const edict_finding c = ToC(finding);
    each(user, &c);
  }
  findings->all.clear();
  return EDICT_OK;
}

edict_cancel* edict_cancel_new(void) { return new (std::nothrow) edict_cancel; }
void edict_cancel_free(edict_cancel* cancel) { delete cancel; }
void edict_cancel_now(edict_cancel* cancel) {
  if (cancel != nullptr) cancel->cancelled.store(true, std::memory_order_relaxed);
}
void edict_cancel_reset(edict_cancel* cancel) {
  if (cancel != nullptr) cancel->cancelled.store(false, std::memory_order_relaxed);
}
}
