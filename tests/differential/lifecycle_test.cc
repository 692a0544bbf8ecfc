// Lifecycles of many states, of which native code looks transitions up in tables (compiler/codegen/state_table.h), against the
// interpreter: what is found, and the fuel that it takes, to the step. EDICT_LIFECYCLES=count tries so many.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "compiler/native.h"
#include "runtime/engine.h"
#include "tests/support/judge.h"
#include "tests/support/random_rules.h"
#include "tests/support/rule_folder.h"

namespace edict::tests {
namespace {

constexpr int kTypes = 4;

std::string StateName(uint32_t state) { return state == 0 ? "absent" : "s" + std::to_string(state); }

// The transitions of one event type: each of some states is in one line. Unless `plain`, some depend on more than the state.
std::string Transitions(Random& random, const std::string& event, uint32_t states, bool plain) {
  std::vector<uint32_t> from;
  for (uint32_t state = 0; state < states; ++state) {
    if (random.Chance(70)) from.push_back(state);
  }
  for (size_t i = from.size(); i > 1; --i) std::swap(from[i - 1], from[random.Below(static_cast<uint32_t>(i))]);
  if (from.empty()) from.push_back(0);
  std::string text;
  for (size_t i = 0; i < from.size();) {
    std::string names;
    for (uint32_t many = 1 + random.Below(3); many > 0 && i < from.size(); --many, ++i) {
      names += (names.empty() ? "" : " | ") + StateName(from[i]);
    }
    text += "  " + event + " : " + names + " -> " + (random.Chance(15) ? "same" : StateName(random.Below(states)));
    if (!plain && random.Chance(30)) text += " when e.n > 3";
    if (i == from.size() && random.Chance(80)) {
      if (random.Chance(20)) text += " recover -> " + StateName(random.Below(states));
      text += " else error BAD_" + event + " \"{key} is {state}\"";
    }
    text += "\n";
  }
  return text;
}

std::string RulesOf(Random& random) {
  const bool plain = random.Chance(60);
  const uint32_t states = random.Chance(10) ? 70 : 2 + random.Below(18);
  std::string text = "event Event by type {\n";
  for (int i = 0; i < kTypes; ++i) {
    text += "  E" + std::to_string(i) + " { id: string" + (plain ? "" : "?") + ", n: int }\n";
  }
  text += std::string("}\nlifecycle life by e.") + (plain ? "id" : "?id") + " {\n  bound 6 keys\n";
  for (int i = 0; i < kTypes; ++i) text += Transitions(random, "E" + std::to_string(i), states, plain);
  text += "}\n";
  if (plain) {
    const bool has_s1 = text.find("s1 ") != std::string::npos || text.find("s1\n") != std::string::npos;
    std::string condition;
    for (uint32_t i = 0; i < 5; ++i) {
      condition += std::string(i == 0              ? ""
                               : random.Chance(50) ? " || "
                                                   : " && ") +
                   "life[e.id].state " + (random.Chance(50) ? "==" : "!=") + " " + StateName(has_s1 ? random.Below(2) : 0) +
                   (random.Chance(10) ? " && e.n > 2" : "");
    }
    text += "rule READ \"read\" { on E0, E1 as e require (" + condition + ") || e.n > 4 message \"{e.n}\" }\n";
  }
  return text;
}

std::string EventOf(Random& random) {
  const std::string id = random.Chance(3) ? "" : R"("id":"k)" + std::to_string(random.Below(8)) + "\",";
  return R"({"type":"E)" + std::to_string(random.Below(kTypes)) + "\"," + id + "\"n\":" + std::to_string(random.Below(8)) + "}";
}

TEST(Lifecycles, AreTheSameInBothTiers) {
  const char* wanted = std::getenv("EDICT_LIFECYCLES");
  const uint64_t count = wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : 16;
  uint64_t findings = 0;
  uint64_t spent = 0;
  for (uint64_t seed = 0; seed < count; ++seed) {
    Random random(seed);
    const std::string rules = RulesOf(random);
    const std::shared_ptr<const Program> program = CompileText(rules);
    ASSERT_NE(program, nullptr) << rules;
    const auto code = compiler::MakeNative(*program);
    ASSERT_TRUE(code.ok()) << code.error().message;
    for (int64_t fuel = 0; fuel < 60; ++fuel) {
      EngineOptions options;
      options.fuel_per_event = fuel == 0 ? 1'000'000 : fuel;
      Engine reference(program, options);
      Engine native(program, options);
      ASSERT_TRUE(native.UseNative(code.value(), *program));
      std::vector<std::string> events;
      for (int i = 0; i < (fuel == 0 ? 400 : 40); ++i) events.push_back(EventOf(random));
      const std::vector<std::string> expected = Judge(reference, events);
      ASSERT_EQ(Judge(native, events), expected) << "seed " << seed << ", fuel " << fuel << "\n" << rules;
      findings += expected.size();
      spent += static_cast<uint64_t>(std::count_if(expected.begin(), expected.end(), [](const std::string& line) {
        return line.find("steps is spent") != std::string::npos;
      }));
    }
  }
  EXPECT_GT(findings, count * 100);
  EXPECT_GT(spent, count * 20);
}

}  // namespace
}  // namespace edict::tests
