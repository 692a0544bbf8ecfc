// What the tests of rules have reached: each rule, clause, state declaration and transition, whichever rule sets hold it.
#ifndef EDICT_RUNTIME_CLI_COVERAGE_H_
#define EDICT_RUNTIME_CLI_COVERAGE_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "compiler/compiler.h"
#include "runtime/engine/observer.h"

namespace edict::cli {

// Something that is covered once each of its counts is above zero.
struct CoverageRow {
  enum class Kind : uint8_t { kRule, kClause, kState, kTransition };
  Kind kind = Kind::kRule;
  std::string name;
  std::string file;
  uint32_t line = 0;
  uint64_t fired = 0;   // rules, clauses: it failed; states: written; transitions: taken
  uint64_t passed = 0;  // rules and clauses

  bool two_sided() const { return kind <= Kind::kClause; }
  bool covered() const { return fired != 0 && (!two_sided() || passed != 0); }
};

class Coverage {
 public:
  // `counts`: whether a file, by its canonical path, is to be covered.
  explicit Coverage(std::function<bool(const std::string&)> counts) : counts_(std::move(counts)) {}

  // The row of that place, made if it is new; null if its file does not count. It lives as long as the Coverage.
  CoverageRow* RowAt(CoverageRow::Kind kind, const std::string& name, const source::SourceSet& sources, source::Span span);

  std::vector<CoverageRow> Rows() const;  // by file, kind and place
  // Of the two sides of each rule and clause, each statement that writes a state, and each transition.
  uint64_t points() const;
  uint64_t reached() const;
  // In percent; 100 where there is nothing to cover.
  double percent() const;

  std::string Text() const;
  std::string Json() const;

 private:
  struct File {
    std::string name;  // as it was first loaded; empty: it does not count
    std::string path;  // canonical: rule sets load one file under several names
  };
  const File& FileOf(const std::string& name);

  std::function<bool(const std::string&)> counts_;
  std::map<std::string, File> files_;         // by the name loaded under
  std::map<std::string, std::string> names_;  // by path, the first name
  // Path, kind, begin, name.
  std::map<std::tuple<std::string, CoverageRow::Kind, uint32_t, std::string>, CoverageRow> rows_;
};

// Counts for one Program, which is not optimised.
class CoverageObserver : public EngineObserver {
 public:
  CoverageObserver(compiler::CompileResult compiled, Coverage& coverage);

  void OnEvent(const Frame& frame, uint32_t event) override;
  void OnCheck(const Check& check) override;
  void OnClause(const Check& check, uint32_t clause, bool passed) override;
  void OnDone(const Check& check, bool passed) override;
  void OnWrite(const Effect& effect) override;

 private:
  struct CheckRows {
    CoverageRow* rule = nullptr;
    std::vector<CoverageRow*> clauses;  // empty, or as in Check::clauses
    bool failed = false;                // on this event, once counted
  };
  void AddChecks(Coverage& coverage);
  void AddStates(Coverage& coverage);
  void AddTransitions(Coverage& coverage);
  source::Span SpanOf(uint32_t span) const;

  compiler::CompileResult compiled_;
  std::map<uint32_t, CheckRows> checks_;     // by Check::order
  std::map<uint32_t, CoverageRow*> writes_;  // by Effect::span
  struct Transition {
    const lower::CoverTransition* way = nullptr;
    CoverageRow* row = nullptr;
  };
  std::vector<std::vector<Transition>> transitions_;  // by event
};

}  // namespace edict::cli

#endif  // EDICT_RUNTIME_CLI_COVERAGE_H_
