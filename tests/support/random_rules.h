// Random rule sets and random events for them, for tests that compare two ways of running the same rules. The same seed
// gives the same bytes on every machine.
#ifndef EDICT_TESTS_SUPPORT_RANDOM_RULES_H_
#define EDICT_TESTS_SUPPORT_RANDOM_RULES_H_

#include <cstdint>
#include <string>
#include <vector>

namespace edict::tests {

// A generator of its own, since those of <random> are not the same everywhere.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15ull + 1) {}

  // The time that RandomEvent has come to, in ms.
  int64_t clock = 100;

  uint64_t Next();
  uint32_t Below(uint32_t n) { return static_cast<uint32_t>(Next() % n); }
  bool Chance(uint32_t percent) { return Below(100) < percent; }
  template <typename T>
  const T& Pick(const std::vector<T>& items) {
    return items[Below(static_cast<uint32_t>(items.size()))];
  }

 private:
  uint64_t state_;
};

// Rules that compile: event types A, B and C with fields of every kind, cells, handlers, a scope, lifecycles with keeps, a
// document, windows, sequences and deadlines, and rules with random typed expressions, some of which fail at run time.
std::string RandomRules(Random& random);

// One event for them as JSON text: mostly well shaped, sometimes with wrong or missing fields, sometimes no JSON;
// times mostly rise, some lie back within or beyond what is tolerated.
std::string RandomEvent(Random& random);

}  // namespace edict::tests

#endif  // EDICT_TESTS_SUPPORT_RANDOM_RULES_H_
