#include "runtime/json/scalar.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <string_view>

#include "runtime/json/text_block.h"

namespace edict::json {
namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The code unit of \uXXXX whose X start at text[at]; -1 if there are no four hex digits.
int CodeUnit(const char* text, size_t at) {
  int unit = 0;
  for (size_t i = 0; i < 4; ++i) {
    int digit = HexDigit(text[at + i]);
    if (digit < 0) return -1;
    unit = unit * 16 + digit;
  }
  return unit;
}

char* WriteCodePoint(char* out, uint32_t c) {
  if (c < 0x80) {
    *out++ = static_cast<char>(c);
  } else if (c < 0x800) {
    *out++ = static_cast<char>(0xC0 | (c >> 6));
    *out++ = static_cast<char>(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    *out++ = static_cast<char>(0xE0 | (c >> 12));
    *out++ = static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    *out++ = static_cast<char>(0x80 | (c & 0x3F));
  } else {
    *out++ = static_cast<char>(0xF0 | (c >> 18));
    *out++ = static_cast<char>(0x80 | ((c >> 12) & 0x3F));
    *out++ = static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    *out++ = static_cast<char>(0x80 | (c & 0x3F));
  }
  return out;
}

char SimpleEscape(char c) {
  switch (c) {
    case '"':
      return '"';
    case '\\':
      return '\\';
    case '/':
      return '/';
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return 0;
  }
}

// An escaped high surrogate right before was written as its own three bytes; with a low one behind it they are one character.
bool EndsWithHighSurrogate(const char* begin, const char* out) {
  return out - begin >= 3 && static_cast<unsigned char>(out[-3]) == 0xED && (static_cast<unsigned char>(out[-2]) & 0xF0) == 0xA0;
}

// The closing quote, or the end of the text.
size_t FindClose(const char* text, size_t at) {
  for (;;) {
    const TextBlock block = LookAt(text + at);
    if (block.special == 0) {
      at += TextBlock::kBytes;
      continue;
    }
    at += static_cast<size_t>(std::countr_zero(block.special));
    if (text[at] == '"' || text[at] == '\0') return at;
    at += text[at] == '\\' && text[at + 1] != '\0' ? 2 : 1;
  }
}

// The most that one step of Unescape writes: a block, of which what is not plain is written over.
constexpr size_t kStepBytes = TextBlock::kBytes;

// Unescapes from text[at] on up to `limit`, where it may write, less kStepBytes. Leaves `at` at the closing quote, behind the last
// byte that there was room for, or at what is wrong.
bool Unescape(const char* text, size_t& at, const char* begin, char*& out, const char* limit, const char*& error) {
  while (static_cast<size_t>(limit - out) >= kStepBytes) {
    char c = text[at];
    if (c == '"') return true;
    if (c == '\0') {
      error = "unterminated string";
      return false;
    }
    if (c != '\\') {
      const TextBlock block = LookAt(text + at);
      const size_t plain = block.special == 0 ? TextBlock::kBytes : static_cast<size_t>(std::countr_zero(block.special));
      // What stage 1 took for the end of a string is one.
      const size_t step = std::max<size_t>(plain, 1);
      std::memcpy(out, text + at, TextBlock::kBytes);
      out += step;
      at += step;
      continue;
    }
    char escape = text[at + 1];
    if (escape != 'u') {
      char plain = SimpleEscape(escape);
      if (plain == 0) {
        error = "unknown escape in a string";
        return false;
      }
      *out++ = plain;
      at += 2;
      continue;
    }
    int unit = CodeUnit(text, at + 2);
    if (unit < 0) {
      error = "\\u needs four hex digits";
      return false;
    }
    at += 6;
    auto code = static_cast<uint32_t>(unit);
    if (code >= 0xDC00 && code < 0xE000 && EndsWithHighSurrogate(begin, out)) {
      uint32_t high =
          0xD000u | ((static_cast<unsigned char>(out[-2]) & 0x3Fu) << 6) | (static_cast<unsigned char>(out[-1]) & 0x3Fu);
      out -= 3;
      code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00);
    }
    out = WriteCodePoint(out, code);
  }
  return true;
}

// Stage 1 gives a quote or a NUL that touches a scalar no index of its own, so neither ends one.
bool EndsScalar(const char* text, size_t size, size_t at) {
  if (at == size) return true;
  switch (text[at]) {
    case ' ':
    case '\n':
    case '\r':
    case '\t':
    case ',':
    case ':':
    case '[':
    case ']':
    case '{':
    case '}':
      return true;
    default:
      return false;
  }
}

// The value of a well-formed number that std::from_chars calls out of range: infinity or zero, by the place of its first
// digit. strtod would do, were it not for locales.
double OutOfRange(std::string_view number) {
  bool negative = number[0] == '-';
  size_t exponent_at = std::min(number.find_first_of("eE"), number.size());
  std::string_view digits = number.substr(0, exponent_at);
  size_t point = std::min(digits.find('.'), digits.size());
  size_t first = digits.find_first_of("123456789");
  int64_t place = first == std::string_view::npos ? 0 : static_cast<int64_t>(point) - static_cast<int64_t>(first);
  int64_t exponent = 0;
  if (exponent_at < number.size()) {
    size_t begin = exponent_at + (number[exponent_at + 1] == '+' ? 2 : 1);
    auto [end, code] = std::from_chars(number.data() + begin, number.data() + number.size(), exponent);
    if (code != std::errc()) exponent = number[begin] == '-' ? INT64_MIN / 2 : INT64_MAX / 2;
  }
  double magnitude = first != std::string_view::npos && place + exponent > 0 ? std::numeric_limits<double>::infinity() : 0.0;
  return negative ? -magnitude : magnitude;
}

}  // namespace

size_t ReadEscapedString(const char* text, size_t start, size_t i, size_t& at, Arena& arena, JsonNode& node, const char*& error) {
  if (text[i] != '\\') {
    error = "unterminated string";
    return 0;
  }
  // Where the arena has room, as it mostly has; else its end is found by the closing quote, since the unescaped form is never
  // longer.
  char* begin = nullptr;
  char* out = nullptr;
  const auto begin_in = [&](char* memory, size_t bytes) {
    begin = memory;
    std::memcpy(begin, text + start, i - start);
    out = begin + (i - start);
    at = i;
    return Unescape(text, at, begin, out, begin + bytes, error);
  };
  const std::span<char> room = arena.Room();
  const bool tried = room.size() >= i - start + kStepBytes;
  if (tried && !begin_in(room.data(), room.size())) return 0;
  if (tried && text[at] == '"') {
    arena.Allocate(static_cast<size_t>(out - begin));
  } else {
    const size_t bytes = FindClose(text, i) - start + kStepBytes;
    if (!begin_in(static_cast<char*>(arena.Allocate(bytes)), bytes)) return 0;
  }
  node.s = begin;
  node.size = static_cast<uint32_t>(out - begin);
  return at + 1;
}

size_t ReadNumber(const char* text, size_t size, size_t& at, JsonNode& node, const char*& error) {
  size_t start = at;
  size_t i = start + (text[start] == '-' ? 1 : 0);
  error = "malformed number";
  if (!IsDigit(text[i])) return 0;
  if (text[i] == '0' && IsDigit(text[i + 1])) {
    error = "a number has no leading zeros";
    return 0;
  }
  while (IsDigit(text[i])) ++i;
  bool integral = true;
  if (text[i] == '.') {
    integral = false;
    if (!IsDigit(text[++i])) return 0;
    while (IsDigit(text[i])) ++i;
  }
  if (text[i] == 'e' || text[i] == 'E') {
    integral = false;
    ++i;
    if (text[i] == '+' || text[i] == '-') ++i;
    if (!IsDigit(text[i])) return 0;
    while (IsDigit(text[i])) ++i;
  }
  if (!EndsScalar(text, size, i)) return 0;
  error = nullptr;
  if (integral) {
    auto [end, code] = std::from_chars(text + start, text + i, node.i);
    if (code == std::errc()) {
      node.kind = JsonKind::kInt;
      return i;
    }
    node.flags |= JsonNode::kUintBits;
  }
  node.kind = JsonKind::kDouble;
  auto [end, code] = std::from_chars(text + start, text + i, node.d);
  if (code != std::errc()) node.d = OutOfRange({text + start, i - start});
  return i;
}

size_t ReadLiteral(const char* text, size_t size, size_t& at, JsonNode& node, const char*& error) {
  struct Literal {
    const char* text;
    size_t size;
    JsonKind kind;
    bool value;
  };
  static constexpr Literal kLiterals[] = {
      {"true", 4, JsonKind::kBool, true}, {"false", 5, JsonKind::kBool, false}, {"null", 4, JsonKind::kNull, false}};
  for (const Literal& literal : kLiterals) {
    if (std::strncmp(text + at, literal.text, literal.size) == 0 && EndsScalar(text, size, at + literal.size)) {
      node.kind = literal.kind;
      node.i = 0;
      node.b = literal.value;
      return at + literal.size;
    }
  }
  error = "expected a value";
  return 0;
}

}  // namespace edict::json
