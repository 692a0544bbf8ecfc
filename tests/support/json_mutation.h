// JSON texts written otherwise, or damaged, at random.
#ifndef EDICT_TESTS_SUPPORT_JSON_MUTATION_H_
#define EDICT_TESTS_SUPPORT_JSON_MUTATION_H_

#include <string>

#include "tests/support/random_rules.h"

namespace edict::tests {

// The same or another text: blanks between tokens, members in another order, twice, or more of them, escapes in place of
// characters, numbers in another notation, values of another kind, bytes changed, put in or left out.
std::string Mutated(std::string text, Random& random);

}  // namespace edict::tests

#endif  // EDICT_TESTS_SUPPORT_JSON_MUTATION_H_
