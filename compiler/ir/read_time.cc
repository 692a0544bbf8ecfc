#include "compiler/ir/read_time.h"

#include <algorithm>
#include <utility>

#include "compiler/ir/text.h"

namespace edict::ir {
namespace {

constexpr uint64_t kLongest = INT64_MAX;  // nanoseconds

uint32_t KeyCount(Cursor& in) {
  in.NeedWord("of");
  const uint32_t count = in.Index();
  if (!in.TakeWord("keys")) in.NeedWord("key");
  in.Need(",");
  return count;
}

void Tail(Cursor& in, const Program& p, uint32_t& bound_code, uint32_t& scope) {
  if (in.TakeWord("else")) bound_code = ReadReference(in, p.codes, &Code::code, "a code");
  if (in.TakeWord("in")) scope = ReadReference(in, p.scopes, &Scope::name, "a scope");
  in.EndLine();
}

}  // namespace

void ReadClock(Cursor& in, Program& program) {
  program.clock.unit = static_cast<TimeUnit>(in.OneOf(kTimeUnitWords, "a unit of time"));
  in.NeedWord("late");
  program.clock.late = in.Number(kLongest);
  in.EndLine();
}

void ReadWindow(Cursor& in, Program& program) {
  Window window;
  window.name = in.Name("a window");
  window.key_count = KeyCount(in);
  window.function = static_cast<WindowFunction>(in.OneOf(kWindowWords, "a function of a window"));
  if (in.TakeWord("of")) window.rep = static_cast<Kind>(in.OneOf(kKindWords, "a kind"));
  in.NeedWord("over");
  window.length = in.Number(kLongest);
  window.tumbling = in.TakeWord("tumbling");
  in.NeedWord("bound");
  window.bound_keys = in.Number(~uint64_t{0});
  window.bound_entries = in.Number(~uint64_t{0});
  Tail(in, program, window.bound_code, window.scope);
  if (!in.failed()) program.windows.push_back(std::move(window));
}

void ReadTimer(Cursor& in, Program& program, bool deadline) {
  Timer timer;
  timer.deadline = deadline;
  timer.name = in.Name("a name");
  timer.key_count = KeyCount(in);
  in.NeedWord("within");
  timer.within = in.Number(kLongest);
  in.NeedWord("bound");
  timer.bound = in.Number(~uint64_t{0});
  if (in.TakeWord("locals")) {
    in.NeedWord("from");
    in.Need("$");
    timer.first_local = static_cast<uint32_t>(in.Number(1u << 20));
    program.local_count = std::max(program.local_count, timer.first_local + std::min(timer.key_count, 64u) + 3);
  }
  Tail(in, program, timer.bound_code, timer.scope);
  if (!in.failed()) program.timers.push_back(std::move(timer));
}

}  // namespace edict::ir
