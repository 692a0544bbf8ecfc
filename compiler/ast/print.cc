#include "compiler/ast/print.h"

#include <utility>

namespace edict::ast {
namespace {

std::string Joined(const std::vector<Name>& names) {
  std::string out;
  for (const Name& name : names) {
    if (!out.empty()) out += ' ';
    const bool plain =
        !name.text.empty() &&
        name.text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_*") == std::string::npos;
    out += plain ? name.text : Quote(name.text);
  }
  return out;
}

std::string PrintWhere(const WhereClause& where) {
  std::string out = "(where " + Print(*where.condition);
  if (where.code) out += " else " + where.code->text + " " + Quote(where.message);
  return out + ")";
}

std::string PrintField(const FieldDecl& field) {
  std::string out = std::string("(field ") + (field.optional ? "?" : "") + Joined({field.name}) + " " + Print(*field.type);
  for (const WhereClause& where : field.where) out += " " + PrintWhere(where);
  return out + ")";
}

std::string PrintMember(const Member& member) {
  return member.field ? PrintField(*member.field) : "(spread " + member.spread.text + ")";
}

std::string PrintOpenness(const RecordBody& body) { return !body.closed ? "" : *body.closed ? " closed" : " open"; }

std::string PrintElse(const ElseClause& clause) {
  std::string out = "(else";
  if (clause.severity) out += " " + clause.severity->text;
  out += " " + clause.code.text + " " + Print(clause.message);
  if (clause.at != nullptr) out += " (at " + Print(*clause.at) + ")";
  if (!clause.fix.empty()) out += " (fix " + Quote(clause.fix) + ")";
  if (!clause.see.empty()) out += " (see " + Quote(clause.see) + ")";
  return out + ")";
}

std::string PrintFor(const ForClause& loop) {
  return "for " + loop.element.text + (loop.index ? " " + loop.index->text : "") + " " + Print(*loop.range);
}

std::string PrintOn(const OnClause& on) {
  return "on " + (on.any ? std::string("any") : Joined(on.types)) + (on.alias ? " as " + on.alias->text : "");
}

std::string PrintTestValue(const TestValue& value) {
  if (value.kind == TestValue::Kind::kExpr || value.expr != nullptr) return Print(*value.expr);
  if (value.kind == TestValue::Kind::kLiteral) return value.literal;
  std::string out = value.kind == TestValue::Kind::kObject ? "(object" : "(array";
  for (const TestField& field : value.fields) out += " (" + Joined({field.name}) + " " + PrintTestValue(field.value) + ")";
  for (const TestValue& item : value.items) out += " " + PrintTestValue(item);
  return out + ")";
}

std::string PrintTestItem(const TestItem& item) {
  using Kind = TestItem::Kind;
  if (item.kind == Kind::kProfile) return "(profile " + item.name.text + ")";
  if (item.kind == Kind::kSet) return "(set " + item.name.text + " " + Print(*item.value) + ")";
  if (item.kind == Kind::kNothingElse) return "(nothing-else)";
  std::string out = item.kind == Kind::kEnd     ? "(end " + item.name.text
                    : item.kind == Kind::kClock ? "(clock " + item.name.text
                    : item.kind == Kind::kRaw   ? "(raw " + Quote(item.text)
                                                : "(event " + Joined({item.name}) + " " + PrintTestValue(item.fields);
  if (item.pass) out += " (pass)";
  for (const ExpectedFinding& finding : item.expected) {
    out += " (expect" + (finding.severity ? " " + finding.severity->text : "") + " " + finding.code.text;
    if (finding.path) out += " (at " + Quote(*finding.path) + ")";
    if (finding.message) out += " (message " + Quote(*finding.message) + ")";
    out += ")";
  }
  if (item.nothing_else) out += " (nothing-else)";
  return out + ")";
}

// Prints one node a line; a node with children is "(head", its children indented, and ")".
class FilePrinter {
 public:
  std::string Run(const File& file) {
    if (file.package) Line("(package " + file.package->text + (file.version.empty() ? "" : " " + file.version) + ")");
    for (const ImportDecl& import : file.imports) Line("(import " + (import.is_path ? Quote(import.target) : import.target) + ")");
    Declarations(file.declarations);
    return std::move(out_);
  }

 private:
  void Line(const std::string& text) { out_ += std::string(indent_, ' ') + text + "\n"; }
  void Open(const std::string& head) {
    Line("(" + head);
    indent_ += 2;
  }
  void Close() {
    indent_ -= 2;
    Line(")");
  }
  void Doc(const std::string& doc) {
    if (!doc.empty()) Line("(doc " + Quote(doc) + ")");
  }

  void Declarations(const std::vector<std::unique_ptr<Declaration>>& declarations) {
    for (const auto& declaration : declarations) {
      std::visit([this](const auto& item) { Print(item); }, declaration->item);
    }
  }

  void Record(const RecordBody& body) {
    for (const Member& member : body.members) {
      if (member.field) Doc(member.field->doc);
      Line(PrintMember(member));
    }
    for (const WhereClause& where : body.where) Line(PrintWhere(where));
  }

  void Alternatives(const std::vector<Alternative>& alternatives) {
    for (const Alternative& alternative : alternatives) {
      Open("alternative " + Joined(alternative.tags) + PrintOpenness(alternative.body));
      Doc(alternative.doc);
      Record(alternative.body);
      Close();
    }
  }

  void PrintOtherwise(Otherwise otherwise, const std::optional<Name>& severity, const std::optional<Name>& code) {
    if (otherwise == Otherwise::kReject) Line("(otherwise reject)");
    if (otherwise == Otherwise::kAccept) Line("(otherwise accept)");
    if (otherwise == Otherwise::kCode) {
      Line("(otherwise " + (severity ? severity->text + " " : "") + (code ? code->text : "") + ")");
    }
  }

  void Print(const TypeDecl& type) {
    if (type.alias != nullptr) {
      std::string line = "(type " + type.name.text + " " + ast::Print(*type.alias);
      for (const WhereClause& where : type.where) line += " " + PrintWhere(where);
      Doc(type.doc);
      return Line(line + ")");
    }
    const RecordBody& body = type.record != nullptr ? *type.record : type.common;
    Open("type " + type.name.text + (type.tag ? " by " + type.tag->text : "") + PrintOpenness(body));
    Doc(type.doc);
    Record(body);
    Alternatives(type.alternatives);
    PrintOtherwise(type.otherwise, type.otherwise_severity, type.otherwise_code);
    Close();
  }

  void Print(const EventDecl& event) {
    Open("event " + event.name.text + " by " + event.tag.text + PrintOpenness(event.common));
    Doc(event.doc);
    Record(event.common);
    for (const FaultDecl& fault : event.faults) {
      Line("(fault " + fault.kind.text + (fault.severity ? " " + fault.severity->text : "") +
           (fault.code ? " " + fault.code->text : "") + (fault.message.empty() ? "" : " " + Quote(fault.message)) + ")");
    }
    if (event.clock) {
      Line("(time " + Joined({event.clock->field}) + (event.clock->unit ? " in " + event.clock->unit->text : "") +
           (event.clock->late ? " (late " + SpanText(*event.clock->late) + ")" : "") + ")");
    }
    Alternatives(event.alternatives);
    PrintOtherwise(event.otherwise, event.otherwise_severity, event.otherwise_code);
    Close();
  }

  void Print(const FnDecl& fn) {
    std::string params;
    for (const FnParam& param : fn.params) params += " (" + param.name.text + " " + ast::Print(*param.type) + ")";
    Doc(fn.doc);
    Line("(fn " + fn.name.text + params + " -> " + ast::Print(*fn.result) + " " + ast::Print(*fn.body) + ")");
  }
  void Print(const HostFnDecl& fn) {
    std::string params;
    for (const FnParam& param : fn.params) params += " (" + param.name.text + " " + ast::Print(*param.type) + ")";
    Doc(fn.doc);
    Line("(host-fn " + fn.name.text + params + " -> " + ast::Print(*fn.result) + " (cost " + ast::Print(*fn.cost) + "))");
  }

  void Print(const ParamDecl& param) {
    Doc(param.doc);
    Line("(param " + param.name.text + " " + ast::Print(*param.type) + " " + ast::Print(*param.initial) + ")");
  }

  void Print(const ProfileDecl& profile) {
    Open("profile " + profile.name.text);
    Doc(profile.doc);
    for (const ProfileItem& item : profile.items) {
      switch (item.kind) {
        case ProfileItem::Kind::kSeverity:
          Line("(severity " + item.target.text + " " + item.severity.text + ")");
          break;
        case ProfileItem::Kind::kOff:
          Line("(off " + item.target.text + ")");
          break;
        case ProfileItem::Kind::kSet:
          Line("(set " + item.target.text + " " + ast::Print(*item.value) + ")");
          break;
      }
    }
    Close();
  }

  void Print(const RuleDecl& rule) {
    Open("rule " + rule.code.text + " " + Quote(rule.title));
    Doc(rule.doc);
    if (rule.severity) Line("(severity " + rule.severity->text + ")");
    if (!rule.tags.empty()) Line("(tags " + Joined(rule.tags) + ")");
    if (rule.on) Line("(" + PrintOn(*rule.on) + ")");
    if (!rule.after.empty()) Line("(after " + Joined(rule.after) + ")");
    for (const ExprPtr& when : rule.when) Line("(when " + ast::Print(*when) + ")");
    for (const RuleItem& item : rule.items) {
      std::visit([this](const auto& clause) { Print(clause); }, item.item);
    }
    if (!rule.message.empty()) Line("(message " + ast::Print(rule.message) + ")");
    if (!rule.fix.empty()) Line("(fix " + Quote(rule.fix) + ")");
    if (!rule.see.empty()) Line("(see " + Quote(rule.see) + ")");
    for (const ExprPtr& redact : rule.redact) Line("(redact " + ast::Print(*redact) + ")");
    for (const Example& example : rule.examples) {
      std::string line = std::string("(example ") + (example.pass ? "pass " : "fail ") + Quote(example.json);
      for (const JsonText& before : example.after) line += " (after " + Quote(before.text) + ")";
      Line(line + ")");
    }
    Close();
  }

  void Print(const TestDecl& test) {
    Open("test " + Quote(test.name));
    Doc(test.doc);
    for (const TestItem& item : test.items) Line(PrintTestItem(item));
    Close();
  }

  void Print(const LetClause& let) { Line("(let " + let.name.text + " " + ast::Print(*let.value) + ")"); }
  void Print(const ForClause& loop) { Line("(" + PrintFor(loop) + ")"); }
  void Print(const RequireClause& require) {
    Line(std::string(require.deny ? "(deny " : "(require ") + ast::Print(*require.condition) +
         (require.at != nullptr ? " (at " + ast::Print(*require.at) + ")" : "") +
         (require.else_message.empty() ? "" : " (else " + ast::Print(require.else_message) + ")") + ")");
  }

  static std::string Bound(const BoundClause& bound) {
    return "(bound " + ast::Print(*bound.limit) + (bound.unit ? " " + bound.unit->text : "") +
           (bound.else_clause ? " " + PrintElse(*bound.else_clause) : "") + ")";
  }

  // Behind a space.
  static std::string Reload(const std::optional<ReloadClause>& reload) {
    static constexpr const char* kPolicies[] = {"keep", "reset", "migrate"};
    if (!reload) return "";
    return std::string(" (on-reload ") + kPolicies[static_cast<size_t>(reload->policy)] +
           (reload->migrate != nullptr ? " " + ast::Print(*reload->migrate) : "") + ")";
  }

  void Print(const StateDecl& state) {
    std::string line = "(state " + std::string(state.optional ? "?" : "") + state.name.text + " " + ast::Print(*state.type);
    if (state.initial != nullptr) line += " = " + ast::Print(*state.initial);
    for (const BoundClause& bound : state.bounds) line += " " + Bound(bound);
    line += Reload(state.reload);
    Doc(state.doc);
    Line(line + ")");
  }

  void Print(const HandlerDecl& handler) {
    Open(PrintOn(handler.on));
    Doc(handler.doc);
    for (const ExprPtr& when : handler.when) Line("(when " + ast::Print(*when) + ")");
    Statements(handler.body);
    Close();
  }

  void Statements(const std::vector<Statement>& body) {
    for (const Statement& statement : body) {
      std::visit([this](const auto& item) { Print(item); }, statement.item);
    }
  }

  static std::string Guard(const ExprPtr& when) { return when != nullptr ? " (when " + ast::Print(*when) + ")" : ""; }

  void Print(const AssignStatement& assign) {
    static constexpr const char* kOps[] = {"set", "add", "subtract"};
    Line(std::string("(") + kOps[static_cast<size_t>(assign.op)] + " " + ast::Print(*assign.target) + " " +
         ast::Print(*assign.value) + Guard(assign.when) + ")");
  }
  void Print(const ClearStatement& clear) { Line("(clear " + clear.target.text + Guard(clear.when) + ")"); }
  void Print(const EraseStatement& erase) { Line("(erase " + ast::Print(*erase.target) + Guard(erase.when) + ")"); }
  void Print(const WhenStatement& when) {
    Open("when " + ast::Print(*when.condition));
    Statements(when.body);
    Close();
  }
  void Print(const ForStatement& loop) {
    Open(PrintFor(loop.head));
    Statements(loop.body);
    Close();
  }

  static std::string Edge(const ScopeEdge& edge) { return Joined(edge.events) + Guard(edge.when); }

  void Print(const ScopeDecl& scope) {
    Open("scope " + scope.name.text + " from " + Edge(scope.from) + " to " + Edge(scope.to));
    Doc(scope.doc);
    Declarations(scope.body);
    Close();
  }

  void Print(const AtEndDecl& at_end) {
    Line("(at-end " + (at_end.scope ? at_end.scope->text : std::string("stream")) +
         (at_end.on.empty() ? "" : " (on " + Joined(at_end.on) + ")") + (at_end.deny ? " (deny " : " (require ") +
         ast::Print(*at_end.condition) + ") " + PrintElse(at_end.else_clause) + ")");
  }

  void Print(const LifecycleDecl& lifecycle) {
    std::string head = "lifecycle " + lifecycle.name.text + " by";
    for (const ExprPtr& key : lifecycle.keys) head += " " + ast::Print(*key);
    Open(head + (lifecycle.scope ? " in " + lifecycle.scope->text : ""));
    Doc(lifecycle.doc);
    for (const BoundClause& bound : lifecycle.bounds) Line(Bound(bound));
    if (lifecycle.reload) Line(Reload(lifecycle.reload).substr(1));
    for (const TransitionDecl& step : lifecycle.transitions) {
      Line("(transition (" + Joined(step.events) + ") (" + Joined(step.from) + ") -> " + step.to.text + Guard(step.when) +
           (step.recover ? " (recover " + step.recover->text + ")" : "") +
           (step.else_clause ? " " + PrintElse(*step.else_clause) : "") + ")");
    }
    for (const KeepDecl& keep : lifecycle.keeps) Print(keep);
    for (const AtEndDecl& at_end : lifecycle.at_ends) Print(at_end);
    Close();
  }

  void Print(const KeepDecl& keep) {
    static constexpr const char* kOps[] = {"set", "add", "subtract"};
    std::string line = "(keep " + keep.name.text + (keep.type != nullptr ? " " + ast::Print(*keep.type) : " chars");
    if (keep.initial != nullptr) line += " = " + ast::Print(*keep.initial);
    for (const KeepStep& step : keep.steps) {
      line += std::string(" (") + kOps[static_cast<size_t>(step.op)] + " " + ast::Print(*step.value) + " (on " +
              Joined(step.events) + ")" + Guard(step.when) + ")";
    }
    for (const BoundClause& bound : keep.bounds) line += " " + Bound(bound);
    line += Reload(keep.reload);
    Line(line + ")");
  }

  void Print(const DocumentDecl& document) {
    static constexpr const char* kKinds[] = {"set", "patch", "clear"};
    Open("document " + document.name.text + (document.scope ? " in " + document.scope->text : ""));
    Doc(document.doc);
    for (const BoundClause& bound : document.bounds) Line(Bound(bound));
    if (document.reload) Line(Reload(document.reload).substr(1));
    for (const DocumentStep& step : document.steps) {
      std::string line = std::string("(") + kKinds[static_cast<size_t>(step.kind)] + " (" + PrintOn(step.on) + ")";
      if (step.value != nullptr) line += " " + ast::Print(*step.value);
      for (const ExprPtr& when : step.when) line += Guard(when);
      Line(line + (step.else_clause ? " " + PrintElse(*step.else_clause) : "") + ")");
    }
    Close();
  }

  static std::string SpanText(const TimeSpan& span) { return ast::Print(*span.value) + (span.unit ? " " + span.unit->text : ""); }

  static std::string Keys(const std::vector<ExprPtr>& keys) {
    std::string text = keys.empty() ? "" : " (by";
    for (const ExprPtr& key : keys) text += " " + ast::Print(*key);
    return keys.empty() ? text : text + ")";
  }

  void Print(const WindowDecl& window) {
    Doc(window.doc);
    std::string line = "(window " + window.name.text + " " + window.function.text;
    if (window.value != nullptr) line += " " + ast::Print(*window.value);
    line += " (on " + (window.any ? std::string("any") : Joined(window.events)) + ")" + Guard(window.when) + Keys(window.keys);
    line += " (over " + SpanText(window.length) + (window.tumbling ? " tumbling)" : ")");
    for (const BoundClause& bound : window.bounds) line += " " + Bound(bound);
    line += Reload(window.reload);
    Line(line + ")");
  }

  void Print(const TimerDecl& timer) {
    Doc(timer.doc);
    std::string line = std::string(timer.deadline ? "(deadline " : "(sequence ") + timer.name.text + Keys(timer.keys);
    for (const BoundClause& bound : timer.bounds) line += " " + Bound(bound);
    line += Reload(timer.reload);
    line += " (from " + Edge(timer.from) + ") (to " + Edge(timer.to) + ") (within " + SpanText(timer.within) + ")";
    if (timer.unless) line += " (unless " + Edge(*timer.unless) + ")";
    if (timer.else_clause) line += " " + PrintElse(*timer.else_clause);
    Line(line + ")");
  }

  std::string out_;
  size_t indent_ = 0;
};

}  // namespace

std::string Print(const TypeExpr& type) {
  std::string out;
  switch (type.kind) {
    case TypeKind::kName:
      if (type.args.empty()) return type.name.text;
      out = "(" + type.name.text;
      break;
    case TypeKind::kLiteral:
      return Print(*type.literal);
    case TypeKind::kArray:
      out = "(array";
      break;
    case TypeKind::kUnion:
      out = "(|";
      break;
    case TypeKind::kRecord:
      out = "(record" + PrintOpenness(*type.record);
      for (const Member& member : type.record->members) out += " " + PrintMember(member);
      for (const WhereClause& where : type.record->where) out += " " + PrintWhere(where);
      break;
  }
  for (const TypePtr& arg : type.args) out += " " + Print(*arg);
  return out + ")";
}

std::string Print(const File& file) { return FilePrinter().Run(file); }

}  // namespace edict::ast
