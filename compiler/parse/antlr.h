// The one place that includes ANTLR and the parser generated from grammar/Rules.g4.
#ifndef EDICT_COMPILER_PARSE_ANTLR_H_
#define EDICT_COMPILER_PARSE_ANTLR_H_

#include "grammar/RulesLexer.h"
#include "grammar/RulesParser.h"

namespace edict::parse {

using Lexer = grammar::RulesLexer;
using Grammar = grammar::RulesParser;

// A word that may be a name: an identifier or any contextual keyword. The grammar lists the keywords in one
// run of tokens.
inline bool IsKeyword(size_t type) { return type >= Lexer::ACCEPT && type <= Lexer::WITHIN; }
inline bool IsName(size_t type) { return type == Lexer::IDENTIFIER || IsKeyword(type); }

}  // namespace edict::parse

#endif  // EDICT_COMPILER_PARSE_ANTLR_H_
