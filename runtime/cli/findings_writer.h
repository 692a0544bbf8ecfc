// Findings as text, JSON or NDJSON. The JSON forms are version 1 of a documented format (README.md of this folder's
// parent says the same): one object a finding, keys in a fixed order.
#ifndef EDICT_RUNTIME_CLI_FINDINGS_WRITER_H_
#define EDICT_RUNTIME_CLI_FINDINGS_WRITER_H_

#include <cstdint>
#include <string>

#include "runtime/cli/output.h"
#include "runtime/engine.h"

namespace edict::cli {

enum class FindingFormat { kText, kJson, kNdjson };

// What a run says of itself at its end.
struct RunSummary {
  uint64_t events = 0;
  uint64_t streams = 0;
  uint64_t not_validated = 0;
  uint64_t by_severity[4] = {0, 0, 0, 0};  // indexed by Severity
};

// Whether findings make the exit code 1. `least`: error, warning or none.
bool Fails(const uint64_t (&by_severity)[4], const std::string& least);

class FindingsWriter {
 public:
  FindingsWriter(FindingFormat format, Output& out, bool colour) : format_(format), out_(out), colour_(colour) {}
  void Write(const Finding& finding);
  void Finish(const RunSummary& summary);

 private:
  void WriteText(const Finding& finding);

  FindingFormat format_;
  Output& out_;
  bool colour_;
  bool first_ = true;
  std::string line_;
};

}  // namespace edict::cli

#endif  // EDICT_RUNTIME_CLI_FINDINGS_WRITER_H_
