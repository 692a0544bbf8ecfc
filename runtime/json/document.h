// Parsing one JSON text (RFC 8259) into the tape of runtime/value/json_node.h. simdjson's stage 1 finds the structure and
// checks UTF-8; a strict builder on top checks everything else and says where a fault is. Escaped lone surrogates are kept
// as WTF-8, since AG-UI streams carry them.
#ifndef EDICT_RUNTIME_JSON_DOCUMENT_H_
#define EDICT_RUNTIME_JSON_DOCUMENT_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "runtime/value/json_node.h"

namespace edict {

struct JsonLimits {
  // Arrays and objects inside each other. Default 1000; real events stay below 100. Bounds the recursion of readers.
  uint32_t max_depth = 1000;
  // Bytes of one text. Default 64 MiB: bounds the tape, which takes up to 24 bytes for each byte of text.
  uint64_t max_bytes = 64ull << 20;
};

struct JsonFault {
  std::string message;  // lower case, without the place
  uint64_t offset = 0;  // byte within the text
};

// Reusable; a warm parser allocates nothing. One thread at a time.
class JsonParser {
 public:
  JsonParser();
  ~JsonParser();
  JsonParser(JsonParser&&) noexcept;
  JsonParser& operator=(JsonParser&&) noexcept;

  // The root of the tape, or null with fault() set. The tape and its strings are the parser's own (the text is copied) and
  // live until the next Parse.
  const JsonNode* Parse(std::string_view text, const JsonLimits& limits);
  // The same of a text that is followed by kParsePadding zero bytes and lives as long as the tape, whose strings stand in it
  // but for those with escapes. It is not copied.
  const JsonNode* ParseInPlace(std::string_view text, const JsonLimits& limits);
  static constexpr size_t kParsePadding = 64;
  const JsonFault& fault() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// The bytes of the node's value within the text that was parsed.
std::string_view SourceText(const JsonNode& node, std::string_view text);

}  // namespace edict

#endif  // EDICT_RUNTIME_JSON_DOCUMENT_H_
