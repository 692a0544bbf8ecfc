// What is legal but surely not meant.
#include <algorithm>

#include "compiler/lower/lowerer.h"
#include "runtime/interp/interp.h"

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
    std::string word;
    const ast::Name* name = nullptr;
    if (const auto* state = std::get_if<ast::StateDecl>(&placed.declaration->item)) {
      word = "state";
      name = &state->name;
    } else if (const auto* window = std::get_if<ast::WindowDecl>(&placed.declaration->item)) {
      word = "window";
      name = &window->name;
    } else if (const auto* timer = std::get_if<ast::TimerDecl>(&placed.declaration->item)) {
      if (timer->else_clause) continue;
      word = "sequence";
      name = &timer->name;
    }
    if (name == nullptr || read.count(word + " " + name->text) != 0) continue;
    bool ours =
        placed.file == &input_.files->back() || (package && placed.file->package && placed.file->package->text == package->text);
    if (ours) Report(diag::Code::kUnreadState, name->span, "no rule or handler reads \"" + name->text + "\"");
  }
}

// Of a group of lines, one that is only tried for states which a line before it always takes.
void Lowerer::WarnShadowedTransitions(const ast::LifecycleDecl& lifecycle) {
  std::map<std::string, std::map<std::string, const ast::TransitionDecl*>> taken;  // by event and state
  for (const ast::TransitionDecl& line : lifecycle.transitions) {
    const ast::TransitionDecl* before = nullptr;
    bool shadowed = !line.events.empty();
    for (const ast::Name& event : line.events) {
      std::map<std::string, const ast::TransitionDecl*>& by_state = taken[event.text];
      for (const ast::Name& from : line.from) {
        auto first = by_state.find("*");
        if (first == by_state.end()) first = by_state.find(from.text);
        shadowed = shadowed && first != by_state.end();
        if (first != by_state.end()) before = first->second;
        if (line.when == nullptr) by_state.emplace(from.text, &line);
      }
    }
    if (!shadowed) continue;
    diag::Diagnostic& d = diagnostics_.Report(diag::Code::kDeadTransition, line.to.span, "an earlier line always comes first");
    d.labels.push_back({before->to.span, "this one"});
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
  for (const ast::TransitionDecl& line : lifecycle.transitions) {
    if (line.to.text == "same" || !reached.insert(line.to.text).second) continue;
    Report(diag::Code::kUnreachableState, line.to.span,
           "\"" + line.to.text + "\" of \"" + lifecycle.name.text + "\" is only reached from states that are never reached");
  }
  WarnShadowedTransitions(lifecycle);
}

// A scope resets what is inside; outside of one, keys that never end fill the lifecycle up.
void Lowerer::WarnEndless(const ast::LifecycleDecl& lifecycle, uint32_t scope) {
  if (scope != kNone) return;
  std::vector<std::string> states;
  std::set<std::string> ends = {"absent"};
  const auto add = [&](const std::string& name) {
    if (name != "*" && name != "same" && name != "absent" && std::count(states.begin(), states.end(), name) == 0)
      states.push_back(name);
  };
  for (const ast::TransitionDecl& line : lifecycle.transitions) {
    for (const ast::Name& from : line.from) add(from.text);
    add(line.to.text);
    if (line.recover) add(line.recover->text);
  }
  for (bool grows = true; grows;) {
    grows = false;
    for (const ast::TransitionDecl& line : lifecycle.transitions) {
      // Recovery is open to every state for which the line does not hold.
      const bool recovers = line.recover && ends.count(line.recover->text) != 0;
      if (!recovers && ends.count(line.to.text) == 0) continue;
      for (const std::string& state : states) {
        const bool from = recovers || std::any_of(line.from.begin(), line.from.end(),
                                                  [&](const ast::Name& name) { return name.text == "*" || name.text == state; });
        if (from) grows = ends.insert(state).second || grows;
      }
    }
  }
  std::string stuck;
  for (const std::string& state : states) {
    if (ends.count(state) == 0) stuck += (stuck.empty() ? "\"" : ", \"") + state + "\"";
  }
  if (stuck.empty()) return;
  Report(diag::Code::kEndlessEntity, lifecycle.name.span,
         "no way leads from " + stuck + " back to absent, and no scope resets \"" + lifecycle.name.text +
             "\": its keys are kept until the bound is reached");
}

// Whether a node is the same on every event, and true.
bool Lowerer::AlwaysTrue(uint32_t node) {
  std::set<uint32_t> seen;
  std::vector<uint32_t> open = {node};
  while (!open.empty()) {
    const uint32_t id = open.back();
    open.pop_back();
    if (!seen.insert(id).second) continue;
    const Node& n = p_.nodes[id];
    const bool fixed =
        n.op == Op::kConst || n.op == Op::kAnd || n.op == Op::kOr || n.op == Op::kNot || n.op == Op::kCond || n.op == Op::kCall;
    if (!fixed) return false;
    for (uint32_t i = 0; i < n.arg_count; ++i) open.push_back(p_.args[n.args + i]);
  }
  Arena arena;
  EvalContext eval;
  eval.arena = &arena;
  eval.program = &p_;
  eval.fuel = 100'000;
  Frame frame;
  frame.program = &p_;
  frame.context = &eval;
  return Evaluate(frame, node).is_true();
}

// A condition on params may well be true under the ones that are set.
bool Lowerer::MentionsParam(const ast::RuleDecl& rule) const {
  for (const Placed& placed : placed_) {
    const auto* param = std::get_if<ast::ParamDecl>(&placed.declaration->item);
    if (param == nullptr) continue;
    for (const ast::RuleItem& item : rule.items) {
      if (Mentions(item, param->name.text)) return true;
    }
  }
  return false;
}

}  // namespace edict::lower
