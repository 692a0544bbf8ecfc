// Constants as Literal of text.h writes them.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "compiler/ir/cursor.h"
#include "compiler/ir/text.h"

namespace edict::ir {
namespace {

constexpr int kMaxLiteralDepth = 200;  // of lists and maps in each other: bounds recursion

// Days from the epoch of a date of the Gregorian calendar.
int64_t DaysOfDate(int64_t year, int64_t month, int64_t day) {
  year -= month <= 2 ? 1 : 0;
  int64_t era = (year >= 0 ? year : year - 399) / 400;
  int64_t year_of_era = year - era * 400;
  int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

// "1970-01-01T00:00:00.5Z" part by part; false where the text is of another form.
class TimeReader {
 public:
  explicit TimeReader(std::string_view text) : text_(text) {}
  bool Take(char c) {
    if (text_.empty() || text_.front() != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  size_t DigitsThere() const { return std::min(text_.find_first_not_of("0123456789"), text_.size()); }
  bool Digits(size_t count, int64_t most, int64_t& out) {
    if (DigitsThere() < count) return false;
    out = 0;
    for (char c : text_.substr(0, count)) out = out * 10 + (c - '0');
    text_.remove_prefix(count);
    return out <= most;
  }
  // ".25" in nanoseconds, if it is there.
  void Fraction(int32_t& nanos) {
    if (!Take('.')) return;
    int32_t unit = 100'000'000;
    for (; DigitsThere() > 0; unit /= 10) {
      nanos += (text_.front() - '0') * unit;
      text_.remove_prefix(1);
    }
  }
  bool Ends() const { return text_.empty(); }

 private:
  std::string_view text_;
};

}  // namespace

Value Cursor::Literal(Arena& memory) { return AnyLiteral(memory, 0); }

Value Cursor::AnyLiteral(Arena& memory, int depth) {
  char c = PeekToken();
  if (depth > kMaxLiteralDepth) {
    Fail("the constant is nested too deep");
    return Value::Null();
  }
  auto keep = [&](const std::string& text) { return std::string_view(memory.Copy(text), text.size()); };
  if (c == '"') return Value::String(keep(String("a string")));
  if (c == '[') return ListLiteral(memory, depth);
  if (c == '{') return MapLiteral(memory, depth);
  if (c == '-' || (c >= '0' && c <= '9')) return NumberLiteral();
  if (TakeNow("b\"")) return Value::Bytes(keep(BytesBody()));
  return WordLiteral(memory, depth);
}

std::string Cursor::BytesBody() {
  std::string out;
  while (!failed_ && !TakeNow("\"")) {
    // Printable ASCII stands for itself (ToCelText).
    if (TakeNow("\\x")) {
      out += static_cast<char>(Hex(2));
    } else if (Peek() >= ' ' && Peek() <= '~' && Peek() != '\\') {
      out += text_[at_++];
    } else {
      Fail("expected a printable character, \\x and two hexadecimal digits, or the end of the bytes");
    }
  }
  return out;
}

Value Cursor::NumberLiteral() {
  size_t begin = at_;
  while (IsWordChar(Peek()) || Peek() == '+') ++at_;
  std::string_view text = text_.substr(begin, at_ - begin);
  const char* end = text.data() + text.size();
  Value value;
  std::from_chars_result read{};
  if (text.back() == 'u') {
    uint64_t u = 0;
    read = std::from_chars(text.data(), --end, u);
    value = Value::Uint(u);
  } else if (text.find_first_of(".e") != std::string_view::npos) {
    double d = 0;
    read = std::from_chars(text.data(), end, d);
    value = Value::Double(d);
  } else {
    int64_t i = 0;
    read = std::from_chars(text.data(), end, i);
    value = Value::Int(i);
  }
  if (read.ec == std::errc() && read.ptr == end) return value;
  FailAt(begin, "this is no number, or out of range");
  return Value::Null();
}

Value Cursor::WordLiteral(Arena& memory, int depth) {
  size_t begin = at_;
  std::string word = Word("an expression");
  if (word == "null") return Value::Null();
  if (word == "true" || word == "false") return Value::Bool(word == "true");
  Value value = Value::Null();
  if (!TakeNow("(")) {
    FailAt(begin, "expected an expression");
  } else if (word == "optional.none") {
    value = Value::Optional(nullptr);
  } else if (word == "optional.of") {
    auto* inner = memory.AllocateArray<Value>(1);
    *inner = AnyLiteral(memory, depth + 1);
    value = Value::Optional(inner);
  } else if (word == "type") {
    std::string name = Name("a type");
    value = Value::Type({memory.Copy(name), name.size()});
  } else if (word == "timestamp") {
    value = TimestampLiteral();
  } else if (word == "duration") {
    value = DurationLiteral();
  } else if (word == "double") {
    value = DoubleLiteral();
  } else {
    FailAt(begin, "expected an expression");
  }
  Need(")");
  return value;
}

Value Cursor::ListLiteral(Arena& memory, int depth) {
  Need("[");
  std::vector<Value> items;
  while (!failed_ && !Take("]")) {
    if (!items.empty()) Need(",");
    items.push_back(AnyLiteral(memory, depth + 1));
  }
  auto* kept = memory.AllocateArray<Value>(items.size() + 1);
  std::copy(items.begin(), items.end(), kept);
  return Value::List(kept, static_cast<uint32_t>(items.size()));
}

Value Cursor::MapLiteral(Arena& memory, int depth) {
  Need("{");
  std::vector<MapEntry> entries;
  while (!failed_ && !Take("}")) {
    if (!entries.empty()) Need(",");
    Value key = AnyLiteral(memory, depth + 1);
    Need(":");
    entries.push_back({key, AnyLiteral(memory, depth + 1)});
  }
  auto* kept = memory.AllocateArray<MapEntry>(entries.size() + 1);
  std::copy(entries.begin(), entries.end(), kept);
  return Value::Map(kept, static_cast<uint32_t>(entries.size()));
}

// What no digits stand for: double("NaN").
Value Cursor::DoubleLiteral() {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  size_t begin = at_;
  std::string text = String("NaN, Infinity or -Infinity");
  if (text == "NaN") return Value::Double(std::nan(""));
  if (text == "Infinity") return Value::Double(kInfinity);
  if (text != "-Infinity") FailAt(begin, "expected NaN, Infinity or -Infinity");
  return Value::Double(-kInfinity);
}

Value Cursor::TimestampLiteral() {
  size_t begin = at_;
  std::string text = String("a time");
  TimeReader t(text);
  int64_t year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  int32_t nanos = 0;
  bool good = t.Digits(4, 9999, year) && t.Take('-') && t.Digits(2, 12, month) && t.Take('-') && t.Digits(2, 31, day) &&
              t.Take('T') && t.Digits(2, 23, hour) && t.Take(':') && t.Digits(2, 59, minute) && t.Take(':') &&
              t.Digits(2, 59, second) && month > 0 && day > 0;
  t.Fraction(nanos);
  if (!good || !t.Take('Z') || !t.Ends()) FailAt(begin, "expected a time such as 1970-01-01T00:00:00Z");
  return Value::Timestamp(((DaysOfDate(year, month, day) * 24 + hour) * 60 + minute) * 60 + second, nanos);
}

Value Cursor::DurationLiteral() {
  size_t begin = at_;
  std::string text = String("a duration");
  TimeReader t(text);
  bool negative = t.Take('-');
  int64_t seconds = 0;
  int32_t nanos = 0;
  size_t digits = t.DigitsThere();
  bool good = digits > 0 && digits <= 15 && t.Digits(digits, std::numeric_limits<int64_t>::max(), seconds);
  t.Fraction(nanos);
  if (!good || !t.Take('s') || !t.Ends()) FailAt(begin, "expected a duration such as 1.5s");
  return Value::Duration(negative ? -seconds : seconds, negative ? -nanos : nanos);
}

}  // namespace edict::ir
