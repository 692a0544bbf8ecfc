#include "runtime/interp/native_scan.h"

#include <memory>

#include "runtime/builtins/context.h"
#include "runtime/cache/element_memo.h"
#include "runtime/interp/large_values.h"
#include "runtime/json/document.h"

namespace edict {

std::vector<std::pair<std::string, void*>> NativeScanSymbols() {
#define EDICT_SYMBOL(name) \
  { #name, reinterpret_cast < void*>(&(name)) }
  return {
      EDICT_SYMBOL(edict_scan_string), EDICT_SYMBOL(edict_scan_number),   EDICT_SYMBOL(edict_scan_int),
      EDICT_SYMBOL(edict_scan_double), EDICT_SYMBOL(edict_scan_value),    EDICT_SYMBOL(edict_scan_space),
      EDICT_SYMBOL(edict_scan_member), EDICT_SYMBOL(edict_scan_element),  EDICT_SYMBOL(edict_scan_for_member),
      EDICT_SYMBOL(edict_scan_tape),   EDICT_SYMBOL(edict_scan_utf8),     EDICT_SYMBOL(edict_scan_known),
      EDICT_SYMBOL(edict_scan_keep),   EDICT_SYMBOL(edict_scan_unescape),
  };
#undef EDICT_SYMBOL
}

}  // namespace edict

namespace json = edict::json;

extern "C" {

json::ScannedString edict_scan_string(const char* at) { return json::ScanString(at); }
edict::ValueWords edict_scan_unescape(const edict::Frame* frame, const char* at) {
  return edict::ToWords(edict::Value::String(json::Unescape(at, *frame->context->arena)));
}
uint64_t edict_scan_utf8(const char* at, uint64_t size) { return json::IsUtf8(at, size) ? 1 : 0; }
const char* edict_scan_number(const char* at) { return json::ScanNumber(at); }
json::ScannedInt edict_scan_int(const char* at) { return json::ScanInt(at); }
json::ScannedDouble edict_scan_double(const char* at) { return json::ScanDouble(at); }
const char* edict_scan_value(const edict::Frame* frame, const char* at, uint64_t depth) {
  return frame->large == nullptr ? json::ScanValue(at, depth) : frame->large->Scan(at, depth);
}
const char* edict_scan_space(const char* at) { return json::ScanSpace(at); }
json::ScannedMember edict_scan_member(const char* at, uint64_t first, const json::ScanName* names, uint64_t count) {
  return json::ScanMember(at, first != 0, names, count);
}
json::ScannedElement edict_scan_element(const char* at, uint64_t first) { return json::ScanElement(at, first != 0); }
const char* edict_scan_for_member(const char* at, const char* name, uint64_t size, uint64_t depth) {
  return json::ScanForMember(at, {name, size}, depth);
}

uint64_t edict_scan_tape(const edict::Frame* frame, const char* begin, const char* end, edict::Value* out) {
  edict::JsonLimits limits;
  limits.max_depth = static_cast<uint32_t>(frame->max_depth);
  limits.max_bytes = UINT64_MAX;  // the event's own limit holds for its parts
  if (frame->memo != nullptr) {
    if (const edict::JsonNode* known = frame->memo->Tape(begin, end, limits)) {
      *out = edict::FromJson(*known);
      return 1;
    }
  }
  edict::FieldTapes& tapes = *frame->tapes;
  if (tapes.used == tapes.parsers.size()) tapes.parsers.push_back(std::make_unique<edict::JsonParser>());
  const edict::JsonNode* root = tapes.parsers[tapes.used]->Parse({begin, static_cast<size_t>(end - begin)}, limits);
  if (root == nullptr) return 0;
  ++tapes.used;
  *out = edict::FromJson(*root);
  return 1;
}

const char* edict_scan_known(const edict::Frame* frame, const char* at, uint64_t kind, uint64_t depth, uint64_t first) {
  return frame->memo->Take(at, static_cast<uint32_t>(kind), depth, first != 0, frame->context->fuel);
}
void edict_scan_keep(const edict::Frame* frame, const char* at, const char* end, uint64_t kind, uint64_t depth) {
  if (frame->memo != nullptr) frame->memo->Keep(at, end, static_cast<uint32_t>(kind), depth, frame->context->fuel);
}
}
