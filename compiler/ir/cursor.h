// A place in a text that is being read: takes its words, numbers and literals. The first thing that is not as it should be
// is kept as the error; from then on the text counts as ended, so that whoever reads need not ask after each step.
// For compiler/ir only.
#ifndef EDICT_COMPILER_IR_CURSOR_H_
#define EDICT_COMPILER_IR_CURSOR_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/arena.h"
#include "runtime/base/result.h"
#include "runtime/program/program.h"

namespace edict::ir {

class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {}

  // Tokens of one line are parted by spaces only; all but Peek and TakeNow skip those that come first.
  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }  // '\0' at the end as well
  char PeekToken();
  bool At(std::string_view symbol);
  bool TakeNow(std::string_view symbol);
  bool Take(std::string_view symbol);
  void Need(std::string_view symbol);
  bool AtWord(std::string_view word);  // and not a longer one that starts with it
  bool TakeWord(std::string_view word);
  void NeedWord(std::string_view word);
  std::string Word(const char* what);    // `what`: for the error, "a code"
  std::string Name(const char* what);    // a word or a quoted string
  std::string String(const char* what);  // quoted
  // What stands up to the next character of `ends`, a space or the line's end.
  std::string_view Until(std::string_view ends);
  // One character of a quoted string, escapes resolved, is appended. False at `"`, which stays.
  bool StringPart(std::string& out);
  uint64_t Number(uint64_t most);
  uint32_t Index() { return static_cast<uint32_t>(Number(kNone - 1)); }
  Value Literal(Arena& memory);  // see text.h
  template <size_t kCount>
  uint32_t OneOf(const std::string_view (&table)[kCount], const char* what);  // the word's place in the table

  bool LineEnds();  // nothing but spaces is left of the line
  void EndLine();   // and empty lines after it
  bool Indented() const { return Peek() == ' '; }
  bool AtEnd() const { return at_ >= text_.size(); }

  size_t position() const { return at_; }
  bool failed() const { return failed_; }
  void Fail(const std::string& what) { FailAt(at_, what); }
  void FailAt(size_t position, const std::string& what);
  Error error() const { return {error_}; }

 private:
  void SkipSpaces();
  uint32_t Hex(int digits);
  std::string BytesBody();
  Value NumberLiteral();
  Value WordLiteral(Arena& memory, int depth);
  Value AnyLiteral(Arena& memory, int depth);
  Value ListLiteral(Arena& memory, int depth);
  Value MapLiteral(Arena& memory, int depth);
  Value DoubleLiteral();
  Value TimestampLiteral();
  Value DurationLiteral();

  std::string_view text_;
  size_t at_ = 0;
  bool failed_ = false;
  std::string error_;
};

template <size_t kCount>
uint32_t Cursor::OneOf(const std::string_view (&table)[kCount], const char* what) {
  SkipSpaces();
  size_t begin = at_;
  std::string word = Word(what);
  for (uint32_t i = 0; i < kCount && !failed_; ++i) {
    if (table[i] == word) return i;
  }
  FailAt(begin, std::string("expected ") + what);
  return 0;
}

// The entity that the text names (Reference in text.h), or 0 after an error. `what`: "a code".
template <typename T>
uint32_t ReadReference(Cursor& in, const std::vector<T>& table, std::string T::*name, const char* what) {
  in.PeekToken();
  size_t begin = in.position();
  std::string wanted = in.Name(what);
  uint32_t found = kNone;
  if (in.TakeNow("#")) {
    uint32_t index = in.Index();
    if (index < table.size() && table[index].*name == wanted) found = index;
  } else {
    for (uint32_t i = 0; i < table.size() && found == kNone; ++i) {
      if (table[i].*name == wanted) found = i;
    }
  }
  if (!in.failed() && found != kNone) return found;
  in.FailAt(begin, "expected " + std::string(what) + " that is declared above; " + wanted + " is not");
  return 0;
}

}  // namespace edict::ir

#endif  // EDICT_COMPILER_IR_CURSOR_H_
