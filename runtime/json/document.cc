#include "runtime/json/document.h"

#include <simdjson.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <vector>

#include "runtime/base/arena.h"
#include "runtime/base/hash.h"
#include "runtime/json/scalar.h"

namespace edict {
namespace {

constexpr size_t kPadding = JsonParser::kParsePadding;
// Offsets and node counts are 32 bits wide, as are those of stage 1.
constexpr size_t kMaxText = 0xffffff00u;
static_assert(kPadding >= simdjson::SIMDJSON_PADDING);
// Up to so many members keys are compared pairwise; beyond, by a hash table.
constexpr uint32_t kPairwiseMembers = 24;

// Bytes of the UTF-8 sequence (RFC 3629) at text[at]; 0 if there is none. The text is followed by zero bytes.
size_t Utf8Length(const char* text, size_t at) {
  auto byte = [&](size_t i) { return static_cast<unsigned char>(text[at + i]); };
  auto tail = [&](size_t i) { return (byte(i) & 0xC0) == 0x80; };
  unsigned char lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead < 0xC2) return 0;
  if (lead < 0xE0) return tail(1) ? 2 : 0;
  if (lead < 0xF0) {
    bool overlong = lead == 0xE0 && byte(1) < 0xA0;
    bool surrogate = lead == 0xED && byte(1) >= 0xA0;
    return tail(1) && tail(2) && !overlong && !surrogate ? 3 : 0;
  }
  bool overlong = lead == 0xF0 && byte(1) < 0x90;
  bool beyond = lead > 0xF4 || (lead == 0xF4 && byte(1) >= 0x90);
  return tail(1) && tail(2) && tail(3) && !overlong && !beyond ? 4 : 0;
}

size_t FirstInvalidUtf8(const char* text, size_t size) {
  size_t at = 0;
  while (at < size) {
    size_t length = Utf8Length(text, at);
    if (length == 0) return at;
    at += length;
  }
  return size;
}

// The first control character inside a string, found as stage 1 sees strings: a backslash hides the next quote everywhere.
size_t FirstRawControl(const char* text, size_t size) {
  bool quoted = false;
  for (size_t i = 0; i < size; ++i) {
    if (quoted && static_cast<unsigned char>(text[i]) < 0x20) return i;
    if (text[i] == '"') {
      quoted = !quoted;
    } else if (text[i] == '\\' && i + 1 < size && static_cast<unsigned char>(text[i + 1]) >= 0x20) {
      ++i;
    }
  }
  return size;
}

// Marks all but the last member of each key. The table for large objects is kept, so that a warm parser allocates nothing.
class KeyTable {
 public:
  void MarkShadowed(JsonNode* object) {
    if (object->size <= kPairwiseMembers) {
      Pairwise(object);
    } else {
      Hashed(object);
    }
  }

 private:
  static void Pairwise(JsonNode* object) {
    JsonNode* end = object + object->next;
    for (JsonNode* a = object + 1; a != end; a += 1 + a[1].next) {
      for (JsonNode* b = a + 1 + a[1].next; b != end; b += 1 + b[1].next) {
        if (a->size == b->size && a->text() == b->text()) {
          a->flags |= JsonNode::kShadowed;
          --object->size;
          break;
        }
      }
    }
  }

  void Hashed(JsonNode* object) {
    size_t wanted = std::bit_ceil(size_t{object->size} * 2);
    if (slots_.size() < wanted) slots_.resize(wanted);
    std::fill_n(slots_.begin(), wanted, nullptr);
    JsonNode* end = object + object->next;
    for (JsonNode* key = object + 1; key != end; key += 1 + key[1].next) {
      // The seed is the table's address: inputs cannot be made to collide beforehand.
      size_t slot = Hash64(key->text(), reinterpret_cast<uintptr_t>(slots_.data())) & (wanted - 1);
      while (slots_[slot] != nullptr && slots_[slot]->text() != key->text()) slot = (slot + 1) & (wanted - 1);
      if (slots_[slot] != nullptr) {
        slots_[slot]->flags |= JsonNode::kShadowed;
        --object->size;
      }
      slots_[slot] = key;
    }
  }

  std::vector<JsonNode*> slots_;
};

}  // namespace

struct JsonParser::Impl {
  struct Open {
    uint32_t node;
    bool object;
  };
  enum class Expect : uint8_t { kValue, kValueOrEnd, kKeyOrEnd, kKey, kColon, kCommaOrEnd, kNothing };

  std::unique_ptr<simdjson::internal::dom_parser_implementation> stage1;
  std::vector<char> buffer;
  std::vector<JsonNode> tape;
  std::vector<Open> open;
  uint32_t used = 0;
  const char* text = nullptr;  // in `buffer`, unless it is read where it is
  size_t size = 0;             // of the text
  size_t most = 0;             // room for the longest text so far
  KeyTable keys;
  Arena arena;
  JsonFault fault;

  const JsonNode* Fail(std::string message, uint64_t offset) {
    fault.message = std::move(message);
    fault.offset = offset;
    return nullptr;
  }
  bool Fits(std::string_view given, const JsonLimits& limits);
  void Copy(std::string_view given);
  bool Index();
  const JsonNode* Build(const JsonLimits& limits);
  bool Scalar(size_t at, JsonNode& node);
  void Close();
  Expect AfterValue() const { return open.empty() ? Expect::kNothing : Expect::kCommaOrEnd; }
  bool Token(char c, size_t at, Expect& expect, const JsonLimits& limits);
  bool Begin(char c, size_t at, Expect& expect, const JsonLimits& limits);
  uint32_t PlainMembers(uint32_t token, uint32_t tokens, Expect& expect);
  const char* Wanted(Expect expect) const;
};

JsonParser::JsonParser() : impl_(std::make_unique<Impl>()) {}
JsonParser::~JsonParser() = default;
JsonParser::JsonParser(JsonParser&&) noexcept = default;
JsonParser& JsonParser::operator=(JsonParser&&) noexcept = default;
const JsonFault& JsonParser::fault() const { return impl_->fault; }

bool JsonParser::Impl::Fits(std::string_view given, const JsonLimits& limits) {
  if (given.size() > limits.max_bytes || given.size() > kMaxText) {
    Fail("longer than " + std::to_string(std::min<uint64_t>(limits.max_bytes, kMaxText)) + " bytes", 0);
    return false;
  }
  if (given.substr(0, 3) == "\xEF\xBB\xBF") {
    Fail("a byte order mark is not JSON", 0);
    return false;
  }
  return true;
}

// To where stage 1 may read behind it.
void JsonParser::Impl::Copy(std::string_view given) {
  if (buffer.size() < given.size() + kPadding) buffer.resize(given.size() * 3 / 2 + kPadding);
  if (!given.empty()) std::memcpy(buffer.data(), given.data(), given.size());
  std::memset(buffer.data() + given.size(), 0, kPadding);
  text = buffer.data();
  size = given.size();
}

bool JsonParser::Impl::Index() {
  if (stage1 == nullptr || stage1->capacity() < size) {
    size_t capacity = std::min<size_t>(std::max<size_t>(size * 3 / 2, 4096), kMaxText);
    simdjson::error_code made = stage1 == nullptr
                                    ? simdjson::get_active_implementation()->create_dom_parser_implementation(capacity, 1, stage1)
                                    : stage1->set_capacity(capacity);
    if (made != simdjson::SUCCESS) {
      Fail("too large for the memory there is", 0);
      return false;
    }
  }
  simdjson::error_code code = stage1->stage1(reinterpret_cast<const uint8_t*>(text), size, simdjson::stage1_mode::regular);
  if (code == simdjson::SUCCESS) return true;
  if (code == simdjson::UTF8_ERROR) {
    Fail("not UTF-8", FirstInvalidUtf8(text, size));
  } else if (code == simdjson::EMPTY) {
    Fail("no value", 0);
  } else if (code == simdjson::UNCLOSED_STRING) {
    Fail("ends inside a string", size);
  } else {
    // UNESCAPED_CHARS
    Fail("control character in a string", FirstRawControl(text, size));
  }
  return false;
}

const char* JsonParser::Impl::Wanted(Expect expect) const {
  switch (expect) {
    case Expect::kValue:
      return "expected a value";
    case Expect::kValueOrEnd:
      return "expected a value or ']'";
    case Expect::kKeyOrEnd:
      return "expected a key or '}'";
    case Expect::kKey:
      return "expected a key";
    case Expect::kColon:
      return "expected ':'";
    case Expect::kCommaOrEnd:
      return open.back().object ? "expected ',' or '}'" : "expected ',' or ']'";
    case Expect::kNothing:
      return "something follows the value";
  }
  return "";
}

bool JsonParser::Impl::Scalar(size_t at, JsonNode& node) {
  const char* error = nullptr;
  size_t place = at;
  size_t end;
  if (text[at] == '"') {
    end = json::ReadString(text, place, arena, node, error);
  } else if (text[at] == '-' || json::IsDigit(text[at])) {
    end = json::ReadNumber(text, size, place, node, error);
  } else {
    end = json::ReadLiteral(text, size, place, node, error);
  }
  if (end == 0) Fail(error, place);
  return end != 0;
}

void JsonParser::Impl::Close() {
  Open top = open.back();
  open.pop_back();
  JsonNode& node = tape[top.node];
  node.next = used - top.node;
  if (top.object && node.size > 1) keys.MarkShadowed(&node);
}

// A token where a value may stand.
bool JsonParser::Impl::Begin(char c, size_t at, Expect& expect, const JsonLimits& limits) {
  JsonNode& node = tape[used];
  node = JsonNode{};
  node.offset = static_cast<uint32_t>(at);
  if (!open.empty() && !open.back().object) ++tape[open.back().node].size;
  if (c == '{' || c == '[') {
    if (open.size() >= limits.max_depth) {
      Fail("nested deeper than " + std::to_string(limits.max_depth), at);
      return false;
    }
    node.kind = c == '{' ? JsonKind::kObject : JsonKind::kArray;
    open.push_back({used, c == '{'});
    expect = c == '{' ? Expect::kKeyOrEnd : Expect::kValueOrEnd;
  } else {
    if (!Scalar(at, node)) return false;
    expect = AfterValue();
  }
  ++used;
  return true;
}

bool JsonParser::Impl::Token(char c, size_t at, Expect& expect, const JsonLimits& limits) {
  switch (expect) {
    case Expect::kValueOrEnd:
      if (c == ']') {
        Close();
        expect = AfterValue();
        return true;
      }
      [[fallthrough]];
    case Expect::kValue:
      if (c == ',' || c == ':' || c == ']' || c == '}') break;
      return Begin(c, at, expect, limits);
    case Expect::kKeyOrEnd:
      if (c == '}') {
        Close();
        expect = AfterValue();
        return true;
      }
      [[fallthrough]];
    case Expect::kKey: {
      if (c != '"') break;
      JsonNode& key = tape[used];
      key = JsonNode{};
      key.offset = static_cast<uint32_t>(at);
      if (!Scalar(at, key)) return false;
      ++used;
      ++tape[open.back().node].size;
      expect = Expect::kColon;
      return true;
    }
    case Expect::kColon:
      if (c != ':') break;
      expect = Expect::kValue;
      return true;
    case Expect::kCommaOrEnd: {
      bool object = open.back().object;
      if (c == ',') {
        expect = object ? Expect::kKey : Expect::kValue;
        return true;
      }
      if (c != (object ? '}' : ']')) break;
      Close();
      expect = AfterValue();
      return true;
    }
    case Expect::kNothing:
      break;
  }
  Fail(Wanted(expect), at);
  return false;
}

// Members of the innermost object from that token on, as long as they are what most are: a key, a colon, a scalar. Whatever is
// else is left to Token, errors too. Gives the first token that is left.
uint32_t JsonParser::Impl::PlainMembers(uint32_t token, uint32_t tokens, Expect& expect) {
  const uint32_t* const at = stage1->structural_indexes.get();
  const uint32_t first = used;
  const auto read = [&](uint32_t place, JsonNode& node) {
    node = JsonNode{};
    node.offset = place;
    return Scalar(place, node);
  };
  bool more = true;
  while (more && token + 3 < tokens && at[token + 3] < size) {
    const char value = text[at[token + 2]];
    const char behind = text[at[token + 3]];
    more = behind == ',';
    const bool plain =
        text[at[token]] == '"' && text[at[token + 1]] == ':' && value != '{' && value != '[' && (more || behind == '}');
    if (!plain || !read(at[token], tape[used]) || !read(at[token + 2], tape[used + 1])) break;
    used += 2;
    token += more ? 4 : 3;
    expect = more ? Expect::kKey : Expect::kCommaOrEnd;
  }
  tape[open.back().node].size += (used - first) / 2;
  return token;
}

const JsonNode* JsonParser::Impl::Build(const JsonLimits& limits) {
  uint32_t tokens = stage1->n_structural_indexes;
  if (tape.size() < tokens + size_t{1}) tape.resize(tokens + tokens / 2 + size_t{16});
  used = 0;
  open.clear();
  // Unescaped strings are never longer than the text, each rounded up to 16 bytes.
  most = std::max(most, size * 3 / 2 + kPadding);
  arena.Reset(16 * most);
  Expect expect = Expect::kValue;
  for (uint32_t i = 0; i < tokens; ++i) {
    if (expect == Expect::kKeyOrEnd || expect == Expect::kKey) i = PlainMembers(i, tokens, expect);
    if (i == tokens) break;
    size_t at = stage1->structural_indexes[i];
    if (at >= size) break;
    if (!Token(text[at], at, expect, limits)) return nullptr;
  }
  if (expect != Expect::kNothing) {
    return Fail(open.empty() ? "no value" : open.back().object ? "ends inside an object" : "ends inside an array", size);
  }
  return tape.data();
}

const JsonNode* JsonParser::Parse(std::string_view text, const JsonLimits& limits) {
  if (!impl_->Fits(text, limits)) return nullptr;
  impl_->Copy(text);
  return impl_->Index() ? impl_->Build(limits) : nullptr;
}

const JsonNode* JsonParser::ParseInPlace(std::string_view text, const JsonLimits& limits) {
  if (!impl_->Fits(text, limits)) return nullptr;
  impl_->text = text.data();
  impl_->size = text.size();
  return impl_->Index() ? impl_->Build(limits) : nullptr;
}

std::string_view SourceText(const JsonNode& node, std::string_view text) {
  size_t at = node.offset;
  size_t end = at;
  if (node.kind != JsonKind::kArray && node.kind != JsonKind::kObject && text[at] != '"') {
    end = text.find_first_of(",]} \t\r\n", at);
    return text.substr(at, (end == std::string_view::npos ? text.size() : end) - at);
  }
  int depth = 0;
  bool quoted = false;
  do {
    char c = text[end++];
    if (quoted) {
      if (c == '\\') ++end;
      quoted = c != '"';
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  } while ((quoted || depth != 0) && end < text.size());
  return text.substr(at, end - at);
}

}  // namespace edict
