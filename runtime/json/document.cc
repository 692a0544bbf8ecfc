#include "runtime/json/document.h"

#include <simdjson.h>

#include <cstring>
#include <unordered_map>
#include <vector>

#include "runtime/base/arena.h"
#include "runtime/json/scalar.h"

namespace edict {
namespace {

constexpr size_t kPadding = 64;
static_assert(kPadding >= simdjson::SIMDJSON_PADDING);
// Up to so many members keys are compared pairwise; beyond, by a hash table.
constexpr uint32_t kPairwiseMembers = 24;

// The first byte that is not UTF-8 (RFC 3629).
size_t FirstInvalidUtf8(std::string_view text) {
  size_t low = 0;
  size_t high = text.size();
  // Prefixes cut at character starts are valid up to the fault: search for the shortest that is not.
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    size_t cut = middle + 1;
    while (cut < text.size() && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80) ++cut;
    if (simdjson::validate_utf8(text.data(), cut)) {
      low = cut;
    } else {
      high = middle;
    }
  }
  return low < text.size() ? low : text.size();
}

void MarkShadowed(JsonNode* object) {
  uint32_t members = object->size;
  JsonNode* end = object + object->next;
  if (members <= kPairwiseMembers) {
    for (JsonNode* a = object + 1; a != end; a += 1 + a[1].next) {
      for (JsonNode* b = a + 1 + a[1].next; b != end; b += 1 + b[1].next) {
        if (a->size == b->size && a->text() == b->text()) {
          a->flags |= JsonNode::kShadowed;
          --object->size;
          break;
        }
      }
    }
    return;
  }
  std::unordered_map<std::string_view, JsonNode*> last;
  last.reserve(members);
  for (JsonNode* a = object + 1; a != end; a += 1 + a[1].next) {
    auto [slot, fresh] = last.emplace(a->text(), a);
    if (fresh) continue;
    slot->second->flags |= JsonNode::kShadowed;
    slot->second = a;
    --object->size;
  }
}

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
  Arena arena;
  JsonFault fault;

  const JsonNode* Fail(std::string message, uint64_t offset) {
    fault.message = std::move(message);
    fault.offset = offset;
    return nullptr;
  }
  bool Index(std::string_view text);
  const JsonNode* Build(size_t size, const JsonLimits& limits);
  bool Scalar(size_t at, JsonNode& node);
  void Close();
  Expect AfterValue() const { return open.empty() ? Expect::kNothing : Expect::kCommaOrEnd; }
  bool Token(char c, size_t at, Expect& expect, const JsonLimits& limits);
  bool Begin(char c, size_t at, Expect& expect, const JsonLimits& limits);
  const char* Wanted(Expect expect) const;
};

JsonParser::JsonParser() : impl_(std::make_unique<Impl>()) {}
JsonParser::~JsonParser() = default;
JsonParser::JsonParser(JsonParser&&) noexcept = default;
JsonParser& JsonParser::operator=(JsonParser&&) noexcept = default;
const JsonFault& JsonParser::fault() const { return impl_->fault; }

// Copies the text behind which stage 1 may read, and indexes it.
bool JsonParser::Impl::Index(std::string_view text) {
  if (buffer.size() < text.size() + kPadding) buffer.resize(text.size() * 3 / 2 + kPadding);
  if (!text.empty()) std::memcpy(buffer.data(), text.data(), text.size());
  std::memset(buffer.data() + text.size(), 0, kPadding);
  if (stage1 == nullptr || stage1->capacity() < text.size()) {
    size_t capacity = std::max<size_t>(text.size() * 3 / 2, 4096);
    simdjson::error_code made = stage1 == nullptr ? simdjson::get_active_implementation()->create_dom_parser_implementation(capacity, 1, stage1)
                                                  : stage1->set_capacity(capacity);
    if (made != simdjson::SUCCESS) {
      Fail("too large for the memory there is", 0);
      return false;
    }
  }
  simdjson::error_code code =
      stage1->stage1(reinterpret_cast<const uint8_t*>(buffer.data()), text.size(), simdjson::stage1_mode::regular);
  if (code == simdjson::SUCCESS) return true;
  if (code == simdjson::UTF8_ERROR) {
    Fail("not UTF-8", FirstInvalidUtf8(text));
  } else if (code == simdjson::EMPTY) {
    Fail("no value", 0);
  } else if (code == simdjson::UNCLOSED_STRING) {
    Fail("ends inside a string", text.size());
  } else {
    // UNESCAPED_CHARS: a control character inside a string; name the first.
    size_t at = 0;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) >= 0x20 || std::strchr(" \t\r\n", text[at]) != nullptr)) ++at;
    Fail("control character in a string", at < text.size() ? at : 0);
  }
  return false;
}

const char* JsonParser::Impl::Wanted(Expect expect) const {
  switch (expect) {
    case Expect::kValue: return "expected a value";
    case Expect::kValueOrEnd: return "expected a value or ']'";
    case Expect::kKeyOrEnd: return "expected a key or '}'";
    case Expect::kKey: return "expected a key";
    case Expect::kColon: return "expected ':'";
    case Expect::kCommaOrEnd: return open.back().object ? "expected ',' or '}'" : "expected ',' or ']'";
    case Expect::kNothing: return "something follows the value";
  }
  return "";
}

bool JsonParser::Impl::Scalar(size_t at, JsonNode& node) {
  const char* text = buffer.data();
  const char* error = nullptr;
  size_t place = at;
  size_t end;
  if (text[at] == '"') {
    end = json::ReadString(text, place, arena, node, error);
  } else if (text[at] == '-' || (text[at] >= '0' && text[at] <= '9')) {
    end = json::ReadNumber(text, place, node, error);
  } else {
    end = json::ReadLiteral(text, place, node, error);
  }
  if (end == 0) Fail(error, place);
  return end != 0;
}

void JsonParser::Impl::Close() {
  Open top = open.back();
  open.pop_back();
  JsonNode& node = tape[top.node];
  node.next = used - top.node;
  if (top.object && node.size > 1) MarkShadowed(&node);
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
    case Expect::kNothing: break;
  }
  Fail(Wanted(expect), at);
  return false;
}

const JsonNode* JsonParser::Impl::Build(size_t size, const JsonLimits& limits) {
  uint32_t tokens = stage1->n_structural_indexes;
  if (tape.size() < tokens + size_t{1}) tape.resize(tokens + tokens / 2 + size_t{16});
  used = 0;
  open.clear();
  arena.Reset();
  Expect expect = Expect::kValue;
  for (uint32_t i = 0; i < tokens; ++i) {
    size_t at = stage1->structural_indexes[i];
    if (at >= size) break;
    if (!Token(buffer[at], at, expect, limits)) return nullptr;
  }
  if (expect != Expect::kNothing) {
    return Fail(open.empty() ? "no value" : open.back().object ? "ends inside an object" : "ends inside an array", size);
  }
  return tape.data();
}

const JsonNode* JsonParser::Parse(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.max_bytes || text.size() >= 0xffffff00u) {
    return impl_->Fail("longer than " + std::to_string(limits.max_bytes) + " bytes", 0);
  }
  if (text.substr(0, 3) == "\xEF\xBB\xBF") return impl_->Fail("a byte order mark is not JSON", 0);
  if (!impl_->Index(text)) return nullptr;
  return impl_->Build(text.size(), limits);
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
