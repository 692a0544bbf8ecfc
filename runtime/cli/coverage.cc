#include "runtime/cli/coverage.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <set>
#include <system_error>

#include "runtime/cli/output.h"

namespace edict::cli {
namespace {

const char* KindText(CoverageRow::Kind kind) {
  switch (kind) {
    case CoverageRow::Kind::kRule:
      return "rule";
    case CoverageRow::Kind::kClause:
      return "clause";
    case CoverageRow::Kind::kState:
      return "state";
    case CoverageRow::Kind::kTransition:
      return "transition";
  }
  return "";
}

std::string Verdict(const CoverageRow& row) {
  if (row.covered()) return "";
  if (!row.two_sided()) return row.kind == CoverageRow::Kind::kState ? "never written" : "never taken";
  if (row.fired == 0 && row.passed == 0) return "never applied";
  return row.fired == 0 ? "never fired" : "never passed";
}

uint64_t PointsOf(const CoverageRow& row) { return row.two_sided() ? 2 : 1; }
uint64_t ReachedOf(const CoverageRow& row) { return (row.fired != 0 ? 1 : 0) + (row.two_sided() && row.passed != 0 ? 1 : 0); }

std::string Percent(double percent) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f %%", percent);
  return text;
}

std::string Padded(const std::string& text, size_t width, bool right) {
  const std::string space(text.size() < width ? width - text.size() : 0, ' ');
  return right ? space + text : text + space;
}

std::string RowText(const CoverageRow& row, size_t width) {
  std::string line = "  " + Padded(std::string(KindText(row.kind)) + " " + row.name, width, false) + "  " +
                     Padded(std::to_string(row.fired), 7, true) + "  " +
                     Padded(row.two_sided() ? std::to_string(row.passed) : "", 7, true);
  const std::string verdict = Verdict(row);
  if (!verdict.empty()) line += "  " + verdict + " (line " + std::to_string(row.line) + ")";
  while (line.back() == ' ') line.pop_back();
  return line + "\n";
}

}  // namespace

const Coverage::File& Coverage::FileOf(const std::string& name) {
  auto [it, fresh] = files_.try_emplace(name);
  if (!fresh) return it->second;
  std::error_code error;
  it->second.path = std::filesystem::weakly_canonical(name, error).string();
  if (counts_(it->second.path)) it->second.name = names_.try_emplace(it->second.path, name).first->second;
  return it->second;
}

CoverageRow* Coverage::RowAt(CoverageRow::Kind kind, const std::string& name, const source::SourceSet& sources, source::Span span) {
  if (!span.valid()) return nullptr;
  const source::SourceFile& source = sources.file(span.file);
  const File& file = FileOf(source.name());
  if (file.name.empty()) return nullptr;
  auto [it, fresh] = rows_.try_emplace({file.path, kind, span.begin, name});
  CoverageRow& row = it->second;
  if (fresh) {
    row.kind = kind;
    row.name = name;
    row.file = file.name;
    row.line = source.At(span.begin).line;
  }
  return &row;
}

std::vector<CoverageRow> Coverage::Rows() const {
  std::vector<CoverageRow> rows;
  for (const auto& item : rows_) rows.push_back(item.second);
  return rows;
}

uint64_t Coverage::points() const {
  uint64_t n = 0;
  for (const auto& item : rows_) n += PointsOf(item.second);
  return n;
}

uint64_t Coverage::reached() const {
  uint64_t n = 0;
  for (const auto& item : rows_) n += ReachedOf(item.second);
  return n;
}

double Coverage::percent() const {
  const uint64_t all = points();
  return all == 0 ? 100.0 : 100.0 * static_cast<double>(reached()) / static_cast<double>(all);
}

std::string Coverage::Text() const {
  size_t width = 0;
  for (const auto& item : rows_)
    width = std::max(width, item.second.name.size() + std::string(KindText(item.second.kind)).size() + 1);
  std::string text, file;
  for (const auto& item : rows_) {
    const CoverageRow& row = item.second;
    if (row.file != file) {
      text += Padded(row.file, width + 2, false) + "  " + Padded("fired", 7, true) + "  " + Padded("passed", 7, true) + "\n";
    }
    file = row.file;
    text += RowText(row, width);
  }
  return text + "coverage: " + std::to_string(reached()) + " of " + std::to_string(points()) + ", " + Percent(percent()) + "\n";
}

std::string Coverage::Json() const {
  std::string text = "{\"reached\": " + std::to_string(reached()) + ", \"points\": " + std::to_string(points()) + ", \"rows\": [";
  const char* separator = "\n    ";
  for (const auto& item : rows_) {
    const CoverageRow& row = item.second;
    text += separator;
    separator = ",\n    ";
    text += std::string("{\"kind\": \"") + KindText(row.kind) + "\", \"name\": ";
    AppendJsonString(text, row.name);
    text += ", \"file\": ";
    AppendJsonString(text, row.file);
    text += ", \"line\": " + std::to_string(row.line) + ", \"fired\": " + std::to_string(row.fired);
    if (row.two_sided()) text += ", \"passed\": " + std::to_string(row.passed);
    text += std::string(", \"covered\": ") + (row.covered() ? "true" : "false") + "}";
  }
  return text + "\n  ]}";
}

CoverageObserver::CoverageObserver(compiler::CompileResult compiled, Coverage& coverage) : compiled_(std::move(compiled)) {
  AddChecks(coverage);
  AddStates(coverage);
  AddTransitions(coverage);
}

source::Span CoverageObserver::SpanOf(uint32_t span) const {
  if (span == kNone) return {};
  const Span& s = compiled_.program->spans[span];
  return {s.file, s.begin, s.end};
}

// What a profile has switched off has no check, and is not to be covered.
void CoverageObserver::AddChecks(Coverage& coverage) {
  std::set<uint32_t> orders;
  const Program& program = *compiled_.program;
  for (const EventType& event : program.events) {
    for (const Check& check : event.checks) orders.insert(check.order);
  }
  for (const Check& check : program.end_checks) orders.insert(check.order);
  const source::SourceSet& sources = *compiled_.sources;
  for (const lower::CoverCheck& cover : compiled_.cover.checks) {
    if (orders.count(cover.order) == 0) continue;
    CheckRows& rows = checks_[cover.order];
    rows.rule = coverage.RowAt(CoverageRow::Kind::kRule, cover.code, sources, cover.span);
    if (cover.clauses.size() < 2) continue;
    for (size_t i = 0; i < cover.clauses.size(); ++i) {
      const std::string name = cover.code + " " + std::to_string(i + 1);
      rows.clauses.push_back(coverage.RowAt(CoverageRow::Kind::kClause, name, sources, cover.clauses[i]));
    }
  }
}

void CoverageObserver::AddStates(Coverage& coverage) {
  const Program& program = *compiled_.program;
  for (const EventType& event : program.events) {
    for (const Effect& effect : event.effects) {
      if (effect.kind > EffectKind::kClear) continue;
      writes_[effect.span] =
          coverage.RowAt(CoverageRow::Kind::kState, program.cells[effect.target].name, *compiled_.sources, SpanOf(effect.span));
    }
  }
}

void CoverageObserver::AddTransitions(Coverage& coverage) {
  transitions_.resize(compiled_.program->events.size());
  for (const lower::CoverTransition& way : compiled_.cover.transitions) {
    transitions_[way.event].push_back(
        {&way, coverage.RowAt(CoverageRow::Kind::kTransition, way.name, *compiled_.sources, way.span)});
  }
}

void CoverageObserver::OnEvent(const Frame& frame, uint32_t event) {
  std::set<uint32_t> taken;  // lifecycles that have made their move
  for (const Transition& transition : transitions_[event]) {
    if (taken.count(transition.way->lifecycle) != 0 || !Evaluate(frame, transition.way->condition).is_true()) continue;
    taken.insert(transition.way->lifecycle);
    if (transition.row != nullptr) ++transition.row->fired;
  }
}

void CoverageObserver::OnCheck(const Check& check) { checks_[check.order].failed = false; }

void CoverageObserver::OnClause(const Check& check, uint32_t clause, bool passed) {
  CheckRows& rows = checks_[check.order];
  if (!passed && !rows.failed) {
    rows.failed = true;
    if (rows.rule != nullptr) ++rows.rule->fired;
  }
  CoverageRow* row = clause < rows.clauses.size() ? rows.clauses[clause] : nullptr;
  if (row != nullptr) ++(passed ? row->passed : row->fired);
}

void CoverageObserver::OnDone(const Check& check, bool passed) {
  CheckRows& rows = checks_[check.order];
  if (!passed || rows.rule == nullptr) return;
  ++rows.rule->passed;
  // A clause over the elements of an empty list has passed as well.
  for (size_t i = 0; i < rows.clauses.size(); ++i) {
    if (rows.clauses[i] != nullptr && !check.clauses[i].loops.empty()) ++rows.clauses[i]->passed;
  }
}

void CoverageObserver::OnWrite(const Effect& effect) {
  auto row = writes_.find(effect.span);
  if (row != writes_.end() && row->second != nullptr) ++row->second->fired;
}

}  // namespace edict::cli
