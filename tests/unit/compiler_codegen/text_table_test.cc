// Perfect hashes of every class of texts: each text has a row of its own, and no other text is taken for it.
#include "compiler/codegen/text_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "tests/support/random_rules.h"

namespace edict::codegen {
namespace {

using tests::Random;

// Some are alike but for one byte anywhere.
std::set<std::string> RandomTexts(Random& random, const TextClass& kind, uint32_t count) {
  std::set<std::string> texts;
  const std::string letters = random.Chance(50) ? "ab" : "abcdefgh_\xC3\xA9Z09.";
  for (uint32_t tries = 0; texts.size() < count && tries < 20 * count; ++tries) {
    std::string text;
    if (!texts.empty() && random.Chance(50)) {
      text = *texts.begin();
      text[random.Below(static_cast<uint32_t>(text.size()))] = letters[random.Below(static_cast<uint32_t>(letters.size()))];
    } else {
      const uint32_t size = kind.least + random.Below(kind.most - kind.least + 1);
      while (text.size() < size) text += letters[random.Below(static_cast<uint32_t>(letters.size()))];
    }
    texts.insert(text);
  }
  return texts;
}

bool Holds(const TextTable& table, const TextClass& kind, const std::string& text) {
  const TextTable::Row& row = table.rows[RowOf(table, kind, text)];
  uint64_t words[4] = {};
  ReadTextWords(kind, text, words);
  return row.size == text.size() && std::equal(words, words + kind.words, row.words);
}

TEST(TextTable, TellsTextsApart) {
  Random random(1);
  for (const TextClass& kind : kTextClasses) {
    for (uint32_t round = 0; round < 40; ++round) {
      const uint32_t count = round % 4 == 3 ? 1 + random.Below(400) : 1 + random.Below(40);
      const std::set<std::string> set = RandomTexts(random, kind, count);
      const std::vector<std::string_view> texts(set.begin(), set.end());
      const std::optional<TextTable> table = MakeTextTable(kind, texts);
      ASSERT_TRUE(table) << texts.size() << " texts of " << kind.least << " to " << kind.most;
      EXPECT_LE(table->rows.size(), std::max<size_t>(1, 10 * texts.size()));
      for (uint32_t i = 0; i < texts.size(); ++i) {
        ASSERT_TRUE(Holds(*table, kind, std::string(texts[i]))) << texts[i];
        EXPECT_EQ(table->rows[RowOf(*table, kind, texts[i])].text, i);
      }
      for (const std::string& other : RandomTexts(random, kind, 200)) {
        EXPECT_EQ(Holds(*table, kind, other), set.count(other) != 0) << other;
      }
    }
  }
}

// All of a text lies in the words, and nothing else.
TEST(TextTable, WordsCoverTheText) {
  for (const TextClass& kind : kTextClasses) {
    for (uint32_t size = kind.least; size <= kind.most; ++size) {
      const std::string text(size, 'a');
      uint64_t words[4] = {};
      ReadTextWords(kind, text, words);
      for (uint32_t i = 0; i < size; ++i) {
        std::string other = text;
        other[i] = 'b';
        uint64_t others[4] = {};
        ReadTextWords(kind, other, others);
        EXPECT_FALSE(std::equal(words, words + kind.words, others)) << size << " at " << i;
      }
    }
  }
}

TEST(TextTable, IsTheSameEachTime) {
  Random random(2);
  const std::set<std::string> set = RandomTexts(random, kTextClasses[3], 50);
  const std::vector<std::string_view> texts(set.begin(), set.end());
  const std::optional<TextTable> a = MakeTextTable(kTextClasses[3], texts);
  const std::optional<TextTable> b = MakeTextTable(kTextClasses[3], texts);
  ASSERT_TRUE(a && b);
  EXPECT_EQ(a->multiplier, b->multiplier);
  EXPECT_EQ(a->moves, b->moves);
}

TEST(TextTable, OfNothingThereIsNone) { EXPECT_FALSE(MakeTextTable(kTextClasses[0], {})); }

}  // namespace
}  // namespace edict::codegen
