// The fuzz targets. Each takes any bytes and returns; what must not happen aborts the process, after a message that says
// what: libFuzzer and fuzz_regression_test run the same functions.
#ifndef EDICT_TESTS_FUZZ_TARGETS_H_
#define EDICT_TESTS_FUZZ_TARGETS_H_

#include <string_view>

namespace edict::fuzz {

// A CEL expression: compiled, checked and evaluated by itself and inside a rule, before and after the passes, and after its
// IR was printed and read back.
void Fuzz_expression(std::string_view bytes);
// A CEL expression, a newline, and the JSON of its variables: both tiers must agree bit for bit, fuel included.
void Fuzz_tiers(std::string_view bytes);
// A rule file, then behind a line "----" a stream of events: both tiers must find the same.
void Fuzz_rules(std::string_view bytes);
// Bytes of a stream: however it is cut into chunks, framing and engine find the same.
void Fuzz_json(std::string_view bytes);

// NDJSON for one of two rule sets: native code, which judges events in place, and the interpreter find the same.
void Fuzz_in_place(std::string_view bytes);

}  // namespace edict::fuzz

#endif  // EDICT_TESTS_FUZZ_TARGETS_H_
