// Documents: an effect for each event that sets or changes one, and of a patch a check, whether it applies.
#include "compiler/lower/lowerer.h"
#include "compiler/sema/signatures.h"

namespace edict::lower {

using sema::TypeKind;

void Lowerer::DeclareDocument(const ast::DocumentDecl& decl, const Placed& placed) {
  const Site site{placed.file, placed.scope, "document " + decl.name.text};
  Document document;
  document.name = decl.name.text;
  document.scope = placed.scope;
  document.span = AddSpan(decl.name.span);
  if (decl.scope) {
    const auto scope = scope_ids_.find(decl.scope->text);
    if (scope == scope_ids_.end()) {
      Report(diag::Code::kUnknownName, decl.scope->span, "there is no scope \"" + decl.scope->text + "\"");
    } else {
      document.scope = scope->second;
    }
  }
  document.bound = ByteBound(decl.name, decl.bounds, site, "the document has no bound: add \"bound 1_000_000 bytes\"", "a document",
                             document.bound_code);
  sema::Binding binding;
  binding.kind = sema::BindingKind::kDocument;
  binding.id = static_cast<uint32_t>(p_.documents.size());
  binding.type = types_.Basic(TypeKind::kDyn);
  binding.declared = decl.name.span;
  ids_[placed.declaration] = binding.id;
  p_.documents.push_back(std::move(document));
  root_.Bind(decl.name.text, binding);
}

void Lowerer::LowerDocument(const ast::DocumentDecl& decl, const Placed& placed) {
  const auto id = ids_.find(placed.declaration);
  if (id == ids_.end()) return;
  const Site site{placed.file, placed.scope, "document " + decl.name.text};
  for (const ast::DocumentStep& step : decl.steps) LowerDocumentStep(decl, step, site, id->second);
}

void Lowerer::LowerDocumentStep(const ast::DocumentDecl& decl, const ast::DocumentStep& step, const Site& site, uint32_t id) {
  using StepKind = ast::DocumentStep::Kind;
  const std::vector<uint32_t> events = EventsOf(step.on.types, step.on.any);
  const uint32_t order = order_++;
  for (const uint32_t event : events) {
    diag::Diagnostics local;
    sema::CheckContext context = Context(local, site);
    sema::Env env(&root_);
    BindOn(env, step.on, event, events);
    Effect effect;
    effect.kind = step.kind == StepKind::kSet     ? EffectKind::kDocumentSet
                  : step.kind == StepKind::kPatch ? EffectKind::kDocumentPatch
                                                  : EffectKind::kDocumentForget;
    effect.target = id;
    effect.span = AddSpan(step.span);
    effect.guard = LowerWhen(step.when, env, context);
    bool sound = true;
    if (step.value != nullptr) {
      const sema::TypeRef want = step.kind == StepKind::kPatch ? types_.List(types_.Basic(TypeKind::kDyn)) : nullptr;
      const sema::Checked value = sema::CheckExpr(context, *step.value, env, want);
      sound = value.ok();
      effect.value = value.node;
    }
    if (sound) {
      if (step.kind == StepKind::kPatch) {
        Check check = PatchCheck(decl, step, site, effect, env, context);
        check.order = order;
        effect.code = check.code;
        p_.events[event].checks.push_back(std::move(check));
      }
      const size_t first = p_.events[event].effects.size();
      p_.events[event].effects.push_back(std::move(effect));
      context.on_dependency(DepKind::kWritesState, "document " + decl.name.text);
      DependOnEventTree(site, event, p_.events[event].effects, first);
    }
    Merge(local);
  }
}

// The check that the patch applies to the document as it was before the event. Blames the operation's member in the patch.
Check Lowerer::PatchCheck(const ast::DocumentDecl& decl, const ast::DocumentStep& step, const Site& site, const Effect& effect,
                          const sema::Env& outer, const sema::CheckContext& context) {
  const ir::NodeId fault = b_.Make(Op::kPatchFault, Node::kAny, effect.target, {effect.value});
  const auto part = [&](const char* name, Kind rep) { return b_.Make(Op::kField, rep, b_.StringConstant(name), {fault}); };
  Check check;
  check.guard = effect.guard;
  check.span = effect.span;
  Clause clause;
  clause.condition =
      b_.Make(Op::kCall, Kind::kBool, static_cast<uint32_t>(sema::BuiltinId::kEquals), {fault, b_.Const(Value::Null())});
  if (PathOf(*step.value, outer, context, clause.blame)) {
    clause.blame.steps.push_back({kNone, part("index", Kind::kInt)});
    clause.blame.steps.push_back({kNone, part("member", Node::kAny)});
  } else {
    clause.blame = {};
  }
  if (!step.else_clause) {
    check.code = p_.faults[static_cast<int>(Fault::kEval)];
    clause.message.parts = {"the patch does not apply to document " + decl.name.text + ": ", ""};
    clause.message.nodes = {part("reason", Kind::kString)};
    check.clauses.push_back(std::move(clause));
    return check;
  }
  sema::Env env(&outer);
  for (const char* name : {"reason", "op", "path", "index"}) {
    const bool number = std::string_view(name) == "index";
    sema::Binding binding;
    binding.type = types_.Basic(number ? TypeKind::kInt : TypeKind::kString);
    binding.node = part(name, sema::RepOf(binding.type));
    env.Bind(name, binding);
  }
  const ast::ElseClause& otherwise = *step.else_clause;
  check.code = ElseCode(otherwise, site, decl.name.text);
  if (otherwise.at != nullptr) {
    clause.blame = {};
    if (!PathOf(*otherwise.at, env, context, clause.blame)) {
      context.diagnostics->Report(diag::Code::kBadRule, otherwise.at->span, "\"at\" wants a place in the event, such as e.delta");
    }
  }
  clause.message = LowerMessage(otherwise.message, otherwise.code.text, env, context);
  check.clauses.push_back(std::move(clause));
  return check;
}

// A patch that does not apply is not said under a code that the profile switched off.
void Lowerer::SilencePatches() {
  for (EventType& event : p_.events) {
    for (Effect& effect : event.effects) {
      if (effect.code != kNone && off_.count(p_.codes[effect.code].code) != 0) effect.code = kNone;
    }
  }
}

}  // namespace edict::lower
