#include "compiler/parse/literal.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace edict::parse {
namespace {

bool IsHex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

unsigned HexValue(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  return static_cast<unsigned>((c | 0x20) - 'a') + 10;
}

void AppendUtf8(uint32_t code_point, std::string& out) {
  const auto put = [&](uint32_t byte) { out += static_cast<char>(byte); };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xC0 | code_point >> 6);
    put(0x80 | (code_point & 0x3F));
  } else if (code_point < 0x10000) {
    put(0xE0 | code_point >> 12);
    put(0x80 | (code_point >> 6 & 0x3F));
    put(0x80 | (code_point & 0x3F));
  } else {
    put(0xF0 | code_point >> 18);
    put(0x80 | (code_point >> 12 & 0x3F));
    put(0x80 | (code_point >> 6 & 0x3F));
    put(0x80 | (code_point & 0x3F));
  }
}

// The character that a one-letter escape stands for, or 0.
char SimpleEscape(char c) {
  switch (c) {
    case 'a':
      return '\a';
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
    case 'v':
      return '\v';
    case '\\':
    case '?':
    case '"':
    case '\'':
    case '`':
      return c;
    default:
      return 0;
  }
}

class TextDecoder {
 public:
  explicit TextDecoder(std::string_view literal) : literal_(literal) {}

  DecodedText Run() {
    Frame();
    while (at_ < end_) {
      const uint32_t start = at_;
      if (literal_[at_] == '\\' && !raw_)
        Escape();
      else if (literal_[at_] == '\r')
        LineBreak();
      else
        out_.value += literal_[at_++];
      out_.origins.resize(out_.value.size(), start);
    }
    out_.origins.push_back(end_);
    return std::move(out_);
  }

 private:
  // Finds prefix and quotes.
  void Frame() {
    while (at_ < literal_.size() && literal_[at_] != '"' && literal_[at_] != '\'') {
      const char prefix = literal_[at_++];
      raw_ |= prefix == 'r' || prefix == 'R';
      bytes_ |= prefix == 'b' || prefix == 'B';
    }
    const std::string_view rest = literal_.substr(at_);
    const std::string_view quote = rest.substr(0, 1);
    const bool is_long = rest.size() >= 3 && rest[1] == rest[0] && rest[2] == rest[0];
    const uint32_t width = is_long ? 3 : 1;
    const uint32_t begin = at_ + std::min<uint32_t>(width, static_cast<uint32_t>(rest.size()));
    end_ = static_cast<uint32_t>(literal_.size());
    if (end_ >= begin + width && !quote.empty()) {
      const std::string_view tail = literal_.substr(end_ - width);
      if (tail.find_first_not_of(quote[0]) == std::string_view::npos) end_ -= width;
    }
    at_ = begin;
  }

  // As CEL does, a line break inside a long string is one \n however the file writes it.
  void LineBreak() {
    out_.value += '\n';
    ++at_;
    if (at_ < end_ && literal_[at_] == '\n') ++at_;
  }

  void Escape() {
    const uint32_t start = at_++;
    if (at_ >= end_) return Fault(start, at_, "a backslash must be followed by an escape");
    const char c = literal_[at_++];
    if (const char simple = SimpleEscape(c)) {
      out_.value += simple;
      return;
    }
    switch (c) {
      case 'x':
      case 'X':
        return Hex(start, 2, bytes_);
      case 'u':
        return bytes_ ? Fault(start, at_, "a bytes literal has no \\u escapes") : Hex(start, 4, false);
      case 'U':
        return bytes_ ? Fault(start, at_, "a bytes literal has no \\U escapes") : Hex(start, 8, false);
      case '0':
      case '1':
      case '2':
      case '3':
        return Octal(start);
      default:
        break;
    }
    while (at_ < end_ && (static_cast<unsigned char>(literal_[at_]) & 0xC0) == 0x80) ++at_;
    Fault(start, at_, "'" + std::string(literal_.substr(start, at_ - start)) + "' is not an escape");
  }

  void Hex(uint32_t start, uint32_t digits, bool as_byte) {
    uint32_t value = 0;
    for (uint32_t i = 0; i < digits; ++i, ++at_) {
      if (at_ >= end_ || !IsHex(literal_[at_])) {
        return Fault(start, at_, "this escape needs " + std::to_string(digits) + " hexadecimal digits");
      }
      value = value << 4 | HexValue(literal_[at_]);
    }
    Put(start, value, as_byte);
  }

  void Octal(uint32_t start) {
    --at_;
    uint32_t value = 0;
    for (uint32_t i = 0; i < 3; ++i, ++at_) {
      if (at_ >= end_ || literal_[at_] < '0' || literal_[at_] > '7') return Fault(start, at_, "this escape needs 3 octal digits");
      value = value << 3 | static_cast<uint32_t>(literal_[at_] - '0');
    }
    Put(start, value, bytes_);
  }

  void Put(uint32_t start, uint32_t value, bool as_byte) {
    if (as_byte) {
      out_.value += static_cast<char>(value);
    } else if (value >= 0xD800 && value <= 0xDFFF) {
      Fault(start, at_, "a surrogate is not a character; write the character itself or \\U with 8 digits");
    } else if (value > 0x10FFFF) {
      Fault(start, at_, "there is no character beyond \\U0010FFFF");
    } else {
      AppendUtf8(value, out_.value);
    }
  }

  void Fault(uint32_t begin, uint32_t end, std::string message) {
    out_.faults.push_back(LiteralFault{begin, end, std::move(message)});
  }

  std::string_view literal_;
  uint32_t at_ = 0;
  uint32_t end_ = 0;
  bool raw_ = false;
  bool bytes_ = false;
  DecodedText out_;
};

std::optional<uint64_t> DecodeDigits(std::string_view digits) {
  int base = 10;
  if (digits.size() > 2 && digits[1] == 'x') {
    base = 16;
    digits.remove_prefix(2);
  }
  uint64_t value = 0;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (fault != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

// Whether a decimal literal that a double cannot hold is too large rather than too small: is its first digit
// that is not zero left of the point, once the exponent is applied?
bool IsHuge(std::string_view literal) {
  const size_t e = literal.find_first_of("eE");
  const std::string_view mantissa = literal.substr(0, e);
  long exponent = 0;
  if (e != std::string_view::npos) {
    std::string_view digits = literal.substr(e + 1);
    const bool negative = digits[0] == '-';
    if (digits[0] == '-' || digits[0] == '+') digits.remove_prefix(1);
    if (std::from_chars(digits.data(), digits.data() + digits.size(), exponent).ec != std::errc()) return !negative;
    if (negative) exponent = -exponent;
  }
  const size_t point = std::min(mantissa.find('.'), mantissa.size());
  const size_t first = std::min(mantissa.find_first_not_of("0."), mantissa.size());
  return static_cast<long>(point) - static_cast<long>(first) + exponent > 0;
}

}  // namespace

DecodedText DecodeText(std::string_view literal) { return TextDecoder(literal).Run(); }

std::optional<int64_t> DecodeInt(std::string_view literal, bool negative) {
  const std::optional<uint64_t> magnitude = DecodeDigits(literal);
  constexpr uint64_t kMax = static_cast<uint64_t>(std::numeric_limits<int64_t>::max());
  if (!magnitude || *magnitude > kMax + (negative ? 1 : 0)) return std::nullopt;
  return static_cast<int64_t>(negative ? 0 - *magnitude : *magnitude);
}

std::optional<uint64_t> DecodeUint(std::string_view literal) { return DecodeDigits(literal.substr(0, literal.size() - 1)); }

std::optional<double> DecodeDouble(std::string_view literal) {
  double value = 0;
  const auto [end, fault] = std::from_chars(literal.data(), literal.data() + literal.size(), value);
  if (fault == std::errc::result_out_of_range) return IsHuge(literal) ? std::nullopt : std::optional<double>(0.0);
  return value;
}

}  // namespace edict::parse
