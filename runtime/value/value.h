// Value: one dynamically typed CEL value in 16 bytes, as every tier passes it. A Value owns nothing: strings, lists and
// maps point into the input, the Program's constants, the stream's state or the event's Arena, and live as long as those.
// Strings are WTF-8: UTF-8 that may also hold lone surrogates, since JSON escapes can write them.
#ifndef EDICT_RUNTIME_VALUE_VALUE_H_
#define EDICT_RUNTIME_VALUE_VALUE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "runtime/base/arena.h"

namespace edict {

struct JsonNode;  // runtime/value/json_node.h
struct MapEntry;
struct ErrorValue;
struct Value;

enum class Kind : uint8_t {
  kAbsent,  // no value at all: an absent field. Never the value of a checked expression.
  kNull,
  kBool,
  kInt,
  kUint,
  kDouble,
  kString,
  kBytes,
  kList,
  kMap,
  kOptional,   // `inner`, null pointer: optional.none()
  kType,       // a type value; the name is the string payload
  kTimestamp,  // seconds since the Unix epoch in `i`, nanoseconds [0, 1e9) in `size`
  kDuration,   // seconds in `i`, nanoseconds (same sign) in `size` as int32
  kError,
};

const char* KindName(Kind kind);  // CEL's type name: "int", "null_type", "google.protobuf.Timestamp" ...

struct Value {
  static constexpr uint8_t kJson = 1;  // list or map that is a view of a JsonNode

  Kind kind = Kind::kAbsent;
  uint8_t flags = 0;
  uint16_t reserved = 0;
  uint32_t size = 0;  // bytes of a string, elements of a list, entries of a map, nanoseconds
  union {
    bool b;
    int64_t i = 0;
    uint64_t u;
    double d;
    const char* s;
    const Value* items;
    const MapEntry* entries;
    const JsonNode* json;
    const Value* inner;
    const ErrorValue* error;
  };

  static Value Absent() { return {}; }
  static Value Null() { return Make(Kind::kNull); }
  static Value Bool(bool v) {
    Value r = Make(Kind::kBool);
    r.i = 0;
    r.b = v;
    return r;
  }
  static Value Int(int64_t v) {
    Value r = Make(Kind::kInt);
    r.i = v;
    return r;
  }
  static Value Uint(uint64_t v) {
    Value r = Make(Kind::kUint);
    r.u = v;
    return r;
  }
  static Value Double(double v) {
    Value r = Make(Kind::kDouble);
    r.d = v;
    return r;
  }
  static Value String(std::string_view v) { return Text(Kind::kString, v); }
  static Value Bytes(std::string_view v) { return Text(Kind::kBytes, v); }
  static Value Type(std::string_view name) { return Text(Kind::kType, name); }
  static Value List(const Value* items, uint32_t n) {
    Value r = Make(Kind::kList);
    r.size = n;
    r.items = items;
    return r;
  }
  static Value Map(const MapEntry* entries, uint32_t n) {
    Value r = Make(Kind::kMap);
    r.size = n;
    r.entries = entries;
    return r;
  }
  static Value Optional(const Value* inner) {
    Value r = Make(Kind::kOptional);
    r.inner = inner;
    return r;
  }
  static Value Timestamp(int64_t seconds, int32_t nanos) {
    Value r = Make(Kind::kTimestamp);
    r.size = static_cast<uint32_t>(nanos);
    r.i = seconds;
    return r;
  }
  static Value Duration(int64_t seconds, int32_t nanos) {
    Value r = Timestamp(seconds, nanos);
    r.kind = Kind::kDuration;
    return r;
  }

  std::string_view text() const { return {s, size}; }
  int32_t nanos() const { return static_cast<int32_t>(size); }
  bool is_json() const { return (flags & kJson) != 0; }
  bool is_error() const { return kind == Kind::kError; }
  bool is_true() const { return kind == Kind::kBool && b; }
  bool is_number() const { return kind == Kind::kInt || kind == Kind::kUint || kind == Kind::kDouble; }

 private:
  static Value Make(Kind kind) {
    Value r;
    r.kind = kind;
    return r;
  }
  static Value Text(Kind kind, std::string_view v) {
    Value r = Make(kind);
    r.size = static_cast<uint32_t>(v.size());
    r.s = v.data();
    return r;
  }
};
static_assert(sizeof(Value) == 16);

struct MapEntry {
  Value key;
  Value value;
};

// Why an evaluation failed, as CEL names it.
enum class ErrorCode : uint8_t {
  kNoSuchKey,
  kNoSuchOverload,
  kNoSuchField,
  kDivideByZero,
  kModulusByZero,
  kOverflow,
  kInvalidArgument,
  kIndexOutOfRange,
  kDuplicateKey,
  kOptionalNone,
  kFuel,
};
struct ErrorValue {
  ErrorCode code;
  std::string_view detail;  // names the key, the types ... ; never empty
};
// Of the detail at most kMaxErrorBytes are kept: an evaluation can fail often before its end, so that each must be small.
inline constexpr size_t kMaxErrorBytes = 400;
Value MakeError(Arena& arena, ErrorCode code, std::string_view detail);

// ---- lists and maps, whatever their representation ----
uint32_t ListSize(const Value& list);
Value ListAt(const Value& list, uint32_t i);  // i < ListSize; linear for JSON lists: iterate with ListCursor instead
uint32_t MapSize(const Value& map);
// The entry's value, or kAbsent. Keys compare by CEL equality (1 == 1u == 1.0).
Value MapFind(const Value& map, const Value& key);
Value MapFindString(const Value& map, std::string_view key);

// for (ListCursor c(list); c.Next();) use c.value();
class ListCursor {
 public:
  explicit ListCursor(const Value& list);
  bool Next();
  const Value& value() const { return value_; }

 private:
  const Value* item_ = nullptr;
  const JsonNode* node_ = nullptr;
  uint32_t left_;
  Value value_;
};
// Entries in order of writing; of a JSON object's duplicate keys only the last counts.
class MapCursor {
 public:
  explicit MapCursor(const Value& map);
  bool Next();
  const Value& key() const { return key_; }
  const Value& value() const { return value_; }

 private:
  const MapEntry* entry_ = nullptr;
  const JsonNode* node_ = nullptr;
  uint32_t left_;
  Value key_;
  Value value_;
};

// CEL heterogeneous equality: numbers by mathematical value, different kinds unequal, NaN unequal to itself.
bool Equal(const Value& a, const Value& b);
// -1, 0, 1 for comparable kinds; 2 when unordered (NaN); 3 when there is no ordering between these kinds.
int Compare(const Value& a, const Value& b);

// The printed forms: for messages (strings bare, lists and maps as JSON-like text) and as a CEL literal.
// `enough`: bytes after which the rest of a list, map or text may be left out, since lists can share parts and be far longer
// than they look.
std::string ToMessageText(const Value& value, size_t enough = SIZE_MAX);
std::string ToCelText(const Value& value, size_t enough = SIZE_MAX);
// Bytes of a key or another value that an error shows.
inline constexpr size_t kShownBytes = 200;
// The first `most` bytes of a text, or fewer, so that no character is cut.
std::string_view Beginning(std::string_view text, size_t most);

}  // namespace edict

#endif  // EDICT_RUNTIME_VALUE_VALUE_H_
