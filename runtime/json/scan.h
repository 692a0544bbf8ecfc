// JSON text read in place, without a tape: what generated code calls to get past a value. It is for valid events only. A
// function gives null where the text is no JSON, and may do so where it is (a nesting beyond `depth`, a line break between
// tokens): the caller then parses the whole text, which says what is wrong and where.
//
// Every text is followed by kScanPadding readable bytes, of which the first is a control character other than a tab or a
// carriage return: no token goes past it.
#ifndef EDICT_RUNTIME_JSON_SCAN_H_
#define EDICT_RUNTIME_JSON_SCAN_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "runtime/base/arena.h"

namespace edict::json {

inline constexpr size_t kScanPadding = 64;

struct ScanName {
  const char* text;
  uint64_t size;
};
struct ScannedString {
  const char* end;   // behind the closing quote; null: it is none
  uint64_t escaped;  // 1: it holds a backslash
};
struct ScannedInt {
  const char* end;  // null: no integer in int64, or written with a fraction or exponent
  int64_t value;
};
struct ScannedDouble {
  const char* end;  // null: no number
  double value;     // as the tape has it
};
// A member of an object: `value` is the first byte of its value, or behind the closing brace. `name` indexes the names that
// were given; their count: the end of the object; the count and one: another name.
struct ScannedMember {
  const char* value;  // null: there is neither
  uint64_t name;
};
struct ScannedElement {
  const char* value;  // of the element, or behind the closing bracket; null: there is neither
  uint64_t more;      // 1: an element
};

// Whether the bytes are UTF-8 (RFC 3629).
bool IsUtf8(const char* at, size_t size);
// `at` is behind the opening quote.
ScannedString ScanString(const char* at);
// Of a string that ScanString has gone through: what it stands for, in the arena (escaped lone surrogates as WTF-8). `at` likewise.
std::string_view Unescape(const char* at, Arena& arena);
// These begin at the first byte of the value and end behind its last. `depth`: how many levels of nesting are allowed.
const char* ScanNumber(const char* at);
ScannedInt ScanInt(const char* at);
ScannedDouble ScanDouble(const char* at);
const char* ScanValue(const char* at, uint64_t depth);
// Likewise, and null where it ends beyond `end`: then little more than that is read.
const char* ScanValueUpTo(const char* at, uint64_t depth, const char* end);
// Past blanks, but not past a line break.
const char* ScanSpace(const char* at);
// The next member or element. `at`: the opening brace or bracket where `first`, else behind the value before. Names with a
// backslash are refused.
ScannedMember ScanMember(const char* at, bool first, const ScanName* names, uint64_t count);
ScannedElement ScanElement(const char* at, bool first);
// Behind the whole object at `at`, of which the one member of that name has the value `*value`. Null: it is no object, or it
// has no such member, or several, or a name written with an escape.
const char* ScanWithMember(const char* at, std::string_view name, uint64_t depth, const char** value);
// The value of the first member of that name; null: there is none. `at`: the opening brace.
const char* ScanForMember(const char* at, std::string_view name, uint64_t depth);

}  // namespace edict::json

#endif  // EDICT_RUNTIME_JSON_SCAN_H_
