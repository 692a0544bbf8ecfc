#include "runtime/interp/known_rounds.h"

#include <limits>
#include <utility>

#include "runtime/cache/element_memo.h"
#include "runtime/interp/native_support.h"
#include "runtime/interp/queue_write.h"
#include "runtime/state/stream_state.h"
#include "runtime/state/writes.h"

namespace edict {
namespace {

// One round of a loop over elements, by the interpreter. False: something does not hold, or cannot be evaluated.
class Round {
 public:
  Round(const Frame& frame, const ElementLoop& loop) : frame_(frame), loop_(loop), event_(frame.program->events[loop.event]) {}

  bool Run(const Value& element, PendingWrites& writes) {
    const std::vector<Loop>& loops = loop_.effect != kNone ? Effect().loops : Clause().loops;
    return Enter(loops, 0, element, [&] { return loop_.effect != kNone ? Queue(writes) : Holds(); });
  }

 private:
  const edict::Effect& Effect() const { return event_.effects[loop_.effect]; }
  const edict::Clause& Clause() const { return event_.checks[loop_.check].clauses[loop_.clause]; }

  bool Holds() const { return Evaluate(frame_, Clause().condition).is_true(); }
  bool Queue(PendingWrites& writes) const {
    const edict::Effect& effect = Effect();
    if (effect.guard != kNone) {
      const Value guard = Evaluate(frame_, effect.guard);
      if (!guard.is_true()) return !guard.is_error();
    }
    Value* keys = frame_.context->arena->AllocateArray<Value>(effect.keys.size());
    for (size_t i = 0; i < effect.keys.size(); ++i) {
      keys[i] = Evaluate(frame_, effect.keys[i]);
      if (keys[i].is_error()) return false;
    }
    const Value value = effect.value != kNone ? Evaluate(frame_, effect.value) : Value::Absent();
    return !value.is_error() && !QueueWrite(frame_, effect, loop_.effect, keys, value, writes).is_error();
  }

  // The loop at `depth` has come to that element.
  template <typename Body>
  bool Enter(const std::vector<Loop>& loops, size_t depth, const Value& element, const Body& body) const {
    if (!Charge(*frame_.context, 1)) return false;
    frame_.locals[loops[depth].element] = element;
    return depth + 1 == loops.size() ? body() : Over(loops, depth + 1, body);
  }
  template <typename Body>
  bool Over(const std::vector<Loop>& loops, size_t depth, const Body& body) const {
    const Loop& loop = loops[depth];
    Value range = Evaluate(frame_, loop.range);
    if (range.kind == Kind::kOptional) {
      if (range.inner == nullptr) return true;
      range = *range.inner;
    }
    const bool has_index = loop.index != kNone;
    if (range.kind == Kind::kList) {
      int64_t i = 0;
      for (ListCursor c(range); c.Next(); ++i) {
        if (has_index) frame_.locals[loop.index] = Value::Int(i);
        if (!Enter(loops, depth, c.value(), body)) return false;
      }
      return true;
    }
    if (range.kind != Kind::kMap) return false;
    for (MapCursor c(range); c.Next();) {
      if (has_index) frame_.locals[loop.index] = c.key();
      if (!Enter(loops, depth, has_index ? c.value() : c.key(), body)) return false;
    }
    return true;
  }

  const Frame& frame_;
  const ElementLoop& loop_;
  const EventType& event_;
};

// Runs the round, with all the fuel that it may want, and remembers it. False: the round is to be done.
bool DoUnknownRound(const Frame& frame, uint32_t loop, cache::KnownPart& part, const Value& value) {
  EvalContext& context = *frame.context;
  constexpr int64_t kMuch = std::numeric_limits<int64_t>::max() / 2;
  const int64_t fuel = std::exchange(context.fuel, kMuch);
  const Arena::Mark before = context.arena->Here();
  const size_t writes = frame.writes->size();
  const bool holds = Round(frame, frame.memo->Loop(loop)).Run(value, *frame.writes);
  context.arena->Rewind(before);
  const int64_t taken = kMuch - std::exchange(context.fuel, fuel);
  cache::ElementMemo::Scratch& saved = frame.memo->scratch();
  saved.writes.clear();
  saved.bytes.clear();
  if (holds && frame.stream != nullptr) frame.stream->HashKeys(*frame.writes, writes);
  if (holds) frame.writes->Save(writes, saved.writes, saved.bytes);
  frame.memo->AddResult(part, loop, taken, holds, saved.writes, saved.bytes);
  if (holds && taken <= fuel) {
    context.fuel -= taken;
    return true;
  }
  frame.writes->Truncate(writes);
  return false;
}

// Queues what the round writes. False: the round is to be done.
bool DoRound(const Frame& frame, uint32_t loop, cache::KnownPart& part, const Value& value) {
  const cache::ElementResult* result = frame.memo->Find(part, loop);
  if (result == nullptr) return DoUnknownRound(frame, loop, part, value);
  if (!result->holds || result->fuel > frame.context->fuel) return false;
  frame.context->fuel -= result->fuel;
  frame.writes->AddSaved(result->writes(), result->bytes());
  return true;
}

// All rounds of a loop that begins with the last element: what the array has more than before, and then the same again.
uint64_t DoReversedRounds(const Frame& frame, uint32_t loop, const Value& list, const cache::ElementMemo::Reversed& reversed) {
  cache::ReversedRun& run = *reversed.run;
  run.next_writes.clear();
  run.next_bytes.clear();
  int64_t fuel = 0;
  bool complete = true;
  uint64_t done = 0;
  for (; done + run.rounds < list.size; ++done) {
    cache::KnownPart& part = reversed.parts[list.size - 1 - done];
    if (!DoRound(frame, loop, part, list.items[done])) return done;
    const cache::ElementResult* result = part.last;
    complete = complete && result != nullptr;
    if (!complete) continue;  // there was no room for it
    PendingWrites::Join(result->writes(), result->bytes(), run.next_writes, run.next_bytes);
    fuel += result->fuel;
  }
  if (run.rounds != 0) {
    if (run.fuel > frame.context->fuel) return done;
    frame.context->fuel -= run.fuel;
    frame.writes->AddSaved(run.writes, run.bytes);
    if (complete && done != 0) PendingWrites::Join(run.writes, run.bytes, run.next_writes, run.next_bytes);
  }
  if (complete && done != 0) {
    run.fuel = fuel + (run.rounds != 0 ? run.fuel : 0);
    run.rounds = list.size;
    run.writes.swap(run.next_writes);
    run.bytes.swap(run.next_bytes);
  }
  return list.size;
}

// Any list: each element may be known or not.
uint64_t DoRounds(const Frame& frame, uint32_t loop, const Value& list) {
  size_t guess = 0;
  uint64_t done = 0;
  for (ListCursor c(list); c.Next(); ++done) {
    const Value& value = c.value();
    cache::KnownPart* part = value.is_json() ? frame.memo->PartAt(value.json, &guess) : nullptr;
    if (part == nullptr || !DoRound(frame, loop, *part, value)) break;
  }
  return done;
}

// All rounds that the run has, as long as there is fuel.
size_t Replay(const Frame& frame, const cache::RoundRun& run) {
  size_t rounds = run.ends.size();
  while (rounds > 0 && run.ends[rounds - 1].fuel > frame.context->fuel) --rounds;
  if (rounds == 0) return 0;
  const cache::RoundRun::End& end = run.ends[rounds - 1];
  frame.context->fuel -= end.fuel;
  frame.writes->AddSaved({run.writes.data(), end.writes}, {run.bytes.data(), end.bytes});
  return rounds;
}

uint64_t DoLeadingRounds(const Frame& frame, uint32_t loop, const cache::ElementMemo::Leading& leading) {
  cache::RoundRun& run = *leading.run;
  size_t done = Replay(frame, run);
  while (done == run.ends.size() && done < leading.count) {
    cache::KnownPart& part = leading.parts[done];
    if (!DoRound(frame, loop, part, FromJson(leading.nodes[leading.places[done]]))) break;
    ++done;
    const cache::ElementResult* result = part.last;
    if (result == nullptr) break;  // there was no room for it
    PendingWrites::Join(result->writes(), result->bytes(), run.writes, run.bytes);
    const int64_t fuel = run.ends.empty() ? 0 : run.ends.back().fuel;
    run.ends.push_back({fuel + result->fuel, static_cast<uint32_t>(run.writes.size()), static_cast<uint32_t>(run.bytes.size())});
  }
  return done;
}

}  // namespace
}  // namespace edict

extern "C" {

uint64_t edict_native_known_rounds(const edict::Frame* frame, uint32_t loop, uint64_t header, uint64_t payload) {
  const edict::Value list = edict::FromWords(header, payload);
  if (list.is_json()) {
    const auto leading = frame->memo->LeadingOf(list.json, loop);
    if (leading.has_value()) return edict::DoLeadingRounds(*frame, loop, *leading);
  }
  if (!list.is_json()) {
    const auto reversed = frame->memo->ReversedOf(list, loop);
    if (reversed.has_value()) return edict::DoReversedRounds(*frame, loop, list, *reversed);
  }
  return edict::DoRounds(*frame, loop, list);
}

const void* edict_native_element_at(const edict::Frame* frame, uint64_t header, uint64_t payload, uint64_t index) {
  const edict::Value list = edict::FromWords(header, payload);
  if (!list.is_json()) return list.items + index;
  return index == 0 ? list.json + 1 : frame->memo->ElementOf(list.json, index);
}
}
