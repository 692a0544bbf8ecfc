#include "compiler/ir/plan_reader.h"

#include <utility>

#include "compiler/ir/text.h"

namespace edict::ir {

void PlanReader::Read(const EventType* event, std::vector<Check>& checks, std::vector<Effect>* effects) {
  nodes_.Begin(event);
  while (!in_.failed() && in_.Indented()) {
    Line(checks, effects);
    in_.EndLine();
  }
}

void PlanReader::Line(std::vector<Check>& checks, std::vector<Effect>* effects) {
  if (nodes_.TakeDefinition()) return;
  bool effects_began = effects != nullptr && !effects->empty();
  bool in_check = !checks.empty() && !effects_began;
  if (in_.AtWord("check")) {
    if (effects_began) in_.Fail("checks come before effects");
    checks.push_back(CheckHead());
    return;
  }
  if (in_.AtWord("when")) {
    bool fits = in_check && checks.back().guard == kNone && checks.back().clauses.empty();
    if (!fits) in_.Fail("there is no check that this belongs to");
    in_.NeedWord("when");
    NodeId guard = nodes_.Expression();
    if (!in_.failed()) checks.back().guard = guard;
    return;
  }
  std::vector<Loop> loops = Loops();
  if (in_.AtWord("require")) {
    if (!in_check) in_.Fail("there is no check that this belongs to");
    Clause clause = OneClause(std::move(loops));
    if (!in_.failed()) checks.back().clauses.push_back(std::move(clause));
    return;
  }
  if (effects == nullptr) in_.Fail("expected a check");
  Effect effect = OneEffect(std::move(loops));
  if (!in_.failed()) effects->push_back(std::move(effect));
}

Check PlanReader::CheckHead() {
  in_.NeedWord("check");
  Check check;
  check.code = ReadReference(in_, p_.codes, &Code::code, "a code");
  in_.NeedWord("order");
  check.order = in_.Index();
  if (in_.TakeWord("after")) {
    do {
      check.after.push_back(ReadReference(in_, p_.codes, &Code::code, "a code"));
    } while (in_.Take(","));
  }
  check.span = Place();
  return check;
}

uint32_t PlanReader::Place() {
  if (!in_.TakeWord("from")) return kNone;
  std::string name = in_.String("a file's name");
  in_.Need(":");
  Span span;
  span.line = in_.Index();
  in_.Need(":");
  span.column = in_.Index();
  if (in_.failed()) return kNone;
  auto [file, new_file] = files_.emplace(name, static_cast<uint32_t>(p_.files.size()));
  if (new_file) p_.files.push_back(name);
  span.file = file->second;
  auto [known, new_span] = spans_.emplace(std::tuple(span.file, span.line, span.column), static_cast<uint32_t>(p_.spans.size()));
  if (new_span) p_.spans.push_back(span);
  return known->second;
}

std::vector<Loop> PlanReader::Loops() {
  std::vector<Loop> loops;
  while (!in_.failed() && in_.TakeWord("for")) {
    Loop loop;
    loop.element = nodes_.Local();
    if (in_.Take(",")) loop.index = nodes_.Local();
    in_.NeedWord("in");
    loop.range = nodes_.Expression();
    loop.known = in_.TakeWord("at");
    if (loop.known || in_.TakeWord("near")) loop.path = Path();
    loops.push_back(std::move(loop));
  }
  return loops;
}

Blame PlanReader::Path() {
  Blame blame;
  if (in_.TakeWord("loop")) {
    blame.base_loop = in_.Index();
  } else if (in_.PeekToken() != '/') {
    in_.Fail("expected a path");
  }
  while (in_.TakeNow("/")) {
    BlameStep step;
    if (in_.TakeNow("[")) {
      step.node = nodes_.Expression();
      in_.Need("]");
    } else if (in_.Peek() == '"' || IsWordChar(in_.Peek())) {
      step.key = b_.StringConstant(in_.Name("a key"));
    } else {
      break;  // the event itself
    }
    blame.steps.push_back(step);
  }
  return blame;
}

Message PlanReader::OneMessage() {
  Message message;
  message.parts.emplace_back();
  in_.Need("\"");
  while (!in_.failed() && !in_.TakeNow("\"")) {
    if (in_.TakeNow("{")) {
      message.nodes.push_back(nodes_.Expression());
      in_.Need("}");
      message.parts.emplace_back();
    } else {
      in_.StringPart(message.parts.back());
    }
  }
  return message;
}

Clause PlanReader::OneClause(std::vector<Loop> loops) {
  in_.NeedWord("require");
  Clause clause;
  clause.loops = std::move(loops);
  clause.condition = nodes_.Expression();
  if (in_.TakeWord("at")) clause.blame = Path();
  in_.NeedWord("else");
  clause.message = OneMessage();
  clause.span = Place();
  return clause;
}

Effect PlanReader::OneEffect(std::vector<Loop> loops) {
  Effect effect;
  effect.loops = std::move(loops);
  effect.kind = static_cast<EffectKind>(in_.OneOf(kEffectWords, "a check or an effect"));
  if (effect.kind == EffectKind::kScopeOpen || effect.kind == EffectKind::kScopeClose) {
    effect.target = ReadReference(in_, p_.scopes, &Scope::name, "a scope");
  } else if (effect.kind == EffectKind::kWindowAdd) {
    effect.target = ReadReference(in_, p_.windows, &Window::name, "a window");
  } else if (effect.kind == EffectKind::kArm || effect.kind == EffectKind::kDisarm) {
    effect.target = ReadReference(in_, p_.timers, &Timer::name, "a sequence or deadline");
  } else if (effect.kind == EffectKind::kLifeSet) {
    effect.target = ReadReference(in_, p_.lifecycles, &Lifecycle::name, "a lifecycle");
  } else if (effect.kind == EffectKind::kKeep) {
    effect.target = ReadReference(in_, p_.lifecycles, &Lifecycle::name, "a lifecycle");
    if (!in_.failed()) effect.member = ReadReference(in_, p_.lifecycles[effect.target].keeps, &Keep::name, "a keep");
  } else if (effect.kind >= EffectKind::kDocumentSet) {
    effect.target = ReadReference(in_, p_.documents, &Document::name, "a document");
  } else {
    effect.target = ReadReference(in_, p_.cells, &Cell::name, "a cell");
  }
  while (!in_.failed() && in_.Take("[")) {
    effect.keys.push_back(nodes_.Expression());
    in_.Need("]");
  }
  effect.optional_value = in_.Take("?=");
  if (effect.optional_value || in_.Take("=")) effect.value = nodes_.Expression();
  if (in_.TakeWord("when")) effect.guard = nodes_.Expression();
  if (in_.TakeWord("else")) effect.code = ReadReference(in_, p_.codes, &Code::code, "a code");
  effect.span = Place();
  return effect;
}

}  // namespace edict::ir
