// Tests and examples: checked against what is declared, and turned into the records that are fed.
#include <algorithm>
#include <cmath>

#include "compiler/lower/json_text.h"
#include "compiler/lower/lowerer.h"
#include "compiler/sema/suggest.h"
#include "runtime/builtins/registry.h"
#include "runtime/builtins/time.h"

namespace edict::lower {
namespace {

// The common field that holds an event's time in milliseconds since the epoch, where none is declared to.
constexpr const char* kTimeField = "timestamp";
using builtins::kNanosPerSecond;

// A call of a builtin on one string, such as duration("5s").
Value CallOn(Builtin function, const std::string& text, Arena& arena, const Program& program) {
  EvalContext context;
  context.arena = &arena;
  context.program = &program;
  context.fuel = 1'000'000;
  const Value argument = Value::String(text);
  Value result;
  CallChecked(&result, static_cast<uint32_t>(function), &argument, 1, context);
  return result;
}

const ast::TestField* FindField(const ast::TestValue& object, const std::string& name) {
  for (const ast::TestField& field : object.fields) {
    if (field.name.text == name) return &field;
  }
  return nullptr;
}

}  // namespace

void Lowerer::LowerTests() {
  // Params and functions that are wrong would be blamed again wherever a test uses them.
  const bool sound = !diagnostics_.has_errors();
  std::map<std::pair<const ast::File*, std::string>, source::Span> names;
  for (const Placed& placed : placed_) {
    if (placed.file->imported) continue;
    if (const auto* rule = std::get_if<ast::RuleDecl>(&placed.declaration->item)) LowerExamples(*rule);
    const auto* test = std::get_if<ast::TestDecl>(&placed.declaration->item);
    if (test == nullptr) continue;
    auto [known, fresh] = names.emplace(std::pair(placed.file, test->name), test->span);
    if (!fresh) {
      diag::Diagnostic& d =
          diagnostics_.Report(diag::Code::kDuplicateName, test->span, "the test \"" + test->name + "\" is declared twice");
      d.labels.push_back({known->second, "first declared here"});
    }
    LowerTest(*test, placed, sound);
  }
}

void Lowerer::LowerExamples(const ast::RuleDecl& rule) {
  const auto valid = [&](const std::string& text, source::Span span) {
    Arena arena;
    if (CallOn(Builtin::kJsonValid, text, arena, p_).is_true()) return;
    Report(diag::Code::kBadTest, span, "this is no JSON");
  };
  for (const ast::Example& example : rule.examples) {
    ExampleCase out;
    out.code = rule.code.text;
    out.pass = example.pass;
    out.span = example.span;
    for (const ast::JsonText& before : example.after) {
      valid(before.text, before.span);
      out.records.push_back(before.text);
    }
    valid(example.json, example.span);
    out.records.push_back(example.json);
    tests_.examples.push_back(std::move(out));
  }
}

void Lowerer::LowerTest(const ast::TestDecl& test, const Placed& placed, bool sound) {
  using Kind = ast::TestItem::Kind;
  TestCase out;
  out.name = test.name;
  out.span = test.span;
  TestSite site{{placed.file, kNone, "test"}, sound};
  TestClock clock;
  const ast::TestItem* end = nullptr;
  for (const ast::TestItem& item : test.items) {
    if (end != nullptr && item.kind != Kind::kNothingElse) {
      diag::Diagnostic& d = diagnostics_.Report(diag::Code::kBadTest, item.span, "nothing comes after the end of the stream");
      d.labels.push_back({end->span, "it ends here"});
      break;
    }
    switch (item.kind) {
      case Kind::kProfile:
      case Kind::kSet:
        ConfigureTest(item, site, out);
        break;
      case Kind::kClock:
        if (MoveClock(item, clock)) out.steps.push_back(Tick(item, clock));
        break;
      case Kind::kNothingElse:
        out.nothing_else = true;
        break;
      case Kind::kEnd:
        if (item.name.text != "stream") Report(diag::Code::kBadTest, item.name.span, "a test has \"end of stream\" only");
        end = &item;
        [[fallthrough]];
      default: {
        TestStep step = ExpectationsOf(item);
        if (item.kind == Kind::kEnd) step.kind = TestStep::Kind::kEnd;
        if (item.kind == Kind::kRaw) step.record = item.text;
        if (item.kind == Kind::kEvent) step.record = TestEvent(item, site, clock);
        if (item.kind != Kind::kEnd) clock.last = nullptr;
        out.steps.push_back(std::move(step));
      }
    }
  }
  if (clock.last != nullptr && p_.clock.unit == TimeUnit::kNone) {
    Report(diag::Code::kNoClock, clock.last->span, "no event follows, and the end of a stream has no time");
  }
  if (out.steps.empty()) Report(diag::Code::kBadTest, test.span, "the test has no event");
  tests_.tests.push_back(std::move(out));
}

void Lowerer::ConfigureTest(const ast::TestItem& item, const TestSite& site, TestCase& test) {
  std::vector<std::string> names;
  bool found = false;
  for (const Placed& placed : placed_) {
    if (item.kind == ast::TestItem::Kind::kProfile) {
      const auto* profile = std::get_if<ast::ProfileDecl>(&placed.declaration->item);
      if (profile == nullptr) continue;
      names.push_back(profile->name.text);
      found = found || profile->name.text == item.name.text;
    } else if (const auto* param = std::get_if<ast::ParamDecl>(&placed.declaration->item)) {
      names.push_back(param->name.text);
      if (param->name.text != item.name.text) continue;
      found = true;
      if (site.sound) Constant(*item.value, root_, ValueType(*param->type), site.site);
    }
  }
  const bool is_profile = item.kind == ast::TestItem::Kind::kProfile;
  if (!found) {
    Report(diag::Code::kUnknownName, item.name.span,
           std::string("there is no ") + (is_profile ? "profile" : "param") + " \"" + item.name.text + "\"" +
               sema::DidYouMean(item.name.text, names));
  }
  if (!test.steps.empty()) {
    Report(diag::Code::kBadTest, item.span, "this stands before the first event: it holds for the whole test");
  } else if (is_profile) {
    test.profile = item.name.text;
  } else {
    test.sets[item.name.text] = item.text;
  }
}

bool Lowerer::MoveClock(const ast::TestItem& item, TestClock& clock) {
  Arena arena;
  const Value duration = CallOn(Builtin::kDurationFromString, item.name.text, arena, p_);
  if (duration.kind != Kind::kDuration) {
    Report(diag::Code::kBadTest, item.span, "\"" + item.name.text + "\" is no duration such as 5s, 1h30m or 250ms");
    return false;
  }
  int64_t nanos = 0;
  if (__builtin_mul_overflow(duration.i, kNanosPerSecond, &nanos) || __builtin_add_overflow(nanos, duration.nanos(), &nanos) ||
      __builtin_add_overflow(nanos, clock.nanos, &clock.nanos)) {
    Report(diag::Code::kBadTest, item.span, "the clock passes the year 2262");
    clock.nanos = 0;
  }
  clock.last = &item;
  if (p_.clock.unit != TimeUnit::kNone) {
    clock.written = true;
    return true;
  }
  if (!item.expected.empty() || item.pass || item.nothing_else) {
    Report(diag::Code::kNoClock, item.span, "nothing happens as time goes by: the events declare no \"time\"");
  }
  if (clock.told) return false;
  clock.told = true;
  clock.written = TimestampIsNumber(item);
  return false;
}

// Whether events that declare no time have the field by which clocks go then; says so if not.
bool Lowerer::TimestampIsNumber(const ast::TestItem& item) {
  const bool declared = !event_records_.empty() && common_fields_.count(kTimeField) != 0;
  bool fits = declared;
  for (const EventType& event : p_.events) {
    for (const ShapeField& field : p_.shapes[event.shape].fields) {
      if (p_.constants[field.name].text() != kTimeField) continue;
      const ShapeKind kind = p_.shapes[field.shape].kind;
      fits = fits && (kind == ShapeKind::kInt || kind == ShapeKind::kNumber);
    }
  }
  if (!fits) {
    Report(diag::Code::kNoClock, item.span,
           declared ? "\"timestamp\" is no number: the clock cannot be written to it"
                    : "the events have no common field \"timestamp\", which would hold the time");
  }
  return fits;
}

TestStep Lowerer::Tick(const ast::TestItem& item, const TestClock& clock) {
  TestStep step = ExpectationsOf(item);
  step.kind = TestStep::Kind::kTick;
  step.time = clock.nanos;
  return step;
}

// The field that holds an event's time, and what the clock writes into it.
std::pair<std::string, std::string> Lowerer::TimeMember(const TestClock& clock) const {
  const std::string field = event_decl_->clock ? event_decl_->clock->field.text : kTimeField;
  switch (p_.clock.unit) {
    case TimeUnit::kSeconds:
      return {field, std::to_string(clock.nanos / kNanosPerSecond)};
    case TimeUnit::kMicroseconds:
      return {field, std::to_string(clock.nanos / 1'000)};
    case TimeUnit::kNanoseconds:
      return {field, std::to_string(clock.nanos)};
    case TimeUnit::kText: {
      const Value time = Value::Timestamp(clock.nanos / kNanosPerSecond, static_cast<int32_t>(clock.nanos % kNanosPerSecond));
      return {field, "\"" + ToMessageText(time) + "\""};
    }
    default:
      return {field, std::to_string(clock.nanos / 1'000'000)};
  }
}

TestStep Lowerer::ExpectationsOf(const ast::TestItem& item) {
  TestStep step;
  step.span = item.span;
  step.pass = item.pass;
  step.nothing_else = item.nothing_else;
  if (item.pass && !item.expected.empty()) {
    Report(diag::Code::kBadTest, item.expected[0].span, "\"pass\" means that nothing is found");
  }
  for (const ast::ExpectedFinding& expected : item.expected) {
    ExpectedFinding out;
    out.code = expected.code.text;
    out.path = expected.path;
    out.message = expected.message;
    out.span = expected.span;
    if (expected.severity) out.severity = SeverityOf(expected.severity, Severity::kError);
    if (codes_.count(out.code) == 0) {
      std::vector<std::string> known;
      for (const auto& code : codes_) known.push_back(code.first);
      Report(diag::Code::kUnknownCode, expected.code.span,
             "there is no code \"" + out.code + "\"" + sema::DidYouMean(out.code, known));
    }
    step.expected.push_back(std::move(out));
  }
  return step;
}

std::string Lowerer::TestEvent(const ast::TestItem& item, const TestSite& site, TestClock& clock) {
  auto event = event_by_name_.find(item.name.text);
  if (event_decl_ == nullptr) {
    Report(diag::Code::kUnknownEvent, item.name.span, "no event types are declared: write the event as a string");
    return "";
  }
  const std::string& tag = event_decl_->tag.text;
  if (event != event_by_name_.end()) {
    CheckTestFields(item.fields, p_.events[event->second].shape);
  } else if (!item.quoted) {
    EventsOf({item.name}, false);  // says so
  }
  if (const ast::TestField* given = FindField(item.fields, tag)) {
    Report(diag::Code::kBadTest, given->name.span, "\"" + tag + "\" is the type, which stands before the brace");
  }
  std::string record = "{";
  AppendJsonText(record, tag);
  record += ':';
  AppendJsonText(record, item.name.text);
  const bool has_time =
      p_.clock.unit == TimeUnit::kNone || (event != event_by_name_.end() && p_.events[event->second].time_slot != kNone);
  if (clock.written && has_time) {
    const auto [field, time] = TimeMember(clock);
    if (FindField(item.fields, field) == nullptr) {
      record += ',';
      AppendJsonText(record, field);
      record += ':' + time;
    }
  }
  for (const ast::TestField& field : item.fields.fields) {
    record += ',';
    AppendJsonText(record, field.name.text);
    record += ':';
    AppendTestValue(record, field.value, site);
  }
  return record + "}";
}

void Lowerer::AppendTestValue(std::string& out, const ast::TestValue& value, const TestSite& site) {
  using Kind = ast::TestValue::Kind;
  if (value.kind == Kind::kExpr) {
    if (!site.sound) return;
    std::optional<Value> constant = Constant(*value.expr, root_, nullptr, site.site);
    if (constant && !AppendJsonText(out, *constant)) {
      Report(diag::Code::kBadTest, value.span, std::string("JSON has no ") + KindName(constant->kind) + " such as this");
    }
  } else if (value.kind == Kind::kLiteral) {
    if (value.expr != nullptr) {
      AppendJsonText(out, value.expr->text);
    } else {
      out += value.literal;
    }
  } else {
    const bool object = value.kind == Kind::kObject;
    out += object ? '{' : '[';
    const char* comma = "";
    for (const ast::TestField& field : value.fields) {
      out += comma;
      comma = ",";
      AppendJsonText(out, field.name.text);
      out += ':';
      AppendTestValue(out, field.value, site);
    }
    for (const ast::TestValue& element : value.items) {
      out += comma;
      comma = ",";
      AppendTestValue(out, element, site);
    }
    out += object ? '}' : ']';
  }
}

// Names written without quotes are those of declared fields; a wrong one is a slip, not a test of unknown fields.
void Lowerer::CheckTestFields(const ast::TestValue& value, uint32_t shape_id) {
  if (shape_id == kNone) return;
  const Shape shape = p_.shapes[shape_id];
  const bool object = value.kind == ast::TestValue::Kind::kObject;
  const bool array = value.kind == ast::TestValue::Kind::kArray;
  if (shape.kind == ShapeKind::kArray && array) {
    for (const ast::TestValue& item : value.items) CheckTestFields(item, shape.element);
  } else if (shape.kind == ShapeKind::kObject && object) {
    for (const ast::TestField& field : value.fields) CheckTestFields(field.value, shape.element);
  } else if (shape.kind == ShapeKind::kUnion) {
    uint32_t fitting = kNone;
    for (const uint32_t member : shape.members) {
      const ShapeKind kind = p_.shapes[member].kind;
      const bool takes_object = kind == ShapeKind::kRecord || kind == ShapeKind::kTagged || kind == ShapeKind::kUnion;
      if ((object && takes_object) || (array && (kind == ShapeKind::kArray || kind == ShapeKind::kUnion))) fitting = member;
    }
    CheckTestFields(value, fitting);
  } else if (shape.kind == ShapeKind::kTagged && object) {
    const ast::TestField* tag = FindField(value, std::string(p_.constants[shape.tag_field].text()));
    if (tag == nullptr || tag->value.expr == nullptr) return;
    for (const ShapeAlternative& alternative : shape.alternatives) {
      if (p_.constants[alternative.tag].text() == tag->value.expr->text) CheckTestFields(value, alternative.shape);
    }
  } else if (shape.kind == ShapeKind::kRecord && object) {
    CheckTestRecord(value, shape);
  }
}

void Lowerer::CheckTestRecord(const ast::TestValue& value, const Shape& shape) {
  std::vector<std::string> names;
  for (const ShapeField& field : shape.fields) names.emplace_back(p_.constants[field.name].text());
  std::map<std::string, source::Span> seen;
  for (const ast::TestField& field : value.fields) {
    const auto found = std::find(names.begin(), names.end(), field.name.text);
    auto [before, fresh] = seen.emplace(field.name.text, field.name.span);
    if (!fresh && !field.quoted) {
      diag::Diagnostic& d = diagnostics_.Report(diag::Code::kDuplicateName, field.name.span, "the field is given twice");
      d.labels.push_back({before->second, "first given here"});
    }
    if (found != names.end()) {
      CheckTestFields(field.value, shape.fields[static_cast<size_t>(found - names.begin())].shape);
    } else if (!field.quoted) {
      const std::string meant = sema::DidYouMean(field.name.text, names);
      diag::Diagnostic& d =
          diagnostics_.Report(diag::Code::kUnknownField, field.name.span, "there is no field \"" + field.name.text + "\"" + meant);
      if (!meant.empty()) continue;
      d.fixes.push_back({field.name.span, "\"" + field.name.text + "\"", "put it in quotes to send a field that is not declared"});
    }
  }
}

}  // namespace edict::lower
