#include "compiler/ir/cursor.h"

#include <algorithm>

#include "compiler/ir/text.h"

namespace edict::ir {
namespace {

void AppendUtf8(std::string& out, uint32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xc0 | c >> 6);
    out += static_cast<char>(0x80 | (c & 0x3f));
  } else {
    out += static_cast<char>(0xe0 | c >> 12);
    out += static_cast<char>(0x80 | (c >> 6 & 0x3f));
    out += static_cast<char>(0x80 | (c & 0x3f));
  }
}

}  // namespace

void Cursor::SkipSpaces() {
  while (Peek() == ' ') ++at_;
}

char Cursor::PeekToken() {
  SkipSpaces();
  return Peek();
}

bool Cursor::At(std::string_view symbol) {
  SkipSpaces();
  return text_.substr(at_, symbol.size()) == symbol;
}

bool Cursor::TakeNow(std::string_view symbol) {
  if (text_.substr(at_, symbol.size()) != symbol) return false;
  at_ += symbol.size();
  return true;
}

bool Cursor::Take(std::string_view symbol) {
  SkipSpaces();
  return TakeNow(symbol);
}

void Cursor::Need(std::string_view symbol) {
  if (!Take(symbol)) Fail("expected " + std::string(symbol));
}

bool Cursor::AtWord(std::string_view word) {
  if (!At(word)) return false;
  size_t end = at_ + word.size();
  return end >= text_.size() || !IsWordChar(text_[end]);
}

bool Cursor::TakeWord(std::string_view word) { return AtWord(word) && TakeNow(word); }

void Cursor::NeedWord(std::string_view word) {
  if (!TakeWord(word)) Fail("expected " + std::string(word));
}

std::string Cursor::Word(const char* what) {
  SkipSpaces();
  size_t begin = at_;
  while (IsWordChar(Peek())) ++at_;
  std::string word(text_.substr(begin, at_ - begin));
  if (word.empty()) Fail(std::string("expected ") + what);
  return word;
}

std::string Cursor::Name(const char* what) { return PeekToken() == '"' ? String(what) : Word(what); }

std::string_view Cursor::Until(std::string_view ends) {
  SkipSpaces();
  size_t begin = at_;
  while (!AtEnd() && Peek() != ' ' && Peek() != '\n' && ends.find(Peek()) == std::string_view::npos) ++at_;
  return text_.substr(begin, at_ - begin);
}

uint32_t Cursor::Hex(int digits) {
  uint32_t value = 0;
  for (int i = 0; i < digits; ++i, ++at_) {
    char c = Peek();
    uint32_t digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;
    if (digit == 16) {
      Fail("expected a hexadecimal digit");
      return 0;
    }
    value = value * 16 + digit;
  }
  return value;
}

bool Cursor::StringPart(std::string& out) {
  char c = Peek();
  if (c == '"') return false;
  if (AtEnd() || c == '\n') {
    Fail("the string does not end on its line");
    return false;
  }
  ++at_;
  if (c != '\\') {
    out += c;
    return true;
  }
  size_t begin = at_ - 1;
  char escape = Peek();
  if (!AtEnd()) ++at_;
  switch (escape) {
    case 'n':
      out += '\n';
      break;
    case 'r':
      out += '\r';
      break;
    case 't':
      out += '\t';
      break;
    case 'u':
      AppendUtf8(out, Hex(4));
      break;
    case '"':
    case '\\':
    case '{':
    case '}':
      out += escape;
      break;
    default:
      FailAt(begin, "this escape is not known");
      break;
  }
  return !failed_;
}

std::string Cursor::String(const char* what) {
  std::string out;
  if (!Take("\"")) {
    Fail(std::string("expected ") + what + " in quotes");
    return out;
  }
  while (StringPart(out)) {
  }
  TakeNow("\"");
  return out;
}

uint64_t Cursor::Number(uint64_t most) {
  SkipSpaces();
  size_t begin = at_;
  uint64_t value = 0;
  for (; Peek() >= '0' && Peek() <= '9'; ++at_) {
    auto digit = static_cast<uint64_t>(Peek() - '0');
    if (digit > most || value > (most - digit) / 10) {
      FailAt(begin, "the number is too large");
      return 0;
    }
    value = value * 10 + digit;
  }
  if (at_ == begin) Fail("expected a number");
  return value;
}

bool Cursor::LineEnds() {
  SkipSpaces();
  return AtEnd() || Peek() == '\n';
}

void Cursor::EndLine() {
  if (!LineEnds()) Fail("the line should end here");
  while (Peek() == '\n') ++at_;
}

void Cursor::FailAt(size_t position, const std::string& what) {
  if (!failed_) {
    std::string_view before = text_.substr(0, position);
    auto line = std::count(before.begin(), before.end(), '\n') + 1;
    size_t start = before.rfind('\n') + 1;  // 0 where there is none
    error_ = "line " + std::to_string(line) + ", column " + std::to_string(before.size() - start + 1) + ": " + what;
  }
  failed_ = true;
  at_ = text_.size();
}

}  // namespace edict::ir
