// The types of the checker. A Type is interned in a TypeTable: equal types are one pointer, so compare pointers.
#ifndef EDICT_COMPILER_SEMA_TYPES_H_
#define EDICT_COMPILER_SEMA_TYPES_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/source/source.h"
#include "runtime/value/value.h"

namespace edict::sema {

enum class TypeKind : uint8_t {
  kDyn,
  kNull,
  kBool,
  kInt,
  kUint,
  kDouble,
  kString,
  kBytes,
  kTimestamp,
  kDuration,
  kType,      // type(args[0])
  kList,      // args[0]
  kMap,       // args[0] -> args[1]
  kOptional,  // args[0]
  kNullable,  // args[0] or null: what a `T | null` field reads as; narrowed by == null / != null
  kWrapper,   // args[0], or null as CEL lets null stand for a message: no test is asked for, an operation on null fails
  kRecord,    // record
  kEnum,      // state enums: ordinals at run time (enum_info); field literal unions are kString with `literals`
  kParam,     // a type parameter of a signature; name
  kOpaque,    // extension types (net.IP ...); name, and args where it is parameterised
  kError,     // after a diagnostic: agrees with everything, reports nothing more
};

struct Type;
using TypeRef = const Type*;

struct RecordField {
  std::string name;
  TypeRef type = nullptr;
  bool optional = false;        // may be absent
  bool missing = false;         // this event type has no such field, others that the rule judges have
  uint32_t slot = 0xffffffffu;  // of a single event type's top-level field
  source::Span declared;
};
struct RecordInfo {
  std::string name;
  std::vector<RecordField> fields;  // of a tagged union: fields of all alternatives; those not in every one are optional
  const RecordField* Find(std::string_view field) const;
};
struct EnumInfo {
  std::string name;
  std::vector<std::string> names;
  uint32_t id = 0;  // Program::enums
};

struct Type {
  TypeKind kind = TypeKind::kDyn;
  std::vector<TypeRef> args;
  std::string name;
  const RecordInfo* record = nullptr;
  const EnumInfo* enum_info = nullptr;
  std::vector<std::string> literals;  // kString of an enum of literals: comparing with another literal is a compile error
};

class TypeTable {
 public:
  TypeTable();
  TypeRef Basic(TypeKind kind) const;  // kinds without parts
  TypeRef Make(TypeKind kind, std::vector<TypeRef> args);
  // A type like `type`, of other parts.
  TypeRef WithArgs(TypeRef type, std::vector<TypeRef> args) {
    return type->kind == TypeKind::kOpaque ? Opaque(type->name, std::move(args)) : Make(type->kind, std::move(args));
  }
  TypeRef List(TypeRef element) { return Make(TypeKind::kList, {element}); }
  TypeRef Map(TypeRef key, TypeRef value) { return Make(TypeKind::kMap, {key, value}); }
  TypeRef Optional(TypeRef inner) { return Make(TypeKind::kOptional, {inner}); }
  TypeRef Nullable(TypeRef inner);  // dyn, null and nullable stay
  TypeRef Wrapper(TypeRef inner) { return Make(TypeKind::kWrapper, {inner}); }
  TypeRef Param(std::string_view name);
  // The element of [] and the value of optional.none(): no value has it, so it agrees with every type and joins to the
  // other one. Only stands inside lists, maps and optionals, and only while an expression is checked.
  TypeRef Nothing() { return Param("_"); }
  TypeRef Opaque(std::string_view name, std::vector<TypeRef> args = {});
  TypeRef Literals(std::vector<std::string> literals);
  TypeRef Record(RecordInfo info);            // a new type each time
  RecordInfo* MutableRecord(TypeRef record);  // recursive types: fields are filled in later
  TypeRef Enum(EnumInfo info);
  // The overloads of every builtin, each read into these types at its first use.
  const class Signatures& signatures();

 private:
  std::vector<std::unique_ptr<Type>> types_;
  std::vector<std::unique_ptr<RecordInfo>> records_;
  std::vector<std::unique_ptr<EnumInfo>> enums_;
  std::map<std::string, TypeRef> interned_;
  std::vector<TypeRef> basics_;  // by TypeKind; null: no basic one
  std::shared_ptr<Signatures> signatures_;
};

// As users write it: "list(int)", "message", "'a' | 'b'".
std::string ToText(TypeRef type);
// The runtime kind of values of this type; Node::kAny (kAbsent) for dyn, nullable ... . Enums are ints, records maps.
Kind RepOf(TypeRef type);

}  // namespace edict::sema

#endif  // EDICT_COMPILER_SEMA_TYPES_H_
