// A perfect hash of a few texts, found when rules are compiled: one place to look at, and a few words to compare there.
#ifndef EDICT_COMPILER_CODEGEN_TEXT_TABLE_H_
#define EDICT_COMPILER_CODEGEN_TEXT_TABLE_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace edict::codegen {

// Texts of like length, of which the same words are read: all of a text lies in them, so that equal words and an equal length are
// equal texts. The widths are such that no byte outside a text is read.
struct TextClass {
  uint32_t least;  // bytes
  uint32_t most;
  uint32_t word_bytes;  // 1, 2, 4 or 8
  // Words: the first and the last of a text; with 4, the second and the last but one, too; with 1, the first.
  uint32_t words;
};
inline constexpr TextClass kTextClasses[] = {{1, 1, 1, 1}, {2, 3, 2, 2}, {4, 7, 4, 2}, {8, 16, 8, 2}, {17, 32, 8, 4}};
inline constexpr uint32_t kMostTableText = 32;

// x = the words, each rotated to the left by 0, spread, 2 * spread ..., xored, and so the length in the uppermost bits. h = the two
// words of x * multiplier, xored: each bit of x has a say in each bit of h. Row: ((h >> kRowShift) ^ moves[h >> (64 - move_bits)])
// % rows.size(), or without moves where move_bits is 0.
struct TextTable {
  static constexpr unsigned kRowShift = 32;
  static constexpr unsigned kSizeShift = 59;
  struct Row {
    uint64_t words[4] = {};
    uint64_t size = 0;  // 0: no text is here
    uint32_t text = 0;  // index in what the table was made of
  };
  unsigned spread = 0;
  uint64_t multiplier = 0;
  unsigned move_bits = 0;
  std::vector<uint16_t> moves;
  std::vector<Row> rows;  // a power of two
};

// As many words as the class says.
void ReadTextWords(const TextClass& kind, std::string_view text, uint64_t* words);

// Of texts of that class, each there once. None where they cannot be told apart: there are too many.
std::optional<TextTable> MakeTextTable(const TextClass& kind, const std::vector<std::string_view>& texts);

// The row where a text of the class would be.
uint64_t RowOf(const TextTable& table, const TextClass& kind, std::string_view text);

}  // namespace edict::codegen

#endif  // EDICT_COMPILER_CODEGEN_TEXT_TABLE_H_
