#include "runtime/cli/suite_messages.h"

#include <deque>
#include <string>

namespace edict::cli {
namespace {

// The kinds of value that fields have, by their part of the field's name. "@" stands for the message type itself.
struct FieldKind {
  const char* name;
  const char* type;
};
constexpr FieldKind kScalars[] = {
    {"int32", "int"},    {"int64", "int"},     {"uint32", "uint"},  {"uint64", "uint"},   {"sint32", "int"},
    {"sint64", "int"},   {"fixed32", "uint"},  {"fixed64", "uint"}, {"sfixed32", "int"},  {"sfixed64", "int"},
    {"float", "double"}, {"double", "double"}, {"bool", "bool"},    {"string", "string"}, {"bytes", "bytes"},
};
constexpr FieldKind kMessages[] = {
    {"any", "dyn"},
    {"duration", "duration"},
    {"timestamp", "timestamp"},
    {"struct", "map(string,dyn)"},
    {"value", "dyn"},
    {"int64_wrapper", "wrapper(int)"},
    {"int32_wrapper", "wrapper(int)"},
    {"double_wrapper", "wrapper(double)"},
    {"float_wrapper", "wrapper(double)"},
    {"uint64_wrapper", "wrapper(uint)"},
    {"uint32_wrapper", "wrapper(uint)"},
    {"string_wrapper", "wrapper(string)"},
    {"bool_wrapper", "wrapper(bool)"},
    {"bytes_wrapper", "wrapper(bytes)"},
    {"nested_message", "@.NestedMessage"},
    {"nested_enum", "int"},
};
constexpr FieldKind kLists[] = {{"list_value", "list(dyn)"}, {"null_value", "null"}};
constexpr FieldKind kMapOnly[] = {{"enum", "int"}, {"message", "@.NestedMessage"}};
constexpr FieldKind kOthers[] = {
    {"list_value", "list(dyn)"},
    {"null_value", "null"},
    {"optional_null_value", "null"},
    {"standalone_message", "@.NestedMessage"},
    {"standalone_enum", "int"},
    {"oneof_type", "@.Nested"},
    {"oneof_msg", "@.NestedMessage"},
    {"oneof_bool", "bool"},
    {"in", "bool"},
    {"repeated_string_piece", "list(string)"},
    {"repeated_cord", "list(string)"},
};
constexpr FieldKind kKeys[] = {{"bool", "bool"},   {"int32", "int"},   {"int64", "int"},
                               {"uint32", "uint"}, {"uint64", "uint"}, {"string", "string"}};

// The declarations of one package (proto2, proto3), which agree in names and types.
class Package {
 public:
  explicit Package(const std::string& name)
      : all_types_(name + ".TestAllTypes"), nested_(name + ".NestedTestAllTypes"), inner_(all_types_ + ".NestedMessage") {
    for (const auto& [kinds, count] : {Span(kScalars), Span(kMessages)}) AddForms(kinds, count);
    for (const FieldKind& kind : kLists) Add("repeated_" + std::string(kind.name), List(kind.type));
    for (const FieldKind& kind : kOthers) Add(kind.name, kind.type);
    for (const FieldKind& key : kKeys) {
      for (const auto& [kinds, count] : {Span(kScalars), Span(kMessages), Span(kLists), Span(kMapOnly)}) {
        for (size_t i = 0; i < count; ++i) {
          Add("map_" + std::string(key.name) + "_" + kinds[i].name, "map(" + std::string(key.type) + "," + kinds[i].type + ")");
        }
      }
    }
  }

  void AppendTo(std::vector<compiler::MessageType>& messages) const {
    messages.push_back({all_types_, fields_.data(), fields_.size()});
    messages.push_back({nested_, nested_fields_, 2});
    messages.push_back({inner_, inner_fields_, 1});
  }

 private:
  template <size_t N>
  static std::pair<const FieldKind*, size_t> Span(const FieldKind (&kinds)[N]) {
    return {kinds, N};
  }
  static std::string List(const std::string& type) { return "list(" + type + ")"; }

  void AddForms(const FieldKind* kinds, size_t count) {
    for (size_t i = 0; i < count; ++i) {
      Add("single_" + std::string(kinds[i].name), kinds[i].type);
      Add("repeated_" + std::string(kinds[i].name), List(kinds[i].type));
    }
  }
  void Add(std::string name, std::string type) {
    size_t self = type.find('@');
    if (self != std::string::npos) {
      bool nested = type.substr(self) == "@.Nested";
      type = nested ? nested_ : type.replace(self, 1, all_types_);
    }
    texts_.push_back(std::move(name));
    std::string_view kept_name = texts_.back();
    texts_.push_back(std::move(type));
    fields_.push_back({kept_name, texts_.back()});
  }

  std::string all_types_;
  std::string nested_;
  std::string inner_;
  std::deque<std::string> texts_;  // what the fields point to
  std::vector<compiler::MessageField> fields_;
  compiler::MessageField nested_fields_[2] = {{"child", nested_}, {"payload", all_types_}};
  compiler::MessageField inner_fields_[1] = {{"bb", "int"}};
};

}  // namespace

const std::vector<compiler::MessageType>& SuiteMessages() {
  static const Package kProto2("cel.expr.conformance.proto2");
  static const Package kProto3("cel.expr.conformance.proto3");
  static const std::vector<compiler::MessageType> kAll = [] {
    std::vector<compiler::MessageType> messages;
    kProto2.AppendTo(messages);
    kProto3.AppendTo(messages);
    return messages;
  }();
  return kAll;
}

}  // namespace edict::cli
