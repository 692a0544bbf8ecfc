// The words of the IR's text, shared by Print and Read, and the facts that go without saying: what a node's kind and a
// call's overload are unless the text says otherwise.
#ifndef EDICT_COMPILER_IR_TEXT_H_
#define EDICT_COMPILER_IR_TEXT_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/program/program.h"

namespace edict::ir {

// Tables of words, by the value of their enum.
inline constexpr std::string_view kKindWords[] = {"dyn",  "null", "bool",     "int",  "uint",      "double",   "string", "bytes",
                                                  "list", "map",  "optional", "type", "timestamp", "duration", "error"};
inline constexpr std::string_view kShapeWords[] = {"anything", "any",    "null",  "bool",   "int",    "number", "string",
                                                   "enum",     "object", "array", "record", "tagged", "union"};
inline constexpr std::string_view kFaultWords[] = {"not_object", "missing_type", "unknown_type", "missing_field", "wrong_type",
                                                   "constraint", "extra_field",  "malformed",    "eval",          "bound",
                                                   "late",       "bad_time",     "framing"};
inline constexpr std::string_view kSeverityWords[] = {"info", "warning", "error", "critical"};
inline constexpr std::string_view kCellWords[] = {"cell", "set", "map"};
inline constexpr std::string_view kReloadWords[] = {"cell", "lifecycle", "keep", "document", "window", "timer"};
inline constexpr std::string_view kPolicyWords[] = {"keep", "reset", "migrate"};
inline constexpr std::string_view kEffectWords[] = {"set",    "put",  "erase", "insert", "clear",  "move",  "add",   "arm",
                                                    "disarm", "open", "close", "keep",   "assign", "patch", "forget"};
inline constexpr std::string_view kTimeUnitWords[] = {"none", "s", "ms", "us", "ns", "rfc3339"};
inline constexpr std::string_view kWindowWords[] = {"count", "sum", "min", "max", "distinct", "rate"};

// Shapes of these kinds are written where they are used, if they hold nothing but their kind.
inline bool IsPlainKind(ShapeKind kind) {
  return kind <= ShapeKind::kString || kind == ShapeKind::kObject || kind == ShapeKind::kArray;
}

// The word's place in the table, or kNone.
template <size_t kCount>
uint32_t WordIndex(const std::string_view (&table)[kCount], std::string_view word) {
  for (uint32_t i = 0; i < kCount; ++i) {
    if (table[i] == word) return i;
  }
  return kNone;
}

inline bool IsWordChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
}
// A name stands bare where it is a word, and in quotes elsewhere.
bool IsWord(std::string_view text);
std::string Quoted(std::string_view text);
std::string Name(std::string_view text);

// Names that two entities share are told apart by their index: phase#3.
template <typename T>
std::string Reference(const std::vector<T>& table, uint32_t index, std::string T::*name) {
  const std::string& own = table[index].*name;
  for (uint32_t i = 0; i < index; ++i) {
    if (table[i].*name == own) return Name(own) + "#" + std::to_string(index);
  }
  return Name(own);
}

// A constant as Read takes it: as CEL writes it, but for types: type(int).
std::string Literal(const Value& value);

struct OverloadText {
  const char* symbol;
  const char* function;
  const char* signature;
};
const std::vector<OverloadText>& Overloads();
// The overload that a call of the function with such operands is, unless the text names another. kNone: there is no such
// function.
uint32_t UsualOverload(std::string_view function, const std::vector<Kind>& args);

// The word of an operation before its operands. A call's is its function.
std::string OpWord(Op op);

// The kind that a node has unless the text says otherwise. `event`: whose slots it reads; may be null.
Kind UsualKind(const Program& program, const EventType* event, const Node& node, const std::vector<uint32_t>& args);

}  // namespace edict::ir

#endif  // EDICT_COMPILER_IR_TEXT_H_
