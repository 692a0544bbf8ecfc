#include "runtime/json/pointer.h"

#include <charconv>

namespace edict {
namespace {

// Takes the next reference token off `rest` (which starts with '/') and unescapes it; false if it is malformed.
bool NextToken(std::string_view& rest, std::string& token) {
  token.clear();
  size_t i = 1;
  for (; i < rest.size() && rest[i] != '/'; ++i) {
    if (rest[i] != '~') {
      token.push_back(rest[i]);
      continue;
    }
    if (i + 1 >= rest.size() || (rest[i + 1] != '0' && rest[i + 1] != '1')) return false;
    token.push_back(rest[++i] == '0' ? '~' : '/');
  }
  rest.remove_prefix(i);
  return true;
}

// RFC 6901 section 4: "0", or digits without a leading zero.
const JsonNode* Element(const JsonNode& array, std::string_view token) {
  uint32_t index = 0;
  if (token.empty() || (token.size() > 1 && token[0] == '0')) return nullptr;
  auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), index);
  if (error != std::errc() || end != token.data() + token.size() || index >= array.size) return nullptr;
  const JsonNode* node = &array + 1;
  for (; index != 0; --index) node += node->next;
  return node;
}

}  // namespace

bool IsPointer(std::string_view pointer) {
  std::string token;
  while (!pointer.empty()) {
    if (pointer[0] != '/' || !NextToken(pointer, token)) return false;
  }
  return true;
}

const JsonNode* ResolvePointer(const JsonNode& root, std::string_view pointer) {
  const JsonNode* node = &root;
  std::string token;
  while (!pointer.empty()) {
    if (pointer[0] != '/' || !NextToken(pointer, token)) return nullptr;
    if (node->kind == JsonKind::kObject) {
      node = FindMember(*node, token);
    } else if (node->kind == JsonKind::kArray) {
      node = Element(*node, token);
    } else {
      node = nullptr;
    }
    if (node == nullptr) return nullptr;
  }
  return node;
}

void AppendToken(std::string& pointer, std::string_view token) {
  pointer.push_back('/');
  for (char c : token) {
    if (c == '~') {
      pointer += "~0";
    } else if (c == '/') {
      pointer += "~1";
    } else {
      pointer.push_back(c);
    }
  }
}

}  // namespace edict
