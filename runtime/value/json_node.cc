#include "runtime/value/json_node.h"

namespace edict {

Value FromJson(const JsonNode& node) {
  Value value;
  switch (node.kind) {
    case JsonKind::kNull:
      return Value::Null();
    case JsonKind::kBool:
      return Value::Bool(node.b);
    case JsonKind::kInt:
      return Value::Int(node.i);
    case JsonKind::kDouble:
      return Value::Double(node.d);
    case JsonKind::kString:
      return Value::String(node.text());
    case JsonKind::kArray:
      value.kind = Kind::kList;
      break;
    case JsonKind::kObject:
      value.kind = Kind::kMap;
      break;
  }
  value.flags = Value::kJson;
  value.size = node.size;
  value.json = &node;
  return value;
}

const JsonNode* FindMember(const JsonNode& object, std::string_view key) {
  const JsonNode* end = &object + object.next;
  for (const JsonNode* node = &object + 1; node != end; node += 1 + node[1].next) {
    if (node->size == key.size() && (node->flags & JsonNode::kShadowed) == 0 && node->text() == key) return node + 1;
  }
  return nullptr;
}

}  // namespace edict
