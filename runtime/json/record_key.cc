#include "runtime/json/record_key.h"

#include <algorithm>
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

bool IsBlank(char c) { return c == ' ' || c == '\t'; }

bool IsPlain(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c != '"' && c != '\\' && static_cast<unsigned char>(c) >= 0x20; });
}

}  // namespace

RecordKey::RecordKey(std::string_view pointer) {
  const bool simple = pointer.size() > 1 && pointer.find_first_of("/~", 1) == std::string_view::npos;
  if (!simple) return;
  name_ = pointer.substr(1);
  if (IsPlain(name_)) quoted_ = '"' + name_ + '"';
}

// The value of the last member, if it has that name and is a string without escapes. In JSON that ends in a brace, what stands
// before that is no part of a string, and a quote without a backslash before it begins or ends one: so each is known for what it
// is, from the last to the first, and nothing else of the record matters.
std::optional<std::string_view> RecordKey::PeekLast(std::string_view record) const {
  if (quoted_.empty() || !record.ends_with("\"}")) return std::nullopt;
  std::string_view before = record.substr(0, record.size() - 2);
  const size_t quote = before.rfind('"');
  if (quote == std::string_view::npos) return std::nullopt;
  const std::string_view value = before.substr(quote + 1);
  if (value.find('\\') != std::string_view::npos) return std::nullopt;
  before.remove_suffix(value.size() + 1);
  const auto skip_blanks = [&] {
    while (!before.empty() && IsBlank(before.back())) before.remove_suffix(1);
  };
  skip_blanks();
  if (!before.ends_with(':')) return std::nullopt;
  before.remove_suffix(1);
  skip_blanks();
  if (!before.ends_with(quoted_)) return std::nullopt;
  before.remove_suffix(quoted_.size());
  skip_blanks();
  if (!before.ends_with(',') && before != "{") return std::nullopt;
  return value;
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
  if (const std::optional<std::string_view> last = PeekLast(record)) return last;
  const char* value = json::ScanForMember(record.data(), name_, JsonLimits{}.max_depth);
  if (value == nullptr || *value != '"') return std::nullopt;
  const json::ScannedString text = json::ScanString(value + 1);
  // The last of several members of one name counts.
  if (text.end == nullptr || text.escaped != 0 || MayNameMember(text.end, record.data() + record.size(), name_))
    return std::nullopt;
  return std::string_view(value + 1, static_cast<size_t>(text.end - value) - 2);
}

}  // namespace edict
