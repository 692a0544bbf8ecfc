// Many streams of one thread: each keeps its own state, and the one that is idle the longest goes when there are too many.
#include "runtime/stream_set.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <list>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "runtime/state/reader.h"
#include "tests/unit/runtime_engine/program_builder.h"

namespace edict {
namespace {

constexpr const char* kEvent = R"({"type":"END"})";

// Every stream has a finding AT_END, whose index tells how many events it had.
class StreamSetTest : public testing::Test {
 protected:
  StreamSetTest() {
    Check end;
    end.code = b_.AddCode("AT_END", Severity::kError);
    end.clauses.push_back({b_.Const(Value::Bool(false)), {}, {}, ProgramBuilder::Says("end")});
    b_.p.end_checks.push_back(end);
  }
  StreamSet Open(StreamSetOptions options) { return StreamSet(Engine(b_.Take()), options); }
  void Feed(StreamSet& set, const std::string& keys) {
    for (char key : keys) set.At(std::string(1, key), out_).FeedRecord(kEvent, 0, out_);
  }
  std::string Found() {
    std::string text;
    for (const Finding& f : out_) text += f.stream + std::to_string(f.index) + " " + f.code + ";";
    out_.clear();
    return text;
  }

  ProgramBuilder b_;
  std::vector<Finding> out_;
};

TEST_F(StreamSetTest, StreamsEndInTheOrderInWhichTheyBegan) {
  StreamSet set = Open({});
  Feed(set, "abcacb");
  EXPECT_EQ(Found(), "");
  int ended = 0;
  set.FinishAll(out_, [&] { ++ended; });
  EXPECT_EQ(Found(), "a2 AT_END;b2 AT_END;c2 AT_END;");
  EXPECT_EQ(ended, 3);
  EXPECT_EQ(set.stats().ended.events, 6u);
  EXPECT_EQ(set.stats().bytes, 0u);
}

TEST_F(StreamSetTest, BeyondTheirNumberTheOneIdleTheLongestIsEnded) {
  StreamSetOptions options;
  options.max_streams = 2;
  StreamSet set = Open(options);
  Feed(set, "aba");
  EXPECT_EQ(Found(), "");
  Feed(set, "c");
  EXPECT_EQ(Found(), "b1 EDICT_EVICTED;b1 AT_END;");
  Feed(set, "b");  // a new stream of the same key
  EXPECT_EQ(Found(), "a2 EDICT_EVICTED;a2 AT_END;");
  set.FinishAll(out_);
  EXPECT_EQ(Found(), "c1 AT_END;b1 AT_END;");
  EXPECT_EQ(set.stats().opened, 4u);
  EXPECT_EQ(set.stats().evicted, 2u);
  EXPECT_EQ(set.stats().most_open, 2u);
  EXPECT_EQ(set.stats().ended.events, 5u);
}

TEST_F(StreamSetTest, BeyondTheirBytesToo) {
  StreamSetOptions options;
  options.max_bytes = 1;
  StreamSet set = Open(options);
  Feed(set, "aab");
  EXPECT_EQ(Found(), "a2 EDICT_EVICTED;a2 AT_END;");
}

TEST_F(StreamSetTest, OneStreamMayEndByItself) {
  StreamSet set = Open({});
  Feed(set, "ab");
  EXPECT_TRUE(set.Finish("a", out_));
  EXPECT_FALSE(set.Finish("a", out_));
  EXPECT_EQ(Found(), "a1 AT_END;");
  Feed(set, "a");
  set.FinishAll(out_);
  EXPECT_EQ(Found(), "b1 AT_END;a1 AT_END;");
}

// A list in order of use, and one in order of opening, tell what is to be ended when.
TEST_F(StreamSetTest, WhatEndsAndWhenIsAsAListOfUsesSays) {
  StreamSetOptions options;
  options.max_streams = 50;
  StreamSet set = Open(options);
  std::list<std::string> used;  // the last one first
  std::vector<std::string> opened;
  const auto close = [&](const std::string& key) {
    used.remove(key);
    opened.erase(std::find(opened.begin(), opened.end(), key));
  };
  std::string expected;
  std::string ended;
  std::mt19937 random(7);
  for (int step = 0; step < 20'000; ++step) {
    // Some keys are asked for often. Some are too long to be kept like the others.
    const uint32_t number = random() % 3 == 0 ? random() % 200 : random() % 30;
    const std::string key = std::to_string(number) + std::string(number % 7 * 10, 'k');
    if (random() % 10 == 0) {
      const bool open = std::find(used.begin(), used.end(), key) != used.end();
      EXPECT_EQ(set.Finish(key, out_), open);
      if (open) close(key);
      out_.clear();
      continue;
    }
    ASSERT_EQ(set.At(key, out_).key(), key);
    if (std::find(used.begin(), used.end(), key) == used.end()) opened.push_back(key);
    used.remove(key);
    used.push_front(key);
    if (used.size() > options.max_streams) {
      const std::string oldest = used.back();
      expected += oldest + " ";
      close(oldest);
    }
    for (const Finding& finding : std::exchange(out_, {})) {
      if (finding.code == "EDICT_EVICTED") ended += finding.stream + " ";
    }
  }
  EXPECT_GT(set.stats().evicted, 1000u);
  set.FinishAll(out_);
  for (const std::string& key : opened) expected += key + " ";
  for (const Finding& finding : out_) ended += finding.stream + " ";
  EXPECT_EQ(ended, expected);
  EXPECT_EQ(set.stats().bytes, 0u);
}

TEST_F(StreamSetTest, IdleStreamsTakeLittle) {
  StreamSet set = Open({});
  for (int i = 0; i < 10'000; ++i) set.At("stream " + std::to_string(i), out_).FeedRecord(kEvent, 0, out_);
  set.At("stream 0", out_);
  const uint64_t each = set.stats().bytes / 10'000;
  RecordProperty("bytes_per_idle_stream", std::to_string(each));
  EXPECT_LT(each, 1500u);
}

}  // namespace
}  // namespace edict
