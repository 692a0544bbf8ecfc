// A stream's clock: events and ticks move it, deadlines that are passed become findings.
#include <algorithm>
#include <string>
#include <utility>

#include "runtime/engine/engine_impl.h"
#include "runtime/engine/event_time.h"

namespace edict {

void StreamImpl::MoveTime(const EventType& type, const JsonNode& root) {
  if (!rules_->has_clock) return;
  static const Value kNoTime = Value::Absent();
  const Value& field = type.time_slot == kNone ? kNoTime : work_->slots[type.time_slot];
  const EventTime time = ReadEventTime(field, program().clock.unit, work_->context);
  const auto report = [&](Fault fault, std::string message) {
    RawFinding finding;
    finding.code = program().faults[static_cast<int>(fault)];
    finding.path = "/" + type.slot_names[type.time_slot];
    if (const JsonNode* member = FindMember(root, type.slot_names[type.time_slot])) finding.offset = member->offset;
    finding.message = std::move(message);
    work_->verdict.Add(std::move(finding));
  };
  if (time.bad) {
    report(Fault::kBadTime, ToMessageText(field) + " is no time; the event counts at the time of the one before");
  }
  if (!state.timed().BeginEvent(time.nanos)) {
    const int64_t now = state.timed().now();
    report(Fault::kLate, "the event's time " + ToMessageText(TimestampAt(*time.nanos)) +
                             " is further back than is tolerated: the stream has come to " + ToMessageText(TimestampAt(now)));
  }
  JudgePassed(state.timed().TakePassed());
}

void StreamImpl::JudgePassed(const std::vector<PassedDeadline>& passed) {
  for (const PassedDeadline& deadline : passed) {
    const Timer& timer = program().timers[deadline.timer];
    Value* local = work_->locals.data() + timer.first_local;
    DecodeKeys(deadline.key, timer.key_count, local);
    for (uint32_t i = 0; i < timer.key_count; ++i, ++local) {
      if (local->kind == Kind::kAbsent) *local = Value::Optional(nullptr);
    }
    local[0] = TimestampAt(deadline.opened);
    local[1] = TimestampAt(deadline.due);
    local[2] = TimestampAt(state.timed().now());
    JudgeApart(timer.expiry);
  }
}

void StreamImpl::Tick(int64_t time, std::vector<Finding>& out) {
  if (ended || finished_) return;
  TakeUp(out);
  Prepare();
  index_ = stats.events;
  work_->frame.event = nullptr;
  state.timed().Tick(time);
  JudgePassed(state.timed().TakePassed());
  CountState();
  Emit(end_, out);
}

}  // namespace edict
