#include <string>
#include <vector>

#include "tests/fuzz/support.h"
#include "tests/fuzz/targets.h"

namespace edict::fuzz {

void Fuzz_rules(std::string_view bytes) {
  constexpr std::string_view kSeparator = "\n----\n";
  constexpr size_t kMaxEvents = 50;
  constexpr size_t kMaxNativeNodes = 1'000;  // LLVM's time grows with them
  if (bytes.size() > 2 * kMaxInputBytes) return;
  if (bytes.find("import") != std::string_view::npos) return;  // would read whatever files there are
  size_t end = std::min(bytes.find(kSeparator), bytes.size());
  const std::string rules(bytes.substr(0, end));
  std::shared_ptr<const Program> lowered = CompileRules(rules, false);
  if (lowered == nullptr) return;
  std::shared_ptr<const Program> optimised = CompileRules(rules, true);
  if (optimised == nullptr) Fail("does not compile with passes");

  std::vector<std::string> events;
  std::string_view rest = bytes.substr(std::min(end + kSeparator.size(), bytes.size()));
  while (!rest.empty() && events.size() < kMaxEvents) {
    size_t line = std::min(rest.find('\n'), rest.size());
    events.emplace_back(rest.substr(0, line));
    rest.remove_prefix(std::min(line + 1, rest.size()));
  }
  std::string expected = FindingsOf(optimised, events, false);
  std::string plain = FindingsOf(lowered, events, false);
  if (!ShowsFuel(expected) && !ShowsFuel(plain)) ExpectSame("after the passes", plain, expected);
  ExpectSame("read back", expected, FindingsOf(ReadBack(*optimised), events, false));
  ReadBack(*lowered);
  if (optimised->nodes.size() <= kMaxNativeNodes) ExpectSame("native code", expected, FindingsOf(optimised, events, true));
}

}  // namespace edict::fuzz
