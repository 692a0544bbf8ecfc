#include "compiler/ir/print_time.h"

#include "compiler/ir/text.h"

namespace edict::ir {
namespace {

std::string KeysText(uint32_t count) { return " of " + std::to_string(count) + (count == 1 ? " key," : " keys,"); }

// What both end with.
std::string TailText(const Program& p, uint32_t bound_code, uint32_t scope) {
  std::string text;
  if (bound_code != kNone) text += " else " + Reference(p.codes, bound_code, &Code::code);
  if (scope != kNone) text += " in " + Reference(p.scopes, scope, &Scope::name);
  return text + "\n";
}

std::string WindowText(const Program& p, const Window& window) {
  std::string text = "window " + Name(window.name) + KeysText(window.key_count) + " ";
  text += kWindowWords[static_cast<int>(window.function)];
  if (window.rep != Node::kAny) text += " of " + std::string(kKindWords[static_cast<int>(window.rep)]);
  text += " over " + std::to_string(window.length) + (window.tumbling ? " tumbling" : "");
  text += " bound " + std::to_string(window.bound_keys) + " " + std::to_string(window.bound_entries);
  return text + TailText(p, window.bound_code, window.scope);
}

std::string TimerText(const Program& p, const Timer& timer) {
  std::string text = std::string(TimerWord(timer)) + " " + Name(timer.name) + KeysText(timer.key_count);
  text += " within " + std::to_string(timer.within) + " bound " + std::to_string(timer.bound);
  if (!timer.expiry.empty()) text += " locals from $" + std::to_string(timer.first_local);
  return text + TailText(p, timer.bound_code, timer.scope);
}

}  // namespace

std::string TimeText(const Program& program) {
  std::string text;
  if (program.clock.unit != TimeUnit::kNone) {
    text += "clock " + std::string(kTimeUnitWords[static_cast<int>(program.clock.unit)]) + " late " +
            std::to_string(program.clock.late) + "\n";
  }
  for (const Window& window : program.windows) text += WindowText(program, window);
  for (const Timer& timer : program.timers) text += TimerText(program, timer);
  return text;
}

}  // namespace edict::ir
