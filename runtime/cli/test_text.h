// What `edict test` reads and says, as text.
#ifndef EDICT_RUNTIME_CLI_TEST_TEXT_H_
#define EDICT_RUNTIME_CLI_TEST_TEXT_H_

#include <string>
#include <vector>

#include "compiler/lower/test_plan.h"
#include "runtime/base/result.h"
#include "runtime/engine.h"

namespace edict::cli {

// Without control characters, which are not to reach the terminal.
std::string Printable(std::string text);
// "error M4 at /id: message m1 was left open"
std::string FindingText(const Finding& finding);
std::string ExpectedText(const lower::ExpectedFinding& expected);
// ", found nothing", or a line for each finding.
std::string ListOf(const std::vector<Finding>& found);
// The first lines that differ, each under the name of its text.
std::string DifferenceOf(const std::string& a, const std::string& b, const std::string& a_name, const std::string& b_name);

Result<std::string> ReadFile(const std::string& path);
Status WriteFile(const std::string& path, const std::string& text);

// What `edict run` prints of a file of events, which is one stream under the file's bare name: as NDJSON, or as text.
Result<std::string> JudgeFile(const Engine& engine, const std::string& path, bool ndjson);

}  // namespace edict::cli

#endif  // EDICT_RUNTIME_CLI_TEST_TEXT_H_
