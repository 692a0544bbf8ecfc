#include <string>
#include <vector>

#include "runtime/engine.h"
#include "runtime/json/document.h"
#include "runtime/json/framing.h"
#include "tests/fuzz/support.h"
#include "tests/fuzz/targets.h"
#include "tests/support/judge.h"

namespace edict::fuzz {
namespace {

const char* const kRules = R"(event Event by type {
  timestamp: int?
  A { id: string  n: int?  items: { k: string, v: any | null }[] }
  B { id: string  m: map<string, number>  e: "x" | "y"  u: string | int[] | null }
  C closed { a: any | null }
}
state seen: set<string> bound 10
on A as e { seen += e.id }
rule R "r" { on B as e require e.id in seen at e.id message "{e.id} {e.u}" }
rule S "s" { on A as e for item, i in e.items require item.k.size() < 3 at item.k message "{i} {item.v}" }
rule T "t" { on C as e require e.a == null at e.a message "{e.a}" }
)";

// Every record and every finding, as text, of the bytes fed in chunks of so many.
std::string Run(const Engine& engine, InputFormat format, std::string_view bytes, size_t chunk) {
  std::string text;
  std::vector<Finding> findings;
  Stream stream = engine.Open("s");
  FramerOptions options;
  options.max_record_bytes = 2'000;
  Framer framer(format, options);
  auto take = [&](const Record& record) {
    text += std::to_string(record.offset) + " " + record.fault + " " + std::string(record.text) + "\n";
    if (!record.fault.empty()) {
      stream.FeedFault(record.fault, record.offset, findings);
    } else {
      stream.FeedRecord(record.text, record.offset, findings);
    }
  };
  uint64_t length = bytes.size();
  while (!bytes.empty()) {
    framer.Feed(bytes.substr(0, chunk), take);
    bytes.remove_prefix(std::min(chunk, bytes.size()));
  }
  framer.Finish(take);
  stream.Finish(findings, length);
  for (const Finding& finding : findings) text += tests::FindingLine(finding) + "\n";
  return text;
}

}  // namespace

// The first byte chooses the format and the size of the chunks.
void Fuzz_json(std::string_view bytes) {
  static const Engine engine(CompileRules(kRules, true));
  if (bytes.empty() || bytes.size() > 4 * kMaxInputBytes) return;
  auto choice = static_cast<uint8_t>(bytes[0]);
  bytes.remove_prefix(1);
  auto format = static_cast<InputFormat>(choice % 4);
  std::string whole = Run(engine, format, bytes, bytes.size() + 1);
  ExpectSame("cut into chunks", whole, Run(engine, format, bytes, choice / 4 % 32 + 1));

  JsonParser parser;
  JsonLimits limits;
  limits.max_depth = 100;
  const JsonNode* root = parser.Parse(bytes, limits);
  if (root != nullptr) ToCelText(FromJson(*root));
}

}  // namespace edict::fuzz
