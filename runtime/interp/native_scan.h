// What generated extraction calls: runtime/json/scan.h by name, and the tape of a single field. Names and signatures are part
// of the object format, as those of native_support.h.
#ifndef EDICT_RUNTIME_INTERP_NATIVE_SCAN_H_
#define EDICT_RUNTIME_INTERP_NATIVE_SCAN_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "runtime/interp/interp.h"
#include "runtime/interp/native_support.h"
#include "runtime/json/scan.h"

namespace edict {

std::vector<std::pair<std::string, void*>> NativeScanSymbols();

}  // namespace edict

extern "C" {

edict::json::ScannedString edict_scan_string(const char* at);
// The value of a string with escapes, which edict_scan_string has gone through; it lives until the next event.
edict::ValueWords edict_scan_unescape(const edict::Frame* frame, const char* at);
uint64_t edict_scan_utf8(const char* at, uint64_t size);
const char* edict_scan_number(const char* at);
edict::json::ScannedInt edict_scan_int(const char* at);
edict::json::ScannedDouble edict_scan_double(const char* at);
// Of a value that nothing is asked of.
const char* edict_scan_value(const edict::Frame* frame, const char* at, uint64_t depth);
const char* edict_scan_space(const char* at);
edict::json::ScannedMember edict_scan_member(const char* at, uint64_t first, const edict::json::ScanName* names, uint64_t count);
edict::json::ScannedElement edict_scan_element(const char* at, uint64_t first);
const char* edict_scan_for_member(const char* at, const char* name, uint64_t size, uint64_t depth);
// The JSON value between the two places, whole: 1, or 0 where it is none. It lives until the next event.
uint64_t edict_scan_tape(const edict::Frame* frame, const char* begin, const char* end, edict::Value* out);
// runtime/cache/element_memo.h, Take and Keep, where Frame::memo was not null; asking may make it null. `kind`: the elements'
// shape.
const char* edict_scan_known(const edict::Frame* frame, const char* at, uint64_t kind, uint64_t depth, uint64_t first);
void edict_scan_keep(const edict::Frame* frame, const char* at, const char* end, uint64_t kind, uint64_t depth);
}

#endif  // EDICT_RUNTIME_INTERP_NATIVE_SCAN_H_
