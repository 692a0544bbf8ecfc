#include "runtime/engine/judge.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "runtime/engine/blame.h"
#include "runtime/interp/queue_write.h"

namespace edict {
namespace {

constexpr uint32_t kOrderOfEffects = 0xfffffff0u;  // after the findings of every check

uint32_t FaultCode(const Program& program, Fault fault) { return program.faults[static_cast<int>(fault)]; }

std::string Where(const Program& program, uint32_t span) {
  if (span == kNone) return "";
  const Span& s = program.spans[span];
  return " (" + program.files[s.file] + ":" + std::to_string(s.line) + ")";
}

const char* ErrorName(ErrorCode code) {
  switch (code) {
    case ErrorCode::kNoSuchKey:
      return "no such key";
    case ErrorCode::kNoSuchOverload:
      return "no such overload";
    case ErrorCode::kNoSuchField:
      return "no such field";
    case ErrorCode::kDivideByZero:
      return "divide by zero";
    case ErrorCode::kModulusByZero:
      return "modulus by zero";
    case ErrorCode::kOverflow:
      return "overflow";
    case ErrorCode::kInvalidArgument:
      return "invalid argument";
    case ErrorCode::kIndexOutOfRange:
      return "index out of range";
    case ErrorCode::kDuplicateKey:
      return "duplicate key";
    case ErrorCode::kOptionalNone:
      return "optional has no value";
    case ErrorCode::kFuel:
      return "out of fuel";
  }
  return "error";
}

// "no such key: k", and not the name twice where the detail starts with it.
std::string ErrorText(const Value& error) {
  const std::string_view name = ErrorName(error.error->code);
  const std::string_view detail = error.error->detail;
  if (detail.find(name) != std::string_view::npos) return std::string(detail);
  return std::string(name) + ": " + std::string(detail);
}

// Runs `body` for each combination of the loops' elements; body returns false to stop everything. An error value comes
// back where a range is one; kAbsent otherwise.
template <typename Body>
Value ForEach(const Frame& frame, const std::vector<Loop>& loops, size_t depth, Verdict& verdict, Body& body, bool& go) {
  if (depth == loops.size()) {
    go = body();
    return Value::Absent();
  }
  const Loop& loop = loops[depth];
  Value range = Evaluate(frame, loop.range);
  if (range.kind == Kind::kOptional) {
    if (range.inner == nullptr) return Value::Absent();
    range = *range.inner;
  }
  if (range.is_error()) return range;
  verdict.positions.emplace_back();
  Value result = Value::Absent();
  const auto step = [&](const Value& position, const Value& element, const Value& index) {
    if (!Charge(*frame.context, 1)) {
      result = FuelError(*frame.context);
      return false;
    }
    verdict.positions[depth].step = position;
    frame.locals[loop.element] = element;
    if (loop.index != kNone) frame.locals[loop.index] = index;
    result = ForEach(frame, loops, depth + 1, verdict, body, go);
    return go && !result.is_error();
  };
  if (range.kind == Kind::kList) {
    int64_t i = 0;
    for (ListCursor c(range); c.Next(); ++i) {
      if (!step(Value::Int(i), c.value(), Value::Int(i))) break;
    }
  } else if (range.kind == Kind::kMap) {
    // As in CEL's comprehensions: one variable is the key; of two, the second is the key.
    for (MapCursor c(range); c.Next();) {
      if (!step(c.key(), loop.index == kNone ? c.key() : c.value(), c.key())) break;
    }
  } else {
    result = MakeError(*frame.context->arena, ErrorCode::kNoSuchOverload, "cannot loop over this value");
  }
  verdict.positions.pop_back();
  return result;
}

// Who is told of nothing: the calls vanish.
struct Nobody {
  void OnCheck(const Check&) {}
  void OnClause(const Check&, uint32_t, bool) {}
  void OnDone(const Check&, bool) {}
};

template <typename Observer>
class CheckRun {
 public:
  // `first_only`: one finding is enough.
  CheckRun(const Frame& frame, const Check& check, Verdict& verdict, Observer& observer, bool first_only = false)
      : frame_(frame), check_(check), verdict_(verdict), observer_(observer), first_only_(first_only) {}

  void Run() {
    frame_.context->span = check_.span;
    for (const uint32_t code : check_.after) {
      if (verdict_.Failed(code)) return;
    }
    if (check_.guard != kNone) {
      const Value guard = Evaluate(frame_, check_.guard);
      if (guard.is_error()) return EvalError(guard, nullptr);
      if (!guard.is_true()) return;
    }
    observer_.OnCheck(check_);
    for (const Clause& clause : check_.clauses) {
      if (!RunClause(clause)) return observer_.OnDone(check_, false);
    }
    observer_.OnDone(check_, true);
  }

 private:
  // False: the check is over, it failed or could not be evaluated.
  bool RunClause(const Clause& clause) {
    bool failed = false;
    Value error = Value::Absent();
    const auto once = [&] {
      const Value condition = Evaluate(frame_, clause.condition);
      if (condition.kind == Kind::kBool) Tell(clause, condition.is_true());
      if (condition.is_true()) return true;
      if (condition.kind == Kind::kBool) {
        Fail(clause);
        failed = true;
        return !clause.loops.empty() && !first_only_;
      }
      error = condition.is_error() ? condition
                                   : MakeError(*frame_.context->arena, ErrorCode::kNoSuchOverload, "a condition is not a bool");
      EvalError(error, &clause);
      return false;
    };
    const auto body = [&] {
      const Arena::Mark before = frame_.context->arena->Here();
      const bool go_on = once();
      frame_.context->arena->Rewind(before);  // findings own their texts
      return go_on;
    };
    if (clause.loops.empty()) {
      body();
    } else {
      bool go = true;
      verdict_.positions.clear();
      const Value range = ForEach(frame_, clause.loops, 0, verdict_, body, go);
      if (range.is_error()) {
        EvalError(range, nullptr);
        error = range;
      }
      verdict_.positions.clear();
    }
    return !failed && error.kind == Kind::kAbsent;
  }

  void Tell(const Clause& clause, bool passed) {
    observer_.OnClause(check_, static_cast<uint32_t>(&clause - check_.clauses.data()), passed);
  }

  void Fail(const Clause& clause) {
    verdict_.MarkFailed(check_.code);
    RawFinding finding;
    if (verdict_.full()) return verdict_.Add(std::move(finding));
    finding.code = check_.code;
    finding.order = check_.order;
    BlamedPlace place = FindBlamed(frame_, clause.blame, clause.loops, verdict_.positions);
    finding.path = std::move(place.path);
    finding.offset = place.offset;
    finding.message = RenderMessage(frame_, clause.message);
    verdict_.Add(std::move(finding));
  }

  void EvalError(const Value& error, const Clause* clause) {
    const Program& program = *frame_.program;
    RawFinding finding;
    finding.code = FaultCode(program, Fault::kEval);
    finding.rule = check_.code;
    finding.order = check_.order;
    finding.offset = frame_.event != nullptr ? frame_.event->offset : 0;
    if (clause != nullptr) {
      BlamedPlace place = FindBlamed(frame_, clause->blame, clause->loops, verdict_.positions);
      finding.path = std::move(place.path);
      finding.offset = place.offset;
    }
    finding.message = "rule " + program.codes[check_.code].code + " cannot be evaluated: " + ErrorText(error);
    verdict_.exhausted = frame_.context->fuel < 0;
    verdict_.Add(std::move(finding));
  }

  const Frame& frame_;
  const Check& check_;
  Verdict& verdict_;
  Observer& observer_;
  const bool first_only_;
};

// ---- effects -------------------------------------------------------------------------------------------------------

class EffectRun {
 public:
  EffectRun(const Frame& frame, const Effect& effect, uint32_t number, Verdict& verdict)
      : frame_(frame), effect_(effect), number_(number), verdict_(verdict) {}

  void Run() {
    frame_.context->span = effect_.span;
    bool go = true;
    const auto body = [&] {
      const Value error = Once();
      if (!error.is_error()) return true;
      Report(error);
      return false;
    };
    if (effect_.loops.empty()) {
      body();
      return;
    }
    verdict_.positions.clear();
    const Value range = ForEach(frame_, effect_.loops, 0, verdict_, body, go);
    if (range.is_error()) Report(range);
    verdict_.positions.clear();
  }

 private:
  // An error value, or anything else.
  Value Once() {
    if (effect_.guard != kNone) {
      const Value guard = Evaluate(frame_, effect_.guard);
      if (!guard.is_true()) return guard;
    }
    verdict_.keys.clear();
    for (const uint32_t node : effect_.keys) {
      verdict_.keys.push_back(Evaluate(frame_, node));
      if (verdict_.keys.back().is_error()) return verdict_.keys.back();
    }
    Value value = Value::Absent();
    if (effect_.value != kNone) value = Evaluate(frame_, effect_.value);
    if (value.is_error()) return value;
    return QueueWrite(frame_, effect_, number_, verdict_.keys.data(), value, verdict_.writes);
  }

  void Report(const Value& error) {
    const Program& program = *frame_.program;
    RawFinding finding;
    finding.code = FaultCode(program, Fault::kEval);
    finding.order = kOrderOfEffects;
    finding.offset = frame_.event != nullptr ? frame_.event->offset : 0;
    finding.message = "a handler's write cannot be evaluated" + Where(program, effect_.span) + ": " + ErrorText(error);
    verdict_.exhausted = frame_.context->fuel < 0;
    verdict_.Add(std::move(finding));
  }

  const Frame& frame_;
  const Effect& effect_;
  uint32_t number_;
  Verdict& verdict_;
};

std::string TargetName(const Program& program, const RefusedWrite& refusal) {
  switch (refusal.of) {
    case RefusedWrite::Target::kCell:
      return "state " + program.cells[refusal.target].name;
    case RefusedWrite::Target::kDocument:
      return "document " + program.documents[refusal.target].name;
    case RefusedWrite::Target::kWindow:
      return "window " + program.windows[refusal.target].name;
    case RefusedWrite::Target::kTimer:
      return std::string(TimerWord(program.timers[refusal.target])) + " " + program.timers[refusal.target].name;
    case RefusedWrite::Target::kLifecycle:
      break;
  }
  const Lifecycle& lifecycle = program.lifecycles[refusal.target];
  return "lifecycle " + lifecycle.name + (refusal.keep != kNone ? ", keep " + lifecycle.keeps[refusal.keep].name : "");
}

// Of the bound of what was to be written; kNone: it has none of its own.
uint32_t BoundCode(const Program& program, const RefusedWrite& refusal) {
  switch (refusal.of) {
    case RefusedWrite::Target::kCell:
      return program.cells[refusal.target].bound_code;
    case RefusedWrite::Target::kDocument:
      return program.documents[refusal.target].bound_code;
    case RefusedWrite::Target::kWindow:
      return program.windows[refusal.target].bound_code;
    case RefusedWrite::Target::kTimer:
      return program.timers[refusal.target].bound_code;
    case RefusedWrite::Target::kLifecycle:
      break;
  }
  const Lifecycle& lifecycle = program.lifecycles[refusal.target];
  return refusal.keep != kNone ? lifecycle.keeps[refusal.keep].bound_code : lifecycle.bound_code;
}

uint32_t RefusalCode(const Program& program, const std::vector<Effect>& effects, const RefusedWrite& refusal) {
  const uint32_t eval = FaultCode(program, Fault::kEval);
  if (refusal.bound == RefusedWrite::Bound::kNoJson) return eval;
  if (refusal.bound == RefusedWrite::Bound::kNoPatch) return refusal.source < effects.size() ? effects[refusal.source].code : eval;
  const uint32_t code = BoundCode(program, refusal);
  return code != kNone ? code : FaultCode(program, Fault::kBound);
}

std::string RefusalText(const Program& program, const RefusedWrite& refusal) {
  const std::string limit = std::to_string(refusal.limit);
  const std::string name = TargetName(program, refusal);
  switch (refusal.bound) {
    case RefusedWrite::Bound::kEntries:
      return name + " is full: it holds its bound of " + limit + " entries; a new one is not kept";
    case RefusedWrite::Bound::kKeys:
      return name + " is full: it holds its bound of " + limit + " keys; a new one is not kept";
    case RefusedWrite::Bound::kStringBytes:
      return name + " takes strings of at most " + limit + " bytes; a longer one is not kept";
    case RefusedWrite::Bound::kStateBytes:
      return "the state of this stream has reached its limit of " + limit + " bytes; a write to " + name + " is not kept";
    case RefusedWrite::Bound::kTextBytes:
      return name + " holds texts of at most " + limit + " bytes; this one is longer and stays incomplete";
    case RefusedWrite::Bound::kDocumentBytes:
      return name + " would be larger than its bound of " + limit + " bytes; it is not known from here on";
    case RefusedWrite::Bound::kNoJson:
      return name + " takes JSON values, no deeper than 1000 levels; it is not known from here on";
    case RefusedWrite::Bound::kNoPatch:
      return "the patch does not apply to " + name + ": " + refusal.reason;
  }
  return name;
}

// Source order, of the findings from `first` on.
void Order(Verdict& verdict, size_t first) {
  if (verdict.findings.size() > first + 1) {
    std::stable_sort(verdict.findings.begin() + static_cast<ptrdiff_t>(first), verdict.findings.end(),
                     [](const RawFinding& a, const RawFinding& b) { return a.order < b.order; });
  }
}

}  // namespace

void JudgeChecks(const Frame& frame, const std::vector<Check>& checks, Verdict& verdict, CheckExtent extent) {
  Nobody nobody;
  const size_t first = verdict.findings.size();
  const std::vector<Code>& codes = frame.program->codes;
  for (size_t i = 0; i < checks.size() && !verdict.exhausted; ++i) {
    const bool found = extent == CheckExtent::kCritical || (extent == CheckExtent::kFirst && verdict.findings.size() > first);
    if (found && codes[checks[i].code].severity != Severity::kCritical) continue;
    CheckRun(frame, checks[i], verdict, nobody, extent != CheckExtent::kAll).Run();
  }
  Order(verdict, first);
}

void JudgeCheck(const Frame& frame, const Check& check, Verdict& verdict) {
  Nobody nobody;
  CheckRun(frame, check, verdict, nobody).Run();
}

void JudgeChecksObserved(const Frame& frame, const std::vector<Check>& checks, Verdict& verdict, EngineObserver& observer) {
  const size_t first = verdict.findings.size();
  for (size_t i = 0; i < checks.size() && !verdict.exhausted; ++i) CheckRun(frame, checks[i], verdict, observer).Run();
  Order(verdict, first);
}

void JudgeEffectsObserved(const Frame& frame, const std::vector<Effect>& effects, Verdict& verdict, EngineObserver& observer) {
  for (uint32_t i = 0; i < effects.size() && !verdict.exhausted; ++i) {
    const size_t before = verdict.writes.size();
    EffectRun(frame, effects[i], i, verdict).Run();
    if (verdict.writes.size() > before) observer.OnWrite(effects[i]);
  }
}

void JudgeEffects(const Frame& frame, const std::vector<Effect>& effects, Verdict& verdict) {
  for (uint32_t i = 0; i < effects.size() && !verdict.exhausted; ++i) {
    EffectRun(frame, effects[i], i, verdict).Run();
  }
}

void ReportRefused(const Program& program, const std::vector<Effect>& effects, const std::vector<RefusedWrite>& refused,
                   bool patches, uint32_t event_offset, Verdict& verdict) {
  for (size_t i = 0; i < refused.size(); ++i) {
    const RefusedWrite& refusal = refused[i];
    const bool said = std::any_of(
        refused.begin(), refused.begin() + static_cast<ptrdiff_t>(std::min<size_t>(i, 1000)),
        [&](const RefusedWrite& r) { return r.target == refusal.target && r.of == refusal.of && r.keep == refusal.keep; });
    if (said) continue;
    const uint32_t code = RefusalCode(program, effects, refusal);
    // What the patch's own check said, or what nobody wants to be said.
    const bool unsaid = refusal.bound == RefusedWrite::Bound::kNoPatch && (!patches || code == kNone || verdict.Failed(code));
    if (unsaid) continue;
    RawFinding finding;
    finding.code = code;
    finding.order = kOrderOfEffects + 1;
    finding.offset = event_offset;
    finding.message = RefusalText(program, refusal);
    if (refusal.source < effects.size()) finding.message += Where(program, effects[refusal.source].span);
    verdict.Add(std::move(finding));
  }
}

}  // namespace edict
