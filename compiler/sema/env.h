// What names mean inside an expression, and which optional paths are known to be there (narrowing).
#ifndef EDICT_COMPILER_SEMA_ENV_H_
#define EDICT_COMPILER_SEMA_ENV_H_

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/sema/types.h"
#include "runtime/program/program.h"

namespace edict::sema {

enum class BindingKind : uint8_t {
  kNode,       // `node` computes it: locals, lets, params (constants)
  kEvent,      // the event: type is its record (slots); dyn(e) gives the whole event
  kScalar,     // state cell `id`; optional: `maybe_unset`
  kSet,        // set cell `id`; type = set's element type in args[0] as list(T)
  kMap,        // map cell `id`; type map(K, V); optional_values for map<K, V?>
  kLifecycle,  // lifecycle `id`; key_types; type = enum of its states
  kScope,      // scope `id`: `run.open`
  kDocument,   // document `id`; a JSON value that may be unknown
  kWindow,     // window `id`; key_types; type = what is read; `dependency`
  kTimer,      // sequence or deadline `id`; key_types; type = bool; `dependency`
};

// What a lifecycle keeps for each key.
struct KeepBinding {
  std::string name;
  TypeRef type = nullptr;
};

struct Binding {
  BindingKind kind = BindingKind::kNode;
  TypeRef type = nullptr;
  uint32_t node = kNone;
  uint32_t id = kNone;
  bool maybe_unset = false;
  bool optional_values = false;
  std::vector<TypeRef> key_types;
  std::vector<KeepBinding> keeps;  // kLifecycle
  std::string dependency;          // "window burst"
  // Loop variables and `let`s that name a place in the event know it, so that `at m.id` gives a path: index of the loop
  // in the enclosing clause, kNone otherwise.
  uint32_t loop = kNone;
  source::Span declared;
};

struct FunctionOverload {
  std::vector<TypeRef> params;  // may hold type parameters
  TypeRef result = nullptr;
  bool member = false;  // called as a method of its first parameter
};

// Functions the user declared: inlined at each call, unless they are the host's. Without `decl` and `host` only the types of
// `overloads` are known.
struct Function {
  const ast::FnDecl* decl = nullptr;
  std::vector<TypeRef> params;
  TypeRef result = nullptr;
  std::vector<FunctionOverload> overloads;
  const ast::HostFnDecl* host = nullptr;  // not null: one of the embedding program,
  uint32_t host_id = kNone;               // of Program::host_functions

  bool HasMethods() const {
    return std::any_of(overloads.begin(), overloads.end(), [](const FunctionOverload& overload) { return overload.member; });
  }
};

// Lexically nested; cheap to copy the pointer to the parent. Lookups go outwards.
class Env {
 public:
  explicit Env(const Env* parent = nullptr) : parent_(parent) {}

  void Bind(const std::string& name, Binding binding) { bindings_[name] = std::move(binding); }
  const Binding* Find(std::string_view name) const;
  // How many levels out the name is bound: 0 here, -1 nowhere.
  int Distance(std::string_view name) const;
  void AddFunction(const std::string& name, Function fn) { functions_[name] = std::move(fn); }
  const Function* FindFunction(std::string_view name) const;
  // The outermost environment: what a file declares.
  const Env* Root() const { return parent_ == nullptr ? this : parent_->Root(); }

  // Facts, as canonical path text such as "e.outcome.type": known present, known not null. A fact ends where its first
  // name is bound anew.
  void AssumePresent(std::string path) { present_.insert(std::move(path)); }
  void AssumeNotNull(std::string path) { not_null_.insert(std::move(path)); }
  bool IsPresent(const std::string& path) const { return Holds(&Env::present_, path); }
  bool IsNotNull(const std::string& path) const { return Holds(&Env::not_null_, path); }

  // Every name visible, for did-you-mean.
  void AppendNames(std::vector<std::string>& names) const;
  // CEL's container for name resolution ("a.b"), inherited.
  std::string container;

 private:
  bool Holds(std::set<std::string> Env::*facts, const std::string& path) const;

  const Env* parent_;
  std::map<std::string, Binding, std::less<>> bindings_;
  std::map<std::string, Function, std::less<>> functions_;
  std::set<std::string> present_;
  std::set<std::string> not_null_;
};

}  // namespace edict::sema

#endif  // EDICT_COMPILER_SEMA_ENV_H_
