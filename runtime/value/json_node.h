// The tape of one parsed JSON text: nodes in document order, each knowing how many nodes its subtree spans, so that a
// reader walks or skips without pointers. An object is followed by key node, value subtree, key node ... The tape is
// built by runtime/json and read by everyone through Value. For duplicate keys (RFC 8259 leaves them open) the last wins:
// readers ask kShadowed on the key node of every earlier one.
#ifndef EDICT_RUNTIME_VALUE_JSON_NODE_H_
#define EDICT_RUNTIME_VALUE_JSON_NODE_H_

#include <cstdint>
#include <string_view>

#include "runtime/value/value.h"

namespace edict {

enum class JsonKind : uint8_t { kNull, kBool, kInt, kDouble, kString, kArray, kObject };

struct JsonNode {
  static constexpr uint8_t kShadowed = 1;  // key node: a later member has the same key
  static constexpr uint8_t kUintBits = 2;  // kDouble whose text was an integer beyond int64: `d` holds the rounded value

  JsonKind kind = JsonKind::kNull;
  uint8_t flags = 0;
  uint16_t reserved = 0;
  uint32_t size = 0;  // string: bytes; array: elements; object: members that are not shadowed
  union {
    bool b;
    int64_t i = 0;
    double d;
    const char* s;  // unescaped, WTF-8; in the input when it had no backslash
  };
  uint32_t next = 1;    // nodes of this subtree: the following sibling is this + next
  uint32_t offset = 0;  // byte of the value's first character within the text that was parsed

  std::string_view text() const { return {s, size}; }
};
static_assert(sizeof(JsonNode) == 24);

// A view of the node: strings, lists and maps refer to the tape; integers become int, other numbers double.
Value FromJson(const JsonNode& node);
// The last member of an object with this key, or null.
const JsonNode* FindMember(const JsonNode& object, std::string_view key);

}  // namespace edict

#endif  // EDICT_RUNTIME_VALUE_JSON_NODE_H_
