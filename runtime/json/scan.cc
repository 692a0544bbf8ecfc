#include "runtime/json/scan.h"

#include <simdjson.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "runtime/base/same_bytes.h"
#include "runtime/json/scalar.h"
#include "runtime/json/text_block.h"

namespace edict::json {
namespace {

bool IsHexDigit(char c) { return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

// Eight characters in a word, the first lowest.
constexpr uint32_t kWordBytes = 8;
constexpr uint64_t kPowers[kWordBytes + 1] = {1, 10, 100, 1'000, 10'000, 100'000, 1'000'000, 10'000'000, 100'000'000};

uint64_t LoadWord(const char* at) {
  static_assert(std::endian::native == std::endian::little);
  uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}

// How many digits the word begins with.
uint32_t DigitsIn(uint64_t word) {
  constexpr uint64_t kHighNibbles = 0xF0F0F0F0F0F0F0F0u;
  constexpr uint64_t kZeros = 0x3030303030303030u;
  const uint64_t beyond_nine = ((word & 0x0F0F0F0F0F0F0F0Fu) + 0x0606060606060606u) & kHighNibbles;
  const uint64_t others = ((word & kHighNibbles) ^ kZeros) | beyond_nine;
  return others == 0 ? kWordBytes : static_cast<uint32_t>(std::countr_zero(others)) / 8;
}

// The number that the word's first 1 to 8 characters, all digits, stand for: pairs, then fours, then all eight are joined.
uint64_t ValueOf(uint64_t word, uint32_t digits) {
  if (digits == 0) return 0;
  word = (word & 0x0F0F0F0F0F0F0F0Fu) << (kWordBytes - digits) * 8;
  word = (word * 10 + (word >> 8)) & 0x00FF00FF00FF00FFu;
  word = (word * 100 + (word >> 16)) & 0x0000FFFF0000FFFFu;
  return (word * 10'000 + (word >> 32)) & 0xFFFFFFFFu;
}

// Behind the escape that starts at the backslash; null: there is no such escape.
const char* ScanEscape(const char* at) {
  switch (at[1]) {
    case '"':
    case '\\':
    case '/':
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't':
      return at + 2;
    case 'u':
      return IsHexDigit(at[2]) && IsHexDigit(at[3]) && IsHexDigit(at[4]) && IsHexDigit(at[5]) ? at + 6 : nullptr;
    default:
      return nullptr;
  }
}

const char* ScanWord(const char* at, const char* word, size_t size) {
  return std::memcmp(at, word, size) == 0 ? at + size : nullptr;
}

// How far a value may reach.
struct NoLimit {
  static bool passed(const char*) { return false; }
};
struct UpTo {
  const char* end;
  bool passed(const char* at) const { return at > end; }
};

// Behind the opening quote.
template <typename Limit>
ScannedString ScanText(const char* at, Limit limit) {
  const char* const begin = at;
  uint32_t high = 0;
  uint64_t escaped = 0;
  for (;;) {
    TextBlock bits = LookAt(at);
    uint32_t step = TextBlock::kBytes;
    while (bits.special != 0) {
      const auto place = static_cast<uint32_t>(std::countr_zero(bits.special));
      if (at[place] == '"') {
        high |= bits.high & ((1u << place) - 1);
        at += place;
        if (high != 0 && !IsUtf8(begin, static_cast<size_t>(at - begin))) return {nullptr, 0};
        return {at + 1, escaped};
      }
      const char* next = at[place] == '\\' ? ScanEscape(at + place) : nullptr;
      if (next == nullptr) return {nullptr, 0};
      escaped = 1;
      step = static_cast<uint32_t>(next - at);
      // What the escape covers is done with; beyond the block nothing is left of it.
      bits.special = step < TextBlock::kBytes ? bits.special & (~0u << step) : 0;
    }
    high |= bits.high;  // of an escape's bytes none is
    at += std::max(step, TextBlock::kBytes);
    if (limit.passed(at)) return {nullptr, 0};
  }
}

bool IsBlank(char c) { return static_cast<unsigned char>(c) <= ' '; }
const char* OverBlanks(const char* at) { return IsBlank(*at) ? ScanSpace(at) : at; }

template <typename Limit>
const char* ScanAnyValue(const char* at, uint64_t depth, Limit limit);

template <typename Limit>
const char* ScanArray(const char* at, uint64_t depth, Limit limit) {
  if (depth == 0) return nullptr;
  at = OverBlanks(at + 1);
  if (*at == ']') return at + 1;
  for (;;) {
    at = ScanAnyValue(at, depth - 1, limit);
    if (at == nullptr || limit.passed(at)) return nullptr;
    at = OverBlanks(at);
    if (*at == ']') return at + 1;
    if (*at != ',') return nullptr;
    at = OverBlanks(at + 1);
  }
}

// The key at hand, which begins at its quote, and what stands before its value; null where that is not so.
template <typename Limit = NoLimit>
const char* ScanKey(const char* at, std::string_view& key, Limit limit = {}) {
  if (*at != '"') return nullptr;
  // Most are short.
  const TextBlock block = LookAt(at + 1);
  if (block.special != 0) {
    const auto size = static_cast<uint32_t>(std::countr_zero(block.special));
    const char* const quote = at + 1 + size;
    if (*quote == '"' && quote[1] == ':' && (block.high & ((1u << size) - 1)) == 0) {
      key = {at + 1, size};
      return OverBlanks(quote + 2);
    }
  }
  const ScannedString scanned = ScanText(at + 1, limit);
  if (scanned.end == nullptr) return nullptr;
  key = scanned.escaped != 0 ? std::string_view() : std::string_view(at + 1, static_cast<size_t>(scanned.end - at) - 2);
  const char* next = OverBlanks(scanned.end);
  return *next == ':' ? OverBlanks(next + 1) : nullptr;
}

// To the next key or the closing brace.
const char* ScanToKey(const char* at, bool first) {
  if (first) return OverBlanks(at + 1);
  at = OverBlanks(at);
  if (*at == '}') return at;
  if (*at != ',') return nullptr;
  at = OverBlanks(at + 1);
  return *at == '"' ? at : nullptr;  // no brace after a comma
}

template <typename Limit>
const char* ScanObject(const char* at, uint64_t depth, Limit limit) {
  if (depth == 0) return nullptr;
  for (bool first = true;; first = false) {
    at = ScanToKey(at, first);
    if (at == nullptr) return nullptr;
    if (*at == '}') return at + 1;
    std::string_view key;
    at = ScanKey(at, key, limit);
    if (at == nullptr) return nullptr;
    at = ScanAnyValue(at, depth - 1, limit);
    if (at == nullptr || limit.passed(at)) return nullptr;
  }
}

template <typename Limit>
const char* ScanAnyValue(const char* at, uint64_t depth, Limit limit) {
  switch (*at) {
    case '"':
      return ScanText(at + 1, limit).end;
    case '{':
      return ScanObject(at, depth, limit);
    case '[':
      return ScanArray(at, depth, limit);
    case 't':
      return ScanWord(at, "true", 4);
    case 'f':
      return ScanWord(at, "false", 5);
    case 'n':
      return ScanWord(at, "null", 4);
    default:
      return ScanNumber(at);
  }
}

}  // namespace

const char* ScanSpace(const char* at) {
  while (*at == ' ' || *at == '\t' || *at == '\r') ++at;
  return at;
}

bool IsUtf8(const char* at, size_t size) { return simdjson::validate_utf8(at, size); }

ScannedString ScanString(const char* at) { return ScanText(at, NoLimit()); }

const char* ScanNumber(const char* at) {
  if (*at == '-') ++at;
  if (!IsDigit(*at) || (*at == '0' && IsDigit(at[1]))) return nullptr;
  while (IsDigit(*at)) ++at;
  if (*at == '.') {
    if (!IsDigit(*++at)) return nullptr;
    while (IsDigit(*at)) ++at;
  }
  if (*at == 'e' || *at == 'E') {
    ++at;
    if (*at == '+' || *at == '-') ++at;
    if (!IsDigit(*at)) return nullptr;
    while (IsDigit(*at)) ++at;
  }
  return at;
}

ScannedInt ScanInt(const char* at) {
  const bool negative = *at == '-';
  if (negative) ++at;
  if (!IsDigit(*at) || (*at == '0' && IsDigit(at[1]))) return {nullptr, 0};
  uint64_t word = LoadWord(at);
  uint32_t digits = DigitsIn(word);
  uint64_t value = ValueOf(word, digits);
  at += digits;
  if (digits == kWordBytes) {
    word = LoadWord(at);
    digits = DigitsIn(word);
    value = value * kPowers[digits] + ValueOf(word, digits);
    at += digits;
    // What surely fits int64.
    for (int more = 2; IsDigit(*at); ++at, --more) {
      if (more == 0) return {nullptr, 0};
      value = value * 10 + static_cast<uint64_t>(*at - '0');
    }
  }
  if (*at == '.' || *at == 'e' || *at == 'E') return {nullptr, 0};
  const auto whole = static_cast<int64_t>(value);
  return {at, negative ? -whole : whole};
}

ScannedDouble ScanDouble(const char* at) {
  JsonNode node;
  const char* error = nullptr;
  size_t place = 0;
  const size_t end = ReadNumber(at, SIZE_MAX, place, node, error);
  if (end == 0) return {nullptr, 0};
  return {at + end, node.kind == JsonKind::kInt ? static_cast<double>(node.i) : node.d};
}

const char* ScanValue(const char* at, uint64_t depth) { return ScanAnyValue(at, depth, NoLimit()); }
const char* ScanValueUpTo(const char* at, uint64_t depth, const char* end) {
  const char* behind = ScanAnyValue(at, depth, UpTo{end});
  return behind != nullptr && behind <= end ? behind : nullptr;
}

ScannedMember ScanMember(const char* at, bool first, const ScanName* names, uint64_t count) {
  at = ScanToKey(at, first);
  if (at == nullptr) return {nullptr, 0};
  if (*at == '}') return {at + 1, count};
  std::string_view key;
  const bool is_empty = at[1] == '"';
  at = ScanKey(at, key);
  if (at == nullptr || (key.empty() && !is_empty)) return {nullptr, 0};
  for (uint64_t i = 0; i < count; ++i) {
    if (names[i].size == key.size() && SameText(names[i].text, key.data(), key.size())) return {at, i};
  }
  return {at, count + 1};
}

ScannedElement ScanElement(const char* at, bool first) {
  if (first) {
    at = OverBlanks(at + 1);
    if (*at == ']') return {at + 1, 0};
    return {at, 1};
  }
  at = OverBlanks(at);
  if (*at == ']') return {at + 1, 0};
  if (*at != ',') return {nullptr, 0};
  return {OverBlanks(at + 1), 1};
}

const char* ScanForMember(const char* at, std::string_view name, uint64_t depth) {
  if (depth == 0) return nullptr;
  const ScanName wanted{name.data(), name.size()};
  for (bool first = true;; first = false) {
    const ScannedMember member = ScanMember(at, first, &wanted, 1);
    if (member.value == nullptr || member.name == 0) return member.value;
    if (member.name == 1) return nullptr;
    at = ScanValue(member.value, depth - 1);
    if (at == nullptr) return nullptr;
  }
}

const char* ScanWithMember(const char* at, std::string_view name, uint64_t depth, const char** value) {
  if (depth == 0 || *at != '{') return nullptr;
  const ScanName wanted{name.data(), name.size()};
  *value = nullptr;
  for (bool first = true;; first = false) {
    const ScannedMember member = ScanMember(at, first, &wanted, 1);
    if (member.value == nullptr) return nullptr;
    if (member.name == 1) return *value != nullptr ? member.value : nullptr;
    if (member.name == 0 && std::exchange(*value, member.value) != nullptr) return nullptr;
    at = ScanValue(member.value, depth - 1);
    if (at == nullptr) return nullptr;
  }
}

std::string_view Unescape(const char* at, Arena& arena) {
  JsonNode node;
  size_t place = 0;
  const char* error = nullptr;
  return ReadString(at - 1, place, arena, node, error) != 0 ? node.text() : std::string_view();
}

}  // namespace edict::json
