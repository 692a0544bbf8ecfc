#include "runtime/cli/findings_writer.h"

namespace edict::cli {
namespace {

void AppendMember(std::string& out, const char* key, std::string_view text) {
  out += ", \"";
  out += key;
  out += "\": ";
  AppendJsonString(out, text);
}

void AppendJson(std::string& out, const Finding& finding) {
  out += "{\"stream\": ";
  AppendJsonString(out, finding.stream);
  out += ", \"index\": " + std::to_string(finding.index);
  out += ", \"offset\": " + std::to_string(finding.offset);
  AppendMember(out, "code", finding.code);
  AppendMember(out, "severity", SeverityName(finding.severity));
  AppendMember(out, "path", finding.path);
  AppendMember(out, "message", finding.message);
  AppendMember(out, "rule", finding.rule);
  AppendMember(out, "package", finding.package);
  AppendMember(out, "fix", finding.fix);
  AppendMember(out, "see", finding.see);
  out += "}";
}

std::string Count(uint64_t n, const char* noun) { return std::to_string(n) + " " + noun + (n == 1 ? "" : "s"); }

}  // namespace

void FindingsWriter::WriteText(const Finding& finding) {
  static constexpr const char* kColours[] = {"\033[36m", "\033[33m", "\033[31m", "\033[31;1m"};
  AppendPrintable(line_, finding.stream);
  line_ += ": event " + std::to_string(finding.index) + ": ";
  if (colour_) line_ += kColours[static_cast<int>(finding.severity)];
  line_ += SeverityName(finding.severity);
  if (colour_) line_ += "\033[0m";
  line_ += " " + finding.code + ": ";
  AppendPrintable(line_, finding.message);
  if (!finding.path.empty()) {
    line_ += " (at ";
    AppendPrintable(line_, finding.path);
    line_ += ")";
  }
  line_ += "\n";
  if (!finding.fix.empty()) line_ += "    fix: " + finding.fix + "\n";
}

void FindingsWriter::Write(const Finding& finding) {
  line_.clear();
  switch (format_) {
    case FindingFormat::kText:
      WriteText(finding);
      break;
    case FindingFormat::kNdjson:
      AppendJson(line_, finding);
      line_ += "\n";
      break;
    case FindingFormat::kJson:
      line_ += first_ ? "{\"version\": 1, \"findings\": [\n  " : ",\n  ";
      AppendJson(line_, finding);
      break;
  }
  first_ = false;
  out_.Write(line_);
}

void FindingsWriter::Finish(const RunSummary& summary) {
  const uint64_t* n = summary.by_severity;
  uint64_t errors = n[static_cast<int>(Severity::kError)] + n[static_cast<int>(Severity::kCritical)];
  uint64_t warnings = n[static_cast<int>(Severity::kWarning)];
  uint64_t infos = n[static_cast<int>(Severity::kInfo)];
  std::string text;
  if (format_ == FindingFormat::kText) {
    text = Count(summary.events, "event") + " in " + Count(summary.streams, "stream") + ": " + Count(errors, "error") + ", " +
           Count(warnings, "warning") + ", " + std::to_string(infos) + " info";
    if (summary.not_validated != 0) text += ", " + Count(summary.not_validated, "event") + " not validated";
    text += "\n";
  } else if (format_ == FindingFormat::kJson) {
    text = first_ ? "{\"version\": 1, \"findings\": [" : "\n";
    text += "], \"summary\": {\"events\": " + std::to_string(summary.events) + ", \"streams\": " + std::to_string(summary.streams) +
            ", \"errors\": " + std::to_string(errors) + ", \"warnings\": " + std::to_string(warnings) +
            ", \"infos\": " + std::to_string(infos) + ", \"not_validated\": " + std::to_string(summary.not_validated) + "}}\n";
  }
  out_.Write(text);
}

bool Fails(const uint64_t (&by_severity)[4], const std::string& least) {
  if (least == "none") return false;
  const uint64_t errors = by_severity[static_cast<int>(Severity::kError)] + by_severity[static_cast<int>(Severity::kCritical)];
  return errors + (least == "warning" ? by_severity[static_cast<int>(Severity::kWarning)] : 0) != 0;
}

}  // namespace edict::cli
