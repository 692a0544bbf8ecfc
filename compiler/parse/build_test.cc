// Tests and the JSON of examples.
#include "compiler/parse/build.h"

#include <algorithm>

namespace edict::parse {

ast::JsonText Builder::Json(Grammar::JsonContext* context) {
  const Token* first = context->start;
  const Token* last = context->stop;
  const uint32_t begin = scan_.ByteOf(*first);
  const uint32_t end = scan_.ByteOf(*last) + static_cast<uint32_t>(scan_.TextOf(*last).size());
  return {std::string(scan_.text().substr(begin, end - begin)), SpanOf(context)};
}

ast::TestDecl Builder::TestDecl(Grammar::TestDeclContext* context) {
  ast::TestDecl test;
  test.name = String(context->STRING());
  test.doc = Doc(context->start);
  test.span = SpanOf(context->STRING()->getSymbol());
  for (auto* item : context->testBody()->testItem()) {
    if (Whole(item)) test.items.push_back(TestItem(item));
  }
  return test;
}

ast::TestItem Builder::TestItem(Grammar::TestItemContext* context) {
  using Kind = ast::TestItem::Kind;
  ast::TestItem item;
  item.span = SpanOf(context);
  const auto expectations = [&](const std::vector<Grammar::ExpectationContext*>& contexts) {
    for (auto* each : contexts) AddExpectation(each, item);
  };
  if (auto* profile = dynamic_cast<Grammar::TestProfileContext*>(context)) {
    item.kind = Kind::kProfile;
    item.name = Name(profile->name());
  } else if (auto* set = dynamic_cast<Grammar::TestSetContext*>(context)) {
    item.kind = Kind::kSet;
    item.name = Name(set->name());
    auto* setting = set->testSetting();
    too_deep_ = false;
    item.value = setting->GROUPED_INT() != nullptr ? IntLiteral(setting->start, nullptr) : Unary(setting->unary());
    const source::Span span = SpanOf(setting);
    item.text = std::string(scan_.text().substr(scan_.ByteOf(*setting->start), span.end - span.begin));
    if (setting->GROUPED_INT() != nullptr) item.text.erase(std::remove(item.text.begin(), item.text.end(), '_'), item.text.end());
  } else if (auto* clock = dynamic_cast<Grammar::TestClockContext*>(context)) {
    item.kind = Kind::kClock;
    const Token* amount = clock->INT() != nullptr ? clock->INT()->getSymbol() : clock->FLOAT()->getSymbol();
    item.name = ast::Name{Text(amount) + Text(clock->name()->start), item.span};
    expectations(clock->expectation());
  } else if (auto* event = dynamic_cast<Grammar::TestEventContext*>(context)) {
    item.kind = Kind::kEvent;
    item.name = Label(event->label());
    item.quoted = event->label()->STRING() != nullptr;
    item.fields = TestObject(event->testObject());
    expectations(event->expectation());
  } else if (auto* raw = dynamic_cast<Grammar::TestRawContext*>(context)) {
    item.kind = Kind::kRaw;
    item.text = String(raw->STRING());
    expectations(raw->expectation());
  } else if (auto* end = dynamic_cast<Grammar::TestEndContext*>(context)) {
    item.kind = Kind::kEnd;
    item.name = Name(end->name());
    expectations(end->expectation());
  } else {
    item.kind = Kind::kNothingElse;
  }
  return item;
}

void Builder::AddExpectation(Grammar::ExpectationContext* context, ast::TestItem& item) {
  for (auto* expected : context->expected()) {
    if (!Whole(expected)) continue;
    if (dynamic_cast<Grammar::ExpectPassContext*>(expected) != nullptr) {
      item.pass = true;
    } else if (auto* finding = dynamic_cast<Grammar::ExpectFindingContext*>(expected)) {
      item.expected.push_back(Expected(finding));
    } else {
      item.nothing_else = true;
    }
  }
}

ast::ExpectedFinding Builder::Expected(Grammar::ExpectFindingContext* context) {
  ast::ExpectedFinding finding;
  finding.span = SpanOf(context);
  if (context->severityWord() != nullptr) {
    finding.severity = ast::Name{Text(context->severityWord()->start), SpanOf(context->severityWord())};
  }
  finding.code = Name(context->code);
  source::Span at, message;
  for (auto* tail : context->expectedTail()) {
    if (auto* place = dynamic_cast<Grammar::ExpectedAtContext*>(tail)) {
      if (!Once(&at, SpanOf(place), "at")) continue;
      finding.path = place->STRING() != nullptr ? String(place->STRING()) : "";
      for (auto* step : place->pointerStep()) *finding.path += "/" + Text(step->stop);
    } else if (auto* text = dynamic_cast<Grammar::ExpectedMessageContext*>(tail)) {
      if (Once(&message, SpanOf(text), "message")) finding.message = String(text->STRING());
    }
  }
  return finding;
}

ast::TestValue Builder::TestObject(Grammar::TestObjectContext* context) {
  ast::TestValue object;
  object.kind = ast::TestValue::Kind::kObject;
  object.span = SpanOf(context);
  for (auto* field : context->testField()) {
    ast::TestField out;
    out.name = FieldName(field->fieldName());
    out.quoted = field->fieldName()->STRING() != nullptr;
    out.value = TestValue(field->testValue());
    object.fields.push_back(std::move(out));
  }
  return object;
}

ast::TestValue Builder::TestArray(Grammar::TestArrayContext* context) {
  ast::TestValue array;
  array.kind = ast::TestValue::Kind::kArray;
  array.span = SpanOf(context);
  for (auto* item : context->testValue()) array.items.push_back(TestValue(item));
  return array;
}

ast::TestValue Builder::TestValue(Grammar::TestValueContext* context) {
  if (context->testObject() != nullptr) return TestObject(context->testObject());
  if (context->testArray() != nullptr) return TestArray(context->testArray());
  ast::TestValue value;
  value.span = SpanOf(context);
  if (context->expr() != nullptr) {
    value.kind = ast::TestValue::Kind::kExpr;
    value.expr = Expr(context->expr());
  } else if (context->STRING() != nullptr) {
    value.expr = New(ast::ExprKind::kString, value.span);
    value.expr->text = String(context->STRING());
  } else {
    for (const Token* token = context->start;;) {
      value.literal += Text(token);
      if (token == context->stop) break;
      token = context->stop;
    }
  }
  return value;
}

}  // namespace edict::parse
