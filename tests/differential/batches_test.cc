// Native code that is spread over several modules and threads is the same code.
#include "compiler/codegen/batches.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "compiler/codegen/codegen.h"
#include "compiler/native.h"
#include "runtime/engine.h"
#include "tests/support/judge.h"
#include "tests/support/many_rules.h"
#include "tests/support/rule_folder.h"

namespace edict::tests {
namespace {

std::vector<std::string> Events(int types) {
  std::vector<std::string> events;
  for (int i = 0; i < 200; ++i) {
    std::string event = R"({"type":"T)" + std::to_string(i % types) + R"(","id":")" + (i % 3 == 0 ? "a" : "b") +
                        std::to_string(i % 17) + R"(","count":)" + std::to_string(i * 37 % 1500 - 100);
    if (i % 2 == 0) event += R"(,"items":[1,)" + std::to_string(i) + "]";
    events.push_back(event + "}");
  }
  return events;
}

TEST(Batches, HoldEveryEventTypeOnce) {
  std::shared_ptr<const Program> program = CompileText(ManyRules(300, 40));
  ASSERT_NE(program, nullptr);
  const std::vector<codegen::Batch> batches = codegen::MakeBatches(*program, 3);
  EXPECT_GT(batches.size(), 1u);
  std::vector<uint32_t> events;
  std::set<uint32_t> shapes;
  size_t shape_count = 0;
  std::vector<uint32_t> values;
  for (const codegen::Batch& batch : batches) {
    events.insert(events.end(), batch.events.begin(), batch.events.end());
    shapes.insert(batch.shapes.begin(), batch.shapes.end());
    shape_count += batch.shapes.size();
    values.insert(values.end(), batch.values.begin(), batch.values.end());
  }
  ASSERT_EQ(events.size(), program->events.size());
  for (uint32_t i = 0; i < events.size(); ++i) EXPECT_EQ(events[i], i);
  EXPECT_EQ(shapes.size(), shape_count);
  EXPECT_EQ(values, (std::vector<uint32_t>{0, 1, 2}));
}

TEST(Batches, AnEmptyProgramIsOneModule) { EXPECT_EQ(codegen::MakeBatches(Program(), 0).size(), 1u); }

TEST(Batches, ObjectDependsOnNoThreads) {
  std::shared_ptr<const Program> program = CompileText(ManyRules(40, 16));
  ASSERT_NE(program, nullptr);
  for (int level : {0, 2}) {
    codegen::CodegenOptions options;
    options.optimization = level;
    options.threads = 1;
    const std::string object = codegen::Generate(*program, options, codegen::CodegenOutput::kObject).value();
    EXPECT_EQ(object.rfind("!<arch>\n", 0), 0u) << "several modules";
    for (unsigned threads : {2u, 5u}) {
      options.threads = threads;
      EXPECT_EQ(codegen::Generate(*program, options, codegen::CodegenOutput::kObject).value(), object) << threads;
    }
  }
}

TEST(Batches, FindWhatTheInterpreterFinds) {
  for (int types : {1, 20}) {
    std::shared_ptr<const Program> program = CompileText(ManyRules(80, types));
    ASSERT_NE(program, nullptr);
    const std::vector<std::string> events = Events(types);
    const std::vector<std::string> expected = Judge(Engine(program), events);
    EXPECT_GT(expected.size(), 20u);
    for (int level : {0, 2}) {
      Engine engine(program);
      compiler::NativeOptions options;
      options.optimization = level;
      Status made = compiler::CompileNative(engine, options);
      ASSERT_TRUE(made.ok()) << made.error().message;
      EXPECT_EQ(Judge(engine, events), expected) << types << " " << level;
    }
  }
}

}  // namespace
}  // namespace edict::tests
