#include "runtime/cache/element_cache.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "runtime/json/document.h"

namespace edict::cache {
namespace {

constexpr Hash128 kKind{1, 2};

std::string Text(int i, size_t size = 300) {
  std::string text = "{\"id\":" + std::to_string(i) + ",\"text\":\"";
  text.resize(size - 2, 'x');
  return text + "\"}";
}

bool Holds(const ElementCache& cache, const std::string& text) {
  Place place = kNowhere;
  const Element* found = cache.Find(cache.HashOf(text.data()), &place, [&](const Element& e) { return e.bytes() == text; });
  return found != nullptr && cache.At(place) == found;
}

Place Put(ElementCache& cache, const std::string& text) { return cache.Put(kKind, cache.HashOf(text.data()), text, 9, 5); }

TEST(ElementCache, FindsWhatWasPutIn) {
  ElementCache cache(1 << 20, 7);
  ElementCache::Reader reader(cache);
  reader.Begin();
  EXPECT_FALSE(Holds(cache, Text(1)));
  const Place place = Put(cache, Text(1));
  ASSERT_NE(cache.At(place), nullptr);
  EXPECT_EQ(cache.At(place)->bytes(), Text(1));
  EXPECT_EQ(cache.At(place)->kind, kKind);
  EXPECT_EQ(cache.At(place)->depth, 9u);
  EXPECT_EQ(cache.At(place)->fuel, 5);
  EXPECT_TRUE(Holds(cache, Text(1)));
  EXPECT_FALSE(Holds(cache, Text(2)));
  EXPECT_EQ(Put(cache, Text(1)), place) << "it is there once";
  EXPECT_EQ(cache.stats().elements, 1u);
  reader.End();
}

// They differ behind what is hashed.
TEST(ElementCache, TheSameHash) {
  ElementCache cache(1 << 20, 7);
  ElementCache::Reader reader(cache);
  reader.Begin();
  const std::string start(kHashedBytes, 'a');
  for (int i = 0; i < 8; ++i) Put(cache, start + std::to_string(i));
  for (int i = 0; i < 8; ++i) EXPECT_TRUE(Holds(cache, start + std::to_string(i)));
  for (int i = 8; i < 100; ++i) Put(cache, start + std::to_string(i));
  EXPECT_TRUE(Holds(cache, start + "99"));
  EXPECT_EQ(cache.stats().elements, 8u);
  EXPECT_EQ(cache.stats().evictions, 92u);
  reader.End();
}

TEST(ElementCache, KeepsToItsBound) {
  ElementCache cache(128 << 10, 7);
  ElementCache::Reader reader(cache);
  for (int i = 0; i < 10'000; ++i) {
    reader.Begin();
    Put(cache, Text(i));
    if (i % 10 == 0) Put(cache, Text(-1));
    Place place = kNowhere;
    const std::string used = Text(-1);
    Element* element = cache.Find(cache.HashOf(used.data()), &place, [&](const Element& e) { return e.bytes() == used; });
    if (element != nullptr) element->used = true;
    ASSERT_LE(cache.stats().bytes, 128u << 10);
    reader.End();
  }
  const ElementCache::Stats stats = cache.stats();
  EXPECT_GT(stats.elements, 100u);
  EXPECT_LT(stats.elements, 500u);
  EXPECT_EQ(stats.elements + stats.evictions, 10'001u) << "what is used all the time is never dropped";
  EXPECT_EQ(stats.refused, 0u);
}

// Somebody looks, and may see what was dropped since: it is not freed, and so there is no room.
TEST(ElementCache, ReadersAreWaitedFor) {
  ElementCache cache(64 << 10, 7);
  ElementCache::Reader slow(cache);
  ElementCache::Reader other(cache);
  other.Begin();
  for (int i = 0; i < 100; ++i) Put(cache, Text(i));
  other.End();
  slow.Begin();
  std::vector<std::pair<int, const Element*>> seen;
  for (int i = 0; i < 100; ++i) {
    Place place = kNowhere;
    const std::string text = Text(i);
    const Element* found = cache.Find(cache.HashOf(text.data()), &place, [&](const Element& e) { return e.bytes() == text; });
    if (found != nullptr) seen.emplace_back(i, found);  // a bucket may be full
  }
  ASSERT_GT(seen.size(), 50u);
  for (int i = 100; i < 2'000; ++i) {
    other.Begin();
    Put(cache, Text(i));
    other.End();
    ASSERT_LE(cache.stats().bytes, 64u << 10);
  }
  int dropped = 0;
  for (const auto& [i, element] : seen) {
    EXPECT_EQ(element->bytes(), Text(i));
    dropped += Holds(cache, Text(i)) ? 0 : 1;
  }
  EXPECT_GT(dropped, 5);
  EXPECT_GT(cache.stats().refused, 1'000u);
  slow.End();
  const uint64_t refused = cache.stats().refused;
  for (int i = 2'000; i < 3'000; ++i) {
    other.Begin();
    EXPECT_NE(Put(cache, Text(i)), kNowhere);
    other.End();
  }
  EXPECT_EQ(cache.stats().refused, refused);
}

TEST(ElementCache, TooLarge) {
  ElementCache cache(64 << 10, 7);
  ElementCache::Reader reader(cache);
  reader.Begin();
  EXPECT_EQ(Put(cache, Text(1, 8 << 10)), kNowhere);
  reader.End();
}

TEST(ElementCache, Tapes) {
  const std::string text = R"({"a":[1,2.5,null,true,"x\ty"],"b":{"c":"","c":"long enough to be looked at, and kept"}})";
  ElementCache cache(1 << 20, 7);
  ElementCache::Reader reader(cache);
  reader.Begin();
  Element& element = *cache.At(cache.Put(kKind, 1, text, 9, 0));
  const uint64_t before = cache.stats().bytes;
  {
    JsonParser parser;
    const JsonNode* root = parser.Parse(text, JsonLimits{});
    ASSERT_NE(root, nullptr);
    const ElementTape* set = cache.SetTape(element, CopyTape(*root, element.bytes()));
    EXPECT_EQ(set, element.tape.load());
    EXPECT_EQ(cache.SetTape(element, CopyTape(*root, element.bytes())), set) << "there is one already";
  }
  EXPECT_EQ(cache.stats().bytes, before + element.tape.load()->bytes);
  JsonParser parser;
  const JsonNode* expected = parser.Parse(text, JsonLimits{});
  const JsonNode* actual = element.tape.load()->begin();
  ASSERT_EQ(element.tape.load()->nodes, expected->next);
  for (uint32_t i = 0; i < expected->next; ++i) {
    EXPECT_EQ(actual[i].kind, expected[i].kind) << i;
    EXPECT_EQ(actual[i].flags, expected[i].flags) << i;
    EXPECT_EQ(actual[i].size, expected[i].size) << i;
    EXPECT_EQ(actual[i].next, expected[i].next) << i;
    if (expected[i].kind == JsonKind::kString) {
      EXPECT_EQ(actual[i].text(), expected[i].text()) << i;
    }
    if (expected[i].kind == JsonKind::kInt) {
      EXPECT_EQ(actual[i].i, expected[i].i) << i;
    }
  }
  reader.End();
}

TEST(ElementCache, Threads) {
  ElementCache cache(64 << 10, 7);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&cache, t] {
      ElementCache::Reader reader(cache);
      uint64_t sum = 0;
      for (int i = 0; i < 20'000; ++i) {
        reader.Begin();
        const std::string text = Text((i + t) % 700);
        Place place = kNowhere;
        Element* found = cache.Find(cache.HashOf(text.data()), &place, [&](const Element& e) { return e.bytes() == text; });
        if (found == nullptr) found = cache.At(Put(cache, text));
        if (found != nullptr) {
          found->used.store(true, std::memory_order_relaxed);
          sum += static_cast<uint64_t>(found->bytes().back());
        }
        reader.End();
      }
      EXPECT_GT(sum, 0u);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(cache.stats().bytes, 64u << 10);
  EXPECT_GT(cache.stats().evictions, 1'000u);
}

}  // namespace
}  // namespace edict::cache
