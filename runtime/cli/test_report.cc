#include "runtime/cli/test_report.h"

#include <algorithm>

#include "runtime/cli/output.h"
#include "runtime/cli/test_text.h"

namespace edict::cli {
namespace {

const char* KindText(TestResult::Kind kind) {
  switch (kind) {
    case TestResult::Kind::kTest:
      return "test";
    case TestResult::Kind::kExample:
      return "example";
    case TestResult::Kind::kRecorded:
      return "recorded";
  }
  return "";
}

size_t Failed(const std::vector<TestResult>& results) {
  return static_cast<size_t>(std::count_if(results.begin(), results.end(), [](const TestResult& r) { return !r.faults.empty(); }));
}

std::string Count(const std::vector<TestResult>& results, TestResult::Kind kind, const char* noun) {
  const auto n = std::count_if(results.begin(), results.end(), [kind](const TestResult& r) { return r.kind == kind; });
  return std::to_string(n) + " " + noun + (n == 1 ? "" : "s");
}

// Text in XML 1.0, which has no way to write most control characters.
std::string Xml(const std::string& text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool surrogate = c == '\xED' && i + 2 < text.size() && static_cast<unsigned char>(text[i + 1]) >= 0xA0;
    if (surrogate) {  // half of a pair: no character
      out += "\xEF\xBF\xBD";
      i += 2;
    } else if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '"') {
      out += "&quot;";
    } else if (c == '\n') {
      out += "&#10;";
    } else {
      out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return out;
}

}  // namespace

std::string TextReport(const std::vector<TestResult>& results, const Coverage* coverage, bool colour) {
  std::string text;
  for (const TestResult& result : results) {
    if (result.updated) text += "updated " + result.file + "\n";
    if (result.faults.empty()) continue;
    text += std::string(colour ? "\033[31m" : "") + "failed" + (colour ? "\033[0m " : " ") + result.file + ":" +
            std::to_string(result.line) + ": " + Printable(result.name) + "\n";
    for (const std::string& fault : result.faults) text += "  " + fault + "\n";
  }
  if (coverage != nullptr) text += coverage->Text();
  const size_t failed = Failed(results);
  text += Count(results, TestResult::Kind::kTest, "test") + ", " + Count(results, TestResult::Kind::kExample, "example") + ", " +
          Count(results, TestResult::Kind::kRecorded, "recorded stream") + ": " + std::to_string(results.size() - failed) +
          " passed, " + std::to_string(failed) + " failed\n";
  return text;
}

std::string JsonReport(const std::vector<TestResult>& results, const Coverage* coverage) {
  std::string text = "{\"version\": 1, \"tests\": [";
  const char* separator = "\n  ";
  for (const TestResult& result : results) {
    text += separator;
    separator = ",\n  ";
    text += std::string("{\"kind\": \"") + KindText(result.kind) + "\", \"name\": ";
    AppendJsonString(text, result.name);
    text += ", \"file\": ";
    AppendJsonString(text, result.file);
    text += ", \"line\": " + std::to_string(result.line) + ", \"passed\": " + (result.faults.empty() ? "true" : "false") +
            ", \"faults\": [";
    for (size_t i = 0; i < result.faults.size(); ++i) {
      if (i != 0) text += ", ";
      AppendJsonString(text, result.faults[i]);
    }
    text += "]}";
  }
  const size_t failed = Failed(results);
  text += "\n], \"passed\": " + std::to_string(results.size() - failed) + ", \"failed\": " + std::to_string(failed);
  if (coverage != nullptr) text += ",\n  \"coverage\": " + coverage->Json();
  return text + "}\n";
}

std::string JunitReport(const std::vector<TestResult>& results) {
  std::vector<std::string> files;
  for (const TestResult& result : results) {
    if (std::find(files.begin(), files.end(), result.file) == files.end()) files.push_back(result.file);
  }
  std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites tests=\"" + std::to_string(results.size()) +
                     "\" failures=\"" + std::to_string(Failed(results)) + "\">\n";
  for (const std::string& file : files) {
    std::vector<TestResult> own;
    std::copy_if(results.begin(), results.end(), std::back_inserter(own), [&](const TestResult& r) { return r.file == file; });
    text += "  <testsuite name=\"" + Xml(file) + "\" tests=\"" + std::to_string(own.size()) + "\" failures=\"" +
            std::to_string(Failed(own)) + "\">\n";
    for (const TestResult& result : own) {
      text += "    <testcase classname=\"" + std::string(KindText(result.kind)) + "\" name=\"" + Xml(result.name) + "\" file=\"" +
              Xml(file) + "\" line=\"" + std::to_string(result.line) + "\"";
      if (result.faults.empty()) {
        text += "/>\n";
        continue;
      }
      text += ">\n";
      for (const std::string& fault : result.faults) text += "      <failure message=\"" + Xml(fault) + "\"/>\n";
      text += "    </testcase>\n";
    }
    text += "  </testsuite>\n";
  }
  return text + "</testsuites>\n";
}

}  // namespace edict::cli
