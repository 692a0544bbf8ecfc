// Rule sets that are exchanged while several threads feed: small enough for a thread sanitizer. tests/reload has more.
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "runtime/engine.h"
#include "runtime/jit/native_code.h"
#include "runtime/stream_set.h"
#include "tests/unit/runtime_engine/program_builder.h"

namespace edict {
namespace {

// Every A gives two findings with the version in their codes, the first with the number of different ids so far. `version` cells
// stand before the one that counts.
std::shared_ptr<const Program> Version(uint32_t version) {
  ProgramBuilder b;
  for (uint32_t i = 0; i < version; ++i) {
    Cell other;
    other.name = "own" + std::to_string(version) + std::to_string(i);
    other.kind = CellKind::kSet;
    other.key_rep = Kind::kString;
    b.p.cells.push_back(other);
  }
  Cell ids;
  ids.name = "ids";
  ids.kind = CellKind::kSet;
  ids.key_rep = Kind::kString;
  b.p.cells.push_back(ids);
  const uint32_t cell = version;
  Effect insert;
  insert.kind = EffectKind::kInsert;
  insert.target = cell;
  insert.keys = {b.Slot(ProgramBuilder::kId)};
  b.p.events[0].effects.push_back(insert);
  const std::string name = "V" + std::to_string(version);
  const uint32_t never = b.Const(Value::Bool(false));
  Check& first = b.AddCheck(b.AddCode(name + "A", Severity::kError), never);
  first.clauses[0].message = {{"", ""}, {b.N(Op::kCellSize, cell)}};
  b.AddCheck(b.AddCode(name + "B", Severity::kError), never);
  return b.Take();
}

// Sends every event to the interpreter, if it is asked about its own rules.
struct OwnNative : NativeCode {
  explicit OwnNative(VerdictFunction verdict) { verdicts_ = {verdict, verdict}; }
};
std::atomic<uint64_t> strange{0};  // calls about other rules
template <uint32_t version>
bool Verdict(const Frame* frame) {
  if (frame->program->cells.size() != version + 1) strange.fetch_add(1);
  return false;
}

class Feeder {
 public:
  explicit Feeder(const Engine& engine) : set_(engine) {}

  void Run(const std::atomic<bool>& stop) {
    for (int i = 0; !stop.load(std::memory_order_relaxed) || i < 300; ++i) Feed(set_.At(std::to_string(i % 3), found_), i / 3);
    set_.FinishAll(found_);
  }
  uint64_t faults() const { return faults_; }
  uint64_t events() const { return events_; }
  const StreamSet& set() const { return set_; }

 private:
  void Feed(Stream& stream, int number) {
    found_.clear();
    ++events_;
    const int ids = number % 100;
    stream.FeedRecord(R"({"type":"A","id":")" + std::to_string(ids) + "\"}", 0, found_);
    const std::string so_far = std::to_string(number < 100 ? number : 100);
    if (found_.size() != 2 || found_[0].code.substr(0, 2) != found_[1].code.substr(0, 2) || found_[0].code.back() != 'A' ||
        found_[1].code.back() != 'B' || found_[0].message != so_far) {
      ++faults_;
    }
  }

  StreamSet set_;
  std::vector<Finding> found_;
  uint64_t events_ = 0;
  uint64_t faults_ = 0;
};

TEST(ReloadThreads, EveryEventIsJudgedByOneRuleSet) {
  constexpr int kReloads = 400;
  strange = 0;
  EngineOptions options;
  options.kept_generations = 1;
  Engine engine(Version(0), options);
  const VerdictFunction verdicts[] = {Verdict<0>, Verdict<1>, Verdict<2>};
  std::vector<std::unique_ptr<Feeder>> feeders;
  for (int i = 0; i < 4; ++i) feeders.push_back(std::make_unique<Feeder>(engine));
  std::atomic<bool> stop{false};
  std::vector<std::thread> threads;
  for (const std::unique_ptr<Feeder>& feeder : feeders) threads.emplace_back([&] { feeder->Run(stop); });
  std::thread asks([&] {
    while (!stop.load(std::memory_order_relaxed)) {
      EXPECT_GE(engine.generations().size(), 1u);
      EXPECT_NE(engine.rules(), nullptr);
      std::this_thread::yield();
    }
  });
  for (int i = 0; i < kReloads; ++i) {
    const auto version = static_cast<uint32_t>(i % 3);
    const std::shared_ptr<const Program> program = Version(version);
    ReloadOptions reload;
    if (i % 2 == 0) reload.native = std::make_shared<OwnNative>(verdicts[version]);
    EXPECT_TRUE(engine.Reload(program, reload).ok());
    // Made later than its rules, which may be gone by then.
    if (i % 5 == 1) {
      EXPECT_TRUE(engine.UseNative(std::make_shared<OwnNative>(verdicts[version]), *program));
    }
    if (i % 7 == 3) {
      EXPECT_TRUE(engine.RollBack().ok());
    }
    std::this_thread::yield();
  }
  stop = true;
  for (std::thread& thread : threads) thread.join();
  asks.join();
  EXPECT_EQ(strange, 0u);
  for (const std::unique_ptr<Feeder>& feeder : feeders) {
    EXPECT_EQ(feeder->faults(), 0u);
    EXPECT_EQ(feeder->set().stats().ended.events, feeder->events());
    EXPECT_EQ(feeder->set().stats().ended.findings[static_cast<int>(Severity::kError)], 2 * feeder->events());
  }
  feeders.clear();
  EXPECT_LE(engine.generations().size(), 2u);
}

TEST(ReloadThreads, ReloadsFromSeveralThreadsComeOneAfterTheOther) {
  Engine engine(Version(0));
  std::vector<std::thread> threads;
  std::atomic<int> wrong{0};
  for (uint32_t t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 25; ++i) {
        Result<ReloadReport> report = engine.Reload(Version(t));
        if (!report.ok() || report.value().to != report.value().from + 1) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(engine.generation(), 101u);
}

}  // namespace
}  // namespace edict
