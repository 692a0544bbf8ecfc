// The event family: one EventType per tag, its slots, and the codes of shape faults.
#include <algorithm>

#include "compiler/lower/lowerer.h"
#include "compiler/sema/suggest.h"

namespace edict::lower {
namespace {

struct FaultDefault {
  const char* kind;  // as `fault` declarations name it; null: not declarable
  const char* code;
  const char* title;
};
constexpr FaultDefault kFaults[kFaultCount] = {
    {"not_object", "SHAPE_NOT_OBJECT", "an event is a JSON object"},
    {"missing_type", "SHAPE_MISSING_TYPE", "an event names its type"},
    {"unknown_type", "SHAPE_UNKNOWN_TYPE", "an event has a known type"},
    {"missing_field", "SHAPE_MISSING_FIELD", "an event has its required fields"},
    {"wrong_type", "SHAPE_WRONG_TYPE", "a field has its declared type"},
    {"constraint", "SHAPE_CONSTRAINT", "a field satisfies its constraint"},
    {"extra_field", "SHAPE_EXTRA_FIELD", "a closed record has no other fields"},
    {"malformed", "MALFORMED", "an event is JSON"},
    {nullptr, "EDICT_EVAL", "a rule could not be evaluated"},
    {nullptr, "EDICT_BOUND", "state has reached its bound"},
    {"late", "LATE_EVENT", "an event is not later than tolerated"},
    {"bad_time", "BAD_TIME", "the field of an event's time holds one"},
    {"framing", nullptr, "an event comes whole"},
};

}  // namespace

bool Lowerer::Declares(const char* fault) const {
  if (event_decl_ == nullptr) return false;
  const std::vector<ast::FaultDecl>& faults = event_decl_->faults;
  return std::any_of(faults.begin(), faults.end(), [&](const ast::FaultDecl& f) { return f.kind.text == fault && f.code; });
}

void Lowerer::LowerFaults() {
  Site site;
  site.file = event_file_;
  const bool clock = event_decl_ != nullptr && event_decl_->clock;
  for (int i = 0; i < kFaultCount; ++i) {
    if (!clock && (i == static_cast<int>(Fault::kLate) || i == static_cast<int>(Fault::kBadTime))) continue;
    if (i == static_cast<int>(Fault::kFraming) && !Declares("framing")) {
      p_.faults[i] = p_.faults[static_cast<int>(Fault::kMalformed)];
      continue;
    }
    std::string code = kFaults[i].code == nullptr ? "" : kFaults[i].code;
    std::string title = kFaults[i].title;
    Severity severity = i == static_cast<int>(Fault::kLate) ? Severity::kWarning : Severity::kError;
    source::Span span;
    if (event_decl_ != nullptr) {
      for (const ast::FaultDecl& fault : event_decl_->faults) {
        if (kFaults[i].kind == nullptr || fault.kind.text != kFaults[i].kind) continue;
        if (fault.code) code = fault.code->text;
        if (!fault.message.empty()) title = fault.message;
        severity = SeverityOf(fault.severity, severity).value_or(severity);
        span = fault.span;
      }
      if (i == static_cast<int>(Fault::kUnknownType) && event_decl_->otherwise_code) {
        code = event_decl_->otherwise_code->text;
        severity = SeverityOf(event_decl_->otherwise_severity, severity).value_or(severity);
        span = event_decl_->otherwise_span;
      }
    }
    p_.faults[i] = AddCode(code, title, severity, site, span);
    if (p_.codes[p_.faults[i]].rule.empty()) p_.codes[p_.faults[i]].rule = code;
  }
  if (event_decl_ == nullptr) return;
  for (const ast::FaultDecl& fault : event_decl_->faults) {
    bool known = false;
    for (const FaultDefault& candidate : kFaults) known = known || (candidate.kind != nullptr && fault.kind.text == candidate.kind);
    const bool of_time = fault.kind.text == "late" || fault.kind.text == "bad_time";
    if (of_time && !clock) Report(diag::Code::kNoEventTime, fault.kind.span, "there is no such fault without a \"time\" clause");
    if (!known) Report(diag::Code::kBadEvent, fault.kind.span, "there is no fault \"" + fault.kind.text + "\"");
  }
}

void Lowerer::LowerEventType(const std::string& name, const ast::Alternative* alternative, source::Span span) {
  sema::RecordInfo info;
  info.name = name.empty() ? "an unknown event" : name;
  TypeShape record = Basic(ShapeKind::kRecord, types_.Record(std::move(info)));
  p_.shapes[record.shape].name = name;
  std::vector<const ast::RecordBody*> bodies = {&event_decl_->common};
  if (alternative != nullptr) bodies.push_back(&alternative->body);
  FillRecord(bodies, record, &event_decl_->tag, true);
  // Conditions of an event's record read it as `this`; they belong to the record's own shape.
  TypeShape constrained = Constrain(record, bodies);
  if (constrained.shape != record.shape) p_.shapes[record.shape].constraints = p_.shapes[constrained.shape].constraints;
  EventType type;
  type.name = name;
  type.shape = record.shape;
  type.span = AddSpan(span);
  type.slot_count = static_cast<uint32_t>(p_.shapes[record.shape].fields.size());
  for (const sema::RecordField& field : record.type->record->fields) type.slot_names.push_back(field.name);
  event_by_name_[name] = static_cast<uint32_t>(p_.events.size());
  p_.events.push_back(std::move(type));
  event_records_.push_back(record.type);
}

void Lowerer::LowerEvents() {
  LowerFaults();
  if (event_decl_ == nullptr) {
    EventType any;
    TypeShape record = Basic(ShapeKind::kRecord, types_.Record({}));
    any.shape = record.shape;
    event_by_name_[""] = 0;
    event_records_.push_back(record.type);
    p_.events.push_back(std::move(any));
    return;
  }
  p_.discriminator = b_.StringConstant(event_decl_->tag.text);
  common_fields_.insert(event_decl_->tag.text);
  std::vector<const ast::FieldDecl*> common;
  std::set<std::string> spreading;
  CollectFields(event_decl_->common, common, spreading);
  for (const ast::FieldDecl* field : common) common_fields_.insert(field->name.text);
  std::map<std::string, source::Span> tags;
  for (const ast::Alternative& alternative : event_decl_->alternatives) {
    for (const ast::Name& tag : alternative.tags) {
      if (event_by_name_.count(tag.text) != 0) {
        diag::Diagnostic& d =
            diagnostics_.Report(diag::Code::kDuplicateName, tag.span, "the event type \"" + tag.text + "\" is declared twice");
        d.labels.push_back({tags[tag.text], "first declared here"});
      } else {
        tags[tag.text] = tag.span;
        LowerEventType(tag.text, &alternative, tag.span);
      }
    }
  }
  if (event_decl_->otherwise == ast::Otherwise::kAccept) {
    p_.unknown_event = static_cast<uint32_t>(p_.events.size());
    LowerEventType("", nullptr, event_decl_->otherwise_span);
  }
  LowerClock();
}

std::vector<uint32_t> Lowerer::EventsOf(const std::vector<ast::Name>& names, bool any) {
  std::vector<uint32_t> events;
  if (any) {
    for (uint32_t i = 0; i < p_.events.size(); ++i) events.push_back(i);
  }
  for (const ast::Name& name : names) {
    auto found = event_by_name_.find(name.text);
    if (found != event_by_name_.end()) {
      events.push_back(found->second);
      continue;
    }
    std::vector<std::string> known;
    for (const auto& item : event_by_name_) known.push_back(item.first);
    Report(diag::Code::kUnknownEvent, name.span,
           "there is no event type \"" + name.text + "\"" + sema::DidYouMean(name.text, known));
  }
  planned_ += events.size();
  if (planned_ > input_.limits.checks) events.clear();  // Run reports it
  return events;
}

sema::TypeRef Lowerer::JoinedRecord(uint32_t event, const std::vector<uint32_t>& events) {
  if (events.size() == 1) return event_records_[event];
  sema::TypeRef& cached = joined_records_[{events, event}];
  if (cached != nullptr) return cached;
  sema::RecordInfo joined;
  joined.name = p_.events[event].name;
  for (uint32_t other : events) {
    for (const sema::RecordField& field : event_records_[other]->record->fields) {
      if (joined.Find(field.name) != nullptr) continue;
      sema::RecordField merged = field;
      const sema::RecordField* own = event_records_[event]->record->Find(field.name);
      merged.slot = own == nullptr ? kNone : own->slot;
      merged.missing = own == nullptr;
      if (own != nullptr) merged.type = own->type;
      for (uint32_t each : events) {
        const sema::RecordField* theirs = event_records_[each]->record->Find(field.name);
        merged.optional = merged.optional || theirs == nullptr || theirs->optional;
      }
      joined.fields.push_back(std::move(merged));
    }
  }
  return cached = types_.Record(std::move(joined));
}

sema::TypeRef Lowerer::CommonRecord(uint32_t event) {
  sema::TypeRef& cached = common_records_[event];
  if (cached != nullptr) return cached;
  sema::RecordInfo common;
  common.name = event_decl_ == nullptr ? "event" : event_decl_->name.text;
  for (const sema::RecordField& field : event_records_[event]->record->fields) {
    if (common_fields_.count(field.name) != 0) common.fields.push_back(field);
  }
  return cached = types_.Record(std::move(common));
}

void Lowerer::BindOn(sema::Env& env, const ast::OnClause& on, uint32_t event, const std::vector<uint32_t>& events) {
  if (!on.alias) return;
  if (!on.any) return BindEvent(env, on.alias->text, event, events);
  sema::Binding binding;
  binding.kind = sema::BindingKind::kEvent;
  binding.type = CommonRecord(event);
  env.Bind(on.alias->text, binding);
}

void Lowerer::BindEvent(sema::Env& env, const std::string& alias, uint32_t event, const std::vector<uint32_t>& events) {
  sema::Binding binding;
  binding.kind = sema::BindingKind::kEvent;
  binding.type = JoinedRecord(event, events);
  env.Bind(alias, binding);
}

}  // namespace edict::lower
