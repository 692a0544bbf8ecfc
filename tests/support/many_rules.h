// Rule sets of any size, for what has to grow no faster than they do.
#ifndef EDICT_TESTS_SUPPORT_MANY_RULES_H_
#define EDICT_TESTS_SUPPORT_MANY_RULES_H_

#include <string>

namespace edict::tests {

// `rules` rules in turn over `types` event types T0, T1...; of each kind that rule sets have: numbers, texts, state, lists.
inline std::string ManyRules(int rules, int types) {
  std::string text = "event Event by type {\n";
  for (int i = 0; i < types; ++i) {
    text += "  T" + std::to_string(i) + " { id: string, count: int, name: string?, items: list<int>? }\n";
  }
  text += "}\nstate seen: set<string> bound 1_000\n";
  for (int i = 0; i < types; ++i) text += "on T" + std::to_string(i) + " as e { seen += e.id }\n";
  for (int i = 0; i < rules; ++i) {
    const std::string n = std::to_string(i);
    static constexpr const char* kKinds[] = {
        "e.count >= 0 && e.count < 1000 + ",
        "e.id.size() + ",
        "e.id.startsWith(\"a\") || e.id in seen || e.count > ",
        "!has(e.items) || e.items.all(x, x < 100) || e.count > ",
    };
    const int kind = i % 4;
    text += "rule R" + n + " \"rule " + n + "\" {\n  on T" + std::to_string(i % types) + " as e\n  require " + kKinds[kind] + n +
            (kind == 1 ? " < 1000000" : "") + " at e.id\n  message \"" + n + "\"\n}\n";
  }
  return text;
}

}  // namespace edict::tests

#endif  // EDICT_TESTS_SUPPORT_MANY_RULES_H_
