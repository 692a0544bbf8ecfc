#include "compiler/sema/signatures.h"

#include <array>
#include <iterator>

namespace edict::sema {
namespace {

enum Scope { kGlobal, kMember };

struct Row {
  const char* function;
  Scope scope;
  const char* signature;
};
constexpr Row kRows[] = {
#define EDICT_BUILTIN(symbol, function, scope, signature, cost) {function, scope, signature},
#include "runtime/program/builtins.def"
#undef EDICT_BUILTIN
};

using RowsByName = std::map<std::string_view, std::vector<uint32_t>>;

const RowsByName& RowsOf(bool member) {
  static const std::array<RowsByName, 2> by_scope = [] {
    std::array<RowsByName, 2> rows;
    for (uint32_t id = 0; id < std::size(kRows); ++id) rows[kRows[id].scope == kMember ? 1 : 0][kRows[id].function].push_back(id);
    return rows;
  }();
  return by_scope[member ? 1 : 0];
}

// Reads "list(A), int -> A".
class SignatureReader {
 public:
  SignatureReader(TypeTable& types, std::string_view text, const std::map<std::string, TypeRef, std::less<>>* named = nullptr)
      : types_(types), named_(named), rest_(text) {}

  Signature Read() {
    Signature signature;
    while (!Take("->")) {
      signature.params.push_back(Type());
      Take(",");
    }
    signature.result = Type();
    return signature;
  }
  TypeRef Type() {
    Space();
    size_t end = rest_.find_first_of(" ,()");
    std::string_view name = rest_.substr(0, end);
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end);
    std::vector<TypeRef> args;
    if (Take("(")) {
      do args.push_back(Type());
      while (Take(","));
      Take(")");
    }
    return Named(name, std::move(args));
  }

 private:
  void Space() {
    while (!rest_.empty() && rest_[0] == ' ') rest_.remove_prefix(1);
  }
  bool Take(std::string_view token) {
    Space();
    if (rest_.substr(0, token.size()) != token) return false;
    rest_.remove_prefix(token.size());
    return true;
  }
  TypeRef Named(std::string_view name, std::vector<TypeRef> args) {
    static const std::map<std::string_view, TypeKind> kBasic = {
        {"dyn", TypeKind::kDyn},          {"null", TypeKind::kNull},   {"bool", TypeKind::kBool},
        {"int", TypeKind::kInt},          {"uint", TypeKind::kUint},   {"double", TypeKind::kDouble},
        {"string", TypeKind::kString},    {"bytes", TypeKind::kBytes}, {"timestamp", TypeKind::kTimestamp},
        {"duration", TypeKind::kDuration}};
    auto basic = kBasic.find(name);
    if (basic != kBasic.end()) return types_.Basic(basic->second);
    TypeRef dyn = types_.Basic(TypeKind::kDyn);
    if (args.empty() && (name == "list" || name == "optional" || name == "type")) args = {dyn};
    if (args.empty() && name == "map") args = {dyn, dyn};
    if (name == "list") return types_.Make(TypeKind::kList, std::move(args));
    if (name == "map") return types_.Make(TypeKind::kMap, std::move(args));
    if (name == "optional") return types_.Make(TypeKind::kOptional, std::move(args));
    if (name == "type") return types_.Make(TypeKind::kType, std::move(args));
    if (name == "wrapper") return types_.Make(TypeKind::kWrapper, std::move(args));
    if (named_ != nullptr) {
      auto found = named_->find(name);
      if (found != named_->end()) return found->second;
    }
    if (name.size() == 1) return types_.Param(name);
    return types_.Opaque(name);
  }

  TypeTable& types_;
  const std::map<std::string, TypeRef, std::less<>>* named_;
  std::string_view rest_;
};

}  // namespace

TypeRef ReadType(TypeTable& types, std::string_view text, const std::map<std::string, TypeRef, std::less<>>* named) {
  return SignatureReader(types, text, named).Type();
}

const std::vector<Signature>& Signatures::Find(std::string_view function, bool member) const {
  static const std::vector<Signature> kNothing;
  const RowsByName& rows = RowsOf(member);
  auto found = rows.find(function);
  if (found == rows.end()) return kNothing;
  std::vector<Signature>& signatures = read_[member ? 1 : 0][found->first];
  if (!signatures.empty()) return signatures;
  for (uint32_t id : found->second) {
    signatures.push_back(SignatureReader(types_, kRows[id].signature).Read());
    signatures.back().id = id;
    signatures.back().text = kRows[id].signature;
  }
  return signatures;
}

bool Signatures::Exists(std::string_view function) const {
  return RowsOf(false).count(function) != 0 || RowsOf(true).count(function) != 0;
}

void Signatures::AppendNames(std::vector<std::string>& names) const {
  for (bool member : {false, true}) {
    for (const auto& item : RowsOf(member)) names.emplace_back(item.first);
  }
}

}  // namespace edict::sema
