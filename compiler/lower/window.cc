// Windows: each event that counts becomes an effect that adds an entry.
#include <algorithm>

#include "compiler/lower/lowerer.h"
#include "compiler/sema/suggest.h"

namespace edict::lower {
namespace {

using sema::TypeKind;

const std::vector<std::string> kFunctions = {"count", "sum", "min", "max", "distinct", "rate"};  // by WindowFunction

}  // namespace

void Lowerer::WindowBounds(const ast::WindowDecl& decl, Window& window, const Site& site) {
  for (const ast::BoundClause& bound : decl.bounds) {
    const std::string unit = bound.unit ? bound.unit->text : "";
    if (unit != "keys" && unit != "entries") {
      Report(diag::Code::kBadWindow, bound.span,
             "a window's bounds are of keys and of entries: \"bound 1_000 keys bound 10_000 entries\"");
      continue;
    }
    std::optional<Value> limit = Constant(*bound.limit, root_, types_.Basic(TypeKind::kInt), site);
    if (!limit) continue;
    if (limit->i <= 0) Report(diag::Code::kMissingBound, bound.limit->span, "a bound is at least 1");
    (unit == "keys" ? window.bound_keys : window.bound_entries) = static_cast<uint64_t>(std::max<int64_t>(limit->i, 1));
    if (bound.else_clause) window.bound_code = ElseCode(*bound.else_clause, site, bound.else_clause->code.text);
  }
  const bool no_keys = !decl.keys.empty() && window.bound_keys == 0;
  if (no_keys || window.bound_entries == 0) {
    const std::string missing = no_keys ? "bound 1_000 keys" : "bound 10_000 entries";
    Report(diag::Code::kMissingBound, decl.name.span, "\"" + decl.name.text + "\" has no bound: add \"" + missing + "\"");
  }
  if (decl.keys.empty()) window.bound_keys = 0;
}

// What reading it gives; also says which numbers it holds.
sema::TypeRef Lowerer::WindowType(const ast::WindowDecl& decl, Window& window, const std::vector<uint32_t>& events,
                                  const Site& site) {
  sema::TypeRef error = types_.Basic(TypeKind::kError);
  size_t function = 0;
  while (function < kFunctions.size() && kFunctions[function] != decl.function.text) ++function;
  if (function == kFunctions.size()) {
    Report(diag::Code::kBadWindow, decl.function.span,
           "a window is a count, sum, min, max, distinct or rate" + sema::DidYouMean(decl.function.text, kFunctions));
    return error;
  }
  window.function = static_cast<WindowFunction>(function);
  const bool counts = window.function == WindowFunction::kCount || window.function == WindowFunction::kRate;
  if (counts != (decl.value == nullptr)) {
    Report(diag::Code::kBadWindow, decl.function.span,
           counts ? decl.function.text + " counts events and takes no value: \"" + decl.function.text + " of A, B\""
                  : decl.function.text + " takes a value: \"" + decl.function.text + " of e.tokens on A, B\"");
    return error;
  }
  if (window.function == WindowFunction::kRate) return types_.Basic(TypeKind::kDouble);
  if (counts) return types_.Basic(TypeKind::kInt);
  sema::TypeRef value = TypeOn(*decl.value, events, diag::Code::kBadWindow, site);
  if (value->kind == TypeKind::kError) return error;
  if (window.function == WindowFunction::kDistinct) {
    const sema::TypeRef plain = value->kind == TypeKind::kOptional ? value->args[0] : value;
    if (plain->kind == TypeKind::kList || plain->kind == TypeKind::kMap || plain->kind == TypeKind::kRecord) {
      Report(diag::Code::kBadWindow, decl.value->span, "only scalar values are told apart, this is " + ToText(value));
      return error;
    }
    return types_.Basic(TypeKind::kInt);
  }
  if (value->kind != TypeKind::kInt && value->kind != TypeKind::kDouble) {
    Report(diag::Code::kBadWindow, decl.value->span, decl.function.text + " wants an int or a double, this is " + ToText(value));
    return error;
  }
  window.rep = sema::RepOf(value);
  return window.function == WindowFunction::kSum ? value : types_.Optional(value);
}

void Lowerer::DeclareWindow(const ast::WindowDecl& decl, const Placed& placed) {
  Site site{placed.file, placed.scope, "window " + decl.name.text};
  Window window;
  window.name = decl.name.text;
  window.key_count = static_cast<uint32_t>(decl.keys.size());
  window.tumbling = decl.tumbling;
  window.scope = placed.scope;
  window.span = AddSpan(decl.name.span);
  NeedsClock(decl.name, "window");
  window.length = SpanOf(decl.length, false, site).value_or(1);
  WindowBounds(decl, window, site);
  const std::vector<uint32_t> events = EventsOnce(decl.events, decl.any);
  sema::Binding binding;
  binding.kind = sema::BindingKind::kWindow;
  binding.id = static_cast<uint32_t>(p_.windows.size());
  binding.type = WindowType(decl, window, events, site);
  binding.key_types = KeyTypesOn(decl.keys, events, diag::Code::kBadWindow, site);
  binding.dependency = site.from;
  binding.declared = decl.name.span;
  p_.windows.push_back(std::move(window));
  root_.Bind(decl.name.text, binding);
}

void Lowerer::LowerWindow(const ast::WindowDecl& decl, const Placed& placed) {
  Site site{placed.file, placed.scope, "window " + decl.name.text};
  const sema::Binding* binding = root_.Find(decl.name.text);
  if (binding == nullptr || binding->kind != sema::BindingKind::kWindow) return;
  const Window& window = p_.windows[binding->id];
  for (uint32_t event : EventsOnce(decl.events, decl.any)) {
    diag::Diagnostics local;
    sema::CheckContext context = Context(local, site);
    sema::Env env(&root_);
    BindEvent(env, "e", event, {event});
    Effect effect;
    effect.kind = EffectKind::kWindowAdd;
    effect.target = binding->id;
    effect.span = AddSpan(decl.name.span);
    if (decl.when != nullptr) {
      effect.guard = sema::CheckExpr(context, *decl.when, env, types_.Basic(TypeKind::kBool)).node;
      sema::Assume(env, sema::FactsWhen(*decl.when, true, env));
    }
    bool sound = LowerKeys(decl.keys, *binding, env, context, effect.keys);
    if (sound && decl.value != nullptr) {
      const bool number = window.rep == Kind::kInt || window.rep == Kind::kDouble;
      sema::TypeRef wanted = number ? types_.Basic(window.rep == Kind::kInt ? TypeKind::kInt : TypeKind::kDouble) : nullptr;
      sema::Checked value = sema::CheckExpr(context, *decl.value, env, wanted);
      sound = value.ok();
      effect.value = value.node;
    }
    if (sound) {
      const size_t first = p_.events[event].effects.size();
      p_.events[event].effects.push_back(std::move(effect));
      DependOnEventTree(site, event, p_.events[event].effects, first);
      context.on_dependency(DepKind::kWritesState, site.from);
    }
    Merge(local);
  }
}

}  // namespace edict::lower
