// What native code calls for what it does not do in line. Names and signatures are part of the object format: see
// NativeSymbols. No function walks the expression tree, except edict_native_evaluate.
//
// A Value goes in and out as two words, which the calling convention keeps in registers. A kError that comes back may lack
// its text: native code only branches on it, since the interpreter words the errors.
#ifndef EDICT_RUNTIME_INTERP_NATIVE_SUPPORT_H_
#define EDICT_RUNTIME_INTERP_NATIVE_SUPPORT_H_

#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "runtime/interp/interp.h"

namespace edict {

// `header`: kind (bits 0-7), flags (8-15), size (32-63); `payload`: the union.
struct ValueWords {
  uint64_t header;
  uint64_t payload;
};
static_assert(sizeof(ValueWords) == sizeof(Value));

inline ValueWords ToWords(const Value& value) {
  ValueWords words;
  std::memcpy(&words, static_cast<const void*>(&value), sizeof words);
  return words;
}
inline Value FromWords(uint64_t header, uint64_t payload) {
  const ValueWords words{header, payload};
  Value value;
  std::memcpy(static_cast<void*>(&value), &words, sizeof value);
  return value;
}

// Room for a MapCursor in native code's stack frame.
inline constexpr uint32_t kMapCursorBytes = 64;
static_assert(sizeof(MapCursor) <= kMapCursorBytes);

// The addresses behind the names that an object file refers to: the functions below, each builtin as
// "edict_builtin_<symbol>" (a BuiltinFn), and what code generation takes from the C library.
std::vector<std::pair<std::string, void*>> NativeSymbols();

}  // namespace edict

extern "C" {

// The whole expression, by the interpreter: after an error, spent fuel, or a value that its type does not describe.
void edict_native_evaluate(edict::Value* out, const edict::Frame* frame, uint32_t node);

// Selection and indexing. `find`: kAbsent where there is no such entry; the map is one.
edict::ValueWords edict_native_event(const edict::Frame* frame);
edict::ValueWords edict_native_find(uint64_t header, uint64_t payload, const char* name, uint64_t size);
edict::ValueWords edict_native_field(const edict::Frame* frame, uint64_t header, uint64_t payload, const char* name, uint64_t size);
edict::ValueWords edict_native_optional_field(const edict::Frame* frame, uint64_t header, uint64_t payload, const char* name,
                                              uint64_t size);
edict::ValueWords edict_native_index(const edict::Frame* frame, uint64_t header, uint64_t payload, uint64_t index_header,
                                     uint64_t index_payload);
edict::ValueWords edict_native_optional_index(const edict::Frame* frame, uint64_t header, uint64_t payload, uint64_t index_header,
                                              uint64_t index_payload);
// An element of a JSON array; `i` is in range.
edict::ValueWords edict_native_json_at(const edict::Frame* frame, uint64_t header, uint64_t payload, uint64_t i);

// Equality and order (-1, 0, 1; 2: NaN). `equal_paid` charges for lists and maps; for texts of the others the caller does.
uint64_t edict_native_equal(uint64_t header_a, uint64_t payload_a, uint64_t header_b, uint64_t payload_b);
uint64_t edict_native_equal_paid(const edict::Frame* frame, uint64_t header_a, uint64_t payload_a, uint64_t header_b,
                                 uint64_t payload_b);
int64_t edict_native_compare(uint64_t header_a, uint64_t payload_a, uint64_t header_b, uint64_t payload_b);

// Strings: no fuel is taken.
uint64_t edict_native_code_points(const char* text, uint64_t size);
// All of the `count` texts, one after the other; they have `size` bytes together. kAbsent where halves of a surrogate pair
// meet, so that the text is shorter.
edict::ValueWords edict_native_concatenate(const edict::Frame* frame, const edict::Value* texts, uint64_t count, uint64_t size);
uint64_t edict_native_contains(const char* text, uint64_t size, const char* part, uint64_t part_size);
// A pattern that is string constant `id` of the Program. 1 or 0; 2: it is not valid.
uint64_t edict_native_matches(const edict::Frame* frame, const char* text, uint64_t size, const char* pattern,
                              uint64_t pattern_size, uint32_t id);

// The first overload of that name that fits.
void edict_native_call_dynamic(edict::Value* out, const edict::Frame* frame, const char* name, uint64_t size, uint32_t member,
                               const edict::Value* args, uint32_t n);

// Of Program::host_functions. Object code knows them by their number alone: which function it is, the engine says.
edict::ValueWords edict_native_call_host(const edict::Frame* frame, uint32_t function, const edict::Value* args);

// Memory of the event's arena; lists and maps under construction.
void* edict_native_allocate(const edict::Frame* frame, uint64_t bytes);
edict::Value* edict_native_grow(const edict::Frame* frame, const edict::Value* items, uint64_t size, uint64_t capacity);
uint64_t edict_native_key_allowed(const edict::Frame* frame, uint64_t header, uint64_t payload, const edict::MapEntry* entries,
                                  uint64_t count);

// Iteration over a map; `next` writes key and value, or gives 0 at the end.
void edict_native_map_begin(void* cursor, uint64_t header, uint64_t payload);
uint64_t edict_native_map_next(void* cursor, edict::Value* entry);

// The state before the event. `keys`: as many as the lifecycle declares.
edict::ValueWords edict_native_cell(const edict::Frame* frame, uint32_t cell);
edict::ValueWords edict_native_cell_has(const edict::Frame* frame, uint32_t cell);
edict::ValueWords edict_native_cell_optional(const edict::Frame* frame, uint32_t cell);
edict::ValueWords edict_native_cell_size(const edict::Frame* frame, uint32_t cell);
edict::ValueWords edict_native_cell_keys(const edict::Frame* frame, uint32_t cell);
edict::ValueWords edict_native_entry(const edict::Frame* frame, uint32_t cell, uint64_t header, uint64_t payload);
edict::ValueWords edict_native_entry_has(const edict::Frame* frame, uint32_t cell, uint64_t header, uint64_t payload);
edict::ValueWords edict_native_entry_optional(const edict::Frame* frame, uint32_t cell, uint64_t header, uint64_t payload);
edict::ValueWords edict_native_window(const edict::Frame* frame, uint32_t window, const edict::Value* keys);
edict::ValueWords edict_native_armed(const edict::Frame* frame, uint32_t timer, const edict::Value* keys);
edict::ValueWords edict_native_life_state(const edict::Frame* frame, uint32_t lifecycle, const edict::Value* keys);
// The ordinal alone, of a lifecycle with one key; takes no fuel.
uint64_t edict_native_life_of_text(const edict::Frame* frame, uint32_t lifecycle, const char* key, uint64_t size);
uint64_t edict_native_life_ordinal(const edict::Frame* frame, uint32_t lifecycle, uint64_t header, uint64_t payload);
// The write of an effect, on operands that are no errors (see runtime/interp/queue_write.h): 1, or 0 where they do not fit.
uint64_t edict_native_write(const edict::Frame* frame, uint32_t event, uint32_t number, const edict::Value* keys, uint64_t header,
                            uint64_t payload);
edict::ValueWords edict_native_life_count(const edict::Frame* frame, uint32_t lifecycle, uint32_t state);
edict::ValueWords edict_native_life_keys(const edict::Frame* frame, uint32_t lifecycle, uint32_t state);
edict::ValueWords edict_native_life_keep(const edict::Frame* frame, uint32_t lifecycle, uint32_t keep, const edict::Value* keys);
edict::ValueWords edict_native_life_complete(const edict::Frame* frame, uint32_t lifecycle, uint32_t keep,
                                             const edict::Value* keys);
edict::ValueWords edict_native_document(const edict::Frame* frame, uint32_t document, const edict::Value* args);
edict::ValueWords edict_native_document_has(const edict::Frame* frame, uint32_t document, const edict::Value* args);
edict::ValueWords edict_native_document_at(const edict::Frame* frame, uint32_t document, const edict::Value* args);
edict::ValueWords edict_native_patch_fault(const edict::Frame* frame, uint32_t document, const edict::Value* args);
edict::ValueWords edict_native_scope_open(const edict::Frame* frame, uint32_t scope);
edict::ValueWords edict_native_enum_name(const edict::Frame* frame, uint32_t id, uint64_t header, uint64_t payload);
}

#endif  // EDICT_RUNTIME_INTERP_NATIVE_SUPPORT_H_
