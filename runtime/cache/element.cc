#include "runtime/cache/element.h"

#include <cstring>
#include <new>
#include <type_traits>

#include "runtime/json/document.h"

namespace edict::cache {

namespace {

// Whether the string stands in the bytes, without escapes.
bool StandsIn(std::string_view bytes, const JsonNode& node) {
  return node.s >= bytes.data() && node.s < bytes.data() + bytes.size();
}

}  // namespace

ElementTapePtr CopyTape(const JsonNode& root, std::string_view bytes) {
  uint64_t texts = 0;
  for (const JsonNode* node = &root; node != &root + root.next; ++node) {
    if (node->kind == JsonKind::kString && !StandsIn(bytes, *node)) texts += node->size;
  }
  const uint64_t memory = sizeof(ElementTape) + root.next * sizeof(JsonNode) + texts;
  if (memory > UINT32_MAX) return nullptr;
  auto* tape = new (::operator new(memory)) ElementTape{root.next, static_cast<uint32_t>(memory)};
  auto* nodes = reinterpret_cast<JsonNode*>(tape + 1);
  char* text = reinterpret_cast<char*>(nodes + root.next);
  std::memcpy(static_cast<void*>(nodes), &root, root.next * sizeof(JsonNode));
  for (JsonNode* node = nodes; node != nodes + root.next; ++node) {
    node->offset -= root.offset;
    if (node->kind != JsonKind::kString || StandsIn(bytes, *node)) continue;
    if (node->size != 0) std::memcpy(text, node->s, node->size);
    node->s = text;
    text += node->size;
  }
  return ElementTapePtr(tape);
}

Element* Element::Make(uint64_t id, Hash128 kind, uint64_t hash, std::string_view bytes, uint32_t depth, int64_t fuel,
                       uint32_t room) {
  auto* element = new (::operator new(MemoryOf(bytes.size(), room))) Element;
  element->room = room;
  element->memory.store(MemoryOf(bytes.size(), room), std::memory_order_relaxed);
  element->id = id;
  element->kind = kind;
  element->hash = hash;
  element->fuel = fuel;
  element->size = static_cast<uint32_t>(bytes.size());
  element->depth = depth;
  char* copy = reinterpret_cast<char*>(element + 1);
  std::memcpy(copy, bytes.data(), bytes.size());
  std::memset(copy + bytes.size(), 0, JsonParser::kParsePadding);
  return element;
}

void* Element::TakeRoom(uint64_t bytes) {
  bytes = (bytes + 7) / 8 * 8;
  if (room_used.load(std::memory_order_relaxed) + bytes > room) return nullptr;
  const uint64_t at = room_used.fetch_add(static_cast<uint32_t>(bytes), std::memory_order_relaxed);
  if (at + bytes > room) return nullptr;
  return reinterpret_cast<char*>(this) + MemoryOf(size, 0) + at;
}

ElementResult* ElementResult::Make(void* memory, uint64_t key, int64_t fuel, bool holds, std::string_view writes,
                                   std::string_view bytes) {
  const bool apart = memory == nullptr;
  if (apart) memory = ::operator new(sizeof(ElementResult) + writes.size() + bytes.size());
  auto* result = new (memory) ElementResult;
  result->apart = apart;
  result->key = key;
  result->fuel = fuel;
  result->holds = holds;
  result->writes_size = static_cast<uint32_t>(writes.size());
  result->bytes_size = static_cast<uint32_t>(bytes.size());
  char* behind = reinterpret_cast<char*>(result + 1);
  if (!writes.empty()) std::memcpy(behind, writes.data(), writes.size());
  if (!bytes.empty()) std::memcpy(behind + writes.size(), bytes.data(), bytes.size());
  return result;
}

uint64_t Element::MemoryOf(uint64_t size, uint32_t room) {
  return sizeof(Element) + (size + JsonParser::kParsePadding + 7) / 8 * 8 + room;
}

void Element::Free(Element* element) {
  // Those in its room go with it.
  static_assert(std::is_trivially_destructible_v<ElementResult>);
  if (element->has_results_apart.load(std::memory_order_acquire)) {
    for (ElementResult* result = element->results.load(std::memory_order_acquire); result != nullptr;) {
      ElementResult* next = result->next.load(std::memory_order_acquire);
      if (result->apart) ::operator delete(result);
      result = next;
    }
  }
  ElementTape::Free()(element->tape.load(std::memory_order_acquire));
  element->~Element();
  ::operator delete(element);
}

}  // namespace edict::cache
