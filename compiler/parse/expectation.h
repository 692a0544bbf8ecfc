// Words for syntax errors: what stands there and what could have stood there, in the terms of the language.
#ifndef EDICT_COMPILER_PARSE_EXPECTATION_H_
#define EDICT_COMPILER_PARSE_EXPECTATION_H_

#include <string>
#include <string_view>

#include "compiler/parse/antlr.h"

namespace edict::parse {

// Grammar rules of the form '{' items '}', and the file.
bool IsBody(size_t rule);

// "'foo'", "a string", "the end of the file".
std::string DescribeToken(const antlr4::Token& token, std::string_view text);

// "an expression", "'}'", "a clause such as on, when or require". `rule` is the grammar rule that was being
// parsed. Empty if there is nothing short to say.
std::string DescribeExpected(size_t rule, const antlr4::misc::IntervalSet& expected, const antlr4::dfa::Vocabulary& vocabulary);

// What a grammar rule parses: "a rule", "a field"; empty for helpers.
std::string_view DescribeRule(size_t rule);

}  // namespace edict::parse

#endif  // EDICT_COMPILER_PARSE_EXPECTATION_H_
