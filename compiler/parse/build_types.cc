#include "compiler/parse/build.h"

namespace edict::parse {

using ast::TypeExpr;
using ast::TypeKind;
using ast::TypePtr;

// What the braces after `by FIELD` hold, for types and events alike.
struct Builder::TaggedBody {
  ast::RecordBody common;
  std::vector<ast::FaultDecl> faults;
  std::optional<ast::ClockDecl> clock;
  source::Span clock_span;
  std::vector<ast::Alternative> alternatives;
  ast::Otherwise otherwise = ast::Otherwise::kUnspecified;
  std::optional<ast::Name> otherwise_severity;
  std::optional<ast::Name> otherwise_code;
  source::Span otherwise_span;
};

TypePtr Builder::Type(Grammar::TypeExprContext* context) {
  const auto parts = context->postfixType();
  if (parts.size() == 1) return PostfixType(parts[0]);
  auto type = std::make_unique<TypeExpr>();
  type->kind = TypeKind::kUnion;
  type->span = SpanOf(context);
  for (auto* part : parts) type->args.push_back(PostfixType(part));
  return type;
}

// Brackets in brackets are limited, `[]` after `[]` are not: they count as depth here.
TypePtr Builder::PostfixType(Grammar::PostfixTypeContext* context) {
  TypePtr type = PrimaryType(context->primaryType());
  const auto suffixes = context->arraySuffix();
  if (suffixes.size() > limits_.nesting) {
    Report(diag::Code::kNestingTooDeep, SpanOf(suffixes.back()),
           "arrays are nested more than " + std::to_string(limits_.nesting) + " deep");
    return type;
  }
  for (auto* suffix : suffixes) {
    auto array = std::make_unique<TypeExpr>();
    array->kind = TypeKind::kArray;
    array->span = source::Join(type->span, SpanOf(suffix));
    array->args.push_back(std::move(type));
    type = std::move(array);
  }
  return type;
}

TypePtr Builder::LiteralType(Context* context, ast::ExprPtr literal) {
  auto type = std::make_unique<TypeExpr>();
  type->kind = TypeKind::kLiteral;
  type->span = SpanOf(context);
  type->literal = std::move(literal);
  return type;
}

TypePtr Builder::PrimaryType(Grammar::PrimaryTypeContext* context) {
  if (auto* named = dynamic_cast<Grammar::NamedTypeContext*>(context)) return NamedType(named);
  if (auto* paren = dynamic_cast<Grammar::ParenTypeContext*>(context)) return Type(paren->typeExpr());
  auto type = std::make_unique<TypeExpr>();
  type->span = SpanOf(context);
  if (auto* record = dynamic_cast<Grammar::RecordTypeContext*>(context)) {
    type->kind = TypeKind::kRecord;
    type->record = Record(record->recordBody(), record->openness());
    return type;
  }
  if (dynamic_cast<Grammar::NullTypeContext*>(context) != nullptr) {
    type->name = ast::Name{"null", type->span};
    return type;
  }
  const Token* first = context->start;
  const Token* minus = first->getType() == Grammar::MINUS ? first : nullptr;
  if (auto* number = dynamic_cast<Grammar::IntTypeContext*>(context)) {
    return LiteralType(context, IntLiteral(number->INT()->getSymbol(), minus));
  }
  if (auto* number = dynamic_cast<Grammar::FloatTypeContext*>(context)) {
    return LiteralType(context, DoubleLiteral(number->FLOAT()->getSymbol(), minus));
  }
  ast::ExprPtr literal = New(ast::ExprKind::kBool, type->span);
  if (auto* text = dynamic_cast<Grammar::StringTypeContext*>(context)) {
    literal->kind = ast::ExprKind::kString;
    literal->text = String(text->STRING());
  } else {
    literal->bool_value = first->getType() == Grammar::TRUE;
  }
  return LiteralType(context, std::move(literal));
}

// `T?` as an argument, as in map<string, string?>, is optional<T>.
TypePtr Builder::NamedType(Grammar::NamedTypeContext* context) {
  auto type = std::make_unique<TypeExpr>();
  type->span = SpanOf(context);
  type->name = Name(context->name());
  for (auto* argument : context->typeArgument()) {
    TypePtr inner = Type(argument->typeExpr());
    if (argument->typeExpr()->stop != argument->stop) {
      auto optional = std::make_unique<TypeExpr>();
      optional->span = SpanOf(argument);
      optional->name = ast::Name{"optional", optional->span};
      optional->args.push_back(std::move(inner));
      inner = std::move(optional);
    }
    type->args.push_back(std::move(inner));
  }
  return type;
}

std::optional<bool> Builder::Closed(Grammar::OpennessContext* openness) {
  if (openness == nullptr) return std::nullopt;
  return openness->CLOSED() != nullptr;
}

ast::WhereClause Builder::Where(Grammar::WhereClauseContext* context) {
  ast::WhereClause where;
  where.span = SpanOf(context);
  where.condition = Expr(context->expr());
  if (context->code != nullptr) {
    where.code = Name(context->code);
    where.message = String(context->STRING());
  }
  return where;
}

std::unique_ptr<ast::RecordBody> Builder::Record(Grammar::RecordBodyContext* context, Grammar::OpennessContext* openness) {
  auto body = std::make_unique<ast::RecordBody>();
  body->closed = Closed(openness);
  bool field_is_last = false;
  for (auto* child : context->children) {
    if (dynamic_cast<Grammar::SeparatorContext*>(child) != nullptr) field_is_last = false;
    if (auto* member = dynamic_cast<Grammar::MemberContext*>(child)) AddMember(member, *body, &field_is_last);
  }
  return body;
}

void Builder::AddMember(Grammar::MemberContext* context, ast::RecordBody& body, bool* field_is_last) {
  const bool after_field = std::exchange(*field_is_last, false);
  if (!Whole(context)) return;
  if (auto* where = dynamic_cast<Grammar::WhereMemberContext*>(context)) {
    ast::WhereClause clause = Where(where->whereClause());
    if (after_field) {
      ast::FieldDecl& field = *body.members.back().field;
      field.span = source::Join(field.span, clause.span);
      field.where.push_back(std::move(clause));
    } else {
      body.where.push_back(std::move(clause));
    }
    *field_is_last = after_field;
    return;
  }
  ast::Member member;
  if (auto* spread = dynamic_cast<Grammar::SpreadMemberContext*>(context)) {
    member.spread = Name(spread->name());
  } else {
    auto* field = dynamic_cast<Grammar::FieldMemberContext*>(context);
    ast::FieldDecl& decl = member.field.emplace();
    decl.name = FieldName(field->fieldName());
    decl.type = Type(field->typeExpr());
    decl.optional = field->optionalMark != nullptr;
    decl.doc = Doc(field->start);
    decl.span = SpanOf(field);
    *field_is_last = true;
  }
  body.members.push_back(std::move(member));
}

void Builder::Tagged(Grammar::TaggedBodyContext* context, TaggedBody& body) {
  bool field_is_last = false;
  for (auto* child : context->children) {
    auto* item = dynamic_cast<Grammar::TaggedItemContext*>(child);
    auto* common = dynamic_cast<Grammar::CommonMemberContext*>(child);
    if (common != nullptr && Whole(common)) {
      AddMember(common->member(), body.common, &field_is_last);
      continue;
    }
    field_is_last = false;
    if (item == nullptr || !Whole(item)) continue;
    if (auto* alternative = dynamic_cast<Grammar::AlternativeItemContext*>(item)) {
      body.alternatives.push_back(Alternative(alternative->alternative()));
    } else if (auto* fault = dynamic_cast<Grammar::FaultItemContext*>(item)) {
      body.faults.push_back(Fault(fault->faultClause()));
    } else if (auto* otherwise = dynamic_cast<Grammar::OtherwiseItemContext*>(item)) {
      SetOtherwise(otherwise->otherwiseClause(), body);
    } else if (auto* time = dynamic_cast<Grammar::TimeItemContext*>(item)) {
      if (Once(&body.clock_span, SpanOf(time), "time")) body.clock = Clock(time->timeClause());
    }
  }
}

void Builder::SetOtherwise(Grammar::OtherwiseClauseContext* context, TaggedBody& body) {
  if (!Once(&body.otherwise_span, SpanOf(context), "otherwise")) return;
  if (dynamic_cast<Grammar::OtherwiseRejectContext*>(context) != nullptr) {
    body.otherwise = ast::Otherwise::kReject;
  } else if (dynamic_cast<Grammar::OtherwiseAcceptContext*>(context) != nullptr) {
    body.otherwise = ast::Otherwise::kAccept;
  } else if (auto* code = dynamic_cast<Grammar::OtherwiseCodeContext*>(context)) {
    body.otherwise = ast::Otherwise::kCode;
    body.otherwise_severity = ast::Name{Text(code->severityWord()->start), SpanOf(code->severityWord())};
    body.otherwise_code = Name(code->code);
  }
}

ast::FaultDecl Builder::Fault(Grammar::FaultClauseContext* context) {
  ast::FaultDecl fault;
  fault.span = SpanOf(context);
  fault.kind = Name(context->kind);
  if (context->severityWord() != nullptr)
    fault.severity = ast::Name{Text(context->severityWord()->start), SpanOf(context->severityWord())};
  if (context->code != nullptr) fault.code = Name(context->code);
  if (context->STRING() != nullptr) fault.message = String(context->STRING());
  return fault;
}

ast::Alternative Builder::Alternative(Grammar::AlternativeContext* context) {
  ast::Alternative alternative;
  alternative.tags = Labels(context->tags);
  alternative.body = std::move(*Record(context->recordBody(), context->openness()));
  alternative.doc = Doc(context->start);
  alternative.span = SpanOf(context);
  return alternative;
}

ast::TypeDecl Builder::TypeDecl(Grammar::TypeDeclContext* context) {
  ast::TypeDecl decl;
  decl.doc = Doc(context->start);
  decl.span = SpanOf(context);
  if (auto* alias = dynamic_cast<Grammar::TypeAliasContext*>(context)) {
    decl.name = Name(alias->name());
    decl.alias = Type(alias->typeExpr());
    for (auto* where : alias->whereClause()) decl.where.push_back(Where(where));
  } else if (auto* record = dynamic_cast<Grammar::TypeRecordContext*>(context)) {
    decl.name = Name(record->name());
    decl.record = Record(record->recordBody(), record->openness());
  } else if (auto* tagged = dynamic_cast<Grammar::TypeTaggedContext*>(context)) {
    decl.name = Name(tagged->name());
    decl.tag = Selector(tagged->tag);
    TaggedBody body;
    Tagged(tagged->taggedBody(), body);
    for (const ast::FaultDecl& fault : body.faults)
      Report(diag::Code::kMisplacedClause, fault.span, "a fault clause belongs into an event declaration");
    if (body.clock) Report(diag::Code::kMisplacedClause, body.clock->span, "a time clause belongs into an event declaration");
    decl.common = std::move(body.common);
    for (auto* openness : tagged->openness()) decl.common.closed = Closed(openness);
    decl.alternatives = std::move(body.alternatives);
    decl.otherwise = body.otherwise;
    decl.otherwise_severity = std::move(body.otherwise_severity);
    decl.otherwise_code = std::move(body.otherwise_code);
  }
  return decl;
}

ast::EventDecl Builder::EventDecl(Grammar::EventDeclContext* context) {
  ast::EventDecl decl;
  decl.name = Name(context->name());
  decl.tag = Selector(context->tag);
  TaggedBody body;
  Tagged(context->taggedBody(), body);
  decl.common = std::move(body.common);
  for (auto* openness : context->openness()) decl.common.closed = Closed(openness);
  decl.faults = std::move(body.faults);
  decl.clock = std::move(body.clock);
  decl.alternatives = std::move(body.alternatives);
  decl.otherwise = body.otherwise;
  decl.otherwise_severity = std::move(body.otherwise_severity);
  decl.otherwise_code = std::move(body.otherwise_code);
  decl.otherwise_span = body.otherwise_span;
  decl.doc = Doc(context->start);
  decl.span = SpanOf(context);
  return decl;
}

ast::FnDecl Builder::FnDecl(Grammar::FnDeclContext* context) {
  ast::FnDecl decl;
  decl.name = Name(context->name());
  for (auto* param : context->fnParam()) decl.params.push_back(ast::FnParam{Name(param->name()), Type(param->typeExpr())});
  decl.result = Type(context->typeExpr());
  decl.body = Expr(context->expr());
  decl.doc = Doc(context->start);
  decl.span = SpanOf(context);
  return decl;
}

ast::HostFnDecl Builder::HostFnDecl(Grammar::HostFnDeclContext* context) {
  ast::HostFnDecl decl;
  decl.name = Name(context->name());
  for (auto* param : context->fnParam()) decl.params.push_back(ast::FnParam{Name(param->name()), Type(param->typeExpr())});
  decl.result = Type(context->typeExpr());
  decl.cost = Constant(context->constant());
  decl.doc = Doc(context->start);
  decl.span = SpanOf(context);
  return decl;
}

ast::ParamDecl Builder::ParamDecl(Grammar::ParamDeclContext* context) {
  ast::ParamDecl decl;
  decl.name = Name(context->name());
  decl.type = Type(context->typeExpr());
  decl.initial = Constant(context->constant());
  decl.doc = context->STRING() != nullptr ? String(context->STRING()) : Doc(context->start);
  decl.span = SpanOf(context);
  return decl;
}

ast::ProfileDecl Builder::ProfileDecl(Grammar::ProfileDeclContext* context) {
  ast::ProfileDecl decl;
  decl.name = Name(context->name());
  decl.doc = Doc(context->start);
  decl.span = SpanOf(context);
  for (auto* item : context->profileBody()->profileItem()) {
    if (!Whole(item)) continue;
    ast::ProfileItem out;
    if (auto* severity = dynamic_cast<Grammar::ProfileSeverityContext*>(item)) {
      out.kind = ast::ProfileItem::Kind::kSeverity;
      out.target = Name(severity->code);
      out.severity = Name(severity->level);
    } else if (auto* off = dynamic_cast<Grammar::ProfileOffContext*>(item)) {
      out.target = Name(off->name());
    } else if (auto* set = dynamic_cast<Grammar::ProfileSetContext*>(item)) {
      out.kind = ast::ProfileItem::Kind::kSet;
      out.target = Name(set->name());
      out.value = Constant(set->constant());
    }
    decl.items.push_back(std::move(out));
  }
  return decl;
}

}  // namespace edict::parse
