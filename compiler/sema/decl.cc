#include "compiler/sema/decl.h"

#include <cctype>
#include <vector>

namespace edict::sema {
namespace {

// A message of protobuf's text format: fields in order, each with a scalar's text or a message.
struct Message;
struct Field {
  std::string name;
  std::string scalar;
  std::vector<Message> message;  // one, or none for a scalar
};
struct Message {
  std::vector<Field> fields;

  const Field* Find(std::string_view name) const {
    for (const Field& field : fields) {
      if (field.name == name) return &field;
    }
    return nullptr;
  }
  // The message in a field, or null.
  const Message* In(std::string_view name) const {
    const Field* field = Find(name);
    return field == nullptr || field->message.empty() ? nullptr : &field->message[0];
  }
};

class DeclReader {
 public:
  explicit DeclReader(std::string_view text) : text_(text) {}

  // False if the text is damaged.
  bool ReadAll(Message& message) { return Fields(message, 0) && at_ == text_.size(); }

 private:
  static constexpr int kMaxDepth = 64;

  void Skip() {
    while (at_ < text_.size() && std::string_view(" \t\r\n,;").find(text_[at_]) != std::string_view::npos) ++at_;
  }
  bool Take(char c) {
    Skip();
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  std::string Word() {
    Skip();
    size_t begin = at_;
    while (at_ < text_.size() &&
           (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0 || text_[at_] == '_' || text_[at_] == '-'))
      ++at_;
    return std::string(text_.substr(begin, at_ - begin));
  }
  bool Quoted(std::string& out) {
    char quote = text_[at_++];
    while (at_ < text_.size() && text_[at_] != quote) {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      out += text_[at_++];
    }
    return at_++ < text_.size();
  }
  bool Fields(Message& message, int depth) {
    if (depth > kMaxDepth) return false;
    while (Skip(), at_ < text_.size() && text_[at_] != '}') {
      Field field;
      field.name = Word();
      if (field.name.empty()) return false;
      bool colon = Take(':');
      Skip();
      if (Take('{')) {
        field.message.emplace_back();
        if (!Fields(field.message[0], depth + 1) || !Take('}')) return false;
      } else if (!colon || at_ == text_.size()) {
        return false;
      } else if (text_[at_] == '"' || text_[at_] == '\'') {
        if (!Quoted(field.scalar)) return false;
      } else {
        field.scalar = Word();
        if (field.scalar.empty()) return false;
      }
      message.fields.push_back(std::move(field));
    }
    return true;
  }

  std::string_view text_;
  size_t at_ = 0;
};

struct NamedKind {
  const char* name;
  TypeKind kind;
};
constexpr NamedKind kPrimitives[] = {{"BOOL", TypeKind::kBool},     {"INT64", TypeKind::kInt},     {"UINT64", TypeKind::kUint},
                                     {"DOUBLE", TypeKind::kDouble}, {"STRING", TypeKind::kString}, {"BYTES", TypeKind::kBytes}};
constexpr NamedKind kMessages[] = {{"google.protobuf.Timestamp", TypeKind::kTimestamp},
                                   {"google.protobuf.Duration", TypeKind::kDuration},
                                   {"TIMESTAMP", TypeKind::kTimestamp},
                                   {"DURATION", TypeKind::kDuration}};

template <size_t N>
const NamedKind* FindKind(const NamedKind (&kinds)[N], std::string_view name) {
  for (const NamedKind& kind : kinds) {
    if (name == kind.name) return &kind;
  }
  return nullptr;
}

// Reads cel.expr.Type messages.
class TypeReader {
 public:
  TypeReader(TypeTable& types, const MessageTypes& messages) : types_(types), messages_(messages) {}

  TypeRef PartOf(const Message& message, std::string_view name) {
    const Message* part = message.In(name);
    return part == nullptr ? types_.Basic(TypeKind::kDyn) : Read(*part);
  }
  std::vector<TypeRef> PartsOf(const Message& message, std::string_view name) {
    std::vector<TypeRef> parts;
    for (const Field& field : message.fields) {
      if (field.name == name && !field.message.empty()) parts.push_back(Read(field.message[0]));
    }
    return parts;
  }

 private:
  TypeRef Read(const Message& message) {
    if (message.fields.empty()) return types_.Basic(TypeKind::kDyn);
    const Field& field = message.fields[0];
    return field.message.empty() ? Named(field) : Composed(field.name, field.message[0]);
  }
  TypeRef Named(const Field& field) {
    TypeRef dyn = types_.Basic(TypeKind::kDyn);
    if (field.name == "primitive" || field.name == "wrapper") {
      const NamedKind* kind = FindKind(kPrimitives, field.scalar);
      if (kind == nullptr) return dyn;
      TypeRef type = types_.Basic(kind->kind);
      return field.name == "wrapper" ? types_.Wrapper(type) : type;
    }
    if (field.name == "type_param") return types_.Param(field.scalar);
    if (field.name == "null") return types_.Basic(TypeKind::kNull);
    if (field.name != "well_known" && field.name != "message_type") return dyn;
    auto message = messages_.find(field.scalar);
    if (message != messages_.end()) return message->second;
    const NamedKind* kind = FindKind(kMessages, field.scalar);
    return kind == nullptr ? dyn : types_.Basic(kind->kind);
  }
  TypeRef Composed(const std::string& form, const Message& inner) {
    if (form == "list_type") return types_.List(PartOf(inner, "elem_type"));
    if (form == "map_type") return types_.Map(PartOf(inner, "key_type"), PartOf(inner, "value_type"));
    if (form == "type") return types_.Make(TypeKind::kType, {Read(inner)});
    const Field* name = form == "abstract_type" ? inner.Find("name") : nullptr;
    if (name != nullptr && name->scalar == "optional_type") return types_.Optional(PartOf(inner, "parameter_types"));
    if (name != nullptr) return types_.Opaque(name->scalar, PartsOf(inner, "parameter_types"));
    return types_.Basic(TypeKind::kDyn);
  }

  TypeTable& types_;
  const MessageTypes& messages_;
};

std::string Primitive(TypeRef type) {
  for (const NamedKind& kind : kPrimitives) {
    if (type->kind == kind.kind) return kind.name;
  }
  return "";
}

}  // namespace

Result<Decl> ReadDecl(TypeTable& types, std::string_view text, const MessageTypes& messages) {
  TypeReader reader(types, messages);
  Message message;
  if (!DeclReader(text).ReadAll(message)) return Error{"the declaration is no text-format cel.expr.Decl: " + std::string(text)};
  const Field* name = message.Find("name");
  if (name == nullptr || name->scalar.empty()) return Error{"the declaration has no name: " + std::string(text)};
  if (const Message* ident = message.In("ident")) return Decl{name->scalar, reader.PartOf(*ident, "type"), {}};
  const Message* function = message.In("function");
  if (function == nullptr) return Error{name->scalar + " is declared neither as a variable (ident) nor as a function"};
  Decl decl{name->scalar, nullptr, {}};
  for (const Field& field : function->fields) {
    if (field.name != "overloads" || field.message.empty()) continue;
    FunctionOverload overload;
    overload.result = reader.PartOf(field.message[0], "result_type");
    overload.params = reader.PartsOf(field.message[0], "params");
    const Field* member = field.message[0].Find("is_instance_function");
    overload.member = member != nullptr && member->scalar == "true";
    decl.overloads.push_back(std::move(overload));
  }
  return decl;
}

std::string ToTypeProto(TypeRef type) {
  switch (type->kind) {
    case TypeKind::kBool:
    case TypeKind::kInt:
    case TypeKind::kUint:
    case TypeKind::kDouble:
    case TypeKind::kString:
    case TypeKind::kBytes:
      return "primitive: " + Primitive(type);
    case TypeKind::kEnum:
      return "primitive: STRING";
    case TypeKind::kNull:
      return "null: NULL_VALUE";
    case TypeKind::kTimestamp:
      return "well_known: TIMESTAMP";
    case TypeKind::kDuration:
      return "well_known: DURATION";
    case TypeKind::kType:
      return "type { " + ToTypeProto(type->args[0]) + " }";
    case TypeKind::kList:
      return "list_type { elem_type { " + ToTypeProto(type->args[0]) + " } }";
    case TypeKind::kMap:
      return "map_type { key_type { " + ToTypeProto(type->args[0]) + " } value_type { " + ToTypeProto(type->args[1]) + " } }";
    case TypeKind::kOptional:
      return "abstract_type { name: \"optional_type\" parameter_types { " + ToTypeProto(type->args[0]) + " } }";
    case TypeKind::kNullable:
    case TypeKind::kWrapper: {
      std::string primitive = Primitive(type->args[0]);
      return primitive.empty() ? ToTypeProto(type->args[0]) : "wrapper: " + primitive;
    }
    case TypeKind::kOpaque: {
      std::string text = "abstract_type { name: \"" + type->name + "\"";
      for (TypeRef arg : type->args) text += " parameter_types { " + ToTypeProto(arg) + " }";
      return text + " }";
    }
    case TypeKind::kRecord:
      return "message_type: \"" + type->record->name + "\"";
    case TypeKind::kParam:
      return "type_param: \"" + type->name + "\"";
    default:
      return "dyn {  }";
  }
}

}  // namespace edict::sema
