// From text to tokens: checks what can be checked without a grammar (UTF-8, limits, stray characters, open
// strings, bracket depth) and keeps the way back from tokens to bytes of the file, since ANTLR counts code
// points.
#ifndef EDICT_COMPILER_PARSE_SCAN_H_
#define EDICT_COMPILER_PARSE_SCAN_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "compiler/diag/diagnostic.h"
#include "compiler/parse/antlr.h"
#include "compiler/parse/parse.h"
#include "compiler/source/source.h"

namespace edict::parse {

// A text to parse: a whole file, or an expression inside a message template, whose bytes need not be bytes of
// the file.
struct Fragment {
  uint32_t file_id = 0;
  std::string_view text;
  // File offset of each byte of `text` and of its end; null if text is the file itself. Must outlive the
  // Scan.
  const uint32_t* offsets = nullptr;
};

enum class ScanMode {
  kFile,        // '{' after a name opens a block
  kExpression,  // '{' after a name opens a message literal
};

// The tokens of a Fragment. Not movable: tokens point at the lexer.
class Scan {
 public:
  // Null, with a diagnostic, if the text cannot be parsed at all (limits, not UTF-8). Stray characters and
  // open strings are reported and mended.
  static std::unique_ptr<Scan> Run(const Fragment& fragment, ScanMode mode, const ParseLimits& limits,
                                   diag::Diagnostics& diagnostics);

  antlr4::CommonTokenStream& stream() { return *stream_; }
  // All tokens by token index, with comments; the last one is EOF.
  const std::vector<antlr4::Token*>& tokens() const { return tokens_; }
  std::string_view text() const { return fragment_.text; }
  uint32_t file_id() const { return fragment_.file_id; }

  source::Span SpanOf(const antlr4::Token& token) const;
  // From the first byte of `first` to the last of `last`.
  source::Span SpanOf(const antlr4::Token& first, const antlr4::Token& last) const;
  std::string_view TextOf(const antlr4::Token& token) const;
  // File offset of a byte of the fragment.
  uint32_t FileOffset(uint32_t byte) const { return fragment_.offsets != nullptr ? fragment_.offsets[byte] : byte; }
  // Where TextOf(token) begins in the fragment.
  uint32_t ByteOf(const antlr4::Token& token) const { return ByteAt(token.getStartIndex()); }

  // How many brackets are open around a token; a closing bracket counts as outside.
  uint32_t Depth(size_t token_index) const { return depths_[token_index]; }
  bool IsFirstOnLine(size_t token_index) const;
  // The nearest bracket of this type that is open at the token, or null.
  const antlr4::Token* OpenerBefore(size_t token_index, size_t open_type, size_t close_type) const;
  // The nearest token before that is no comment, or null.
  const antlr4::Token* Previous(size_t token_index) const;

 private:
  Scan(const Fragment& fragment, std::string_view text);

  uint32_t ByteAt(size_t code_point) const;
  bool Tokenize(ScanMode mode, const ParseLimits& limits, diag::Diagnostics& diagnostics);
  bool CheckNesting(const ParseLimits& limits, diag::Diagnostics& diagnostics);
  void SetDepths(const std::vector<bool>& counts);

  Fragment fragment_;
  std::vector<uint32_t> code_point_bytes_;  // empty: all ASCII
  antlr4::ANTLRInputStream input_;
  Lexer lexer_;
  std::unique_ptr<antlr4::ListTokenSource> source_;
  std::unique_ptr<antlr4::CommonTokenStream> stream_;
  std::vector<antlr4::Token*> tokens_;
  std::vector<uint32_t> depths_;
};

}  // namespace edict::parse

#endif  // EDICT_COMPILER_PARSE_SCAN_H_
