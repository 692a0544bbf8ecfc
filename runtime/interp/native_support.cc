#include "runtime/interp/native_support.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include <algorithm>
#include <new>
#include <string_view>
#include <type_traits>

#include "runtime/builtins/registry.h"
#include "runtime/builtins/support.h"
#include "runtime/builtins/utf8.h"
#include "runtime/cache/element_memo.h"
#include "runtime/interp/known_checks.h"
#include "runtime/interp/known_rounds.h"
#include "runtime/interp/native_scan.h"
#include "runtime/interp/operations.h"
#include "runtime/interp/queue_write.h"
#include "runtime/state/stream_state.h"

namespace edict {
namespace {

// Native code asks only whether there is an error: its words are forgotten, lest those of many fill the memory.
Value Wordless(const EvalContext& context, const Arena::Mark& before, const Value& value) {
  if (value.is_error()) context.arena->Rewind(before);
  return value;
}

template <BuiltinFn function>
void Wordless(Value* out, const Value* args, uint32_t n, EvalContext& context) {
  const Arena::Mark before = context.arena->Here();
  function(out, args, n, context);
  Wordless(context, before, *out);
}

}  // namespace

std::vector<std::pair<std::string, void*>> NativeSymbols() {
#define EDICT_SYMBOL(name) {#name, reinterpret_cast<void*>(&(name))}
  std::vector<std::pair<std::string, void*>> symbols = {
      EDICT_SYMBOL(edict_native_evaluate),       EDICT_SYMBOL(edict_native_event),
      EDICT_SYMBOL(edict_native_find),           EDICT_SYMBOL(edict_native_field),
      EDICT_SYMBOL(edict_native_optional_field), EDICT_SYMBOL(edict_native_index),
      EDICT_SYMBOL(edict_native_optional_index), EDICT_SYMBOL(edict_native_json_at),
      EDICT_SYMBOL(edict_native_equal),          EDICT_SYMBOL(edict_native_equal_paid),
      EDICT_SYMBOL(edict_native_compare),        EDICT_SYMBOL(edict_native_code_points),
      EDICT_SYMBOL(edict_native_concatenate),    EDICT_SYMBOL(edict_native_contains),
      EDICT_SYMBOL(edict_native_matches),        EDICT_SYMBOL(edict_native_call_dynamic),
      EDICT_SYMBOL(edict_native_allocate),       EDICT_SYMBOL(edict_native_grow),
      EDICT_SYMBOL(edict_native_key_allowed),    EDICT_SYMBOL(edict_native_map_begin),
      EDICT_SYMBOL(edict_native_map_next),       EDICT_SYMBOL(edict_native_cell),
      EDICT_SYMBOL(edict_native_cell_has),       EDICT_SYMBOL(edict_native_cell_optional),
      EDICT_SYMBOL(edict_native_cell_size),      EDICT_SYMBOL(edict_native_cell_keys),
      EDICT_SYMBOL(edict_native_entry),          EDICT_SYMBOL(edict_native_entry_has),
      EDICT_SYMBOL(edict_native_entry_optional), EDICT_SYMBOL(edict_native_life_state),
      EDICT_SYMBOL(edict_native_life_count),     EDICT_SYMBOL(edict_native_life_keys),
      EDICT_SYMBOL(edict_native_life_keep),      EDICT_SYMBOL(edict_native_life_complete),
      EDICT_SYMBOL(edict_native_document),       EDICT_SYMBOL(edict_native_document_has),
      EDICT_SYMBOL(edict_native_document_at),    EDICT_SYMBOL(edict_native_patch_fault),
      EDICT_SYMBOL(edict_native_window),         EDICT_SYMBOL(edict_native_armed),
      EDICT_SYMBOL(edict_native_scope_open),     EDICT_SYMBOL(edict_native_enum_name),
      EDICT_SYMBOL(edict_native_life_of_text),   EDICT_SYMBOL(edict_native_life_ordinal),
      EDICT_SYMBOL(edict_native_write),          EDICT_SYMBOL(edict_native_known_rounds),
      EDICT_SYMBOL(edict_native_element_at),     EDICT_SYMBOL(edict_native_call_host),
      EDICT_SYMBOL(edict_native_known_check),    EDICT_SYMBOL(edict_native_keep_check),
  };
#undef EDICT_SYMBOL
  for (auto& symbol : NativeScanSymbols()) symbols.push_back(std::move(symbol));
  symbols.emplace_back("bcmp", reinterpret_cast<void*>(static_cast<int (*)(const void*, const void*, size_t)>(&bcmp)));
  symbols.emplace_back("memcmp", reinterpret_cast<void*>(static_cast<int (*)(const void*, const void*, size_t)>(&std::memcmp)));
  symbols.emplace_back("memcpy", reinterpret_cast<void*>(static_cast<void* (*)(void*, const void*, size_t)>(&std::memcpy)));
  symbols.emplace_back("memmove", reinterpret_cast<void*>(static_cast<void* (*)(void*, const void*, size_t)>(&std::memmove)));
  symbols.emplace_back("memset", reinterpret_cast<void*>(static_cast<void* (*)(void*, int, size_t)>(&std::memset)));
  // An instruction only from SSE4.1 on.
  symbols.emplace_back("trunc", reinterpret_cast<void*>(static_cast<double (*)(double)>(&::trunc)));
#define EDICT_BUILTIN(symbol, function, scope, signature, cost) \
  symbols.emplace_back("edict_builtin_" #symbol, reinterpret_cast<void*>(&Wordless<builtins::symbol>));
#include "runtime/program/builtins.def"
#undef EDICT_BUILTIN
  return symbols;
}

}  // namespace edict

using edict::Arena;
using edict::Frame;
using edict::FromWords;
using edict::ToWords;
using edict::Value;
using edict::ValueWords;

namespace {

template <typename Operation>
ValueWords WithoutWords(const Frame* frame, const Operation& operation) {
  const Arena::Mark before = frame->context->arena->Here();
  return ToWords(edict::Wordless(*frame->context, before, operation()));
}

}  // namespace

extern "C" {

void edict_native_evaluate(Value* out, const Frame* frame, uint32_t node) {
  edict::EvalContext& context = *frame->context;
  ++context.reinterpreted;
  if (context.before_native != nullptr) context.arena->Rewind(*context.before_native);
  *out = edict::Evaluate(*frame, node);
}

ValueWords edict_native_event(const Frame* frame) { return ToWords(edict::interp::WholeEvent(*frame)); }

ValueWords edict_native_find(uint64_t header, uint64_t payload, const char* name, uint64_t size) {
  return ToWords(edict::MapFindString(FromWords(header, payload), {name, size}));
}
ValueWords edict_native_field(const Frame* frame, uint64_t header, uint64_t payload, const char* name, uint64_t size) {
  return WithoutWords(frame, [&] { return edict::interp::SelectField(*frame, FromWords(header, payload), {name, size}); });
}
ValueWords edict_native_optional_field(const Frame* frame, uint64_t header, uint64_t payload, const char* name, uint64_t size) {
  return WithoutWords(frame, [&] { return edict::interp::SelectOptional(*frame, FromWords(header, payload), {name, size}); });
}
ValueWords edict_native_index(const Frame* frame, uint64_t header, uint64_t payload, uint64_t index_header,
                              uint64_t index_payload) {
  return WithoutWords(
      frame, [&] { return edict::interp::IndexWith(*frame, FromWords(header, payload), FromWords(index_header, index_payload)); });
}
ValueWords edict_native_optional_index(const Frame* frame, uint64_t header, uint64_t payload, uint64_t index_header,
                                       uint64_t index_payload) {
  return WithoutWords(frame, [&] {
    return edict::interp::IndexOptional(*frame, FromWords(header, payload), FromWords(index_header, index_payload));
  });
}
ValueWords edict_native_json_at(const Frame* frame, uint64_t header, uint64_t payload, uint64_t i) {
  const Value list = FromWords(header, payload);
  if (frame->memo != nullptr) return ToWords(edict::FromJson(*frame->memo->ElementOf(list.json, i)));
  return ToWords(edict::ListAt(list, static_cast<uint32_t>(i)));
}

uint64_t edict_native_equal(uint64_t header_a, uint64_t payload_a, uint64_t header_b, uint64_t payload_b) {
  return edict::Equal(FromWords(header_a, payload_a), FromWords(header_b, payload_b)) ? 1 : 0;
}
uint64_t edict_native_equal_paid(const Frame* frame, uint64_t header_a, uint64_t payload_a, uint64_t header_b, uint64_t payload_b) {
  const Value args[2] = {FromWords(header_a, payload_a), FromWords(header_b, payload_b)};
  Value out;
  edict::OverloadAt(static_cast<uint32_t>(edict::Builtin::kEquals)).fn(&out, args, 2, *frame->context);
  return out.is_true() ? 1 : 0;  // an error is that of spent fuel, which native code finds by itself
}
int64_t edict_native_compare(uint64_t header_a, uint64_t payload_a, uint64_t header_b, uint64_t payload_b) {
  return edict::Compare(FromWords(header_a, payload_a), FromWords(header_b, payload_b));
}

uint64_t edict_native_code_points(const char* text, uint64_t size) { return edict::builtins::CountCodePoints({text, size}); }
ValueWords edict_native_concatenate(const Frame* frame, const Value* texts, uint64_t count, uint64_t size) {
  auto* data = static_cast<char*>(frame->context->arena->Allocate(size));
  char* end = data;
  for (const Value* text = texts; text != texts + count; ++text) {
    if (text->size == size) return ToWords(*text);
    if (text->size == 0) continue;
    if (edict::builtins::HalvesMeet({data, static_cast<size_t>(end - data)}, text->text())) return ToWords(Value::Absent());
    std::memcpy(end, text->s, text->size);
    end += text->size;
  }
  return ToWords(Value::String({data, size}));
}
uint64_t edict_native_contains(const char* text, uint64_t size, const char* part, uint64_t part_size) {
  return memmem(text, size, part, part_size) != nullptr ? 1 : 0;
}
uint64_t edict_native_matches(const Frame* frame, const char* text, uint64_t size, const char* pattern, uint64_t pattern_size,
                              uint32_t id) {
  const std::string_view words{text, size};
  edict::RegexCache* cache = frame->context->regexes;
  std::string_view why;
  const int result = cache != nullptr ? cache->MatchesConstant(words, id, {pattern, pattern_size})
                                      : edict::RegexCache().Matches(words, {pattern, pattern_size}, &why);
  return result < 0 ? 2 : static_cast<uint64_t>(result);
}

void edict_native_call_dynamic(Value* out, const Frame* frame, const char* name, uint64_t size, uint32_t member, const Value* args,
                               uint32_t n) {
  const Arena::Mark before = frame->context->arena->Here();
  edict::CallDynamic(out, {name, size}, member != 0, args, n, *frame->context);
  edict::Wordless(*frame->context, before, *out);
}

ValueWords edict_native_call_host(const Frame* frame, uint32_t function, const Value* args) {
  return WithoutWords(frame, [&] { return edict::interp::CallHost(*frame, function, args); });
}

void* edict_native_allocate(const Frame* frame, uint64_t bytes) { return frame->context->arena->Allocate(bytes); }
Value* edict_native_grow(const Frame* frame, const Value* items, uint64_t size, uint64_t capacity) {
  Value* grown = frame->context->arena->AllocateArray<Value>(capacity);
  std::copy_n(items, size, grown);
  return grown;
}
uint64_t edict_native_key_allowed(const Frame* frame, uint64_t header, uint64_t payload, const edict::MapEntry* entries,
                                  uint64_t count) {
  const Arena::Mark before = frame->context->arena->Here();
  const Value key = edict::interp::CheckKey(*frame, FromWords(header, payload), entries, static_cast<uint32_t>(count));
  return edict::Wordless(*frame->context, before, key).is_error() ? 0 : 1;
}

void edict_native_map_begin(void* cursor, uint64_t header, uint64_t payload) {
  static_assert(std::is_trivially_destructible_v<edict::MapCursor>);
  new (cursor) edict::MapCursor(FromWords(header, payload));
}
uint64_t edict_native_map_next(void* cursor, Value* entry) {
  auto* map = static_cast<edict::MapCursor*>(cursor);
  if (!map->Next()) return 0;
  entry[0] = map->key();
  entry[1] = map->value();
  return 1;
}

ValueWords edict_native_cell(const Frame* frame, uint32_t cell) {
  return WithoutWords(frame, [&] { return edict::interp::CellOperation(*frame, edict::Op::kCell, cell); });
}
ValueWords edict_native_cell_has(const Frame* frame, uint32_t cell) {
  return WithoutWords(frame, [&] { return edict::interp::CellOperation(*frame, edict::Op::kCellHas, cell); });
}
ValueWords edict_native_cell_optional(const Frame* frame, uint32_t cell) {
  return WithoutWords(frame, [&] { return edict::interp::CellOperation(*frame, edict::Op::kCellOpt, cell); });
}
ValueWords edict_native_cell_size(const Frame* frame, uint32_t cell) {
  return WithoutWords(frame, [&] { return edict::interp::CellOperation(*frame, edict::Op::kCellSize, cell); });
}
ValueWords edict_native_cell_keys(const Frame* frame, uint32_t cell) {
  return WithoutWords(frame, [&] { return edict::interp::CellOperation(*frame, edict::Op::kCellKeys, cell); });
}
ValueWords edict_native_entry(const Frame* frame, uint32_t cell, uint64_t header, uint64_t payload) {
  return WithoutWords(frame,
                      [&] { return edict::interp::EntryOperation(*frame, edict::Op::kEntry, cell, FromWords(header, payload)); });
}
ValueWords edict_native_entry_has(const Frame* frame, uint32_t cell, uint64_t header, uint64_t payload) {
  return WithoutWords(
      frame, [&] { return edict::interp::EntryOperation(*frame, edict::Op::kEntryHas, cell, FromWords(header, payload)); });
}
ValueWords edict_native_entry_optional(const Frame* frame, uint32_t cell, uint64_t header, uint64_t payload) {
  return WithoutWords(
      frame, [&] { return edict::interp::EntryOperation(*frame, edict::Op::kEntryOpt, cell, FromWords(header, payload)); });
}
ValueWords edict_native_window(const Frame* frame, uint32_t window, const Value* keys) {
  return WithoutWords(frame, [&] { return edict::interp::TimedOperation(*frame, edict::Op::kWindow, window, keys); });
}
ValueWords edict_native_armed(const Frame* frame, uint32_t timer, const Value* keys) {
  return WithoutWords(frame, [&] { return edict::interp::TimedOperation(*frame, edict::Op::kArmed, timer, keys); });
}
ValueWords edict_native_life_state(const Frame* frame, uint32_t lifecycle, const Value* keys) {
  return WithoutWords(
      frame, [&] { return edict::interp::LifecycleOperation(*frame, edict::Op::kLifeState, lifecycle, edict::kNone, keys); });
}
uint64_t edict_native_life_of_text(const Frame* frame, uint32_t lifecycle, const char* key, uint64_t size) {
  return frame->stream->LifeStateOf(lifecycle, {key, size});
}
uint64_t edict_native_life_ordinal(const Frame* frame, uint32_t lifecycle, uint64_t header, uint64_t payload) {
  const Value key = FromWords(header, payload);
  return frame->state->LifeState(lifecycle, &key);
}
uint64_t edict_native_write(const Frame* frame, uint32_t event, uint32_t number, const Value* keys, uint64_t header,
                            uint64_t payload) {
  const edict::Effect& effect = frame->program->events[event].effects[number];
  const Value error = edict::QueueWrite(*frame, effect, number, keys, FromWords(header, payload), *frame->writes);
  return error.is_error() ? 0 : 1;
}
ValueWords edict_native_life_count(const Frame* frame, uint32_t lifecycle, uint32_t state) {
  return WithoutWords(frame,
                      [&] { return edict::interp::LifecycleOperation(*frame, edict::Op::kLifeCount, lifecycle, state, nullptr); });
}
ValueWords edict_native_life_keys(const Frame* frame, uint32_t lifecycle, uint32_t state) {
  return WithoutWords(frame,
                      [&] { return edict::interp::LifecycleOperation(*frame, edict::Op::kLifeKeys, lifecycle, state, nullptr); });
}
ValueWords edict_native_life_keep(const Frame* frame, uint32_t lifecycle, uint32_t keep, const Value* keys) {
  return WithoutWords(frame, [&] { return edict::interp::KeepOperation(*frame, edict::Op::kLifeKeep, lifecycle, keep, keys); });
}
ValueWords edict_native_life_complete(const Frame* frame, uint32_t lifecycle, uint32_t keep, const Value* keys) {
  return WithoutWords(frame, [&] { return edict::interp::KeepOperation(*frame, edict::Op::kLifeComplete, lifecycle, keep, keys); });
}
ValueWords edict_native_document(const Frame* frame, uint32_t document, const Value* args) {
  return WithoutWords(frame, [&] { return edict::interp::DocumentOperation(*frame, edict::Op::kDocument, document, args); });
}
ValueWords edict_native_document_has(const Frame* frame, uint32_t document, const Value* args) {
  return WithoutWords(frame, [&] { return edict::interp::DocumentOperation(*frame, edict::Op::kDocumentHas, document, args); });
}
ValueWords edict_native_document_at(const Frame* frame, uint32_t document, const Value* args) {
  return WithoutWords(frame, [&] { return edict::interp::DocumentOperation(*frame, edict::Op::kDocumentAt, document, args); });
}
ValueWords edict_native_patch_fault(const Frame* frame, uint32_t document, const Value* args) {
  return WithoutWords(frame, [&] { return edict::interp::DocumentOperation(*frame, edict::Op::kPatchFault, document, args); });
}
ValueWords edict_native_scope_open(const Frame* frame, uint32_t scope) {
  return WithoutWords(frame, [&] { return edict::interp::ScopeIsOpen(*frame, scope); });
}
ValueWords edict_native_enum_name(const Frame* frame, uint32_t id, uint64_t header, uint64_t payload) {
  return WithoutWords(frame, [&] { return edict::interp::EnumName(*frame, id, FromWords(header, payload)); });
}
}
