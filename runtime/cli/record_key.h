// The stream key of a record, found without a tape where it is simple: `--key /name`, a string without escapes.
#ifndef EDICT_RUNTIME_CLI_RECORD_KEY_H_
#define EDICT_RUNTIME_CLI_RECORD_KEY_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace edict::cli {

// False: an option's value is no JSON Pointer (RFC 6901), which standard error says.
bool CheckPointer(const std::string& pointer);

class RecordKey {
 public:
  // `pointer`: a JSON Pointer (RFC 6901).
  explicit RecordKey(std::string_view pointer);

  struct Found {
    std::string_view key;     // lives until the next call
    std::string_view record;  // without what stands behind the object
  };
  // None: the record is damaged, or its key is not so simple. A tape tells.
  std::optional<Found> Find(std::string_view record);

 private:
  std::string name_;  // of the member; empty: the pointer leads elsewhere
  std::vector<char> padded_;
};

}  // namespace edict::cli

#endif  // EDICT_RUNTIME_CLI_RECORD_KEY_H_
