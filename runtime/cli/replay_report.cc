#include "runtime/cli/replay_report.h"

#include <string>

namespace edict::cli {
namespace {

constexpr const char* kNames[kVerdictChanges] = {"only_old", "only_new", "changed"};
constexpr const char* kMarks[kVerdictChanges] = {"-", "+", "~"};

void AppendSaid(std::string& out, const Finding& finding) {
  out += SeverityName(finding.severity);
  out += ": ";
  AppendPrintable(out, finding.message);
}

void AppendVerdict(std::string& out, const ChangedVerdict& verdict) {
  const Finding& place = verdict.either();
  out += std::string("  ") + kMarks[static_cast<int>(verdict.change)] + " ";
  AppendPrintable(out, place.stream);
  out += ": event " + std::to_string(place.index) + ": ";
  AppendSaid(out, place);
  if (verdict.change == VerdictChange::kChanged) {
    out += " => ";
    AppendSaid(out, verdict.after);
  }
  if (!place.path.empty()) {
    out += " (at ";
    AppendPrintable(out, place.path);
    out += ")";
  }
  out += "\n";
}

// "3 only old, 1 changed"; empty: none.
std::string Counts(const uint64_t (&counts)[kVerdictChanges]) {
  constexpr const char* kWords[kVerdictChanges] = {"only old", "only new", "changed"};
  std::string text;
  for (int i = 0; i < kVerdictChanges; ++i) {
    if (counts[i] == 0) continue;
    text += (text.empty() ? "" : ", ") + std::to_string(counts[i]) + " " + kWords[i];
  }
  return text;
}

void AppendRuleText(std::string& out, const std::string& code, const RuleChanges& rule) {
  out += code + ": " + Counts(rule.counts) + "\n";
  for (int kind = 0; kind < kVerdictChanges; ++kind) {
    uint64_t shown = 0;
    for (const ChangedVerdict& verdict : rule.first) {
      if (static_cast<int>(verdict.change) != kind) continue;
      AppendVerdict(out, verdict);
      ++shown;
    }
    if (rule.counts[kind] > shown) {
      out += std::string("  ") + kMarks[kind] + " and " + std::to_string(rule.counts[kind] - shown) + " more\n";
    }
  }
}

void AppendSaidJson(std::string& out, const char* key, const Finding* finding) {
  out += std::string(", \"") + key + "\": ";
  if (finding == nullptr) {
    out += "null";
    return;
  }
  out += std::string(R"({"severity": ")") + SeverityName(finding->severity) + R"(", "message": )";
  AppendJsonString(out, finding->message);
  out += "}";
}

void AppendVerdictJson(std::string& out, const ChangedVerdict& verdict) {
  const Finding& place = verdict.either();
  out += std::string(R"({"change": ")") + kNames[static_cast<int>(verdict.change)] + R"(", "stream": )";
  AppendJsonString(out, place.stream);
  out += ", \"index\": " + std::to_string(place.index) + ", \"offset\": " + std::to_string(place.offset) + ", \"path\": ";
  AppendJsonString(out, place.path);
  AppendSaidJson(out, "old", verdict.change == VerdictChange::kOnlyNew ? nullptr : &verdict.before);
  AppendSaidJson(out, "new", verdict.change == VerdictChange::kOnlyOld ? nullptr : &verdict.after);
  out += "}";
}

void AppendCountsJson(std::string& out, const uint64_t (&counts)[kVerdictChanges]) {
  for (int i = 0; i < kVerdictChanges; ++i) out += std::string(", \"") + kNames[i] + "\": " + std::to_string(counts[i]);
}

void AppendRuleJson(std::string& out, const std::string& code, const RuleChanges& rule) {
  out += "{\"code\": ";
  AppendJsonString(out, code);
  out += ", \"rule\": ";
  AppendJsonString(out, rule.rule);
  out += ", \"package\": ";
  AppendJsonString(out, rule.package);
  AppendCountsJson(out, rule.counts);
  out += ", \"first\": [";
  for (size_t i = 0; i < rule.first.size(); ++i) {
    if (i != 0) out += ", ";
    AppendVerdictJson(out, rule.first[i]);
  }
  out += "]}";
}

std::string CountOf(uint64_t n, const char* noun) { return std::to_string(n) + " " + noun + (n == 1 ? "" : "s"); }

std::string SummaryText(const VerdictDiff& diff, const ReplaySummary& summary, const uint64_t (&counts)[kVerdictChanges]) {
  const uint64_t all = counts[0] + counts[1] + counts[2];
  const std::string judged = CountOf(summary.events, "event") + " in " + CountOf(summary.streams, "stream") + "\n";
  if (all == 0) return "no verdict differs; " + judged;
  return CountOf(all, "verdict") + " of " + CountOf(diff.rules().size(), "rule") + (all == 1 ? " differs: " : " differ: ") +
         Counts(counts) + "; " + judged;
}

}  // namespace

void WriteReplay(const VerdictDiff& diff, const ReplaySummary& summary, FindingFormat format, Output& out) {
  const uint64_t counts[kVerdictChanges] = {diff.count(VerdictChange::kOnlyOld), diff.count(VerdictChange::kOnlyNew),
                                            diff.count(VerdictChange::kChanged)};
  if (format == FindingFormat::kJson) out.Write("{\"version\": 1, \"rules\": [");
  bool first = true;
  for (const auto& [code, rule] : diff.rules()) {
    std::string text;
    if (format == FindingFormat::kText) {
      AppendRuleText(text, code, rule);
    } else {
      if (format == FindingFormat::kJson) text = first ? "\n  " : ",\n  ";
      AppendRuleJson(text, code, rule);
      if (format == FindingFormat::kNdjson) text += "\n";
    }
    first = false;
    out.Write(text);
  }
  if (format == FindingFormat::kText) out.Write(SummaryText(diff, summary, counts));
  if (format == FindingFormat::kJson) {
    std::string text = std::string(first ? "" : "\n") + "], \"summary\": {\"events\": " + std::to_string(summary.events) +
                       ", \"streams\": " + std::to_string(summary.streams);
    AppendCountsJson(text, counts);
    out.Write(text + "}}\n");
  }
}

}  // namespace edict::cli
