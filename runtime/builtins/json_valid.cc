// json.valid: whether a string is one JSON text (RFC 8259); json.fault: where it stops being one. Lone surrogates may
// stand in strings, as escapes and as themselves: event texts hold them.
#include "runtime/builtins/support.h"
#include "runtime/builtins/utf8.h"

namespace edict::builtins {
namespace {

// Walks the text without building anything. Nesting is kept in a string, one character a level, so that no text can
// exhaust the stack.
class Scanner {
 public:
  static constexpr size_t kMaxDepth = 1000;  // as deep as events may be

  explicit Scanner(std::string_view text) : text_(text) {}

  bool Text() {
    while (true) {
      if (!ValueOrOpening()) return false;
      if (opened_) continue;  // a value (or a key) comes next
      if (!Closings()) return false;
      if (open_.empty()) break;
    }
    return at_ == text_.size();
  }
  // Where Text stopped: the byte that cannot stand there, or the end of a text that is cut short.
  size_t at() const { return at_; }

 private:
  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool Take(char c) {
    if (Peek() != c || at_ >= text_.size()) return false;
    ++at_;
    return true;
  }
  void Space() {
    while (Peek() == ' ' || Peek() == '\t' || Peek() == '\n' || Peek() == '\r') ++at_;
  }
  bool Word(std::string_view word) {
    for (const char c : word) {
      if (!Take(c)) return false;
    }
    return true;
  }

  // A scalar, an empty container, or the opening of one with its first key.
  bool ValueOrOpening() {
    opened_ = false;
    Space();
    switch (Peek()) {
      case '{':
        return Opening('{', '}') && (!opened_ || Key());
      case '[':
        return Opening('[', ']');
      case '"':
        return String();
      case 't':
        return Word("true");
      case 'f':
        return Word("false");
      case 'n':
        return Word("null");
      default:
        return Number();
    }
  }
  bool Opening(char open, char close) {
    if (open_.size() == kMaxDepth) return false;
    ++at_;
    Space();
    if (Take(close)) return true;
    opened_ = true;
    open_ += open;
    return true;
  }
  bool Key() {
    Space();
    if (!String()) return false;
    Space();
    return Take(':');
  }
  // After a value: closing brackets, then a comma, or the end.
  bool Closings() {
    while (true) {
      Space();
      if (open_.empty()) return true;
      if (Take(',')) return open_.back() == '[' || Key();
      if (!Take(open_.back() == '[' ? ']' : '}')) return false;
      open_.pop_back();
    }
  }
  bool String() {
    if (!Take('"')) return false;
    while (at_ < text_.size()) {
      char c = text_[at_];
      if (static_cast<unsigned char>(c) < 0x20) return false;
      ++at_;
      if (c == '"') return true;
      if (c == '\\' && !Escape()) return false;
    }
    return false;
  }
  bool Escape() {
    char c = Peek();
    if (c == '\0' || std::string_view("\"\\/bfnrtu").find(c) == std::string_view::npos) return false;
    ++at_;
    if (c != 'u') return true;
    for (int i = 0; i < 4; ++i, ++at_) {
      char h = Peek();
      if (!((h >= '0' && h <= '9') || (h >= 'a' && h <= 'f') || (h >= 'A' && h <= 'F'))) return false;
    }
    return true;
  }
  bool Digits() {
    size_t start = at_;
    while (Peek() >= '0' && Peek() <= '9') ++at_;
    return at_ > start;
  }
  bool Number() {
    Take('-');
    if (!Take('0') && !Digits()) return false;
    if (Take('.') && !Digits()) return false;
    if (Take('e') || Take('E')) {
      if (!Take('+')) Take('-');
      return Digits();
    }
    return true;
  }

  std::string_view text_;
  size_t at_ = 0;
  bool opened_ = false;
  std::string open_;
};

// The byte of the first fault; npos: there is none.
size_t FaultOf(std::string_view text) {
  Scanner scanner(text);
  const bool sound = scanner.Text();
  const size_t end = sound ? text.size() : scanner.at();
  if (IsUtf8(text.substr(0, end), true)) return sound ? std::string_view::npos : end;
  size_t at = 0;
  while (at < end && (static_cast<unsigned char>(text[at]) < 0x80 || CharacterBytes(text, at) > 1)) {
    at += CharacterBytes(text, at);
  }
  return at;
}

}  // namespace

EDICT_DEFINE(JsonValid) {
  if (!ChargeBytes(context, args[0].size)) return void(*out = FuelError(context));
  *out = Value::Bool(FaultOf(args[0].text()) == std::string_view::npos);
}

EDICT_DEFINE(JsonFault) {
  if (!ChargeBytes(context, args[0].size)) return void(*out = FuelError(context));
  const size_t fault = FaultOf(args[0].text());
  *out = Value::Optional(nullptr);
  if (fault == std::string_view::npos) return;
  *out = NewOptional(context, Value::Int(static_cast<int64_t>(CountCodePoints(args[0].text().substr(0, fault)))));
}

}  // namespace edict::builtins
