#include "runtime/value/value.h"

#include <cmath>
#include <cstring>

#include "runtime/value/json_node.h"

namespace edict {
namespace {

constexpr double kTwo63 = 9223372036854775808.0;
constexpr double kTwo64 = 18446744073709551616.0;

int Sign(bool less, bool equal) { return equal ? 0 : less ? -1 : 1; }

template <typename T>
int Order(T a, T b) {
  return Sign(a < b, a == b);
}

int CompareIntDouble(int64_t a, double b) {
  if (std::isnan(b)) return 2;
  if (b >= kTwo63) return -1;
  if (b < -kTwo63) return 1;
  // In range: compare with the integral part, then let the fraction decide.
  auto whole = static_cast<int64_t>(b);
  if (a != whole) return a < whole ? -1 : 1;
  double fraction = b - std::trunc(b);
  return fraction > 0 ? -1 : fraction < 0 ? 1 : 0;
}

int CompareUintDouble(uint64_t a, double b) {
  if (std::isnan(b)) return 2;
  if (b >= kTwo64) return -1;
  if (b < 0) return 1;
  auto whole = static_cast<uint64_t>(b);
  if (a != whole) return a < whole ? -1 : 1;
  return b > std::trunc(b) ? -1 : 0;
}

int Reverse(int order) { return order == -1 || order == 1 ? -order : order; }

int CompareNumbers(const Value& a, const Value& b) {
  if (a.kind == Kind::kDouble && b.kind == Kind::kDouble) {
    if (std::isnan(a.d) || std::isnan(b.d)) return 2;
    return Order(a.d, b.d);
  }
  if (a.kind == b.kind) return a.kind == Kind::kInt ? Order(a.i, b.i) : Order(a.u, b.u);
  if (b.kind == Kind::kDouble) return a.kind == Kind::kInt ? CompareIntDouble(a.i, b.d) : CompareUintDouble(a.u, b.d);
  if (a.kind == Kind::kDouble) return Reverse(CompareNumbers(b, a));
  if (a.kind == Kind::kInt) return a.i < 0 ? -1 : Order(static_cast<uint64_t>(a.i), b.u);
  return Reverse(CompareNumbers(b, a));
}

bool EqualLists(const Value& a, const Value& b) {
  if (ListSize(a) != ListSize(b)) return false;
  ListCursor x(a);
  ListCursor y(b);
  while (x.Next() && y.Next()) {
    if (!Equal(x.value(), y.value())) return false;
  }
  return true;
}

bool EqualMaps(const Value& a, const Value& b) {
  if (MapSize(a) != MapSize(b)) return false;
  for (MapCursor x(a); x.Next();) {
    Value other = MapFind(b, x.key());
    if (other.kind == Kind::kAbsent || !Equal(x.value(), other)) return false;
  }
  return true;
}

}  // namespace

const char* KindName(Kind kind) {
  switch (kind) {
    case Kind::kAbsent:
      return "absent";
    case Kind::kNull:
      return "null_type";
    case Kind::kBool:
      return "bool";
    case Kind::kInt:
      return "int";
    case Kind::kUint:
      return "uint";
    case Kind::kDouble:
      return "double";
    case Kind::kString:
      return "string";
    case Kind::kBytes:
      return "bytes";
    case Kind::kList:
      return "list";
    case Kind::kMap:
      return "map";
    case Kind::kOptional:
      return "optional_type";
    case Kind::kType:
      return "type";
    case Kind::kTimestamp:
      return "google.protobuf.Timestamp";
    case Kind::kDuration:
      return "google.protobuf.Duration";
    case Kind::kError:
      return "error";
  }
  return "unknown";
}

Value MakeError(Arena& arena, ErrorCode code, std::string_view detail) {
  detail = Beginning(detail, kMaxErrorBytes);
  auto* error = static_cast<ErrorValue*>(arena.Allocate(sizeof(ErrorValue)));
  error->code = code;
  error->detail = {arena.Copy(detail), detail.size()};
  Value value;
  value.kind = Kind::kError;
  value.error = error;
  return value;
}

uint32_t ListSize(const Value& list) { return list.size; }

Value ListAt(const Value& list, uint32_t i) {
  if (!list.is_json()) return list.items[i];
  const JsonNode* node = list.json + 1;
  for (; i != 0; --i) node += node->next;
  return FromJson(*node);
}

uint32_t MapSize(const Value& map) { return map.size; }

Value MapFind(const Value& map, const Value& key) {
  if (map.is_json()) return key.kind == Kind::kString ? MapFindString(map, key.text()) : Value::Absent();
  for (uint32_t i = 0; i < map.size; ++i) {
    if (Equal(map.entries[i].key, key)) return map.entries[i].value;
  }
  return Value::Absent();
}

Value MapFindString(const Value& map, std::string_view key) {
  if (map.is_json()) {
    const JsonNode* node = FindMember(*map.json, key);
    return node == nullptr ? Value::Absent() : FromJson(*node);
  }
  for (uint32_t i = 0; i < map.size; ++i) {
    const Value& candidate = map.entries[i].key;
    if (candidate.kind == Kind::kString && candidate.text() == key) return map.entries[i].value;
  }
  return Value::Absent();
}

ListCursor::ListCursor(const Value& list) : left_(list.size) {
  if (list.is_json()) {
    node_ = list.json + 1;
  } else {
    item_ = list.items;
  }
}

bool ListCursor::Next() {
  if (left_ == 0) return false;
  --left_;
  if (node_ != nullptr) {
    value_ = FromJson(*node_);
    node_ += node_->next;
  } else {
    value_ = *item_++;
  }
  return true;
}

MapCursor::MapCursor(const Value& map) : left_(map.size) {
  if (map.is_json()) {
    node_ = map.json + 1;
  } else {
    entry_ = map.entries;
  }
}

bool MapCursor::Next() {
  if (left_ == 0) return false;
  --left_;
  if (node_ == nullptr) {
    key_ = entry_->key;
    value_ = entry_->value;
    ++entry_;
    return true;
  }
  // `size` counts only members that are not shadowed, so one of them is still ahead.
  while ((node_->flags & JsonNode::kShadowed) != 0) node_ += 1 + node_[1].next;
  key_ = Value::String(node_->text());
  value_ = FromJson(node_[1]);
  node_ += 1 + node_[1].next;
  return true;
}

bool Equal(const Value& a, const Value& b) {
  if (a.is_number() && b.is_number()) return CompareNumbers(a, b) == 0;
  if (a.kind != b.kind) return false;
  switch (a.kind) {
    case Kind::kAbsent:
    case Kind::kNull:
      return true;
    case Kind::kBool:
      return a.b == b.b;
    case Kind::kString:
    case Kind::kBytes:
    case Kind::kType:
      return a.flags == b.flags && a.text() == b.text();
    case Kind::kList:
      return EqualLists(a, b);
    case Kind::kMap:
      return EqualMaps(a, b);
    case Kind::kOptional:
      return a.inner == nullptr || b.inner == nullptr ? a.inner == b.inner : Equal(*a.inner, *b.inner);
    case Kind::kTimestamp:
    case Kind::kDuration:
      return a.i == b.i && a.size == b.size;
    default:
      return false;
  }
}

int Compare(const Value& a, const Value& b) {
  if (a.is_number() && b.is_number()) return CompareNumbers(a, b);
  if (a.kind != b.kind) return 3;
  switch (a.kind) {
    case Kind::kBool:
      return Order(a.b, b.b);
    case Kind::kString:
    case Kind::kBytes: {
      int order = a.text().compare(b.text());
      return Sign(order < 0, order == 0);
    }
    case Kind::kTimestamp:
    case Kind::kDuration:
      return a.i != b.i ? Order(a.i, b.i) : Order(a.nanos(), b.nanos());
    default:
      return 3;
  }
}

}  // namespace edict
