#include "compiler/sema/type_text.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "compiler/sema/suggest.h"

namespace edict::sema {
namespace {

constexpr int kMaxDepth = 64;  // of types inside each other: bounds recursion

struct Generic {
  TypeKind kind;
  size_t parts;
};

const std::map<std::string_view, TypeKind>& Basics() {
  static const std::map<std::string_view, TypeKind> basics = {
      {"dyn", TypeKind::kDyn},          {"null", TypeKind::kNull},   {"bool", TypeKind::kBool},
      {"int", TypeKind::kInt},          {"uint", TypeKind::kUint},   {"double", TypeKind::kDouble},
      {"string", TypeKind::kString},    {"bytes", TypeKind::kBytes}, {"timestamp", TypeKind::kTimestamp},
      {"duration", TypeKind::kDuration}};
  return basics;
}

const std::map<std::string_view, Generic>& Generics() {
  static const std::map<std::string_view, Generic> generics = {{"list", {TypeKind::kList, 1}},
                                                               {"map", {TypeKind::kMap, 2}},
                                                               {"optional", {TypeKind::kOptional, 1}},
                                                               {"type", {TypeKind::kType, 1}}};
  return generics;
}

class TypeTextReader {
 public:
  TypeTextReader(TypeTable& types, std::string_view text) : types_(types), rest_(text) {}

  Result<TypeRef> Read() {
    Result<TypeRef> type = Type(0);
    if (!type.ok()) return type;
    Space();
    if (!rest_.empty()) return Error{"\"" + std::string(rest_) + "\" follows the type"};
    return type;
  }

 private:
  void Space() { rest_.remove_prefix(std::min(rest_.size(), rest_.find_first_not_of(" \t"))); }
  bool Take(char c) {
    Space();
    if (rest_.empty() || rest_[0] != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  Result<TypeRef> Type(int depth) {
    if (depth > kMaxDepth) return Error{"the type is nested more than " + std::to_string(kMaxDepth) + " deep"};
    Space();
    std::string_view name = rest_.substr(0, rest_.find_first_of(" \t,()"));
    rest_.remove_prefix(name.size());
    if (auto basic = Basics().find(name); basic != Basics().end()) return types_.Basic(basic->second);
    if (name == "net.IP" || name == "net.CIDR") return types_.Opaque(name);
    auto generic = Generics().find(name);
    if (generic == Generics().end()) return Unknown(name);
    Result<std::vector<TypeRef>> parts = Parts(generic->second.parts, name, depth);
    if (!parts.ok()) return parts.error();
    return types_.Make(generic->second.kind, std::move(parts.value()));
  }

  Result<std::vector<TypeRef>> Parts(size_t count, std::string_view name, int depth) {
    std::vector<TypeRef> parts;
    if (!Take('(')) return std::vector<TypeRef>(count, types_.Basic(TypeKind::kDyn));
    do {
      Result<TypeRef> part = Type(depth + 1);
      if (!part.ok()) return part.error();
      parts.push_back(part.value());
    } while (Take(','));
    if (!Take(')')) return Error{"a ) is missing in " + std::string(name) + "(...)"};
    if (parts.size() != count) {
      return Error{std::string(name) + " is of " + (count == 1 ? "one type" : "two types, key and value") + ", not " +
                   std::to_string(parts.size())};
    }
    return parts;
  }

  static Error Unknown(std::string_view name) {
    std::vector<std::string> names = {"net.IP", "net.CIDR"};
    for (const auto& basic : Basics()) names.emplace_back(basic.first);
    for (const auto& generic : Generics()) names.emplace_back(generic.first);
    return Error{"there is no type \"" + std::string(name) + "\"" + DidYouMean(name, names)};
  }

  TypeTable& types_;
  std::string_view rest_;
};

}  // namespace

Result<TypeRef> ParseTypeText(TypeTable& types, std::string_view text) { return TypeTextReader(types, text).Read(); }

}  // namespace edict::sema
