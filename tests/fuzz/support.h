// What the fuzz targets share.
#ifndef EDICT_TESTS_FUZZ_SUPPORT_H_
#define EDICT_TESTS_FUZZ_SUPPORT_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/expression.h"
#include "runtime/program/program.h"
#include "runtime/value/value.h"

namespace edict::fuzz {

// Small enough that an input takes milliseconds, large enough that nothing else stops it earlier.
inline constexpr size_t kMaxInputBytes = 4096;
inline constexpr int64_t kFuel = 20'000;
// A step allocates 128 bytes at most; the arena takes blocks of up to 4 MiB.
inline constexpr size_t kMaxMemory = size_t{8} << 20;
source::Limits SmallLimits();

// Whether the text was not even an expression or a file of rules.
bool HasSyntaxError(const diag::Diagnostics& diagnostics);

// Ends the process: a finding.
[[noreturn]] void Fail(const std::string& what);
// Unless the two are the same, a finding.
void ExpectSame(const std::string& what, const std::string& expected, const std::string& actual);

// A value to its last bit: doubles in hex, errors with code and text.
std::string Exact(const Value& value);

// The variables that expressions may use, by name and type, one of each kind of type.
const std::vector<compiler::Variable>& Variables();

// A finding if the evaluation took more fuel than its static estimate allows. `left` of kFuel.
void CheckCost(const compiler::Expression& expression, const std::vector<Value>& variables, int64_t left);

// A rule set of one file; null if it does not compile. What is wrong with it does not matter, but must print.
std::shared_ptr<const Program> CompileRules(const std::string& text, bool optimise);

// The Program after its text was read back; a finding if it does not read back.
std::shared_ptr<const Program> ReadBack(const Program& program);

// All findings of one stream, as text.
std::string FindingsOf(const std::shared_ptr<const Program>& program, const std::vector<std::string>& events, bool native);

// Whether running out of fuel shows in it: passes save fuel, so that before and after them differ there.
bool ShowsFuel(const std::string& findings);

}  // namespace edict::fuzz

#endif  // EDICT_TESTS_FUZZ_SUPPORT_H_
