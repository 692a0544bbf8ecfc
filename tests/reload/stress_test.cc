// Thousands of reloads while four threads feed: no event is judged by two rule sets, none is lost, nobody waits, and what is
// gone is freed. EDICT_RELOADS=count makes so many.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "compiler/native.h"
#include "runtime/base/latency_histogram.h"
#include "runtime/engine.h"
#include "runtime/program/serialize.h"
#include "runtime/stream_set.h"
#include "tests/support/rule_folder.h"

namespace edict::tests {
namespace {

#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

int Reloads() {
  const char* count = std::getenv("EDICT_RELOADS");
  return count != nullptr ? std::atoi(count) : kSanitized ? 500 : 10'000;
}

// Two findings of every TOKEN, each with the version of its rules; the first with the number of TOKENs before, which is state.
// Every set declares something that the others do not, and in another order.
std::shared_ptr<const Program> Version(int version) {
  const std::string v = std::to_string(version);
  const std::string own = "state own" + v + ": int = " + v + "\n";
  const std::string count = "state count: int = 0\non TOKEN { count += 1 }\n";
  return CompileText("event Event by type { TOKEN { id: string }  FINE { id: string } }\n" +
                     (version % 2 == 0 ? own + count : count + own) +
                     "state ids: set<string> bound 100\non TOKEN as e { ids += e.id }\n"
                     "lifecycle one by e.id { bound 100 keys  TOKEN : absent | seen -> seen else error X \"x\" }\n"
                     "rule FIRST \"a\" { on TOKEN  deny when own" +
                     v + " == " + v + "  message \"" + v +
                     " {count} {size(ids)}\" }\n"
                     "rule SECOND \"b\" { on TOKEN as e  deny when e.id != \"\"  message \"" +
                     v +
                     " {one.count(seen)}\" }\n"
                     "rule GOOD \"c\" { on FINE as e  require e.id != \"" +
                     v + "x\" }\n");
}

uint64_t ResidentKilobytes() {
  std::ifstream file("/proc/self/statm");
  uint64_t total = 0, resident = 0;
  file >> total >> resident;
  return resident * static_cast<uint64_t>(sysconf(_SC_PAGESIZE)) / 1024;
}

// What one thread feeds, and what it holds against the findings.
class Feeder {
 public:
  explicit Feeder(const Engine& engine) : set_(engine), pinned_(engine.Open("pinned")), counts_(kStreams) { pinned_.Pin(); }

  void Run(const std::atomic<bool>& stop) {
    for (uint64_t i = 0; !stop.load(std::memory_order_relaxed) || i < 1000; ++i) {
      const size_t which = i * 7 % kStreams;
      One(set_.At(std::to_string(which), found_), counts_[which], i % 3);
      if (i % 16 == 0) One(pinned_, pinned_count_, 2);
    }
  }
  uint64_t faults() const { return faults_; }
  const LatencyHistogram& nanos() const { return nanos_; }

 private:
  static constexpr size_t kStreams = 5;

  // `way`: 0 and 1 by record, 2 as lines.
  void One(Stream& stream, uint64_t& count, uint64_t way) {
    static const std::string kToken = R"({"type":"TOKEN","id":"m1"})";
    static const std::string kLines = R"({"type":"FINE","id":"m"})"
                                      "\n"
                                      R"({"type":"FINE","id":"m"})"
                                      "\n" +
                                      kToken + "\n";
    found_.clear();
    const auto begin = std::chrono::steady_clock::now();
    if (way == 2) {
      stream.FeedLines(kLines, 0, found_);
    } else {
      stream.FeedRecord(kToken, 0, found_);
    }
    const auto spent = std::chrono::steady_clock::now() - begin;
    nanos_.Record(static_cast<uint64_t>(std::chrono::nanoseconds(spent).count()));
    const std::string seen = count == 0 ? "0" : "1";
    const std::string version = found_.empty() ? "" : found_[0].message.substr(0, 1);
    const bool right = found_.size() == 2 && found_[0].code == "FIRST" && found_[1].code == "SECOND" &&
                       found_[0].message == version + " " + std::to_string(count) + " " + seen &&
                       found_[1].message == version + " " + seen && (&stream != &pinned_ || Pinned(version));
    if (!right && faults_++ == 0) {
      std::string text;
      for (const Finding& finding : found_) text += finding.code + " " + finding.message + "\n";
      ADD_FAILURE() << "event " << count << " gave\n" << text;
    }
    ++count;
  }
  bool Pinned(const std::string& version) {
    if (pinned_version_.empty()) pinned_version_ = version;
    return version == pinned_version_;
  }

  StreamSet set_;
  Stream pinned_;
  std::vector<uint64_t> counts_;  // of TOKENs by stream
  uint64_t pinned_count_ = 0;
  std::string pinned_version_;
  std::vector<Finding> found_;
  LatencyHistogram nanos_;
  uint64_t faults_ = 0;
};

// Rule sets in turn: some with native code, some new to the process each time.
class Reloader {
 public:
  explicit Reloader(Engine& engine) : engine_(engine) {
    for (int version = 1; version <= 4; ++version) {
      programs_.push_back(Version(version));
      native_.emplace_back();
      if (version > 2) continue;
      auto code = compiler::MakeNative(*programs_.back());
      EXPECT_TRUE(code.ok());
      if (code.ok()) native_.back() = code.value();
    }
  }
  void One(int i) {
    if (i % 10 == 9) {
      EXPECT_TRUE(engine_.RollBack(1 + static_cast<uint32_t>(i) % 2).ok());
      return;
    }
    const size_t which = static_cast<size_t>(i) % programs_.size();
    ReloadOptions options;
    options.native = native_[which];
    std::shared_ptr<const Program> program = programs_[which];
    if (options.native == nullptr) {
      Result<Program> copy = Deserialize(Serialize(*program));
      ASSERT_TRUE(copy.ok());
      program = std::make_shared<const Program>(std::move(copy.value()));
    }
    ASSERT_TRUE(engine_.Reload(std::move(program), options).ok());
  }

 private:
  Engine& engine_;
  std::vector<std::shared_ptr<const Program>> programs_;
  std::vector<std::shared_ptr<const NativeCode>> native_;
};

TEST(ReloadStress, NoEventIsLostOrJudgedByTwoRuleSets) {
  Engine engine(Version(1));
  Reloader reloader(engine);
  // A few beforehand, so that there are sets to go back to.
  for (int i = 0; i < 4; ++i) reloader.One(i);
  std::vector<std::unique_ptr<Feeder>> feeders;
  for (int i = 0; i < 4; ++i) feeders.push_back(std::make_unique<Feeder>(engine));
  std::atomic<bool> stop{false};
  std::vector<std::thread> threads;
  for (const std::unique_ptr<Feeder>& feeder : feeders) threads.emplace_back([&] { feeder->Run(stop); });

  const int reloads = Reloads();
  uint64_t start = 0, peak = 0;
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < reloads; ++i) {
    reloader.One(i);
    if (i == reloads / 10) start = ResidentKilobytes();
    if (i % 50 == 0) peak = std::max(peak, ResidentKilobytes());
    std::this_thread::sleep_for(std::chrono::microseconds(50));
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  const uint64_t end = ResidentKilobytes();
  stop = true;
  for (std::thread& thread : threads) thread.join();

  // Of the thread that fared worst.
  const auto at = [&](double share) {
    uint64_t most = 0;
    for (const std::unique_ptr<Feeder>& feeder : feeders) most = std::max(most, feeder->nanos().Quantile(share));
    return static_cast<double>(most) / 1e3;
  };
  uint64_t calls = 0;
  for (const std::unique_ptr<Feeder>& feeder : feeders) {
    EXPECT_EQ(feeder->faults(), 0u);
    calls += feeder->nanos().count();
  }
  std::printf("%d reloads in %.1f s, %llu calls of 4 threads: p50 %.1f us, p99 %.1f us, p99.9 %.1f us, longest %.1f us\n", reloads,
              seconds, static_cast<unsigned long long>(calls), at(0.5), at(0.99), at(0.999), at(1));
  std::printf("resident: %llu KiB after a tenth of them, %llu at most, %llu at the end\n", static_cast<unsigned long long>(start),
              static_cast<unsigned long long>(peak), static_cast<unsigned long long>(end));
  // Other work on the machine may take the processor for some milliseconds, of all feeders alike.
  EXPECT_LT(at(0.99), 20'000.0);
  if (!kSanitized) {
    EXPECT_LT(end, start + 16 * 1024);
  }

  // Only what is current, kept or pinned is left.
  feeders.clear();
  EXPECT_LE(engine.generations().size(), 1 + engine.options().kept_generations);
  for (const GenerationInfo& info : engine.generations()) EXPECT_EQ(info.streams, 0u);
}

}  // namespace
}  // namespace edict::tests
