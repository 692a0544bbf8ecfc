// Membership in many constant texts, which native code tells apart by perfect hashing (compiler/codegen/text_choice.h), against the
// interpreter: as an enum's shape, as a union's tag, and as `in`; of sets that are few and many, alike in all but a byte, long and
// empty, with characters that are not ASCII and such that JSON escapes. EDICT_ENUM_SETS=count tries so many sets.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <set>
#include <string>
#include <vector>

#include "compiler/native.h"
#include "runtime/engine.h"
#include "tests/support/judge.h"
#include "tests/support/random_rules.h"
#include "tests/support/rule_folder.h"

namespace edict::tests {
namespace {

const std::vector<std::string>& Letters() {
  static const std::vector<std::string> letters = {"a", "b", "c", "Z", "0", "_", ".", "-", "é", "日", "😀", " "};
  return letters;
}

std::string RandomText(Random& random, uint32_t letters) {
  std::string text;
  while (letters-- > 0) text += random.Pick(Letters());
  return text;
}

std::vector<std::string> RandomSet(Random& random) {
  static const std::vector<uint32_t> kCounts = {1, 3, 7, 8, 9, 16, 30, 64, 65, 100, 300};
  const uint32_t count = random.Pick(kCounts);
  const std::string prefix = random.Chance(50) ? RandomText(random, random.Below(20)) : "";
  const std::string suffix = random.Chance(50) ? RandomText(random, random.Below(20)) : "";
  const uint32_t form = random.Below(4);
  std::set<std::string> texts;
  for (uint32_t tries = 0; texts.size() < count && tries < 20 * count; ++tries) {
    const uint32_t most = form == 0 ? 3 : form == 1 ? 8 : form == 2 ? 16 : 40;
    std::string text = prefix + RandomText(random, form == 3 ? 4 : random.Below(most + 1)) + suffix;
    if (random.Chance(2)) text += random.Chance(50) ? "\"" : "\\";
    texts.insert(text);
  }
  if (random.Chance(20)) texts.insert("");
  if (random.Chance(20)) texts.insert(std::string(50, 'x'));
  return {texts.begin(), texts.end()};
}

// As JSON and rules write it.
std::string Quoted(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

std::string RulesOf(const std::vector<std::string>& texts) {
  std::string literals;
  std::string list;
  std::string alternatives;
  for (const std::string& text : texts) {
    literals += (literals.empty() ? "" : " | ") + Quoted(text);
    list += (list.empty() ? "" : ", ") + Quoted(text);
    if (!text.empty()) alternatives += "  " + Quoted(text) + " { n: int }\n";
  }
  if (alternatives.empty()) alternatives = "  none { n: int }\n";
  return "type Part by kind {\n" + alternatives + "  otherwise reject\n}\n" + "event Event by type {\n  S { mode: (" + literals +
         "), next: int }\n" + "  M { mode: (" + literals + " | 7)? }\n  I { text: string, any: any? }\n  P { part: Part }\n}\n" +
         "rule IN \"in\" { on I as e require e.text in [" + list + "] at e.text message \"{e.text}\" }\n" +
         "rule DYN \"dyn\" { on I as e when has(e.any) require e.any in [" + list + "] at e.any message \"any\" }\n" +
         "rule READ \"read\" { on S as e require e.mode != " + Quoted(texts[0]) + " at e.mode message \"{e.mode}\" }\n";
}

// One of them, or nearly so.
std::string NearText(Random& random, const std::vector<std::string>& texts) {
  std::string text = random.Pick(texts);
  if (random.Chance(60) || text.empty()) return text;
  const uint32_t at = random.Below(static_cast<uint32_t>(text.size()));
  switch (random.Below(4)) {
    case 0:
      return text + random.Pick(Letters());
    case 1:
      if (static_cast<signed char>(text.back()) >= 0) text.pop_back();
      return text;
    case 2:
      if (static_cast<signed char>(text[at]) >= 0) text[at] = 'b';
      return text;
    default:
      return RandomText(random, random.Below(36));
  }
}

// Now and then with an escape that is not needed, which stands for the same, or with blanks around it.
std::string AsJson(Random& random, const std::string& text) {
  std::string json = Quoted(text);
  const size_t a = json.find('a');
  if (a != std::string::npos && random.Chance(10)) json.replace(a, 1, "\\u0061");
  if (random.Chance(3)) json += " ";
  if (random.Chance(2)) json.pop_back();
  return json;
}

std::string RandomEventOf(Random& random, const std::vector<std::string>& texts) {
  const std::string text = AsJson(random, NearText(random, texts));
  switch (random.Below(4)) {
    case 0:
      return R"({"type":"S","mode":)" + text + R"(,"next":1})";
    case 1:
      return R"({"type":"M","mode":)" + (random.Chance(10) ? "7" : text) + "}";
    case 2:
      return R"({"type":"I","text":)" + text + R"(,"any":)" + AsJson(random, NearText(random, texts)) + "}";
    default:
      return R"({"type":"P","part":{"kind":)" + text + R"(,"n":)" + (random.Chance(10) ? "\"\"" : "1") + "}}";
  }
}

std::vector<std::string> JudgeLines(const Engine& engine, const std::string& text, uint64_t* in_place) {
  Stream stream = engine.Open("s");
  std::vector<Finding> findings;
  const uint64_t taken = stream.TakeLines(text, 0, findings);
  stream.FeedLines(std::string_view(text).substr(taken), taken, findings);
  stream.Finish(findings);
  *in_place += taken;
  std::vector<std::string> lines;
  for (const Finding& finding : findings) lines.push_back(FindingLine(finding));
  return lines;
}

TEST(Enums, AreTheSameInBothTiers) {
  const char* wanted = std::getenv("EDICT_ENUM_SETS");
  const uint64_t sets = wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : 16;
  uint64_t findings = 0;
  uint64_t in_place = 0;
  uint64_t none = 0;
  for (uint64_t seed = 0; seed < sets; ++seed) {
    Random random(seed);
    const std::vector<std::string> texts = RandomSet(random);
    const std::shared_ptr<const Program> program = CompileText(RulesOf(texts));
    ASSERT_NE(program, nullptr) << RulesOf(texts);
    Engine reference(program);
    Engine native(program);
    const Status made = compiler::CompileNative(native);
    ASSERT_TRUE(made.ok()) << made.error().message;
    for (int round = 0; round < 60; ++round) {
      std::string lines;
      for (int i = 0; i < 10; ++i) lines += RandomEventOf(random, texts) + "\n";
      const std::vector<std::string> expected = JudgeLines(reference, lines, &none);
      ASSERT_EQ(JudgeLines(native, lines, &in_place), expected) << "seed " << seed << "\n" << RulesOf(texts) << lines;
      findings += expected.size();
    }
  }
  EXPECT_GT(findings, sets * 100);
  EXPECT_GT(in_place, sets * 1'000);
  EXPECT_EQ(none, 0u);
}

}  // namespace
}  // namespace edict::tests
