#include "tests/support/json_mutation.h"

#include <string_view>
#include <vector>

namespace edict::tests {
namespace {

// Where tokens begin that are outside of strings, roughly: the text may be damaged.
std::vector<size_t> Structure(const std::string& text) {
  std::vector<size_t> places;
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      quoted = !quoted;
      if (quoted) places.push_back(i);
    } else if (!quoted && std::string_view("{}[]:,").find(text[i]) != std::string_view::npos) {
      places.push_back(i);
    }
  }
  return places;
}

// The members of the outermost object, as far as brackets tell.
std::vector<std::string> Members(const std::string& text) {
  std::vector<std::string> members;
  std::string member;
  int depth = 0;
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') quoted = !quoted;
    if (!quoted && (c == '{' || c == '[') && depth++ == 0) continue;
    if (!quoted && (c == '}' || c == ']') && --depth == 0) break;
    if (!quoted && c == ',' && depth == 1) {
      members.push_back(std::move(member));
      member.clear();
      continue;
    }
    member += c;
    if (c == '\\' && i + 1 < text.size()) member += text[++i];
  }
  if (!member.empty()) members.push_back(member);
  return members;
}

std::string Joined(const std::vector<std::string>& members) {
  std::string text = "{";
  for (size_t i = 0; i < members.size(); ++i) text += (i == 0 ? "" : ",") + members[i];
  return text + "}";
}

const std::vector<std::string>& Values() {
  static const std::vector<std::string> values = {
      "null",        "true",         "false", "0",  "-1",  "1.0",  "1e2",        "12345678901234567890", "0.5", "\"\"", "\"x\"",
      "\"\\ud83d\"", "\"\xC3\xA9\"", "[]",    "{}", "[1]", "[[]]", "{\"a\":{}}", "{\"id\":\"a\"}",       "tru", "-",    "01",
      "\"\\x\"",     "\"\xFF\""};
  return values;
}

std::string Escaped(char c) {
  constexpr char kHex[] = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  return std::string("\\u00") + kHex[byte >> 4] + kHex[byte & 15];
}

void MutateBytes(std::string& text, Random& random) {
  static constexpr char kBytes[] = "{}[]\",:\\ \t\r\n0123456789.eE+-tfn\xC3\xA9\x80\xFF\x01\0u/";
  static const std::string bytes(kBytes, sizeof kBytes - 1);
  const size_t at = random.Below(static_cast<uint32_t>(text.size()));
  const char byte = bytes[random.Below(static_cast<uint32_t>(bytes.size()))];
  switch (random.Below(4)) {
    case 0:
      text[at] = byte;
      break;
    case 1:
      text.erase(at, 1);
      break;
    case 2:
      text.insert(at, 1, byte);
      break;
    default:
      if (static_cast<unsigned char>(text[at]) < 0x80 && text[at] != '"' && text[at] != '\\')
        text.replace(at, 1, Escaped(text[at]));
  }
}

void MutateMembers(std::string& text, Random& random) {
  std::vector<std::string> members = Members(text);
  if (members.empty()) return;
  const auto pick = [&] { return random.Below(static_cast<uint32_t>(members.size())); };
  const uint32_t at = pick();
  switch (random.Below(6)) {
    case 0:
      std::swap(members[at], members[pick()]);
      break;
    case 1:
      members.insert(members.begin() + pick(), std::string(members[at]));
      break;
    case 2:
      members.erase(members.begin() + at);
      break;
    case 3:
      members.insert(members.begin() + at, "\"extra\":" + random.Pick(Values()));
      break;
    default: {
      const size_t colon = members[at].find(':');
      if (colon != std::string::npos) members[at] = members[at].substr(0, colon + 1) + random.Pick(Values());
    }
  }
  text = Joined(members);
}

}  // namespace

std::string Mutated(std::string text, Random& random) {
  const uint32_t changes = random.Below(4);
  for (uint32_t i = 0; i < changes && !text.empty(); ++i) {
    const uint32_t choice = random.Below(10);
    if (choice < 3) {
      MutateBytes(text, random);
    } else if (choice < 7) {
      MutateMembers(text, random);
    } else {
      const std::vector<size_t> places = Structure(text);
      if (places.empty()) continue;
      const size_t place = random.Pick(places);
      text.insert(place + random.Below(2), random.Pick(std::vector<std::string>{" ", "\t", "\r", "  ", " \t "}));
    }
  }
  return text;
}

}  // namespace edict::tests
