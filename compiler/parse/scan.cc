#include "compiler/parse/scan.h"

#include <algorithm>
#include <string>
#include <utility>

namespace edict::parse {
namespace {

using antlr4::Token;
using diag::Code;
using source::Span;

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool IsOpener(size_t type) { return type == Lexer::LBRACE || type == Lexer::LPAREN || type == Lexer::LBRACKET; }

// The opening token type of a closing one, or 0.
size_t OpenerOf(size_t type) {
  switch (type) {
    case Lexer::RBRACE:
      return Lexer::LBRACE;
    case Lexer::RPAREN:
      return Lexer::LPAREN;
    case Lexer::RBRACKET:
      return Lexer::LBRACKET;
    default:
      return 0;
  }
}

// The length of the UTF-8 sequence at `i`, or 0 if it is none (overlong forms and surrogates are none).
size_t SequenceLength(std::string_view text, size_t i) {
  const auto byte = [&](size_t k) { return k < text.size() ? static_cast<unsigned char>(text[k]) : 0u; };
  const auto continues = [&](size_t k) { return (byte(k) & 0xC0u) == 0x80u; };
  const unsigned lead = byte(i);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return continues(i + 1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    if (!continues(i + 1) || !continues(i + 2)) return 0;
    if (lead == 0xE0 && byte(i + 1) < 0xA0) return 0;
    if (lead == 0xED && byte(i + 1) > 0x9F) return 0;
    return 3;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    if (!continues(i + 1) || !continues(i + 2) || !continues(i + 3)) return 0;
    if (lead == 0xF0 && byte(i + 1) < 0x90) return 0;
    if (lead == 0xF4 && byte(i + 1) > 0x8F) return 0;
    return 4;
  }
  return 0;
}

// The byte of the first fault, or npos.
size_t FindInvalidUtf8(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const size_t length = SequenceLength(text, i);
    if (length == 0) return i;
    i += length;
  }
  return std::string_view::npos;
}

std::vector<uint32_t> CodePointBytes(std::string_view text) {
  std::vector<uint32_t> bytes;
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  if (std::all_of(text.begin(), text.end(), is_ascii)) return bytes;
  for (size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) bytes.push_back(static_cast<uint32_t>(i));
  }
  bytes.push_back(static_cast<uint32_t>(text.size()));
  return bytes;
}

}  // namespace

Scan::Scan(const Fragment& fragment, std::string_view text)
    : fragment_(fragment), code_point_bytes_(CodePointBytes(text)), input_(std::string(text)), lexer_(&input_) {
  lexer_.removeErrorListeners();
}

std::unique_ptr<Scan> Scan::Run(const Fragment& fragment, ScanMode mode, const ParseLimits& limits,
                                diag::Diagnostics& diagnostics) {
  const auto place = [&](size_t begin, size_t end) {
    const auto offset = [&](size_t i) { return fragment.offsets != nullptr ? fragment.offsets[i] : static_cast<uint32_t>(i); };
    return Span{fragment.file_id, offset(begin), offset(end)};
  };
  if (fragment.text.size() > limits.file_bytes) {
    diagnostics.Report(Code::kSourceTooLong, place(0, 0),
                       "the file has " + std::to_string(fragment.text.size()) + " bytes, more than the limit of " +
                           std::to_string(limits.file_bytes));
    return nullptr;
  }
  const size_t fault = FindInvalidUtf8(fragment.text);
  if (fault != std::string_view::npos) {
    diagnostics.Report(Code::kInvalidUtf8, place(fault, fault + 1), "this byte is not part of a UTF-8 character");
    return nullptr;
  }
  // The mark becomes a blank, which keeps every offset.
  std::string blanked;
  std::string_view text = fragment.text;
  if (text.substr(0, kByteOrderMark.size()) == kByteOrderMark) {
    blanked = std::string(kByteOrderMark.size(), ' ') + std::string(text.substr(kByteOrderMark.size()));
    text = blanked;
  }
  std::unique_ptr<Scan> scan(new Scan(fragment, text));
  if (!scan->Tokenize(mode, limits, diagnostics) || !scan->CheckNesting(limits, diagnostics)) return nullptr;
  return scan;
}

bool Scan::Tokenize(ScanMode mode, const ParseLimits& limits, diag::Diagnostics& diagnostics) {
  std::vector<std::unique_ptr<Token>> tokens;
  size_t previous_type = 0;
  size_t stray_end = 0;  // code point after the last stray character: a run of them is one fault
  while (true) {
    std::unique_ptr<Token> token = lexer_.nextToken();
    auto* writable = static_cast<antlr4::CommonToken*>(token.get());
    const size_t type = token->getType();
    if (tokens.size() >= limits.tokens && type != Token::EOF) {
      diagnostics.Report(Code::kTooManyTokens, SpanOf(*token),
                         "the file has more than " + std::to_string(limits.tokens) + " tokens");
      return false;
    }
    if (type == Lexer::STRAY) {
      if (stray_end == 0 || stray_end != token->getStartIndex()) {
        diagnostics.Report(Code::kStrayCharacter, SpanOf(*token), "'" + std::string(TextOf(*token)) + "' has no meaning here");
      }
      stray_end = token->getStopIndex() + 1;
      continue;
    }
    if (type == Lexer::UNTERMINATED_STRING) {
      diagnostics.Report(Code::kUnterminatedString, SpanOf(*token), "this string is never closed");
      writable->setType(Lexer::STRING);
    }
    if (mode == ScanMode::kExpression && type == Lexer::LBRACE && IsName(previous_type)) writable->setType(Grammar::MESSAGE_OPEN);
    if (token->getChannel() == Token::DEFAULT_CHANNEL) previous_type = type;
    tokens_.push_back(token.get());
    tokens.push_back(std::move(token));
    if (type == Token::EOF) break;
  }
  source_ = std::make_unique<antlr4::ListTokenSource>(std::move(tokens));
  stream_ = std::make_unique<antlr4::CommonTokenStream>(source_.get());
  stream_->fill();
  return true;
}

// Braces outrank the others: a '}' closes what was left open inside it, a ')' closes nothing beyond a '{'.
bool Scan::CheckNesting(const ParseLimits& limits, diag::Diagnostics& diagnostics) {
  std::vector<size_t> open;                         // token indices
  std::vector<bool> counts(tokens_.size(), false);  // openers that have a partner, and braces
  const auto kind = [&](size_t index) {
    const size_t type = tokens_[index]->getType();
    return type == Grammar::MESSAGE_OPEN ? static_cast<size_t>(Lexer::LBRACE) : type;
  };
  for (size_t i = 0; i < tokens_.size(); ++i) {
    if (const size_t opener = OpenerOf(kind(i)); opener != 0) {
      const auto match = std::find_if(open.rbegin(), open.rend(),
                                      [&](size_t index) { return kind(index) == opener || kind(index) == Lexer::LBRACE; });
      if (match == open.rend() || kind(*match) != opener) continue;
      counts[*match] = true;
      open.erase(std::prev(match.base()), open.end());
    }
    if (!IsOpener(kind(i))) continue;
    counts[i] = kind(i) == Lexer::LBRACE;
    open.push_back(i);
    if (open.size() > limits.nesting) {
      diagnostics.Report(Code::kNestingTooDeep, SpanOf(*tokens_[i]),
                         "brackets are nested more than " + std::to_string(limits.nesting) + " deep");
      return false;
    }
  }
  SetDepths(counts);
  return true;
}

// Only openers that count make depth: a forgotten ')' must not hide the lines after it from recovery.
void Scan::SetDepths(const std::vector<bool>& counts) {
  depths_.reserve(tokens_.size());
  std::vector<size_t> open;
  for (size_t i = 0; i < tokens_.size(); ++i) {
    const size_t opener = OpenerOf(tokens_[i]->getType());
    const bool closes = opener != 0 && !open.empty() && (open.back() == opener);
    if (closes) open.pop_back();
    depths_.push_back(static_cast<uint32_t>(open.size()));
    const size_t type = tokens_[i]->getType();
    if (counts[i]) open.push_back(type == Grammar::MESSAGE_OPEN ? static_cast<size_t>(Lexer::LBRACE) : type);
  }
}

uint32_t Scan::ByteAt(size_t code_point) const {
  const size_t limit = fragment_.text.size();
  if (code_point_bytes_.empty()) return static_cast<uint32_t>(std::min(code_point, limit));
  return code_point_bytes_[std::min(code_point, code_point_bytes_.size() - 1)];
}

Span Scan::SpanOf(const Token& token) const { return SpanOf(token, token); }

Span Scan::SpanOf(const Token& first, const Token& last) const {
  const uint32_t begin = ByteAt(first.getStartIndex());
  // EOF has no characters: its stop lies before its start.
  const uint32_t end = last.getType() == Token::EOF ? ByteAt(last.getStartIndex()) : ByteAt(last.getStopIndex() + 1);
  return Span{fragment_.file_id, FileOffset(begin), FileOffset(std::max(begin, end))};
}

std::string_view Scan::TextOf(const Token& token) const {
  if (token.getType() == Token::EOF) return {};
  const uint32_t begin = ByteAt(token.getStartIndex());
  return fragment_.text.substr(begin, ByteAt(token.getStopIndex() + 1) - begin);
}

bool Scan::IsFirstOnLine(size_t token_index) const {
  return token_index == 0 || tokens_[token_index - 1]->getLine() != tokens_[token_index]->getLine();
}

const Token* Scan::OpenerBefore(size_t token_index, size_t open_type, size_t close_type) const {
  constexpr size_t kReach = 20'000;  // tokens looked at: an error in a huge file must not cost a walk through all of it
  size_t closed = 0;
  for (size_t i = token_index; i-- > 0 && token_index - i < kReach;) {
    const size_t type = tokens_[i]->getType();
    if (type == close_type) ++closed;
    if (type == open_type && closed-- == 0) return tokens_[i];
  }
  return nullptr;
}

const Token* Scan::Previous(size_t token_index) const {
  while (token_index-- > 0) {
    if (tokens_[token_index]->getChannel() == Token::DEFAULT_CHANNEL) return tokens_[token_index];
  }
  return nullptr;
}

}  // namespace edict::parse
