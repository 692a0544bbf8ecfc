#include "runtime/state/json_tree.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace edict::json_tree {
namespace {

uint64_t Rounded(uint64_t bytes) { return (bytes + 15) & ~uint64_t{15}; }

bool MeasureAt(const Value& value, uint32_t depth, uint64_t most, Extent& extent) {
  if (depth > kMaxDepth) return false;
  extent.bytes += sizeof(Value);
  ++extent.values;
  extent.height = std::max(extent.height, depth);
  switch (value.kind) {
    case Kind::kNull:
    case Kind::kBool:
    case Kind::kInt:
    case Kind::kUint:
    case Kind::kDouble:
      break;
    case Kind::kString:
      extent.bytes += Rounded(value.size);
      break;
    case Kind::kList:
      extent.bytes += 16;
      for (ListCursor c(value); c.Next();) {
        if (!MeasureAt(c.value(), depth + 1, most, extent)) return false;
      }
      break;
    case Kind::kMap:
      extent.bytes += 16;
      for (MapCursor c(value); c.Next();) {
        if (c.key().kind != Kind::kString) return false;
        extent.bytes += sizeof(Value) + Rounded(c.key().size);
        if (!MeasureAt(c.value(), depth + 1, most, extent)) return false;
      }
      break;
    default:
      return false;
  }
  return extent.bytes <= most;
}

std::vector<std::pair<std::string_view, Value>> Sorted(const Value& map) {
  std::vector<std::pair<std::string_view, Value>> members;
  for (MapCursor c(map); c.Next();) members.emplace_back(c.key().text(), c.value());
  std::sort(members.begin(), members.end(), [](const auto& x, const auto& y) { return x.first < y.first; });
  return members;
}

bool SameMembers(const Value& a, const Value& b, uint64_t& work) {
  if (MapSize(a) != MapSize(b)) return false;
  bool in_order = true;
  MapCursor y(b);
  for (MapCursor x(a); in_order && x.Next() && y.Next();) in_order = x.key().text() == y.key().text();
  if (in_order) {
    MapCursor other(b);
    for (MapCursor x(a); x.Next() && other.Next();) {
      if (!Same(x.value(), other.value(), work)) return false;
    }
    return true;
  }
  const auto left = Sorted(a);
  const auto right = Sorted(b);
  work += left.size();
  for (size_t i = 0; i < left.size(); ++i) {
    if (left[i].first != right[i].first || !Same(left[i].second, right[i].second, work)) return false;
  }
  return true;
}

}  // namespace

bool Measure(const Value& value, uint64_t most, Extent& extent) {
  Extent own;
  const bool fits = MeasureAt(value, 0, most, own);
  extent.bytes += own.bytes;
  extent.values += own.values;
  extent.height = std::max(extent.height, own.height);
  return fits;
}

Value Memory::Copy(const Value& value) {
  switch (value.kind) {
    case Kind::kString:
      return Value::String(Text(value.text()));
    case Kind::kList: {
      if (value.size == 0) return Value::List(nullptr, 0);
      Value* block = Block(value.size, 1);
      uint32_t n = 0;
      for (ListCursor c(value); c.Next();) block[n++] = Copy(c.value());
      return Value::List(block, n);
    }
    case Kind::kMap: {
      if (value.size == 0) return Value::Map(nullptr, 0);
      Value* block = Block(value.size, 2);
      uint32_t n = 0;
      for (MapCursor c(value); c.Next(); ++n) {
        block[size_t{2} * n] = Value::String(Text(c.key().text()));
        block[size_t{2} * n + 1] = Copy(c.value());
      }
      return Value::Map(reinterpret_cast<const MapEntry*>(block), n);
    }
    default:
      return value;
  }
}

bool Same(const Value& a, const Value& b, uint64_t& work) {
  ++work;
  if (a.kind == Kind::kList && b.kind == Kind::kList) {
    if (ListSize(a) != ListSize(b)) return false;
    ListCursor y(b);
    for (ListCursor x(a); x.Next() && y.Next();) {
      if (!Same(x.value(), y.value(), work)) return false;
    }
    return true;
  }
  if (a.kind == Kind::kMap && b.kind == Kind::kMap) return SameMembers(a, b, work);
  if (a.kind == Kind::kString) work += a.size / 64;
  return Equal(a, b);
}

}  // namespace edict::json_tree
