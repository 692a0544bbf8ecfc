#include "runtime/cli/test_text.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "runtime/cli/findings_writer.h"
#include "runtime/json/framing.h"

namespace edict::cli {
namespace {

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

}  // namespace

std::string Printable(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  return text;
}

std::string FindingText(const Finding& finding) {
  std::string text = std::string(SeverityName(finding.severity)) + " " + finding.code;
  if (!finding.path.empty()) text += " at " + finding.path;
  return Printable(text + ": " + finding.message);
}

std::string ExpectedText(const lower::ExpectedFinding& expected) {
  std::string text = expected.severity ? std::string(SeverityName(*expected.severity)) + " " + expected.code : expected.code;
  if (expected.path) text += " at " + (expected.path->empty() ? std::string("the event itself") : *expected.path);
  if (expected.message) text += ": " + *expected.message;
  return Printable(text);
}

std::string ListOf(const std::vector<Finding>& found) {
  if (found.empty()) return ", found nothing";
  std::string text = ", found";
  for (const Finding& finding : found) text += "\n    " + FindingText(finding);
  return text;
}

std::string DifferenceOf(const std::string& a, const std::string& b, const std::string& a_name, const std::string& b_name) {
  const std::vector<std::string> left = Lines(a), right = Lines(b);
  size_t i = 0;
  while (i < left.size() && i < right.size() && left[i] == right[i]) ++i;
  const auto line = [i](const std::vector<std::string>& lines) {
    return i < lines.size() ? Printable(lines[i]) : std::string("(the end)");
  };
  return "\n    line " + std::to_string(i + 1) + "\n    " + a_name + ": " + line(left) + "\n    " + b_name + ": " + line(right);
}

Result<std::string> ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return Error{"cannot open " + path + ": " + std::strerror(errno)};
  std::ostringstream text;
  text << in.rdbuf();
  if (in.bad()) return Error{"cannot read " + path};
  return text.str();
}

Status WriteFile(const std::string& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary);
  out << text;
  out.flush();
  if (!out) return Error{"cannot write " + path + ": " + std::strerror(errno)};
  return {};
}

Result<std::string> JudgeFile(const Engine& engine, const std::string& path, bool ndjson) {
  Result<std::string> text = ReadFile(path);
  if (!text.ok()) return text.error();
  Stream stream = engine.Open(std::filesystem::path(path).filename().string());
  std::vector<Finding> findings;
  Framer framer(InputFormat::kAuto);
  const auto sink = [&](const Record& record) {
    if (record.fault.empty()) {
      stream.FeedRecord(record.text, record.offset, findings);
    } else {
      stream.FeedFault(record.fault, record.offset, findings);
    }
  };
  framer.Feed(text.value(), sink);
  framer.Finish(sink);
  stream.Finish(findings);
  std::string out;
  Output output(&out);
  FindingsWriter writer(ndjson ? FindingFormat::kNdjson : FindingFormat::kText, output, false);
  for (const Finding& finding : findings) writer.Write(finding);
  RunSummary summary;
  summary.streams = 1;
  summary.events = stream.stats().events;
  summary.not_validated = stream.stats().not_validated;
  for (const Finding& finding : findings) ++summary.by_severity[static_cast<int>(finding.severity)];
  writer.Finish(summary);
  output.Flush();
  return out;
}

}  // namespace edict::cli
