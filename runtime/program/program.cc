#include "runtime/program/program.h"

#include <algorithm>

namespace edict {

const char* SeverityName(Severity severity) {
  switch (severity) {
    case Severity::kInfo:
      return "info";
    case Severity::kWarning:
      return "warning";
    case Severity::kError:
      return "error";
    case Severity::kCritical:
      return "critical";
  }
  return "?";
}

bool IsStateless(const Program& program) {
  const bool writes =
      std::any_of(program.events.begin(), program.events.end(), [](const EventType& event) { return !event.effects.empty(); });
  return !writes && program.cells.empty() && program.lifecycles.empty() && program.scopes.empty() && program.documents.empty() &&
         program.windows.empty() && program.timers.empty() && program.clock.unit == TimeUnit::kNone && program.end_checks.empty();
}

}  // namespace edict
