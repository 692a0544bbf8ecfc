// The rules of one event type on one event: the checks, which give findings, and the effects, which give writes. All of
// it reads the state before the event. Pure but for the Verdict; the interpreter does the work.
#ifndef EDICT_RUNTIME_ENGINE_JUDGE_H_
#define EDICT_RUNTIME_ENGINE_JUDGE_H_

#include <cstdint>
#include <vector>

#include "runtime/engine/observer.h"
#include "runtime/engine/verdict.h"
#include "runtime/interp/interp.h"
#include "runtime/program/program.h"

namespace edict {

// Which checks of an event run, and which findings they give.
enum class CheckExtent : uint8_t {
  kAll,
  kFirst,     // fail fast: up to the first finding; behind it only checks of critical severity, since those end the stream
  kCritical,  // there is a finding already
};

// Runs the checks in plan order and leaves their findings in source order, behind those that were there.
void JudgeChecks(const Frame& frame, const std::vector<Check>& checks, Verdict& verdict, CheckExtent extent = CheckExtent::kAll);
// One of them.
void JudgeCheck(const Frame& frame, const Check& check, Verdict& verdict);
// Queues the writes. An operand that is an error is a finding, and its effect is left out.
void JudgeEffects(const Frame& frame, const std::vector<Effect>& effects, Verdict& verdict);
// The same, told to an observer.
void JudgeChecksObserved(const Frame& frame, const std::vector<Check>& checks, Verdict& verdict, EngineObserver& observer);
void JudgeEffectsObserved(const Frame& frame, const std::vector<Effect>& effects, Verdict& verdict, EngineObserver& observer);
// Findings for the writes that the state's bounds refused; one for each target. `patches`: also for patches that do not apply.
void ReportRefused(const Program& program, const std::vector<Effect>& effects, const std::vector<RefusedWrite>& refused,
                   bool patches, uint32_t event_offset, Verdict& verdict);

}  // namespace edict

#endif  // EDICT_RUNTIME_ENGINE_JUDGE_H_
