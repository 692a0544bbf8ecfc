// What lifecycles keep for each key: one effect for each event that changes it, after the transition.
#include <algorithm>

#include "compiler/lower/lowerer.h"
#include "compiler/sema/signatures.h"

namespace edict::lower {

using sema::TypeKind;

namespace {

// Names that mean something else where the keep is read.
bool IsTaken(const std::string& name) {
  return name == "e" || name == "state" || name == "count" || name == "keys" || name.rfind("key", 0) == 0;
}

bool IsFixedSize(TypeKind kind) {
  return kind == TypeKind::kBool || kind == TypeKind::kInt || kind == TypeKind::kUint || kind == TypeKind::kDouble ||
         kind == TypeKind::kTimestamp || kind == TypeKind::kDuration;
}

}  // namespace

void Lowerer::DeclareKeep(const ast::KeepDecl& decl, const Site& site, Keep& keep, sema::Binding& binding) {
  sema::KeepBinding own;
  own.name = keep.name;
  if (decl.type == nullptr) {
    own.type = types_.Basic(TypeKind::kString);
    keep.bound = ByteBound(decl.name, decl.bounds, site, "the text has no bound: add \"bound 64_000 bytes\"", "a text that is kept",
                           keep.bound_code);
  } else {
    own.type = ValueType(*decl.type);
    if (own.type->kind != TypeKind::kError && !IsFixedSize(own.type->kind)) {
      Report(
          diag::Code::kBadType, decl.type->span,
          "a lifecycle keeps numbers, bools, timestamps and durations; a text is kept by \"keep " + keep.name + " chars = ...\"");
      own.type = types_.Basic(TypeKind::kError);
    }
    std::optional<Value> initial = Constant(*decl.initial, root_, own.type, site);
    keep.rep = sema::RepOf(own.type);
    if (initial) keep.initial = b_.Constant(*initial);
  }
  binding.keeps.push_back(std::move(own));
}

void Lowerer::DeclareKeeps(const ast::LifecycleDecl& decl, const Site& site, Lifecycle& lifecycle, sema::Binding& binding) {
  for (const ast::KeepDecl& keep : decl.keeps) {
    const auto same = [&](const Keep& other) { return other.name == keep.name.text; };
    if (IsTaken(keep.name.text) || std::any_of(lifecycle.keeps.begin(), lifecycle.keeps.end(), same)) {
      Report(diag::Code::kDuplicateName, keep.name.span, "\"" + keep.name.text + "\" already means something in a lifecycle");
      continue;
    }
    Keep out;
    out.name = keep.name.text;
    out.span = AddSpan(keep.name.span);
    DeclareKeep(keep, site, out, binding);
    lifecycle.keeps.push_back(std::move(out));
  }
}

// `text` and `text.complete`, as messages and conditions of the lifecycle read them.
void Lowerer::BindKeeps(uint32_t id, const sema::Binding& lifecycle, const std::vector<uint32_t>& keys, sema::Env& env) {
  for (size_t i = 0; i < lifecycle.keeps.size(); ++i) {
    const sema::KeepBinding& keep = lifecycle.keeps[i];
    sema::Binding binding;
    binding.type = keep.type;
    binding.node = b_.Make(Op::kLifeKeep, sema::RepOf(keep.type), id, keys, static_cast<uint32_t>(i));
    env.Bind(keep.name, binding);
    if (keep.type->kind != TypeKind::kString) continue;
    binding.type = types_.Basic(TypeKind::kBool);
    binding.node = b_.Make(Op::kLifeComplete, Kind::kBool, id, keys, static_cast<uint32_t>(i));
    env.Bind(keep.name + ".complete", binding);
  }
}

void Lowerer::LowerKeepStep(const ast::KeepStep& step, const sema::Binding& lifecycle, Effect effect, uint32_t event,
                            const sema::Env& outer, const sema::CheckContext& context) {
  sema::Env env(&outer);
  if (step.when != nullptr) {
    sema::Checked when = sema::CheckExpr(context, *step.when, env, types_.Basic(TypeKind::kBool));
    if (!when.ok()) return;
    sema::Assume(env, sema::FactsWhen(*step.when, true, env));
    effect.guard = effect.guard == kNone ? when.node : b_.And(effect.guard, when.node);
  }
  const sema::TypeRef type = lifecycle.keeps[effect.member].type;
  const bool set = step.op == ast::AssignStatement::Op::kSet;
  const bool integer = type->kind == TypeKind::kInt;
  if (!set && !integer && type->kind != TypeKind::kDouble) {
    context.diagnostics->Report(
        diag::Code::kBadAssignment, step.value->span,
        type->kind == TypeKind::kString ? "a text is kept by =, which appends" : "only numbers can be added to");
    return;
  }
  sema::Checked value = type->kind == TypeKind::kString ? CheckOptionalValue(*step.value, env, context, type)
                                                        : sema::CheckExpr(context, *step.value, env, type);
  if (!value.ok()) return;
  effect.value = value.node;
  if (!set) {
    const bool add = step.op == ast::AssignStatement::Op::kAdd;
    const auto function = integer ? (add ? sema::BuiltinId::kAddInt : sema::BuiltinId::kSubtractInt)
                                  : (add ? sema::BuiltinId::kAddDouble : sema::BuiltinId::kSubtractDouble);
    const ir::NodeId current = b_.Make(Op::kLifeKeep, sema::RepOf(type), effect.target, effect.keys, effect.member);
    effect.value = b_.Make(Op::kCall, sema::RepOf(type), static_cast<uint32_t>(function), {current, value.node});
  }
  p_.events[event].effects.push_back(std::move(effect));
}

void Lowerer::LowerKeeps(const ast::LifecycleDecl& decl, uint32_t id, uint32_t event, const std::vector<uint32_t>& keys,
                         uint32_t guard, const sema::Env& env, const sema::CheckContext& context) {
  const sema::Binding* lifecycle = root_.Find(decl.name.text);
  const std::string& name = p_.events[event].name;
  for (const ast::KeepDecl& keep : decl.keeps) {
    const auto& keeps = lifecycle->keeps;
    const auto found =
        std::find_if(keeps.begin(), keeps.end(), [&](const sema::KeepBinding& own) { return own.name == keep.name.text; });
    if (found == keeps.end()) continue;  // reported with the declaration
    for (const ast::KeepStep& step : keep.steps) {
      const auto on_event = [&](const ast::Name& type) { return type.text == name; };
      if (std::none_of(step.events.begin(), step.events.end(), on_event)) continue;
      context.on_dependency(DepKind::kWritesState, "lifecycle " + decl.name.text);
      Effect effect;
      effect.kind = EffectKind::kKeep;
      effect.target = id;
      effect.member = static_cast<uint32_t>(found - keeps.begin());
      effect.keys = keys;
      effect.guard = guard;
      effect.span = AddSpan(step.span);
      LowerKeepStep(step, *lifecycle, std::move(effect), event, env, context);
    }
  }
}

}  // namespace edict::lower
