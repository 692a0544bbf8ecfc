// Functions of the program that embeds the rules: what the rules say of them.
#include "compiler/lower/lowerer.h"
#include "runtime/program/host_function.h"

namespace edict::lower {

void Lowerer::DeclareHostFunctions() {
  for (const Placed& placed : placed_) {
    const auto* decl = std::get_if<ast::HostFnDecl>(&placed.declaration->item);
    if (decl != nullptr) DeclareHostFunction(*decl, Site{placed.file, placed.scope, "host fn " + decl->name.text});
  }
}

void Lowerer::DeclareHostFunction(const ast::HostFnDecl& decl, const Site& site) {
  HostDecl host;
  host.name = decl.name.text;
  host.span = AddSpan(decl.name.span);
  sema::Function function;
  function.host = &decl;
  function.host_id = static_cast<uint32_t>(p_.host_functions.size());
  for (const ast::FnParam& param : decl.params) {
    function.params.push_back(HostType(*param.type));
    host.params.push_back(sema::RepOf(function.params.back()));
  }
  function.result = HostType(*decl.result);
  host.result = sema::RepOf(function.result);
  if (host.params.size() > kMaxHostParams) {
    Report(diag::Code::kTooLarge, decl.params[kMaxHostParams].name.span,
           "a host function takes at most " + std::to_string(kMaxHostParams) + " arguments");
  }
  const std::optional<Value> cost = Constant(*decl.cost, root_, types_.Basic(sema::TypeKind::kInt), site);
  if (cost && (cost->i < 1 || cost->i > int64_t{kMaxHostCost})) {
    Report(diag::Code::kNumberRange, decl.cost->span,
           "a call costs 1 to " + std::to_string(kMaxHostCost) + " steps of fuel, not " + std::to_string(cost->i));
  } else if (cost) {
    host.cost = static_cast<uint32_t>(cost->i);
  }
  p_.host_functions.push_back(std::move(host));
  root_.AddFunction(decl.name.text, std::move(function));
}

// kError, and reported, for what a host function cannot take or give.
sema::TypeRef Lowerer::HostType(const ast::TypeExpr& type) {
  const sema::TypeRef checked = ValueType(type);
  if (checked->kind == sema::TypeKind::kError) return checked;
  if (IsHostKind(sema::RepOf(checked)) && checked == types_.Basic(checked->kind)) return checked;
  Report(diag::Code::kBadType, type.span,
         "a host function takes and gives bool, int, uint, double, string, bytes, timestamp and duration, not " +
             sema::ToText(checked));
  return types_.Basic(sema::TypeKind::kError);
}

// The host function that the expression calls, or one of them; null: none.
const HostDecl* Lowerer::HostIn(uint32_t root) const {
  if (p_.host_functions.empty()) return nullptr;
  std::set<uint32_t> seen;
  std::vector<uint32_t> open = {root};
  while (!open.empty()) {
    const uint32_t id = open.back();
    open.pop_back();
    if (!seen.insert(id).second) continue;
    const Node& node = p_.nodes[id];
    if (node.op == Op::kCallHost) return &p_.host_functions[node.imm];
    open.insert(open.end(), p_.args.begin() + node.args, p_.args.begin() + node.args + node.arg_count);
  }
  return nullptr;
}

}  // namespace edict::lower
