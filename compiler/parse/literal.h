// Literals of CEL: from the text of a token to its value. Knows nothing of tokens or files.
#ifndef EDICT_COMPILER_PARSE_LITERAL_H_
#define EDICT_COMPILER_PARSE_LITERAL_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace edict::parse {

// What is wrong with a literal, and where in its text.
struct LiteralFault {
  uint32_t begin = 0;
  uint32_t end = 0;
  std::string message;
};

// A quoted text, unescaped.
struct DecodedText {
  std::string value;
  // For each byte of `value` and for its end: where in the literal it was written.
  std::vector<uint32_t> origins;
  std::vector<LiteralFault> faults;
};

// `literal` is a whole string or bytes literal with prefix and quotes (the closing ones may be missing).
DecodedText DecodeText(std::string_view literal);

// Decimal or 0x hexadecimal, without sign; nothing if it does not fit. `negative`: the value is negated, so
// that the smallest int64 can be written.
std::optional<int64_t> DecodeInt(std::string_view literal, bool negative);
// As DecodeInt, with the trailing u or U.
std::optional<uint64_t> DecodeUint(std::string_view literal);
// Nothing if it is too large for a double; what is too small is 0.
std::optional<double> DecodeDouble(std::string_view literal);

}  // namespace edict::parse

#endif  // EDICT_COMPILER_PARSE_LITERAL_H_
