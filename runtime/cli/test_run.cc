#include "runtime/cli/test_run.h"

#include <algorithm>
#include <filesystem>
#include <tuple>

#include "compiler/native.h"
#include "runtime/cli/rules.h"
#include "runtime/cli/test_text.h"

namespace edict::cli {
namespace {

bool IsError(const Finding& finding) { return finding.severity >= Severity::kError; }

bool Matches(const lower::ExpectedFinding& expected, const Finding& found) {
  return expected.code == found.code && (!expected.severity || *expected.severity == found.severity) &&
         (!expected.path || *expected.path == found.path) && (!expected.message || *expected.message == found.message);
}

std::string Text(const std::vector<std::vector<Finding>>& steps) {
  std::string text;
  for (const std::vector<Finding>& found : steps) {
    for (const Finding& finding : found) text += "\n    event " + std::to_string(finding.index) + ": " + FindingText(finding);
  }
  return text.empty() ? " nothing" : text;
}

bool Same(const std::vector<std::vector<Finding>>& a, const std::vector<std::vector<Finding>>& b) {
  const auto same = [](const Finding& x, const Finding& y) {
    return std::tie(x.index, x.offset, x.code, x.severity, x.path, x.message, x.rule, x.package) ==
           std::tie(y.index, y.offset, y.code, y.severity, y.path, y.message, y.rule, y.package);
  };
  const auto all_same = [&](const std::vector<Finding>& x, const std::vector<Finding>& y) {
    return std::equal(x.begin(), x.end(), y.begin(), y.end(), same);
  };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), all_same);
}

// Whether an event is at fault by itself: then no rule was run on it.
bool IsShapeFault(const Program& program, const Finding& finding) {
  for (int fault = 0; fault < static_cast<int>(Fault::kEval); ++fault) {
    if (program.codes[program.faults[fault]].code == finding.code) return true;
  }
  return std::any_of(program.shapes.begin(), program.shapes.end(), [&](const Shape& shape) {
    return std::any_of(shape.constraints.begin(), shape.constraints.end(), [&](const ShapeConstraint& constraint) {
      return constraint.code != kNone && program.codes[constraint.code].code == finding.code;
    });
  });
}

}  // namespace

TestResult TestRunner::ResultAt(TestResult::Kind kind, std::string name, source::Span span) const {
  const source::SourceFile& file = base_.sources->file(span.file);
  TestResult result;
  result.kind = kind;
  result.name = std::move(name);
  result.file = file.name();
  result.line = file.At(span.begin).line;
  return result;
}

Configured TestRunner::Configure(const std::string& profile, const std::map<std::string, std::string>& sets) const {
  Configured out;
  compiler::CompileOptions options = compile_;
  if (!profile.empty()) options.profile = profile;
  for (const auto& [name, value] : sets) options.params[name] = value;
  std::shared_ptr<const Program> program = base_.program;
  const bool other = !profile.empty() || !sets.empty();
  if (other) {
    Result<compiler::CompileResult> compiled = compiler::Compile(options);
    if (compiled.ok()) program = compiled.value().program;
    if (!compiled.ok() || program == nullptr) {
      out.error = compiled.ok() ? diag::RenderText(compiled.value().diagnostics, *compiled.value().sources, false)
                                : compiled.error().message;
      return out;
    }
    if (const Status runs = RunsHere(*program); !runs.ok()) {
      out.error = runs.error().message;
      return out;
    }
  }
  if (options_.interp) out.tiers.emplace_back("interp", Engine(program));
  if (options_.native) {
    out.tiers.emplace_back("native", Engine(program));
    const Status status = compiler::CompileNative(out.tiers.back().second);
    if (!status.ok()) out.error = status.error().message;
  }
  if (coverage_ == nullptr) return out;
  options.optimise = false;
  Result<compiler::CompileResult> plain = compiler::Compile(options);
  if (!plain.ok() || plain.value().program == nullptr) {
    out.error = plain.ok() ? "it does not compile" : plain.error().message;
    return out;
  }
  Engine engine(plain.value().program);
  out.observer = std::make_unique<CoverageObserver>(std::move(plain.value()), *coverage_);
  engine.Observe(out.observer.get());
  out.tiers.emplace_back("interp, not optimised", std::move(engine));
  return out;
}

const Configured& TestRunner::For(const std::string& profile, const std::map<std::string, std::string>& sets) {
  auto [it, fresh] = configured_.try_emplace({profile, sets});
  if (fresh) it->second = Configure(profile, sets);
  return it->second;
}

TestRunner::Found TestRunner::RunSteps(const Configured& configured, const std::vector<lower::TestStep>& steps,
                                       TestResult& result) const {
  Found first;
  for (const auto& [tier, engine] : configured.tiers) {
    Found found;
    Stream stream = engine.Open(result.name);
    uint64_t offset = 0;
    for (const lower::TestStep& step : steps) {
      std::vector<Finding>& out = found.emplace_back();
      switch (step.kind) {
        case lower::TestStep::Kind::kEvent:
          stream.FeedRecord(step.record, offset, out);
          offset += step.record.size() + 1;
          break;
        case lower::TestStep::Kind::kTick:
          stream.Tick(step.time, out);
          break;
        case lower::TestStep::Kind::kEnd:
          stream.Finish(out);
          break;
      }
    }
    if (&engine == &configured.tiers.front().second) {
      first = std::move(found);
    } else if (!Same(found, first)) {
      result.faults.push_back("the tiers differ: " + configured.tiers.front().first + " finds" + Text(first) + "\n  " + tier +
                              " finds" + Text(found));
    }
  }
  return first;
}

void TestRunner::CheckStep(const lower::TestCase& test, size_t number, const std::vector<Finding>& found,
                           TestResult& result) const {
  const lower::TestStep& step = test.steps[number];
  const source::SourceFile& file = base_.sources->file(step.span.file);
  const auto fault = [&](source::Span span, const std::string& text) {
    result.faults.push_back(file.name() + ":" + std::to_string(file.At(span.begin).line) + ": " + text);
  };
  std::vector<bool> used(found.size(), false);
  for (const lower::ExpectedFinding& expected : step.expected) {
    size_t i = 0;
    while (i < found.size() && (used[i] || !Matches(expected, found[i]))) ++i;
    if (i < found.size()) {
      used[i] = true;
    } else {
      fault(expected.span, "expected " + ExpectedText(expected) + ListOf(found));
    }
  }
  const bool nothing_else = step.pass || step.nothing_else || test.nothing_else;
  std::vector<Finding> others;
  for (size_t i = 0; i < found.size(); ++i) {
    const bool refused = nothing_else || (step.expected.empty() && IsError(found[i]));
    if (!used[i] && refused) others.push_back(found[i]);
  }
  if (others.empty()) return;
  const auto events = std::count_if(test.steps.begin(), test.steps.begin() + static_cast<std::ptrdiff_t>(number),
                                    [](const lower::TestStep& s) { return s.kind == lower::TestStep::Kind::kEvent; });
  const std::string where = step.kind == lower::TestStep::Kind::kEnd    ? "the end of the stream"
                            : step.kind == lower::TestStep::Kind::kTick ? "the clock"
                                                                        : "event " + std::to_string(events);
  const char* wanted = !step.expected.empty() ? "nothing else" : nothing_else ? "nothing" : "no error";
  fault(step.span, where + ": expected " + wanted + ListOf(others));
}

TestResult TestRunner::RunTest(const lower::TestCase& test) {
  TestResult result = ResultAt(TestResult::Kind::kTest, test.name, test.span);
  const Configured& configured = For(test.profile, test.sets);
  if (!configured.error.empty()) {
    result.faults.push_back(configured.error);
    return result;
  }
  const Found found = RunSteps(configured, test.steps, result);
  for (size_t i = 0; i < found.size(); ++i) CheckStep(test, i, found[i], result);
  return result;
}

TestResult TestRunner::RunExample(const lower::ExampleCase& example) {
  TestResult result = ResultAt(TestResult::Kind::kExample, "example of " + example.code, example.span);
  const Configured& configured = For("", {});
  if (!configured.error.empty()) {
    result.faults.push_back(configured.error);
    return result;
  }
  std::vector<lower::TestStep> steps;
  for (const std::string& record : example.records) steps.emplace_back().record = record;
  const Found found = RunSteps(configured, steps, result);
  const Program& program = configured.tiers.front().second.program();
  const std::string where = result.file + ":" + std::to_string(result.line) + ": ";
  for (size_t i = 0; i < found.size(); ++i) {
    for (const Finding& finding : found[i]) {
      if (!IsShapeFault(program, finding)) continue;
      result.faults.push_back(where + "no rule sees this event, its shape is at fault" + ListOf(found[i]));
      return result;
    }
  }
  const bool fired =
      std::any_of(found.back().begin(), found.back().end(), [&](const Finding& f) { return f.code == example.code; });
  if (fired == example.pass) {
    result.faults.push_back(where + "expected " + (example.pass ? "no finding of " : "a finding of ") + example.code +
                            ListOf(found.back()));
  }
  return result;
}

void TestRunner::RunTests(std::vector<TestResult>& results) {
  for (const lower::TestCase& test : base_.tests.tests) {
    if (Wanted(test.name)) results.push_back(RunTest(test));
  }
  for (const lower::ExampleCase& example : base_.tests.examples) {
    if (Wanted("example of " + example.code)) results.push_back(RunExample(example));
  }
}

Status TestRunner::RunRecorded(const std::string& events, const std::string& expected, std::vector<TestResult>& results) {
  if (!Wanted(events)) return {};
  TestResult result;
  result.kind = TestResult::Kind::kRecorded;
  result.name = events;
  result.file = events;
  result.line = 1;
  const Configured& configured = For("", {});
  if (!configured.error.empty()) {
    result.faults.push_back(configured.error);
    results.push_back(std::move(result));
    return {};
  }
  std::error_code error;
  const bool exists = std::filesystem::exists(expected, error);
  Result<std::string> want = exists ? ReadFile(expected) : Result<std::string>(std::string());
  if (!want.ok()) return want.error();
  const bool ndjson = !want.value().empty() && want.value()[0] == '{';
  std::string first;
  for (const auto& [tier, engine] : configured.tiers) {
    Result<std::string> found = JudgeFile(engine, events, ndjson);
    if (!found.ok()) return found.error();
    if (&engine == &configured.tiers.front().second) {
      first = std::move(found.value());
    } else if (found.value() != first) {
      result.faults.push_back("the tiers differ:" + DifferenceOf(first, found.value(), configured.tiers.front().first, tier));
    }
  }
  if (options_.update && (!exists || first != want.value())) {
    const Status written = WriteFile(expected, first);
    if (!written.ok()) return written.error();
    result.updated = true;
  } else if (!exists) {
    result.faults.push_back(expected + " is missing: --update writes it");
  } else if (first != want.value()) {
    result.faults.push_back(expected + " says otherwise:" + DifferenceOf(want.value(), first, "expected", "found"));
  }
  results.push_back(std::move(result));
  return {};
}

}  // namespace edict::cli
