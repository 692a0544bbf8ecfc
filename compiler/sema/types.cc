#include "compiler/sema/types.h"

#include "compiler/sema/signatures.h"

namespace edict::sema {
namespace {

constexpr TypeKind kBasics[] = {TypeKind::kDyn,       TypeKind::kNull,     TypeKind::kBool,   TypeKind::kInt,
                                TypeKind::kUint,      TypeKind::kDouble,   TypeKind::kString, TypeKind::kBytes,
                                TypeKind::kTimestamp, TypeKind::kDuration, TypeKind::kError};

}  // namespace

const RecordField* RecordInfo::Find(std::string_view field) const {
  for (const RecordField& candidate : fields) {
    if (candidate.name == field) return &candidate;
  }
  return nullptr;
}

TypeTable::TypeTable() {
  for (TypeKind kind : kBasics) {
    auto type = std::make_unique<Type>();
    type->kind = kind;
    const auto position = static_cast<size_t>(kind);
    if (basics_.size() <= position) basics_.resize(position + 1);
    basics_[position] = type.get();
    types_.push_back(std::move(type));
  }
}

TypeRef TypeTable::Basic(TypeKind kind) const { return basics_[static_cast<size_t>(kind)]; }

TypeRef TypeTable::Make(TypeKind kind, std::vector<TypeRef> args) {
  std::string key = "made" + std::to_string(static_cast<int>(kind));
  for (TypeRef arg : args) key += " " + std::to_string(reinterpret_cast<uintptr_t>(arg));
  TypeRef& slot = interned_[key];
  if (slot == nullptr) {
    auto type = std::make_unique<Type>();
    type->kind = kind;
    type->args = std::move(args);
    slot = type.get();
    types_.push_back(std::move(type));
  }
  return slot;
}

TypeRef TypeTable::Nullable(TypeRef inner) {
  bool has_null = inner->kind == TypeKind::kDyn || inner->kind == TypeKind::kNull || inner->kind == TypeKind::kNullable ||
                  inner->kind == TypeKind::kWrapper || inner->kind == TypeKind::kError;
  return has_null ? inner : Make(TypeKind::kNullable, {inner});
}

TypeRef TypeTable::Param(std::string_view name) {
  TypeRef& slot = interned_["param " + std::string(name)];
  if (slot == nullptr) {
    auto type = std::make_unique<Type>();
    type->kind = TypeKind::kParam;
    type->name = name;
    slot = type.get();
    types_.push_back(std::move(type));
  }
  return slot;
}

TypeRef TypeTable::Opaque(std::string_view name, std::vector<TypeRef> args) {
  std::string key = "opaque " + std::string(name);
  for (TypeRef arg : args) key += " " + std::to_string(reinterpret_cast<uintptr_t>(arg));
  TypeRef& slot = interned_[key];
  if (slot == nullptr) {
    auto type = std::make_unique<Type>();
    type->kind = TypeKind::kOpaque;
    type->name = name;
    type->args = std::move(args);
    slot = type.get();
    types_.push_back(std::move(type));
  }
  return slot;
}

TypeRef TypeTable::Literals(std::vector<std::string> literals) {
  auto type = std::make_unique<Type>();
  type->kind = TypeKind::kString;
  type->literals = std::move(literals);
  types_.push_back(std::move(type));
  return types_.back().get();
}

TypeRef TypeTable::Record(RecordInfo info) {
  records_.push_back(std::make_unique<RecordInfo>(std::move(info)));
  auto type = std::make_unique<Type>();
  type->kind = TypeKind::kRecord;
  type->record = records_.back().get();
  types_.push_back(std::move(type));
  return types_.back().get();
}

RecordInfo* TypeTable::MutableRecord(TypeRef record) {
  for (auto& info : records_) {
    if (info.get() == record->record) return info.get();
  }
  return nullptr;
}

TypeRef TypeTable::Enum(EnumInfo info) {
  enums_.push_back(std::make_unique<EnumInfo>(std::move(info)));
  auto type = std::make_unique<Type>();
  type->kind = TypeKind::kEnum;
  type->enum_info = enums_.back().get();
  types_.push_back(std::move(type));
  return types_.back().get();
}

const Signatures& TypeTable::signatures() {
  if (signatures_ == nullptr) signatures_ = std::make_shared<Signatures>(*this);
  return *signatures_;
}

std::string ToText(TypeRef type) {
  auto arg = [&](size_t i) { return ToText(type->args[i]); };
  switch (type->kind) {
    case TypeKind::kDyn:
      return "dyn";
    case TypeKind::kNull:
      return "null";
    case TypeKind::kBool:
      return "bool";
    case TypeKind::kInt:
      return "int";
    case TypeKind::kUint:
      return "uint";
    case TypeKind::kDouble:
      return "double";
    case TypeKind::kString:
      return "string";
    case TypeKind::kBytes:
      return "bytes";
    case TypeKind::kTimestamp:
      return "timestamp";
    case TypeKind::kDuration:
      return "duration";
    case TypeKind::kType:
      return "type(" + arg(0) + ")";
    case TypeKind::kList:
      return "list(" + arg(0) + ")";
    case TypeKind::kMap:
      return "map(" + arg(0) + ", " + arg(1) + ")";
    case TypeKind::kOptional:
      return "optional(" + arg(0) + ")";
    case TypeKind::kNullable:
    case TypeKind::kWrapper:
      return arg(0) + " or null";
    case TypeKind::kRecord:
      return type->record->name.empty() ? "object" : type->record->name;
    case TypeKind::kEnum:
      return type->enum_info->name;
    case TypeKind::kParam:
      return type->name;
    case TypeKind::kOpaque: {
      std::string text = type->name;
      for (size_t i = 0; i < type->args.size(); ++i) text += (i == 0 ? "(" : ", ") + arg(i);
      return type->args.empty() ? text : text + ")";
    }
    case TypeKind::kError:
      return "error";
  }
  return "";
}

Kind RepOf(TypeRef type) {
  switch (type->kind) {
    case TypeKind::kNull:
      return Kind::kNull;
    case TypeKind::kBool:
      return Kind::kBool;
    case TypeKind::kInt:
    case TypeKind::kEnum:
      return Kind::kInt;
    case TypeKind::kUint:
      return Kind::kUint;
    case TypeKind::kDouble:
      return Kind::kDouble;
    case TypeKind::kString:
      return Kind::kString;
    case TypeKind::kBytes:
      return Kind::kBytes;
    case TypeKind::kTimestamp:
      return Kind::kTimestamp;
    case TypeKind::kDuration:
      return Kind::kDuration;
    case TypeKind::kType:
      return Kind::kType;
    case TypeKind::kList:
      return Kind::kList;
    case TypeKind::kMap:
    case TypeKind::kRecord:
      return Kind::kMap;
    case TypeKind::kOptional:
      return Kind::kOptional;
    default:
      return Kind::kAbsent;
  }
}

}  // namespace edict::sema
