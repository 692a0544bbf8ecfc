// String functions of standard CEL and of its strings extension. Positions count code points.
#include <algorithm>
#include <cstring>
#include <string>

#include "runtime/builtins/support.h"
#include "runtime/builtins/utf8.h"

namespace edict::builtins {
namespace {

constexpr size_t kNpos = std::string_view::npos;

Value IndexOutOfRange(EvalContext& context, int64_t index) {
  return Fail(context, ErrorCode::kIndexOutOfRange, "index out of range: " + std::to_string(index));
}

// The byte where a code point stands; kNpos: out of range, `out` is the error.
size_t Locate(Value* out, std::string_view text, int64_t index, EvalContext& context) {
  size_t at = index < 0 ? kNpos : ByteOfCodePoint(text, static_cast<uint64_t>(index));
  if (at == kNpos) *out = IndexOutOfRange(context, index);
  return at;
}

// The first place of `part` at or behind `from`; linear, unlike string_view::find, since both may be hostile.
size_t Find(std::string_view text, std::string_view part, size_t from) {
  const void* at = from > text.size() ? nullptr : memmem(text.data() + from, text.size() - from, part.data(), part.size());
  return at == nullptr ? kNpos : static_cast<size_t>(static_cast<const char*>(at) - text.data());
}

Value CodePointsBefore(std::string_view text, size_t at) {
  return Value::Int(at == kNpos ? -1 : static_cast<int64_t>(CountCodePoints(text.substr(0, at))));
}

// Takes the fuel for walking the text; false: there is none left. Where the search compares a part at each place, `part`
// says how long it is.
bool PayFor(Value* out, EvalContext& context, const Value& text, uint64_t part = 0) {
  if (ChargeBytes(context, text.size * (1 + part / 64))) return true;
  *out = FuelError(context);
  return false;
}

// What grows in the arena, by doubling: the bytes of a text, the elements of a list.
template <typename T>
class Growing {
 public:
  Growing(Arena& arena, size_t capacity) : arena_(arena), items_(arena.AllocateArray<T>(capacity)), capacity_(capacity) {}
  void Append(const T* items, size_t count) {
    if (capacity_ - size_ < count) {
      capacity_ = 2 * capacity_ + count;
      T* grown = arena_.AllocateArray<T>(capacity_);
      std::copy_n(items_, size_, grown);
      items_ = grown;
    }
    std::copy_n(items, count, items_ + size_);
    size_ += count;
  }
  const T* items() const { return items_; }
  size_t size() const { return size_; }

 private:
  Arena& arena_;
  T* items_;
  size_t size_ = 0;
  size_t capacity_;
};

class GrowingText : public Growing<char> {
 public:
  using Growing<char>::Growing;
  void Append(std::string_view text) { Growing<char>::Append(text.data(), text.size()); }
  Value Take() const { return Value::String({items(), size()}); }
};

void MapAscii(Value* out, const Value& text, char first, char last, EvalContext& context) {
  if (!PayFor(out, context, text)) return;
  char* data = context.arena->Copy(text.text());
  for (uint32_t i = 0; i < text.size; ++i) {
    if (data[i] >= first && data[i] <= last) data[i] = static_cast<char>(data[i] ^ 0x20);
  }
  *out = Value::String({data, text.size});
}

bool IsSpace(uint32_t code) {
  if (code < 0x80) return code == ' ' || (code >= 9 && code <= 13);
  return code == 0x85 || code == 0xa0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200a) || code == 0x2028 || code == 0x2029 ||
         code == 0x202f || code == 0x205f || code == 0x3000;
}

// At most `limit` replacements, all if negative. An empty `from` stands before each character and at the end.
void ReplaceUpTo(Value* out, const Value* args, int64_t limit, EvalContext& context) {
  std::string_view text = args[0].text(), from = args[1].text(), to = args[2].text();
  if (!PayFor(out, context, args[0])) return;
  GrowingText result(*context.arena, text.size());
  size_t at = 0;
  for (int64_t done = 0; limit < 0 || done < limit; ++done) {
    size_t found = from.empty() ? at : Find(text, from, at);
    if (found == kNpos || !ChargeBytes(context, 16 + to.size() + found - at)) break;
    result.Append(text.substr(at, found - at));
    result.Append(to);
    at = found + from.size();
    if (!from.empty()) continue;
    if (at >= text.size()) break;
    uint32_t bytes = CharacterBytes(text, at);
    result.Append(text.substr(at, bytes));
    at += bytes;
  }
  if (context.fuel < 0) return void(*out = FuelError(context));
  if (at < text.size()) result.Append(text.substr(at));
  *out = result.Take();
}

// At most `limit` parts, all if negative. An empty separator splits into characters.
void SplitUpTo(Value* out, const Value* args, int64_t limit, EvalContext& context) {
  std::string_view text = args[0].text(), separator = args[1].text();
  if (!PayFor(out, context, args[0])) return;
  Growing<Value> parts(*context.arena, 8);
  size_t at = 0;
  while (limit != 0 && !(separator.empty() && at >= text.size())) {
    if (!Charge(context, 1)) return void(*out = FuelError(context));
    bool last = limit > 0 && static_cast<int64_t>(parts.size()) + 1 >= limit;
    size_t end = last ? kNpos : separator.empty() ? at + CharacterBytes(text, at) : Find(text, separator, at);
    const Value part = Value::String(text.substr(at, end == kNpos ? kNpos : end - at));
    parts.Append(&part, 1);
    if (end == kNpos) break;
    at = end + separator.size();
  }
  *out = Value::List(parts.items(), static_cast<uint32_t>(parts.size()));
}

void JoinList(Value* out, const Value& list, std::string_view separator, EvalContext& context) {
  uint64_t bytes = 0;
  for (ListCursor c(list); c.Next();) {
    if (c.value().kind != Kind::kString) {
      return void(*out = Fail(context, ErrorCode::kNoSuchOverload,
                              "no such overload: join of a list with " + std::string(TypeNameOf(c.value()))));
    }
    bytes += uint64_t{c.value().size} + separator.size();
  }
  if (!Charge(context, list.size + bytes / 16)) return void(*out = FuelError(context));
  TextBuilder text(*context.arena, bytes);
  bool first = true;
  for (ListCursor c(list); c.Next(); first = false) {
    if (!first) text.Append(separator);
    text.Append(c.value().text());
  }
  *out = text.Take();
}

}  // namespace

EDICT_DEFINE(StringContains) {
  if (PayFor(out, context, args[0])) *out = Value::Bool(Find(args[0].text(), args[1].text(), 0) != kNpos);
}
EDICT_DEFINE(StringStartsWith) {
  bool paid = ChargeComparison(context, args[1].size);
  *out = paid ? Value::Bool(args[0].text().starts_with(args[1].text())) : FuelError(context);
}
EDICT_DEFINE(StringEndsWith) {
  bool paid = ChargeComparison(context, args[1].size);
  *out = paid ? Value::Bool(args[0].text().ends_with(args[1].text())) : FuelError(context);
}

EDICT_DEFINE(CharAt) {
  std::string_view text = args[0].text();
  if (!PayFor(out, context, args[0])) return;
  size_t at = Locate(out, text, args[1].i, context);
  if (at != kNpos) *out = Value::String(at < text.size() ? text.substr(at, CharacterBytes(text, at)) : "");
}

EDICT_DEFINE(IndexOf) {
  if (PayFor(out, context, args[0])) *out = CodePointsBefore(args[0].text(), Find(args[0].text(), args[1].text(), 0));
}
EDICT_DEFINE(IndexOfFrom) {
  if (!PayFor(out, context, args[0])) return;
  size_t from = Locate(out, args[0].text(), args[2].i, context);
  if (from != kNpos) *out = CodePointsBefore(args[0].text(), Find(args[0].text(), args[1].text(), from));
}
EDICT_DEFINE(LastIndexOf) {
  if (PayFor(out, context, args[0], args[1].size)) *out = CodePointsBefore(args[0].text(), args[0].text().rfind(args[1].text()));
}
EDICT_DEFINE(LastIndexOfFrom) {
  if (!PayFor(out, context, args[0], args[1].size)) return;
  size_t from = Locate(out, args[0].text(), args[2].i, context);
  if (from != kNpos) *out = CodePointsBefore(args[0].text(), args[0].text().rfind(args[1].text(), from));
}

EDICT_DEFINE(Join) { JoinList(out, args[0], "", context); }
EDICT_DEFINE(JoinWith) { JoinList(out, args[0], args[1].text(), context); }
EDICT_DEFINE(LowerAscii) { MapAscii(out, args[0], 'A', 'Z', context); }
EDICT_DEFINE(UpperAscii) { MapAscii(out, args[0], 'a', 'z', context); }
EDICT_DEFINE(Replace) { ReplaceUpTo(out, args, -1, context); }
EDICT_DEFINE(ReplaceN) { ReplaceUpTo(out, args, args[3].i, context); }
EDICT_DEFINE(Split) { SplitUpTo(out, args, -1, context); }
EDICT_DEFINE(SplitN) { SplitUpTo(out, args, args[2].i, context); }

EDICT_DEFINE(SubstringFrom) {
  if (!PayFor(out, context, args[0])) return;
  size_t from = Locate(out, args[0].text(), args[1].i, context);
  if (from != kNpos) *out = Value::String(args[0].text().substr(from));
}
EDICT_DEFINE(Substring) {
  if (!PayFor(out, context, args[0])) return;
  size_t from = Locate(out, args[0].text(), args[1].i, context);
  size_t to = from == kNpos ? kNpos : Locate(out, args[0].text(), args[2].i, context);
  if (to == kNpos) return;
  *out = from <= to ? Value::String(args[0].text().substr(from, to - from))
                    : Invalid(context, "invalid substring range. start: " + std::to_string(args[1].i) +
                                           ", end: " + std::to_string(args[2].i));
}

EDICT_DEFINE(Trim) {
  std::string_view text = args[0].text();
  if (!PayFor(out, context, args[0])) return;
  size_t begin = kNpos, end = 0;  // of what stays
  for (size_t at = 0; at < text.size();) {
    size_t start = at;
    if (IsSpace(NextCodePoint(text, at))) continue;
    if (begin == kNpos) begin = start;
    end = at;
  }
  *out = Value::String(begin == kNpos ? std::string_view() : text.substr(begin, end - begin));
}

EDICT_DEFINE(Reverse) {
  std::string_view text = args[0].text();
  if (!PayFor(out, context, args[0])) return;
  char* data = static_cast<char*>(context.arena->Allocate(text.size()));
  size_t left = text.size();
  for (size_t at = 0; at < text.size();) {
    uint32_t bytes = CharacterBytes(text, at);
    left -= bytes;
    std::copy_n(text.data() + at, bytes, data + left);
    at += bytes;
  }
  // Halves of surrogate pairs may have become neighbours in the right order: pieces are joined as in WTF-8.
  TextBuilder joined(*context.arena, text.size());
  for (size_t at = 0; at < text.size();) {
    uint32_t bytes = CharacterBytes({data, text.size()}, at);
    joined.Append({data + at, bytes});
    at += bytes;
  }
  *out = joined.Take();
}

EDICT_DEFINE(Quote) {
  if (!PayFor(out, context, args[0])) return;
  static constexpr std::string_view kPlain = "\a\b\f\n\r\t\v\\\"";
  static constexpr std::string_view kEscaped = "abfnrtv\\\"";
  std::string_view text = args[0].text();
  GrowingText result(*context.arena, text.size() + 2);
  result.Append("\"");
  for (size_t at = 0; at < text.size();) {
    size_t escape = kPlain.find(text[at]);
    uint32_t bytes = CharacterBytes(text, at);
    if (escape != kNpos) {
      result.Append("\\");
      result.Append(kEscaped.substr(escape, 1));
    } else if (bytes == 1 && static_cast<unsigned char>(text[at]) >= 0x80) {
      result.Append("\xef\xbf\xbd");  // malformed
    } else {
      result.Append(text.substr(at, bytes));
    }
    at += bytes;
  }
  result.Append("\"");
  *out = result.Take();
}

}  // namespace edict::builtins
