// The short way of an event: native code walks its bytes where they are, judges it and queues what it changes. It ends with
// no finding, or does nothing: then the long way, by the tape, begins at the beginning.
#include <algorithm>
#include <cstring>

#include "runtime/engine/engine_impl.h"
#include "runtime/engine/event_time.h"
#include "runtime/json/scan.h"

namespace edict {
namespace {

// Blocks of lines of this size are worth the time of looking at the clock.
constexpr size_t kTimedBytes = 16u << 10;

// The cache, and helpers, while events of one text are judged, which can be read up to `end`.
class TextUse {
 public:
  TextUse(Workspace& work, const char* end) : work_(work) {
    if (work.elements != nullptr) work.elements->Begin(end);
    if (work.frame.large != nullptr) work.frame.large->Begin(end);
  }
  // So many bytes were judged.
  void End(uint64_t bytes) {
    if (work_.elements != nullptr) work_.elements->End(bytes);
    if (work_.checks != nullptr) CountChecks(bytes);
    work_.frame.memo = nullptr;
  }

 private:
  void CountChecks(uint64_t bytes) {
    const cache::CheckMemo::Counts counts = work_.checks->End(bytes);
    work_.meter.checks_asked.Add(counts.asked);
    work_.meter.checks_known.Add(counts.known);
    if (counts.bytes != 0) work_.meter.bytes.Add(counts.bytes);
  }

  Workspace& work_;
};

}  // namespace

static_assert(kReadableBehind == json::kScanPadding);

// Whether events can be judged so; then all is ready for the first of them.
bool StreamImpl::BeginInPlace(std::vector<Finding>& out) {
  if (!TakeUp(out)) return false;
  Workspace& work = *work_;
  if (work.sampler != nullptr && work.sampler->due()) return false;
  if (work.native == nullptr || work.native->events().empty() || ended) return false;
  work.event_functions = work.native->events().data();
  work.verdict_functions = work.native->verdicts().data();
  TakeWorkspace();
  work.frame.event = nullptr;
  return true;
}

// The event's time is the stream's. False: there is something to say about it, which the long way does, since to name the
// same time again changes nothing.
bool StreamImpl::MoveTimeInPlace(const EventType& type) {
  const Value field = type.time_slot == kNone ? Value::Absent() : work_->slots[type.time_slot];
  const EventTime time = ReadEventTime(field, program().clock.unit, work_->context);
  if (time.bad || !state.timed().BeginEvent(time.nanos) || state.timed().any_passed()) return false;
  CountState();
  return true;
}

// Behind the event at `at` and the blanks after it, which is `stop`, or at a line break where that is null. Null: it is not
// judged.
// Part of the loop over lines: a call for each event would take a twentieth of the time.
[[gnu::always_inline]] inline const char* StreamImpl::JudgeInPlace(const char* at, const char* stop, uint64_t offset,
                                                                   std::vector<Finding>& out) {
  Workspace& work = *work_;
  const EventTable::Found found = rules_->events.Find(at, work.frame.max_depth, &work.last_type);
  if (found.event == kNone) return nullptr;
  work.context.fuel = work.context.fuel_limit;
  work.tapes.used = 0;
  if (work.elements != nullptr) work.elements->BeginEvent();
  work.look_closer = false;
  work.arena.Reset();
  const char* end = work.event_functions[found.event](&work.frame, found.at, found.seen);
  if (end == nullptr) return nullptr;
  if (*end != '\n') end = json::ScanSpace(end);
  if (stop != nullptr ? end != stop : *end != '\n') return nullptr;
  if (static_cast<uint64_t>(end - at) > work.max_record_bytes) return nullptr;
  if (rules_->has_clock && !MoveTimeInPlace(program().events[found.event])) return nullptr;
  if (work.memo.Holds(this, found.event, work.frame.slots, work.context.fuel)) {
    ++stats.events;
    return end;
  }
  const int64_t fuel = work.context.fuel;
  if (!work.verdict_functions[found.event](&work.frame)) {
    work.verdict.writes.Clear();
    work.look_closer = true;
    return nullptr;
  }
  ++stats.events;
  if (!work.verdict.writes.empty()) {
    index_ = stats.events - 1;
    Commit(program().events[found.event], 0);
    if (!work.verdict.findings.empty()) Emit(offset, out);
  } else if (!rules_->has_clock) {
    work.memo.Keep(this, found.event, work.frame.slots, fuel - work.context.fuel);
  }
  return end;
}

// A line break behind which can be read: the last one, which is looked for once in a text that is taken bit by bit.
const char* StreamImpl::LastBreak(std::string_view text, uint64_t offset, size_t readable) {
  const uint64_t end = text.size() - (json::kScanPadding - std::min(readable, json::kScanPadding));
  const uint64_t known = last_break_ - offset;
  if (last_break_ >= offset && known < end && last_break_end_ == offset + end && text[known] == '\n') return text.data() + known;
  const auto* last = static_cast<const char*>(memrchr(text.data(), '\n', end));
  last_break_end_ = offset + end;
  last_break_ = last != nullptr ? offset + static_cast<uint64_t>(last - text.data()) : 0;
  return last;
}

size_t StreamImpl::TakeLines(std::string_view text, uint64_t offset, std::vector<Finding>& out, size_t readable) {
  if (text.size() + readable <= json::kScanPadding || !BeginInPlace(out)) return 0;
  const char* const begin = text.data();
  const char* last = LastBreak(text, offset, readable);
  if (last == nullptr) return 0;
  CostSampler* const sampler = work_->sampler.get();
  if (sampler != nullptr) last = std::min(last, begin + std::min<uint64_t>(sampler->left(), text.size()));
  const char* at = begin;
  const uint64_t before = stats.events;
  const bool timed = text.size() >= kTimedBytes;
  const Meter::Clock::time_point start = timed ? Meter::Clock::now() : Meter::Clock::time_point();
  TextUse text_use(*work_, begin + text.size() + readable);
  while (at <= last && !ended) {
    const char* end = JudgeInPlace(at, nullptr, offset + static_cast<uint64_t>(at - begin), out);
    if (end == nullptr) {
      refused_at_ = offset + static_cast<uint64_t>(at - begin);
      break;
    }
    at = end + 1;
  }
  const auto taken = static_cast<size_t>(at - begin);
  text_use.End(taken);
  if (sampler != nullptr) sampler->Passed(taken);
  if (taken != 0) {
    work_->meter.events.Add(stats.events - before);
    if (timed) engine->meter->Record(Meter::Clock::now() - start, stats.events - before);
    const size_t line_break = taken > 1 && at[-2] == '\r' ? 2 : 1;
    end_ = std::max(end_, offset + taken - line_break);
  }
  return taken;
}

bool StreamImpl::TakeLine(std::string_view line, uint64_t offset, std::vector<Finding>& out) {
  if (!BeginInPlace(out)) return false;
  TextUse text_use(*work_, line.data() + line.size() + json::kScanPadding);
  const bool timed = work_->meter.Samples();
  const Meter::Clock::time_point start = timed ? Meter::Clock::now() : Meter::Clock::time_point();
  const bool taken = JudgeInPlace(line.data(), nullptr, offset, out) != nullptr;
  text_use.End(line.size());
  if (!taken) {
    refused_at_ = offset;
    return false;
  }
  if (timed) engine->meter->Record(Meter::Clock::now() - start, 1);
  if (work_->sampler != nullptr) work_->sampler->Passed(line.size());
  work_->meter.events.Add(1);
  end_ = std::max(end_, offset + line.size());
  return true;
}

// A single record, from a copy behind which can be read, unless that is so anyway.
bool StreamImpl::TakeRecord(std::string_view text, uint64_t offset, std::vector<Finding>& out, size_t readable) {
  if (!BeginInPlace(out) || text.empty()) return false;
  const char* at = text.data();
  const char* const behind = at + text.size();
  if (readable < json::kScanPadding || (*behind != '\0' && *behind != '\n')) {
    std::vector<char>& copy = work_->padded;
    if (copy.size() < text.size() + json::kScanPadding) copy.resize(text.size() * 3 / 2 + json::kScanPadding);
    std::memcpy(copy.data(), at, text.size());
    std::memset(copy.data() + text.size(), 0, json::kScanPadding);
    at = copy.data();
  }
  const char* const end = at + text.size();
  TextUse text_use(*work_, end + json::kScanPadding);
  const bool taken = JudgeInPlace(at, end, offset, out) != nullptr;
  text_use.End(text.size());
  if (!taken) return false;
  work_->meter.events.Add(1);
  end_ = std::max(end_, offset + text.size());
  return true;
}

}  // namespace edict
