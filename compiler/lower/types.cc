// Declared types: the readable type and the shape of each.
#include "compiler/lower/lowerer.h"
#include "compiler/sema/suggest.h"

namespace edict::lower {

using sema::TypeKind;
using sema::TypeRef;

uint32_t Lowerer::NewShape(Shape shape) {
  p_.shapes.push_back(std::move(shape));
  return static_cast<uint32_t>(p_.shapes.size() - 1);
}

TypeShape Lowerer::Basic(ShapeKind kind, TypeRef type) {
  Shape shape;
  shape.kind = kind;
  shape.nullable = kind == ShapeKind::kAnything || kind == ShapeKind::kNull;
  return {type, NewShape(std::move(shape))};
}

TypeShape Lowerer::ResolveType(const ast::TypeExpr& type) {
  switch (type.kind) {
    case ast::TypeKind::kName:
      return ResolveNamed(type);
    case ast::TypeKind::kLiteral:
      return Literals({&type});
    case ast::TypeKind::kArray: {
      TypeShape element = ResolveType(*type.args[0]);
      TypeShape array = Basic(ShapeKind::kArray, types_.List(element.type));
      p_.shapes[array.shape].element = element.shape;
      return array;
    }
    case ast::TypeKind::kUnion:
      return ResolveUnion(type);
    case ast::TypeKind::kRecord: {
      TypeShape record = Basic(ShapeKind::kRecord, types_.Record({}));
      FillRecord({type.record.get()}, record, nullptr, false);
      return Constrain(record, std::vector<const ast::RecordBody*>{type.record.get()});
    }
  }
  return {};
}

TypeShape Lowerer::ResolveNamed(const ast::TypeExpr& type) {
  const std::string& name = type.name.text;
  TypeRef dyn = types_.Basic(TypeKind::kDyn);
  if (name == "bool") return Basic(ShapeKind::kBool, types_.Basic(TypeKind::kBool));
  if (name == "int") return Basic(ShapeKind::kInt, types_.Basic(TypeKind::kInt));
  if (name == "number" || name == "double") return Basic(ShapeKind::kNumber, types_.Basic(TypeKind::kDouble));
  if (name == "string") return Basic(ShapeKind::kString, types_.Basic(TypeKind::kString));
  if (name == "null") return Basic(ShapeKind::kNull, types_.Basic(TypeKind::kNull));
  if (name == "any") return Basic(ShapeKind::kNonNull, dyn);
  if (name == "object") return Basic(ShapeKind::kObject, types_.Map(types_.Basic(TypeKind::kString), dyn));
  if (name == "array") return Basic(ShapeKind::kArray, types_.List(dyn));
  if (name == "map" && type.args.size() == 2) {
    TypeShape value = ResolveType(*type.args[1]);
    TypeShape map = Basic(ShapeKind::kObject, types_.Map(types_.Basic(TypeKind::kString), value.type));
    p_.shapes[map.shape].element = value.shape;
    return map;
  }
  if (name == "list" && type.args.size() == 1) {
    TypeShape element = ResolveType(*type.args[0]);
    TypeShape array = Basic(ShapeKind::kArray, types_.List(element.type));
    p_.shapes[array.shape].element = element.shape;
    return array;
  }
  auto found = type_decls_.find(name);
  if (found == type_decls_.end()) {
    std::vector<std::string> known = {"bool", "int", "number", "string", "any", "object", "array"};
    for (const auto& decl : type_decls_) known.push_back(decl.first);
    Report(diag::Code::kUnknownType, type.name.span, "there is no type \"" + name + "\"" + sema::DidYouMean(name, known));
    return Basic(ShapeKind::kAnything, types_.Basic(TypeKind::kError));
  }
  auto done = resolved_.find(name);
  if (done != resolved_.end()) return done->second;
  if (!resolving_.insert(name).second) {
    Report(diag::Code::kCycle, type.name.span, "the type \"" + name + "\" is defined by itself");
    return Basic(ShapeKind::kAnything, types_.Basic(TypeKind::kError));
  }
  TypeShape result = ResolveDecl(*found->second);
  resolving_.erase(name);
  resolved_[name] = result;
  return result;
}

// Records and tagged unions are known before their fields are read, so that they may contain themselves.
TypeShape Lowerer::ResolveDecl(const ast::TypeDecl& decl) {
  if (decl.alias != nullptr) return Constrain(ResolveType(*decl.alias), decl.where);
  sema::RecordInfo info;
  info.name = decl.name.text;
  TypeShape target = Basic(decl.tag ? ShapeKind::kTagged : ShapeKind::kRecord, types_.Record(std::move(info)));
  p_.shapes[target.shape].name = decl.name.text;
  resolved_[decl.name.text] = target;
  if (decl.tag) return ResolveTagged(decl, target);
  FillRecord({decl.record.get()}, target, nullptr, false);
  return Constrain(target, std::vector<const ast::RecordBody*>{decl.record.get()});
}

TypeShape Lowerer::ResolveTagged(const ast::TypeDecl& decl, TypeShape target) {
  uint32_t tag = b_.StringConstant(decl.tag->text);
  std::map<std::string, std::pair<sema::RecordField, size_t>> merged;
  std::vector<std::string> names;
  std::vector<std::string> order;
  std::vector<ShapeAlternative> alternatives;
  for (const ast::Alternative& alternative : decl.alternatives) {
    sema::RecordInfo info;
    info.name = decl.name.text;
    TypeShape record = Basic(ShapeKind::kRecord, types_.Record(std::move(info)));
    p_.shapes[record.shape].name = decl.name.text;
    FillRecord({&decl.common, &alternative.body}, record, &*decl.tag, false);
    uint32_t checked = Constrain(record, std::vector<const ast::RecordBody*>{&decl.common, &alternative.body}).shape;
    for (const sema::RecordField& field : record.type->record->fields) {
      auto [slot, fresh] = merged.emplace(field.name, std::pair(field, size_t{0}));
      if (fresh) order.push_back(field.name);
      sema::RecordField& joined = slot->second.first;
      joined.optional = joined.optional || field.optional;
      bool strings = joined.type->kind == TypeKind::kString && field.type->kind == TypeKind::kString;
      if (joined.type != field.type) joined.type = types_.Basic(strings ? TypeKind::kString : TypeKind::kDyn);
      ++slot->second.second;
    }
    for (const ast::Name& name : alternative.tags) {
      alternatives.push_back({b_.StringConstant(name.text), checked});
      names.push_back(name.text);
    }
  }
  sema::RecordInfo* info = types_.MutableRecord(target.type);
  const bool open = decl.otherwise == ast::Otherwise::kAccept || decl.otherwise == ast::Otherwise::kCode;
  const std::set<std::string> promised = decl.otherwise == ast::Otherwise::kAccept ? CommonFields(decl) : std::set<std::string>();
  for (const std::string& name : order) {
    sema::RecordField field = merged[name].first;
    field.optional = field.optional || merged[name].second < decl.alternatives.size();
    if (name == decl.tag->text && !open) field.type = types_.Literals(names);
    if (open && promised.count(name) == 0) {  // where the kind is another, nothing is known of this field
      field.optional = true;
      field.type = types_.Basic(TypeKind::kDyn);
    }
    info->fields.push_back(field);
  }
  Shape& shape = p_.shapes[target.shape];
  shape.tag_field = tag;
  shape.alternatives = std::move(alternatives);
  if (decl.otherwise == ast::Otherwise::kAccept) {
    TypeShape other = Basic(ShapeKind::kRecord, target.type);
    FillRecord({&decl.common}, {types_.Record({}), other.shape}, &*decl.tag, false);
    p_.shapes[target.shape].otherwise = other.shape;
  }
  if (decl.otherwise == ast::Otherwise::kCode) p_.shapes[target.shape].otherwise = ReportedKind(decl);
  return target;
}

// The fields that values of every kind have, listed or not: the tag and what is declared before the alternatives.
std::set<std::string> Lowerer::CommonFields(const ast::TypeDecl& decl) {
  std::vector<const ast::FieldDecl*> fields;
  std::set<std::string> spreading;
  CollectFields(decl.common, fields, spreading);
  std::set<std::string> names = {decl.tag->text};
  for (const ast::FieldDecl* field : fields) names.insert(field->name.text);
  return names;
}

// `otherwise SEVERITY CODE`: any object, with a condition that never holds and so reports it.
uint32_t Lowerer::ReportedKind(const ast::TypeDecl& decl) {
  Site site;
  site.file = event_file_;
  const std::string title = decl.name.text + " has a known " + decl.tag->text;
  const Severity severity = SeverityOf(decl.otherwise_severity, Severity::kError).value_or(Severity::kError);
  b_.CloseLocal(b_.OpenLocal());  // the value, as of any constraint
  ShapeConstraint never;
  never.condition = b_.Bool(false);
  never.code = AddCode(decl.otherwise_code->text, title, severity, site, decl.otherwise_code->span);
  never.message = decl.name.text + " of an unknown " + decl.tag->text;
  Shape object;
  object.kind = ShapeKind::kObject;
  object.constraints.push_back(std::move(never));
  return NewShape(std::move(object));
}

TypeShape Lowerer::Literals(const std::vector<const ast::TypeExpr*>& literals) {
  std::vector<std::string> strings;
  std::vector<uint32_t> constants;
  for (const ast::TypeExpr* literal : literals) {
    const ast::Expr& e = *literal->literal;
    Value value = e.kind == ast::ExprKind::kString ? Value::String(e.text)
                  : e.kind == ast::ExprKind::kInt  ? Value::Int(e.int_value)
                  : e.kind == ast::ExprKind::kBool ? Value::Bool(e.bool_value)
                                                   : Value::Double(e.double_value);
    if (value.kind == Kind::kString) strings.push_back(e.text);
    constants.push_back(b_.Constant(value));
  }
  Kind kind = p_.constants[constants[0]].kind;
  TypeRef type = strings.size() == literals.size() ? types_.Literals(strings)
                 : kind == Kind::kBool             ? types_.Basic(TypeKind::kBool)
                                                   : types_.Basic(TypeKind::kDyn);
  TypeShape result = Basic(ShapeKind::kEnum, type);
  p_.shapes[result.shape].literals = std::move(constants);
  return result;
}

namespace {

constexpr uint32_t kNullBit = 1, kBoolBit = 2, kNumberBit = 4, kStringBit = 8, kObjectBit = 16, kArrayBit = 32, kAllBits = 63;

const char* JsonKindName(uint32_t bits) {
  if ((bits & kObjectBit) != 0) return "object";
  if ((bits & kArrayBit) != 0) return "array";
  if ((bits & kStringBit) != 0) return "string";
  if ((bits & kNumberBit) != 0) return "number";
  return (bits & kBoolBit) != 0 ? "bool" : "null";
}

}  // namespace

// The kinds of JSON value that may satisfy a shape, as bits.
uint32_t Lowerer::JsonKinds(uint32_t id) const {
  const Shape& shape = p_.shapes[id];
  uint32_t kinds = shape.nullable ? kNullBit : 0;
  switch (shape.kind) {
    case ShapeKind::kAnything:
      return kAllBits;
    case ShapeKind::kNonNull:
      return kinds | (kAllBits & ~kNullBit);
    case ShapeKind::kNull:
      return kNullBit;
    case ShapeKind::kBool:
      return kinds | kBoolBit;
    case ShapeKind::kInt:
    case ShapeKind::kNumber:
      return kinds | kNumberBit;
    case ShapeKind::kString:
      return kinds | kStringBit;
    case ShapeKind::kEnum:
      for (uint32_t literal : shape.literals) {
        Kind kind = p_.constants[literal].kind;
        kinds |= kind == Kind::kString ? kStringBit : kind == Kind::kBool ? kBoolBit : kNumberBit;
      }
      return kinds;
    case ShapeKind::kObject:
    case ShapeKind::kRecord:
    case ShapeKind::kTagged:
      return kinds | kObjectBit;
    case ShapeKind::kArray:
      return kinds | kArrayBit;
    case ShapeKind::kUnion:
      for (uint32_t member : shape.members) kinds |= JsonKinds(member);
      return kinds;
  }
  return kinds;
}

// The members of a union are told apart by the kind of JSON value alone.
void Lowerer::CheckAmbiguity(const std::vector<std::pair<source::Span, TypeShape>>& members) {
  for (size_t i = 1; i < members.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (members[i].second.type->kind == TypeKind::kError || members[j].second.type->kind == TypeKind::kError) continue;
      uint32_t both = JsonKinds(members[i].second.shape) & JsonKinds(members[j].second.shape);
      if (both == 0) continue;
      std::string hint = both == kObjectBit ? ": write them as one \"type ... by FIELD\"" : "";
      diag::Diagnostic& d =
          diagnostics_.Report(diag::Code::kBadType, members[i].first,
                              std::string("two members of this union may be a JSON ") + JsonKindName(both) + hint);
      d.labels.push_back({members[j].first, "this one too"});
      return;
    }
  }
}

TypeShape Lowerer::ResolveUnion(const ast::TypeExpr& type) {
  std::vector<const ast::TypeExpr*> literals;
  std::vector<TypeShape> members;
  std::vector<std::pair<source::Span, TypeShape>> placed;
  bool nullable = false;
  for (const ast::TypePtr& arg : type.args) {
    if (arg->kind == ast::TypeKind::kLiteral) {
      literals.push_back(arg.get());
    } else if (arg->kind == ast::TypeKind::kName && arg->name.text == "null") {
      nullable = true;
    } else {
      members.push_back(ResolveType(*arg));
      placed.emplace_back(arg->span, members.back());
    }
  }
  if (!literals.empty()) {
    members.insert(members.begin(), Literals(literals));
    placed.emplace(placed.begin(), literals[0]->span, members[0]);
  }
  CheckAmbiguity(placed);
  if (members.empty()) return Basic(ShapeKind::kNull, types_.Basic(TypeKind::kNull));
  TypeRef joined = members.size() == 1 ? members[0].type : types_.Basic(TypeKind::kDyn);
  if (nullable) joined = types_.Nullable(joined);
  ShapeKind first = p_.shapes[members[0].shape].kind;
  if (members.size() == 1 && first <= ShapeKind::kEnum) {
    Shape copy = p_.shapes[members[0].shape];
    if (nullable && copy.kind == ShapeKind::kNonNull) copy.kind = ShapeKind::kAnything;
    copy.nullable = copy.nullable || nullable;
    return {joined, NewShape(std::move(copy))};
  }
  TypeShape result = Basic(ShapeKind::kUnion, joined);
  Shape& shape = p_.shapes[result.shape];
  shape.nullable = nullable;
  for (const TypeShape& member : members) shape.members.push_back(member.shape);
  return result;
}

void Lowerer::CollectFields(const ast::RecordBody& body, std::vector<const ast::FieldDecl*>& fields,
                            std::set<std::string>& spreading) {
  for (const ast::Member& member : body.members) {
    if (member.field) {
      fields.push_back(&*member.field);
      continue;
    }
    auto found = type_decls_.find(member.spread.text);
    if (found == type_decls_.end() || found->second->record == nullptr) {
      Report(diag::Code::kUnknownType, member.spread.span, "there is no record type \"" + member.spread.text + "\"");
    } else if (!spreading.insert(member.spread.text).second) {
      Report(diag::Code::kCycle, member.spread.span, "\"" + member.spread.text + "\" contains itself");
    } else {
      CollectFields(*found->second->record, fields, spreading);
      spreading.erase(member.spread.text);
    }
  }
}

void Lowerer::FillRecord(const std::vector<const ast::RecordBody*>& bodies, TypeShape target, const ast::Name* tag,
                         bool with_slots) {
  std::vector<const ast::FieldDecl*> fields;
  std::set<std::string> spreading;
  bool closed = false;
  if (!with_slots && type_decls_.count(p_.shapes[target.shape].name) != 0) spreading.insert(p_.shapes[target.shape].name);
  for (const ast::RecordBody* body : bodies) {
    CollectFields(*body, fields, spreading);
    if (body->closed) closed = *body->closed;
  }
  std::vector<ShapeField> shape_fields;
  std::vector<sema::RecordField> readable;
  auto add = [&](const std::string& name, TypeShape type, bool optional, source::Span span) {
    uint32_t slot = with_slots ? static_cast<uint32_t>(shape_fields.size()) : kNone;
    shape_fields.push_back({b_.StringConstant(name), type.shape, optional, slot});
    sema::RecordField field;
    field.name = name;
    field.type = type.type;
    field.optional = optional;
    field.slot = slot;
    field.declared = span;
    readable.push_back(std::move(field));
  };
  std::map<std::string, source::Span> names;
  if (tag != nullptr) {
    names[tag->text] = tag->span;
    add(tag->text, Basic(ShapeKind::kString, types_.Basic(TypeKind::kString)), false, tag->span);
  }
  for (const ast::FieldDecl* field : fields) {
    auto [known, fresh] = names.emplace(field->name.text, field->name.span);
    if (!fresh) {
      diag::Diagnostics found;
      diag::Diagnostic& d =
          found.Report(diag::Code::kDuplicateName, field->name.span, "the field \"" + field->name.text + "\" is declared twice");
      d.labels.push_back({known->second, "first declared here"});
      Merge(found);
      continue;
    }
    add(field->name.text, Constrain(ResolveType(*field->type), field->where), field->optional, field->name.span);
  }
  Shape& shape = p_.shapes[target.shape];
  shape.fields = std::move(shape_fields);
  shape.closed = closed;
  if (sema::RecordInfo* info = types_.MutableRecord(target.type)) info->fields = std::move(readable);
}

// The conditions of a body and of what it splices in. Cycles are reported by CollectFields.
void Lowerer::CollectWhere(const ast::RecordBody& body, std::vector<const ast::WhereClause*>& where,
                           std::set<std::string>& spreading) {
  for (const ast::Member& member : body.members) {
    if (member.field) continue;
    auto found = type_decls_.find(member.spread.text);
    if (found == type_decls_.end() || found->second->record == nullptr || !spreading.insert(member.spread.text).second) continue;
    CollectWhere(*found->second->record, where, spreading);
    spreading.erase(member.spread.text);
  }
  for (const ast::WhereClause& clause : body.where) where.push_back(&clause);
}

TypeShape Lowerer::Constrain(TypeShape base, const std::vector<const ast::RecordBody*>& bodies) {
  std::vector<const ast::WhereClause*> where;
  std::set<std::string> spreading;
  for (const ast::RecordBody* body : bodies) CollectWhere(*body, where, spreading);
  return ConstrainBy(base, where);
}

TypeShape Lowerer::Constrain(TypeShape base, const std::vector<ast::WhereClause>& where) {
  std::vector<const ast::WhereClause*> pointers;
  for (const ast::WhereClause& clause : where) pointers.push_back(&clause);
  return ConstrainBy(base, pointers);
}

// Adds `where` clauses. Scalars are copied, so that the plain type stays plain; others are wrapped.
TypeShape Lowerer::ConstrainBy(TypeShape base, const std::vector<const ast::WhereClause*>& where) {
  if (where.empty()) return base;
  Site site;
  std::vector<ShapeConstraint> constraints;
  for (const ast::WhereClause* each : where) {
    const ast::WhereClause& clause = *each;
    uint32_t local = b_.OpenLocal();
    sema::Env env(&root_);
    sema::Binding self;
    self.type = base.type;
    self.node = b_.Make(Op::kLocal, sema::RepOf(base.type), local, {});
    env.Bind("this", self);
    site.from = "type constraint";
    // A body shared by several event types is checked for each: said once.
    diag::Diagnostics found;
    sema::CheckContext context = Context(found, site);
    sema::Checked condition = sema::CheckExpr(context, *clause.condition, env, types_.Basic(TypeKind::kBool));
    Merge(found);
    b_.CloseLocal(local);
    ShapeConstraint constraint;
    constraint.condition = condition.node;
    constraint.message = clause.message;
    if (clause.code) {
      site.file = event_file_;
      constraint.code = AddCode(clause.code->text, clause.message, Severity::kError, site, clause.code->span);
    }
    if (condition.ok()) constraints.push_back(std::move(constraint));
  }
  uint32_t shape;
  if (p_.shapes[base.shape].kind <= ShapeKind::kEnum) {
    Shape copy = p_.shapes[base.shape];
    shape = NewShape(std::move(copy));
  } else {
    Shape wrapper;
    wrapper.kind = ShapeKind::kUnion;
    wrapper.nullable = p_.shapes[base.shape].nullable;
    wrapper.members = {base.shape};
    shape = NewShape(std::move(wrapper));
  }
  std::vector<ShapeConstraint>& all = p_.shapes[shape].constraints;
  all.insert(all.end(), constraints.begin(), constraints.end());
  return {base.type, shape};
}

// Types of params, functions and cells: values, not JSON.
TypeRef Lowerer::ValueType(const ast::TypeExpr& type) {
  if (type.kind == ast::TypeKind::kName) {
    static const std::map<std::string, TypeKind> kBasic = {{"bool", TypeKind::kBool},         {"int", TypeKind::kInt},
                                                           {"uint", TypeKind::kUint},         {"double", TypeKind::kDouble},
                                                           {"number", TypeKind::kDouble},     {"string", TypeKind::kString},
                                                           {"bytes", TypeKind::kBytes},       {"timestamp", TypeKind::kTimestamp},
                                                           {"duration", TypeKind::kDuration}, {"dyn", TypeKind::kDyn},
                                                           {"any", TypeKind::kDyn},           {"null", TypeKind::kNull}};
    auto basic = kBasic.find(type.name.text);
    if (basic != kBasic.end()) return types_.Basic(basic->second);
    const std::string& name = type.name.text;
    if ((name == "list" || name == "set") && type.args.size() == 1) return types_.List(ValueType(*type.args[0]));
    if (name == "optional" && type.args.size() == 1) return types_.Optional(ValueType(*type.args[0]));
    if (name == "map" && type.args.size() == 2) return types_.Map(ValueType(*type.args[0]), ValueType(*type.args[1]));
  }
  if (type.kind == ast::TypeKind::kArray) return types_.List(ValueType(*type.args[0]));
  return ResolveType(type).type;
}

}  // namespace edict::lower
