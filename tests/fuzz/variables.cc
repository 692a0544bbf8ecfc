#include "tests/fuzz/variables.h"

#include "compiler/sema/type_text.h"
#include "runtime/cli/json_binding.h"
#include "tests/fuzz/support.h"

namespace edict::fuzz {
namespace {

const char* const kDefaults =
    R"({"x": null, "i": -9223372036854775808, "u": "18446744073709551615", "d": -0.0, "b": true, "s": "añb", "y": "AP8=",)"
    R"( "t": "2024-02-29T23:59:59.999999999Z", "p": "-1.5s", "l": [3, 1, 2], "k": ["a", ""], "m": {"a": 1, "b": -2}, "o": 5})";

}  // namespace

BoundVariables::BoundVariables(std::string_view json) {
  sema::TypeTable types;
  JsonLimits limits;
  limits.max_depth = 100;
  const JsonNode* root = parser_.Parse(json, limits);
  const JsonNode* defaults = defaults_.Parse(kDefaults, limits);
  if (defaults == nullptr) Fail("the defaults are no JSON");
  for (const compiler::Variable& variable : Variables()) {
    Result<sema::TypeRef> type = sema::ParseTypeText(types, variable.type);
    if (!type.ok()) Fail(type.error().message);
    const JsonNode* member = root != nullptr && root->kind == JsonKind::kObject ? FindMember(*root, variable.name) : nullptr;
    if (member == nullptr && variable.name == "x") member = root;
    Result<Value> value = Error{""};
    if (member != nullptr) value = cli::BindJson(*member, type.value(), arena_);
    if (!value.ok()) value = cli::BindJson(*FindMember(*defaults, variable.name), type.value(), arena_);
    if (!value.ok()) Fail("the default of " + variable.name + ": " + value.error().message);
    values_.push_back(value.value());
  }
}

}  // namespace edict::fuzz
