// The key of a record's stream, found by reading the record's text, without a tape. Only simple pointers ("/name") and keys that
// are strings without escapes: other records have to be parsed.
#ifndef EDICT_RUNTIME_JSON_RECORD_KEY_H_
#define EDICT_RUNTIME_JSON_RECORD_KEY_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace edict {

class RecordKey {
 public:
  struct Found {
    std::string_view key;     // until the next call of Find
    std::string_view record;  // without blanks behind it
  };

  // `pointer`: RFC 6901.
  explicit RecordKey(std::string_view pointer);

  // None: the record has to be parsed.
  std::optional<Found> Find(std::string_view record);
  // The key of a record that is JSON, if it is; part of the record. None: Find may know it. `record` is followed by
  // json::kScanPadding readable bytes, of which the first is a line break.
  std::optional<std::string_view> Peek(std::string_view record) const;

 private:
  std::optional<std::string_view> PeekLast(std::string_view record) const;

  std::string name_;          // of the member; empty: records have to be parsed
  std::string quoted_;        // as it is mostly written; empty: it needs escapes
  std::vector<char> padded_;  // the record, as scan.h wants it
};

}  // namespace edict

#endif  // EDICT_RUNTIME_JSON_RECORD_KEY_H_
