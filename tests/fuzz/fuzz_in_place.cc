#include <array>
#include <string>
#include <vector>

#include "compiler/compiler.h"
#include "compiler/native.h"
#include "runtime/engine.h"
#include "tests/fuzz/support.h"
#include "tests/fuzz/targets.h"
#include "tests/support/judge.h"
#include "tests/support/shape_rules.h"

namespace edict::fuzz {
namespace {

std::shared_ptr<const Program> CompilePackage(const char* name) {
  compiler::CompileOptions options;
  options.roots = {name};
  options.search_paths = {EDICT_SOURCE_DIR "/stdlib-rules"};
  Result<compiler::CompileResult> result = compiler::Compile(options);
  if (!result.ok() || result.value().program == nullptr) Fail(std::string("no package ") + name);
  return result.value().program;
}

// The same rules twice: by the tape and the interpreter, and in place.
struct Pair {
  explicit Pair(const std::shared_ptr<const Program>& program) : reference(program), native(program) {
    const Status made = compiler::CompileNative(native);
    if (!made.ok()) Fail(made.error().message);
  }
  Engine reference;
  Engine native;
};

std::string Run(const Engine& engine, std::string_view text) {
  std::vector<Finding> findings;
  Stream stream = engine.Open("s");
  stream.FeedLines(text, 0, findings);
  stream.Finish(findings);
  std::string lines;
  for (const Finding& finding : findings) lines += tests::FindingLine(finding) + "\n";
  return lines + std::to_string(stream.stats().events) + " events, " + std::to_string(stream.stats().state_bytes) +
         " bytes of state";
}

}  // namespace

// The first byte chooses the rules; the rest is NDJSON. Empty lines behind it, so that all of it can be read in place.
void Fuzz_in_place(std::string_view bytes) {
  static const std::array<Pair, 2> pairs = {Pair(CompileRules(tests::kShapeRules, true)), Pair(CompilePackage("agui.verify"))};
  if (bytes.empty() || bytes.size() > kMaxInputBytes) return;
  const Pair& pair = pairs[static_cast<uint8_t>(bytes[0]) % pairs.size()];
  std::string text(bytes.substr(1));
  text.append(80, '\n');
  ExpectSame("judged in place", Run(pair.reference, text), Run(pair.native, text));
}

}  // namespace edict::fuzz
