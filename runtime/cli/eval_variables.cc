#include "runtime/cli/eval_variables.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <sstream>

#include "compiler/sema/type_text.h"
#include "runtime/cli/json_binding.h"

namespace edict::cli {
namespace {

Result<std::string> ReadFileOrInput(const std::string& path) {
  std::ifstream file;
  if (path != "-") {
    file.open(path, std::ios::binary);
    if (!file) return Error{"cannot open " + path + ": " + std::strerror(errno)};
  }
  std::istream& in = path == "-" ? std::cin : file;
  std::ostringstream text;
  text << in.rdbuf();
  if (in.bad()) return Error{"cannot read " + path};
  return text.str();
}

bool IsName(std::string_view text) {
  auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  bool start = true;  // of the whole, or of a part of a dotted name
  for (char c : text) {
    if (start ? !letter(c) : !letter(c) && !(c >= '0' && c <= '9') && c != '.') return false;
    start = c == '.';
  }
  return !start;
}

}  // namespace

Result<const JsonNode*> EvalVariables::Parse(const std::string& text, const std::string& source) {
  JsonParser& parser = parsers_.emplace_back();
  const JsonNode* root = parser.Parse(text, JsonLimits{});
  if (root != nullptr) return root;
  return Error{source + " is not JSON: " + parser.fault().message + " at byte " + std::to_string(parser.fault().offset)};
}

EvalVariables::Named& EvalVariables::Find(const std::string& name) {
  auto found = std::find_if(named_.begin(), named_.end(), [&](const Named& known) { return known.name == name; });
  return found != named_.end() ? *found : named_.emplace_back(Named{name, "", nullptr});
}

Status EvalVariables::Bind(const std::string& text) {
  std::string name;
  std::string json = text;
  size_t equals = text.find('=');
  if (equals != std::string::npos && IsName(std::string_view(text).substr(0, equals))) {
    name = text.substr(0, equals);
    json = text.substr(equals + 1);
  }
  std::string source = name.empty() ? "--bind" : "the value of " + name;
  if (json.substr(0, 1) == "@") {
    source = json.substr(1);
    Result<std::string> content = ReadFileOrInput(source);
    if (source == "-") source = "standard input";
    if (!content.ok()) return content.error();
    json = std::move(content.value());
  }
  Result<const JsonNode*> root = Parse(json, source);
  if (!root.ok()) return root.error();
  if (!name.empty()) {
    Find(name).json = root.value();
    return {};
  }
  if (root.value()->kind != JsonKind::kObject) {
    return Error{source + " wants a JSON object of variables, such as '{\"x\": 1}', or one variable: x=1"};
  }
  const JsonNode* key = root.value() + 1;
  const JsonNode* end = root.value() + root.value()->next;
  while (key < end) {
    Find(std::string(key->text())).json = key + 1;  // of the same key the last counts
    key += 1 + (key + 1)->next;
  }
  return {};
}

Status EvalVariables::Declare(const std::string& text) {
  size_t colon = text.find(':');
  if (colon == std::string::npos || !IsName(std::string_view(text).substr(0, colon))) {
    return Error{"--var wants NAME:TYPE, such as items:list(int), not \"" + text + "\""};
  }
  Find(text.substr(0, colon)).type = text.substr(colon + 1);
  return {};
}

Status EvalVariables::Read(const std::vector<std::string>& binds, const std::vector<std::string>& vars) {
  for (const std::string& bind : binds) {
    Status status = Bind(bind);
    if (!status.ok()) return status;
  }
  for (const std::string& var : vars) {
    Status status = Declare(var);
    if (!status.ok()) return status;
  }
  sema::TypeTable types;
  for (const Named& named : named_) {
    Result<sema::TypeRef> type = sema::ParseTypeText(types, named.type.empty() ? "dyn" : named.type);
    if (!type.ok()) return Error{"the type of " + named.name + ": " + type.error().message};
    variables_.push_back({named.name, "", named.type});
    if (named.json == nullptr) {
      std::string why = named.name + " has no value: give one with --bind " + named.name + "=JSON";
      values_.push_back(MakeError(arena_, ErrorCode::kNoSuchField, {arena_.Copy(why), why.size()}));
      continue;
    }
    Result<Value> value = BindJson(*named.json, type.value(), arena_);
    if (!value.ok()) {
      const std::string& why = value.error().message;
      return Error{"the value of " + named.name + (why.substr(0, 1) == "[" ? "" : ": ") + why};
    }
    values_.push_back(value.value());
  }
  return {};
}

}  // namespace edict::cli
