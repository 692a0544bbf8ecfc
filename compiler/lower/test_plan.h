// What the tests and examples of rule files ask for, ready to run: events as JSON text, and what each is to give. And what
// there is to cover. Plain data beside a Program; a Program never holds tests.
#ifndef EDICT_COMPILER_LOWER_TEST_PLAN_H_
#define EDICT_COMPILER_LOWER_TEST_PLAN_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "compiler/source/source.h"
#include "runtime/program/program.h"

namespace edict::lower {

struct ExpectedFinding {
  std::string code;
  std::optional<Severity> severity;
  std::optional<std::string> path;     // JSON Pointer
  std::optional<std::string> message;  // all of it
  source::Span span;
};

// One event, a step of the clock, or the end of the stream, and what it is to give.
struct TestStep {
  enum class Kind : uint8_t { kEvent, kTick, kEnd };
  Kind kind = Kind::kEvent;
  std::string record;         // of an event: as it would come over the wire
  int64_t time = 0;           // of a tick: nanoseconds since 1970
  bool pass = false;          // no finding at all
  bool nothing_else = false;  // no finding but the expected
  std::vector<ExpectedFinding> expected;
  source::Span span;
};

struct TestCase {
  std::string name;
  std::string profile;                      // empty: as the command line says
  std::map<std::string, std::string> sets;  // params, as CEL text
  std::vector<TestStep> steps;
  bool nothing_else = false;  // for every step
  source::Span span;          // of the name
};

// An event that a rule is to find fault with, or not, after some others.
struct ExampleCase {
  std::string code;
  bool pass = true;
  std::vector<std::string> records;  // the last is the example
  source::Span span;
};

struct TestPlan {
  std::vector<TestCase> tests;
  std::vector<ExampleCase> examples;
};

// A rule, the `else` of a group of transitions, or an `at end`: what becomes checks of that order.
struct CoverCheck {
  enum class Kind : uint8_t { kRule, kTransition, kAtEnd };
  Kind kind = Kind::kRule;
  uint32_t order = 0;
  std::string code;
  source::Span span;
  std::vector<source::Span> clauses;  // as in Check::clauses
};

// One way through a lifecycle: on an event, from one state. Of a group, the first whose condition holds is taken.
struct CoverTransition {
  uint32_t lifecycle = kNone;
  uint32_t event = kNone;
  uint32_t condition = kNone;  // node of the Program before its passes
  std::string name;            // "text: TEXT_MESSAGE_START: absent -> open"
  source::Span span;
};

struct CoverPlan {
  std::vector<CoverCheck> checks;
  std::vector<CoverTransition> transitions;  // those of a lifecycle and event in order of trial
};

}  // namespace edict::lower

#endif  // EDICT_COMPILER_LOWER_TEST_PLAN_H_
