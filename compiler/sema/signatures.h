// The builtin table (runtime/program/builtins.def) as types.
#ifndef EDICT_COMPILER_SEMA_SIGNATURES_H_
#define EDICT_COMPILER_SEMA_SIGNATURES_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/sema/types.h"

namespace edict::sema {

// Overload ids: BuiltinId::kAddInt ... .
enum class BuiltinId : uint32_t {
#define EDICT_BUILTIN(symbol, function, scope, signature, cost) k##symbol,
#include "runtime/program/builtins.def"
#undef EDICT_BUILTIN
};

struct Signature {
  uint32_t id = 0;
  std::string text;
  std::vector<TypeRef> params;
  TypeRef result = nullptr;
};

// A type as signatures write it: "list(A)", "map(string,int)", "wrapper(int)", "net.IP". Other names are opaque types, or
// what `named` has for them.
TypeRef ReadType(TypeTable& types, std::string_view text, const std::map<std::string, TypeRef, std::less<>>* named = nullptr);

// One TypeTable's; not to be used by several threads at once, as that.
class Signatures {
 public:
  explicit Signatures(TypeTable& types) : types_(types) {}
  // In order of the table; empty if there is no such function.
  const std::vector<Signature>& Find(std::string_view function, bool member) const;
  bool Exists(std::string_view function) const;
  void AppendNames(std::vector<std::string>& names) const;

 private:
  TypeTable& types_;
  // Read when first asked for: an expression uses few of the hundreds.
  mutable std::map<std::string_view, std::vector<Signature>> read_[2];  // [member]
};

}  // namespace edict::sema

#endif  // EDICT_COMPILER_SEMA_SIGNATURES_H_
