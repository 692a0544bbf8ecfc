#include "compiler/codegen/text_table.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <numeric>

namespace edict::codegen {
namespace {

constexpr uint64_t kMostTexts = 4096;  // rows are counted in 16 bits
constexpr int kTries = 64;             // multipliers for one size of table; most sets need one or two

// SplitMix64: the same numbers on every machine, as the code has to be.
uint64_t Next(uint64_t& state) {
  uint64_t z = (state += 0x9E3779B97F4A7C15u);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

uint64_t Mix(const TextClass& kind, unsigned spread, std::string_view text) {
  uint64_t words[4];
  ReadTextWords(kind, text, words);
  uint64_t x = 0;
  for (uint32_t i = 0; i < kind.words; ++i) x ^= std::rotl(words[i], static_cast<int>(i * spread % 64));
  return x ^ static_cast<uint64_t>(text.size()) << TextTable::kSizeShift;
}

uint64_t Hash(uint64_t x, uint64_t multiplier) {
  const auto product = static_cast<unsigned __int128>(x) * multiplier;
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

// Hash and displace: texts with the same upper bits of h share a move, and the largest such groups choose theirs first.
bool Place(const std::vector<uint64_t>& mixed, TextTable& table) {
  std::vector<std::vector<uint32_t>> groups(size_t{1} << table.move_bits);
  for (uint32_t i = 0; i < mixed.size(); ++i) {
    const uint64_t h = Hash(mixed[i], table.multiplier);
    groups[table.move_bits == 0 ? 0 : h >> (64 - table.move_bits)].push_back(i);
  }
  std::vector<uint32_t> order(groups.size());
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) { return groups[a].size() > groups[b].size(); });
  const uint64_t mask = table.rows.size() - 1;
  std::vector<bool> taken(table.rows.size(), false);
  table.moves.assign(groups.size(), 0);
  const uint64_t moves = table.move_bits == 0 ? 1 : table.rows.size();
  for (const uint32_t group : order) {
    bool placed = groups[group].empty();
    for (uint64_t move = 0; move < moves && !placed; ++move) {
      std::vector<uint64_t> rows;
      for (const uint32_t text : groups[group]) {
        const uint64_t row = ((Hash(mixed[text], table.multiplier) >> TextTable::kRowShift) ^ move) & mask;
        if (taken[row] || std::find(rows.begin(), rows.end(), row) != rows.end()) break;
        rows.push_back(row);
      }
      if (rows.size() != groups[group].size()) continue;
      for (size_t i = 0; i < rows.size(); ++i) {
        taken[rows[i]] = true;
        table.rows[rows[i]].text = groups[group][i];
      }
      table.moves[group] = static_cast<uint16_t>(move);
      placed = true;
    }
    if (!placed) return false;
  }
  return true;
}

// Where the texts differ at all, some spread tells them apart.
std::optional<std::vector<uint64_t>> Spread(const TextClass& kind, const std::vector<std::string_view>& texts, unsigned spread) {
  std::vector<uint64_t> mixed;
  mixed.reserve(texts.size());
  for (const std::string_view text : texts) mixed.push_back(Mix(kind, spread, text));
  std::vector<uint64_t> sorted = mixed;
  std::sort(sorted.begin(), sorted.end());
  if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end()) return std::nullopt;
  return mixed;
}

}  // namespace

void ReadTextWords(const TextClass& kind, std::string_view text, uint64_t* words) {
  const size_t bytes = kind.word_bytes;
  const size_t places[4] = {0, text.size() - bytes, bytes, text.size() - 2 * bytes};
  for (uint32_t i = 0; i < kind.words; ++i) {
    words[i] = 0;
    std::memcpy(&words[i], text.data() + places[i], bytes);
  }
}

std::optional<TextTable> MakeTextTable(const TextClass& kind, const std::vector<std::string_view>& texts) {
  if (texts.empty() || texts.size() > kMostTexts) return std::nullopt;
  TextTable table;
  std::optional<std::vector<uint64_t>> mixed;
  for (const unsigned spread : {23u, 29u, 43u, 11u, 37u}) {
    table.spread = spread;
    if ((mixed = Spread(kind, texts, spread))) break;
  }
  if (!mixed) return std::nullopt;
  uint64_t state = 0;
  const size_t least = std::bit_ceil(texts.size() + texts.size() / 4);
  for (size_t rows = least; rows <= 4 * least; rows *= 2) {
    for (int i = 0; i < kTries; ++i) {
      table.rows.assign(rows, {});
      table.multiplier = Next(state) | 1;
      // Without moves as long as that is likely to be found.
      table.move_bits = texts.size() <= 12 ? 0 : static_cast<unsigned>(std::bit_width(texts.size() / 2) - 1);
      if (!Place(*mixed, table)) continue;
      for (size_t text = 0; text < texts.size(); ++text) {
        TextTable::Row& row = table.rows[RowOf(table, kind, texts[text])];
        ReadTextWords(kind, texts[text], row.words);
        row.size = texts[text].size();
      }
      return table;
    }
  }
  return std::nullopt;
}

uint64_t RowOf(const TextTable& table, const TextClass& kind, std::string_view text) {
  const uint64_t h = Hash(Mix(kind, table.spread, text), table.multiplier);
  const uint64_t move = table.move_bits == 0 ? 0 : table.moves[h >> (64 - table.move_bits)];
  return ((h >> TextTable::kRowShift) ^ move) & (table.rows.size() - 1);
}

}  // namespace edict::codegen
