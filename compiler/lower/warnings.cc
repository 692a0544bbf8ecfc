// What is legal but surely not meant.
#include <algorithm>

#include "compiler/lower/lowerer.h"

namespace edict::lower {
namespace {

bool Mentions(const ast::ExprPtr& expr, const std::string& name) {
  if (expr == nullptr) return false;
  if (expr->kind == ast::ExprKind::kIdent && expr->text == name) return true;
  return std::any_of(expr->args.begin(), expr->args.end(), [&](const ast::ExprPtr& arg) { return Mentions(arg, name); });
}

bool Mentions(const ast::Template& text, const std::string& name) {
  return std::any_of(text.exprs.begin(), text.exprs.end(), [&](const ast::ExprPtr& expr) { return Mentions(expr, name); });
}

bool Mentions(const ast::RuleItem& item, const std::string& name) {
  if (const auto* let = std::get_if<ast::LetClause>(&item.item)) return Mentions(let->value, name);
  if (const auto* loop = std::get_if<ast::ForClause>(&item.item)) return Mentions(loop->range, name);
  const auto& require = std::get<ast::RequireClause>(item.item);
  return Mentions(require.condition, name) || Mentions(require.at, name) || Mentions(require.else_message, name);
}

}  // namespace

void Lowerer::WarnUnusedLets(const ast::RuleDecl& rule) {
  for (size_t i = 0; i < rule.items.size(); ++i) {
    const auto* let = std::get_if<ast::LetClause>(&rule.items[i].item);
    if (let == nullptr) continue;
    const std::string& name = let->name.text;
    bool used = Mentions(rule.message, name);
    for (const ast::ExprPtr& redacted : rule.redact) used = used || Mentions(redacted, name);
    for (size_t j = i + 1; j < rule.items.size() && !used; ++j) used = Mentions(rule.items[j], name);
    if (!used) Report(diag::Code::kUnusedLet, let->name.span, "nothing uses \"" + name + "\"");
  }
}

// Of the package that is compiled: others may keep state for their importers.
void Lowerer::WarnUnreadState() {
  if (diagnostics_.has_errors()) return;  // what failed may have been the reader
  std::set<std::string> read;
  for (const Dependency& d : p_.dependencies) {
    if (d.kind == DepKind::kReadsState) read.insert(d.to);
  }
  const std::optional<ast::Name>& package = input_.files->back().package;
  for (const Placed& placed : placed_) {
    const auto* state = std::get_if<ast::StateDecl>(&placed.declaration->item);
    if (state == nullptr || read.count("state " + state->name.text) != 0) continue;
    bool ours =
        placed.file == &input_.files->back() || (package && placed.file->package && placed.file->package->text == package->text);
    if (ours) Report(diag::Code::kUnreadState, state->name.span, "no rule or handler reads \"" + state->name.text + "\"");
  }
}

void Lowerer::WarnDeadTransitions(const ast::LifecycleDecl& lifecycle) {
  std::set<std::string> reached = {"absent", "*"};
  bool grows = true;
  while (grows) {
    grows = false;
    for (const ast::TransitionDecl& line : lifecycle.transitions) {
      bool possible =
          std::any_of(line.from.begin(), line.from.end(), [&](const ast::Name& from) { return reached.count(from.text) != 0; });
      if (possible && line.to.text != "same") grows = reached.insert(line.to.text).second || grows;
      if (line.recover) grows = reached.insert(line.recover->text).second || grows;
    }
  }
  for (const ast::TransitionDecl& line : lifecycle.transitions) {
    for (const ast::Name& from : line.from) {
      if (reached.count(from.text) != 0) continue;
      Report(diag::Code::kDeadTransition, from.span,
             "no transition leads to \"" + from.text + "\" of \"" + lifecycle.name.text + "\"");
    }
  }
}

}  // namespace edict::lower
