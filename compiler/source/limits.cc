#include "compiler/source/limits.h"

#include <charconv>
#include <system_error>

namespace edict::source {
namespace {

struct Row {
  std::string_view name;
  uint32_t Limits::*field;
  uint32_t highest;
};

constexpr uint32_t kAny = 0x7fffffff;
// What bounds recursion is capped to what an 8 MiB stack holds with room to spare.
constexpr Row kRows[] = {
    {"file-bytes", &Limits::file_bytes, kAny},
    {"tokens", &Limits::tokens, kAny},
    {"files", &Limits::files, kAny},
    {"total-bytes", &Limits::total_bytes, kAny},
    {"rules", &Limits::rules, kAny},
    {"checks", &Limits::checks, kAny},
    {"nesting", &Limits::nesting, 500},
    {"expression-depth", &Limits::expression_depth, 1'000},
    {"expression-size", &Limits::expression_size, 10'000'000},
    {"comprehensions", &Limits::comprehensions, 100},
    {"regex-bytes", &Limits::regex_bytes, 10'000},
    {"regex-program", &Limits::regex_program, 100'000},
};

}  // namespace

Status SetLimit(Limits& limits, std::string_view setting) {
  size_t equals = setting.find('=');
  std::string_view name = setting.substr(0, equals);
  std::string names;
  for (const Row& row : kRows) {
    names += (names.empty() ? "" : ", ") + std::string(row.name);
    if (row.name != name || equals == std::string_view::npos) continue;
    std::string_view digits = setting.substr(equals + 1);
    uint32_t value = 0;
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc() || end != digits.data() + digits.size() || value == 0 || value > row.highest) {
      return Error{"the limit " + std::string(name) + " is a number from 1 to " + std::to_string(row.highest) + ", not \"" +
                   std::string(digits) + "\""};
    }
    limits.*row.field = value;
    return {};
  }
  return Error{"a limit is set as NAME=NUMBER, not \"" + std::string(setting) + "\"; the names are " + names};
}

std::string LimitsHelp() {
  const Limits defaults;
  std::string text;
  for (const Row& row : kRows) {
    text += (text.empty() ? "" : ", ") + std::string(row.name) + "=" + std::to_string(defaults.*row.field);
  }
  return text;
}

}  // namespace edict::source
