#include "runtime/cli/record_key.h"

#include <cstring>

#include "runtime/cli/output.h"
#include "runtime/json/document.h"
#include "runtime/json/pointer.h"
#include "runtime/json/scan.h"

namespace edict::cli {

bool CheckPointer(const std::string& pointer) {
  if (IsPointer(pointer)) return true;
  PrintError("\"" + pointer + "\" is no JSON Pointer: it must be empty or start with / (RFC 6901)");
  return false;
}

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

}  // namespace edict::cli
