// The reference page of the builtins lists exactly the overloads of the table that the compiler and the runtime read.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "runtime/builtins/registry.h"

namespace edict::tests {
namespace {

// "list(A), map(A,B)" -> its parts; a comma within parentheses has no space behind it.
std::vector<std::string> Split(const std::string& params) {
  std::vector<std::string> parts;
  for (size_t at = 0; at < params.size();) {
    size_t end = std::min(params.find(", ", at), params.size());
    parts.push_back(params.substr(at, end - at));
    at = end + 2;
  }
  return parts;
}

// The overload as the page writes it: "int + int -> int", "string.charAt(int) -> string". Empty: what only macros call.
std::string Written(const Overload& overload) {
  const std::string name = overload.function;
  const std::string signature = overload.signature;
  size_t arrow = signature.find("->");
  std::vector<std::string> params = Split(signature.substr(0, arrow == 0 ? 0 : arrow - 1));
  const std::string result = " " + signature.substr(arrow);
  if (name == "@in") return params[0] + " in " + params[1] + result;
  if (name == "-_") return "-" + params[0] + result;
  if (name.find('@') != std::string::npos) return "";
  if (name[0] == '_') return params[0] + " " + name.substr(1, name.size() - 2) + " " + params[1] + result;
  std::string text = overload.member ? params[0] + "." + name + "(" : name + "(";
  const char* separator = "";
  for (size_t i = overload.member ? 1 : 0; i < params.size(); ++i, separator = ", ") text += separator + params[i];
  return text + ")" + result;
}

// What stands in backquotes in the first column of the page's tables.
std::multiset<std::string> Listed() {
  std::multiset<std::string> overloads;
  std::ifstream in(std::string(EDICT_SOURCE_DIR) + "/grammar/BUILTINS.md");
  for (std::string line; std::getline(in, line);) {
    if (line.rfind("| `", 0) != 0) continue;
    std::string column = line.substr(0, line.find(" | "));
    for (size_t at = column.find('`'); at != std::string::npos; at = column.find('`', at)) {
      size_t end = column.find('`', at + 1);
      overloads.insert(column.substr(at + 1, end - at - 1));
      at = end + 1;
    }
  }
  return overloads;
}

TEST(Builtins, ThePageListsTheTable) {
  std::multiset<std::string> listed = Listed();
  for (uint32_t id = 0; id < OverloadCount(); ++id) {
    const std::string written = Written(OverloadAt(id));
    if (written.empty()) continue;
    auto found = listed.find(written);
    EXPECT_NE(found, listed.end()) << "grammar/BUILTINS.md does not list `" << written << "`";
    if (found != listed.end()) listed.erase(found);
  }
  for (const std::string& more : listed) ADD_FAILURE() << "grammar/BUILTINS.md lists `" << more << "`, which there is not";
}

}  // namespace
}  // namespace edict::tests
