#include "runtime/json/record_key.h"

#include <cstring>

#include "runtime/base/same_bytes.h"
#include "runtime/json/document.h"
#include "runtime/json/scan.h"

namespace edict {
namespace {

// Whether a member of that name may begin in the text: true where it cannot be told at a glance.
bool MayNameMember(const char* at, const char* end, const std::string& name) {
  char quotes[kSameBytesWindow];
  char initials[kSameBytesWindow];
  char escapes[kSameBytesWindow];
  std::memset(quotes, '"', sizeof quotes);
  std::memset(initials, name.front(), sizeof initials);
  std::memset(escapes, '\\', sizeof escapes);
  for (; at < end; at += kSameBytesWindow) {
    if (SameBytes(at, escapes) != 0) return true;
    uint32_t starts = SameBytes(at, quotes) & SameBytes(at + 1, initials);
    for (; starts != 0; starts &= starts - 1) {
      const char* begin = at + __builtin_ctz(starts) + 1;
      if (static_cast<size_t>(end - begin) > name.size() && std::memcmp(begin, name.data(), name.size()) == 0) return true;
    }
  }
  return false;
}

}  // namespace

RecordKey::RecordKey(std::string_view pointer) {
  const bool simple = pointer.size() > 1 && pointer.find_first_of("/~", 1) == std::string_view::npos;
  if (simple) name_ = pointer.substr(1);
}

std::optional<RecordKey::Found> RecordKey::Find(std::string_view record) {
  const JsonLimits limits;
  if (name_.empty() || record.size() > limits.max_bytes) return std::nullopt;
  if (padded_.size() < record.size() + json::kScanPadding) padded_.resize(record.size() * 3 / 2 + json::kScanPadding);
  std::memcpy(padded_.data(), record.data(), record.size());
  std::memset(padded_.data() + record.size(), 0, json::kScanPadding);
  const char* value = nullptr;
  const char* end = json::ScanWithMember(padded_.data(), name_, limits.max_depth, &value);
  if (end == nullptr || json::ScanSpace(end) != padded_.data() + record.size() || *value != '"') return std::nullopt;
  const json::ScannedString text = json::ScanString(value + 1);
  if (text.end == nullptr || text.escaped != 0) return std::nullopt;
  return Found{{value + 1, static_cast<size_t>(text.end - value) - 2}, record.substr(0, static_cast<size_t>(end - padded_.data()))};
}

std::optional<std::string_view> RecordKey::Peek(std::string_view record) const {
  if (name_.empty() || record.empty() || record.front() != '{') return std::nullopt;
  const char* value = json::ScanForMember(record.data(), name_, JsonLimits{}.max_depth);
  if (value == nullptr || *value != '"') return std::nullopt;
  const json::ScannedString text = json::ScanString(value + 1);
  // The last of several members of one name counts.
  if (text.end == nullptr || text.escaped != 0 || MayNameMember(text.end, record.data() + record.size(), name_))
    return std::nullopt;
  return std::string_view(value + 1, static_cast<size_t>(text.end - value) - 2);
}

}  // namespace edict
