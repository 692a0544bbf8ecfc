// `on reload`: what becomes of a declaration's state when these rules take over from others.
#include "compiler/ast/print.h"
#include "compiler/lower/lowerer.h"
#include "compiler/sema/signatures.h"

namespace edict::lower {

using Of = ReloadClause::Of;

void Lowerer::LowerReloads() {
  // None, where the declaration is faulty.
  const auto lower = [this](Of of, const auto& decl, const auto& declared, const Placed& placed) {
    for (uint32_t i = 0; i < declared.size(); ++i) {
      if (declared[i].name != decl.name.text) continue;
      ReloadClause out;
      out.of = of;
      out.target = i;
      LowerReload(decl.reload, out, decl.name.text, placed.file);
      return i;
    }
    return kNone;
  };
  for (const Placed& placed : placed_) {
    const ast::Declaration& d = *placed.declaration;
    if (const auto* state = std::get_if<ast::StateDecl>(&d.item)) lower(Of::kCell, *state, p_.cells, placed);
    if (const auto* document = std::get_if<ast::DocumentDecl>(&d.item)) lower(Of::kDocument, *document, p_.documents, placed);
    if (const auto* window = std::get_if<ast::WindowDecl>(&d.item)) lower(Of::kWindow, *window, p_.windows, placed);
    if (const auto* timer = std::get_if<ast::TimerDecl>(&d.item)) lower(Of::kTimer, *timer, p_.timers, placed);
    const auto* lifecycle = std::get_if<ast::LifecycleDecl>(&d.item);
    if (lifecycle == nullptr) continue;
    const uint32_t id = lower(Of::kLifecycle, *lifecycle, p_.lifecycles, placed);
    for (const ast::KeepDecl& keep : lifecycle->keeps) {
      for (uint32_t i = 0; id != kNone && i < p_.lifecycles[id].keeps.size(); ++i) {
        if (p_.lifecycles[id].keeps[i].name != keep.name.text) continue;
        ReloadClause out;
        out.of = Of::kKeep;
        out.target = id;
        out.member = i;
        LowerReload(keep.reload, out, keep.name.text, placed.file);
      }
    }
  }
}

// `old` is what other rules left, of whatever type.
void Lowerer::LowerReload(const std::optional<ast::ReloadClause>& clause, ReloadClause out, const std::string& of,
                          const ast::File* file) {
  if (!clause) return;
  out.policy = static_cast<ReloadClause::Policy>(clause->policy);
  if (clause->migrate == nullptr) return p_.reloads.push_back(std::move(out));
  if (out.of != Of::kCell || p_.cells[out.target].kind != CellKind::kScalar) {
    Report(diag::Code::kMisplacedClause, clause->span, "only state of one value can be migrated: write keep or reset");
    return;
  }
  const sema::Binding* cell = root_.Find(of);
  if (cell == nullptr) return;
  const uint32_t local = b_.OpenLocal();
  sema::Env env(&root_);
  sema::Binding old;
  old.type = types_.Basic(sema::TypeKind::kDyn);
  old.node = b_.Make(Op::kLocal, sema::RepOf(old.type), local, {});
  env.Bind("old", old);
  Site site{file, kNone, "state " + of};
  const sema::Checked value = sema::CheckExpr(Context(diagnostics_, site), *clause->migrate, env, cell->type);
  b_.CloseLocal(local);
  if (!value.ok()) return;
  if ((p_.nodes[value.node].flags & Node::kReadsState) != 0) {
    Report(diag::Code::kNotConstant, clause->migrate->span, "this must not depend on state");
    return;
  }
  out.value = value.node;
  out.text = ast::Print(*clause->migrate);
  p_.reloads.push_back(std::move(out));
}

}  // namespace edict::lower
