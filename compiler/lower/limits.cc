// What a rule set may cost as a whole (source/limits.h).
#include "compiler/ir/roots.h"
#include "compiler/ir/tree_sizes.h"
#include "compiler/lower/lowerer.h"

namespace edict::lower {
namespace {

source::Span PlaceOf(const ast::Declaration& declaration) {
  return std::visit([](const auto& item) { return item.span; }, declaration.item);
}

}  // namespace

bool Lowerer::TooManyDeclarations() {
  if (placed_.size() <= input_.limits.rules) return false;
  Report(diag::Code::kTooManyRules, PlaceOf(*placed_[input_.limits.rules].declaration),
         "there are more than " + std::to_string(input_.limits.rules) + " declarations");
  return true;
}

bool Lowerer::TooManyChecks(const Placed& placed) {
  if (planned_ <= input_.limits.checks) return false;
  Report(diag::Code::kTooManyRules, PlaceOf(*placed.declaration),
         "rules, handlers and transitions, counted for each event type that they stand on, are more than " +
             std::to_string(input_.limits.checks));
  return true;
}

// A `let` is one node however often it is used, but is evaluated at each use: what no single expression shows, the plan does.
void Lowerer::CheckSizes() {
  const std::vector<uint32_t> sizes = ir::TreeSizes(p_);
  uint32_t last = kNone;  // a rule is said once, not for each event type
  auto check = [&](const auto& item) {
    bool large = false;
    ir::VisitRoots(item, [&](uint32_t node) { large = large || sizes[node] > input_.limits.expression_size; });
    if (!large || item.span == last || item.span == kNone) return;
    last = item.span;
    const Span& span = p_.spans[item.span];
    Report(diag::Code::kExpressionTooLarge, {span.file, span.begin, span.end},
           "with each let counted where it is used, an expression has more than " + std::to_string(input_.limits.expression_size) +
               " operations");
  };
  for (const EventType& event : p_.events) {
    for (const Check& item : event.checks) check(item);
    for (const Effect& item : event.effects) check(item);
  }
  for (const Check& item : p_.end_checks) check(item);
  for (const Timer& timer : p_.timers) {
    for (const Check& item : timer.expiry) check(item);
  }
  for (const ReloadClause& reload : p_.reloads) {
    if (reload.value == kNone || sizes[reload.value] <= input_.limits.expression_size) continue;
    const Span& span = p_.spans[p_.cells[reload.target].span];
    Report(diag::Code::kExpressionTooLarge, {span.file, span.begin, span.end},
           "what is migrated takes more than " + std::to_string(input_.limits.expression_size) + " operations");
  }
}

}  // namespace edict::lower
