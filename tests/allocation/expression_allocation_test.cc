// Evaluating an expression takes nothing from the heap once it is warm, in either tier.
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "bench/expression_cases.h"
#include "compiler/expression.h"
#include "compiler/native.h"
#include "runtime/builtins/context.h"
#include "runtime/interp/interp.h"
#include "tests/support/count_allocations.h"

namespace edict {
namespace {

using bench::ExpressionCase;

// More of what makes new strings and lists; `s`, `list` and `t` are given.
const char* const kMaking[] = {
    "(s + s + '-').size() > 3",
    "s.lowerAscii().startsWith('some')",
    "s.upperAscii() != s",
    "s.substring(2, 4) == 'me'",
    "s.replace('e', 'bbbbbbbbbbbbbbbbbbbbbbbbbbbb').contains('bb')",
    "s.split(' ').size() == 2",
    "['a', s].join('/') == 'a/some text'",
    "[1, 2, list[0]].exists(e, e == 2)",
    "{'a': s, 'b': 't'}['a'] == s",
    "list.map(e, e * 2).filter(e, e > 10).size() > 1",
    "list.map(e, {'n': e}).all(m, m.n > 0)",
    "string(list[3]) == '4'",
    "string(t) == '2023-11-14T22:13:20Z'",
    "timestamp('2024-01-01T00:00:00Z') > t",
    "t.getFullYear() == 2023 && t.getHours('+02:00') == 0",
    "optional.of(s).orValue('') == s",
    "double(list[1]) / 2.0 == 1.0 && uint(list[1]) == 2u",
    "s.matches('^some .*t$') && s.matches('x|' + 't')",
    "cel.bind(x, s + s, x + x).size() == 36",
};

void ExpectNoneOnceWarm(const ExpressionCase& test) {
  SCOPED_TRACE(test.text);
  compiler::ExpressionOptions options;
  options.text = test.text;
  std::vector<Value> locals;
  for (const bench::ExpressionInput& input : test.inputs) {
    options.variables.push_back({input.name, input.decl});
    locals.push_back(input.value);
  }
  Result<compiler::Expression> compiled = compiler::CompileExpression(options);
  ASSERT_TRUE(compiled.ok() && compiled.value().program != nullptr);
  const Program& program = *compiled.value().program;
  const uint32_t node = compiled.value().node;
  locals.resize(locals.size() + program.local_count);
  auto native = compiler::CompileNativeValue(program, node);
  ASSERT_TRUE(native.ok());

  Arena arena;
  RegexCache regexes;
  EvalContext context;
  context.arena = &arena;
  context.program = &program;
  context.regexes = &regexes;
  Frame frame;
  frame.program = &program;
  frame.locals = locals.data();
  frame.context = &context;
  for (const bool in_native : {false, true}) {
    uint64_t before = 0;
    for (int round = 0; round < 30; ++round) {
      if (round == 10) before = AllocationCount();
      arena.Reset();
      context.fuel = 1'000'000;
      Value value;
      if (in_native) {
        native.value()->values()[0](&frame, &value);
      } else {
        value = Evaluate(frame, node);
      }
      ASSERT_TRUE(value.kind == Kind::kBool && value.b == test.expected) << ToCelText(value) << (in_native ? " native" : "");
    }
    EXPECT_EQ(AllocationCount() - before, 0u) << (in_native ? "native" : "interpreter");
  }
  EXPECT_EQ(context.reinterpreted, 0u);
}

TEST(ExpressionAllocation, TypicalExpressions) {
  for (const ExpressionCase& test : bench::ExpressionCases()) ExpectNoneOnceWarm(test);
}

TEST(ExpressionAllocation, ExpressionsThatMakeStringsAndLists) {
  std::vector<Value> numbers;
  for (int64_t i = 1; i <= 20; ++i) numbers.push_back(Value::Int(i));
  for (const char* text : kMaking) {
    ExpressionCase test;
    test.text = text;
    test.inputs = {{"s", "name: \"s\" ident { type { primitive: STRING } }", Value::String("some text")},
                   {"list", "name: \"list\" ident { type { list_type { elem_type { primitive: INT64 } } } }",
                    Value::List(numbers.data(), static_cast<uint32_t>(numbers.size()))},
                   {"t", "name: \"t\" ident { type { well_known: TIMESTAMP } }", Value::Timestamp(1'700'000'000, 0)}};
    ExpectNoneOnceWarm(test);
  }
}

}  // namespace
}  // namespace edict
