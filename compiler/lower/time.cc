// The clock of the event family, lengths of time, and what windows and timers have in common.
#include <algorithm>

#include "compiler/lower/lowerer.h"
#include "compiler/sema/signatures.h"
#include "compiler/sema/suggest.h"

namespace edict::lower {
namespace {

using sema::TypeKind;

struct UnitName {
  const char* name;
  TimeUnit unit;   // of a clock; kNone: only of lengths
  uint64_t nanos;  // of one
};
constexpr UnitName kUnits[] = {
    {"ns", TimeUnit::kNanoseconds, 1},          {"us", TimeUnit::kMicroseconds, 1'000}, {"ms", TimeUnit::kMilliseconds, 1'000'000},
    {"s", TimeUnit::kSeconds, 1'000'000'000},   {"m", TimeUnit::kNone, 60'000'000'000}, {"h", TimeUnit::kNone, 3'600'000'000'000},
    {"d", TimeUnit::kNone, 86'400'000'000'000},
};

const UnitName* FindUnit(const std::string& name) {
  for (const UnitName& unit : kUnits) {
    if (name == unit.name) return &unit;
  }
  return nullptr;
}

sema::TypeRef Plain(sema::TypeRef type) {
  return type->kind == TypeKind::kNullable || type->kind == TypeKind::kOptional ? type->args[0] : type;
}

}  // namespace

std::optional<uint64_t> Lowerer::SpanOf(const ast::TimeSpan& span, bool may_be_zero, const Site& site) {
  __int128 nanos = 0;
  if (span.unit) {
    const UnitName* unit = FindUnit(span.unit->text);
    if (unit == nullptr) {
      Report(diag::Code::kBadTimeSpan, span.unit->span,
             "there is no unit \"" + span.unit->text + "\": write ns, us, ms, s, m, h or d");
      return std::nullopt;
    }
    nanos = static_cast<__int128>(span.value->int_value) * unit->nanos;
  } else if (span.value->kind == ast::ExprKind::kInt) {
    Report(diag::Code::kBadTimeSpan, span.span, "a length of time has a unit, such as 10s");
    return std::nullopt;
  } else {
    std::optional<Value> value = Constant(*span.value, root_, types_.Basic(TypeKind::kDuration), site);
    if (!value) return std::nullopt;
    nanos = static_cast<__int128>(value->i) * 1'000'000'000 + value->nanos();
  }
  const bool fits = nanos <= INT64_MAX && (nanos > 0 || (nanos == 0 && may_be_zero));
  if (fits) return static_cast<uint64_t>(nanos);
  Report(diag::Code::kBadTimeSpan, span.span,
         may_be_zero ? "this length is not between 0 and 292 years" : "this length is not above 0 and at most 292 years");
  return std::nullopt;
}

void Lowerer::LowerClock() {
  if (!event_decl_->clock) return;
  const ast::ClockDecl& decl = *event_decl_->clock;
  Site site{event_file_, kNone, "time"};
  p_.clock.unit = TimeUnit::kText;
  if (decl.late) p_.clock.late = SpanOf(*decl.late, true, site).value_or(0);
  sema::TypeRef type = nullptr;
  std::vector<std::string> names;
  for (uint32_t i = 0; i < p_.events.size(); ++i) {
    for (const sema::RecordField& field : event_records_[i]->record->fields) {
      names.push_back(field.name);
      if (field.name != decl.field.text) continue;
      p_.events[i].time_slot = field.slot;
      sema::TypeRef here = Plain(field.type);
      if (type != nullptr && (type->kind == TypeKind::kString) != (here->kind == TypeKind::kString)) {
        Report(diag::Code::kBadClock, decl.field.span,
               "\"" + field.name + "\" is " + ToText(type) + " on some events and " + ToText(here) + " on others");
      }
      type = here;
    }
  }
  if (type == nullptr) {
    Report(diag::Code::kBadClock, decl.field.span,
           "no event has a field \"" + decl.field.text + "\"" + sema::DidYouMean(decl.field.text, names));
    return;
  }
  if (type->kind == TypeKind::kString) {
    if (decl.unit && decl.unit->text != "rfc3339") {
      Report(diag::Code::kBadClock, decl.unit->span, "a time that is a string is in rfc3339, as 2026-01-31T12:00:00Z");
    }
    return;
  }
  if (type->kind != TypeKind::kInt && type->kind != TypeKind::kDouble) {
    Report(diag::Code::kBadClock, decl.field.span, "a time is a number or a string, this is " + ToText(type));
    return;
  }
  const UnitName* unit = decl.unit ? FindUnit(decl.unit->text) : nullptr;
  if (unit == nullptr || unit->unit == TimeUnit::kNone) {
    Report(diag::Code::kBadClock, decl.unit ? decl.unit->span : decl.field.span,
           "say what the number counts, since 1970: \"time " + decl.field.text + " in ms\", or in s, us or ns");
    return;
  }
  p_.clock.unit = unit->unit;
}

bool Lowerer::NeedsClock(const ast::Name& name, const char* what) {
  if (event_decl_ != nullptr && event_decl_->clock) return true;
  diag::Diagnostic& d =
      diagnostics_.Report(diag::Code::kNoEventTime, name.span,
                          std::string("a ") + what + " needs to know the time of an event: add \"time FIELD in ms\"");
  if (event_decl_ != nullptr) d.labels.push_back({event_decl_->name.span, "these events declare none"});
  return false;
}

std::vector<uint32_t> Lowerer::EventsOnce(const std::vector<ast::Name>& names, bool any) {
  std::vector<uint32_t> events;
  for (uint32_t event : EventsOf(names, any)) {
    if (std::count(events.begin(), events.end(), event) == 0) events.push_back(event);
  }
  return events;
}

sema::TypeRef Lowerer::TypeOn(const ast::Expr& expr, const std::vector<uint32_t>& events, diag::Code code, const Site& site) {
  sema::TypeRef type = types_.Basic(TypeKind::kError);
  std::string first;
  for (uint32_t event : events) {
    // Only the type is wanted; faults are reported where each event is lowered.
    diag::Diagnostics ignored;
    sema::Env env(&root_);
    BindEvent(env, "e", event, {event});
    sema::TypeRef here = sema::CheckExpr(Context(ignored, site), expr, env).type;
    if (here->kind == TypeKind::kError || here == type) continue;
    if (type->kind == TypeKind::kError) {
      type = here;
      first = p_.events[event].name;
      continue;
    }
    auto plain = [](sema::TypeRef t) { return t->kind == TypeKind::kOptional ? t->args[0] : t; };
    const bool optional = type->kind == TypeKind::kOptional || here->kind == TypeKind::kOptional;
    if (plain(type)->kind != plain(here)->kind) {
      Report(code, expr.span, "this is " + ToText(type) + " on " + first + " but " + ToText(here) + " on " + p_.events[event].name);
      return types_.Basic(TypeKind::kError);
    }
    type = optional ? types_.Optional(plain(type)) : plain(type);
  }
  return type;
}

std::vector<sema::TypeRef> Lowerer::KeyTypesOn(const std::vector<ast::ExprPtr>& keys, const std::vector<uint32_t>& events,
                                               diag::Code code, const Site& site) {
  std::vector<sema::TypeRef> types;
  for (const ast::ExprPtr& key : keys) types.push_back(TypeOn(*key, events, code, site));
  return types;
}

bool Lowerer::LowerKeys(const std::vector<ast::ExprPtr>& keys, const sema::Binding& binding, const sema::Env& env,
                        const sema::CheckContext& context, std::vector<uint32_t>& nodes) {
  for (size_t i = 0; i < keys.size(); ++i) {
    sema::Checked key = sema::CheckExpr(context, *keys[i], env);
    if (!key.ok()) return false;
    if (binding.key_types[i]->kind == TypeKind::kOptional && key.type->kind != TypeKind::kOptional) {
      key.node = b_.Make(Op::kCall, Kind::kOptional, static_cast<uint32_t>(sema::BuiltinId::kOptionalOf), {key.node});
    }
    nodes.push_back(key.node);
  }
  return true;
}

// `key`, and `key1`, `key2` ..., as messages read them.
void Lowerer::BindKeyNames(const sema::Binding& binding, const std::vector<uint32_t>& nodes, sema::Env& env) {
  for (size_t i = 0; i < nodes.size(); ++i) {
    sema::Binding key;
    key.type = binding.key_types[i];
    key.node = nodes[i];
    if (i == 0) env.Bind("key", key);
    env.Bind("key" + std::to_string(i + 1), key);
  }
}

}  // namespace edict::lower
