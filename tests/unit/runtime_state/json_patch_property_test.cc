// Random patches on random documents: what the tree in place does is what a naive implementation over a library's JSON
// does, which copies the whole document for each patch.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "runtime/state/document.h"
#include "tests/support/json_text.h"

namespace edict {
namespace {

using tests::Json;

class Random {
 public:
  explicit Random(uint64_t seed) : engine_(seed) {}
  uint32_t Below(uint32_t n) { return static_cast<uint32_t>(engine_() % n); }
  bool Chance(uint32_t percent) { return Below(100) < percent; }
  template <typename T>
  const T& Pick(const std::vector<T>& items) {
    return items[Below(static_cast<uint32_t>(items.size()))];
  }

 private:
  std::mt19937_64 engine_;
};

// Throws std::runtime_error where the patch does not apply.
class NaivePatch {
 public:
  static Json Apply(Json document, const Json& patch) {
    for (const Json& operation : patch) One(document, operation);
    return document;
  }

 private:
  [[noreturn]] static void Fail() { throw std::runtime_error("does not apply"); }

  static std::vector<std::string> Tokens(const std::string& pointer) {
    std::vector<std::string> tokens;
    for (size_t i = 0; i < pointer.size();) {
      const size_t end = std::min(pointer.find('/', i + 1), pointer.size());
      std::string token = pointer.substr(i + 1, end - i - 1);
      for (const auto& [escape, plain] : {std::pair("~1", "/"), std::pair("~0", "~")}) {
        for (size_t at = 0; (at = token.find(escape, at)) != std::string::npos; ++at) token.replace(at, 2, plain);
      }
      tokens.push_back(token);
      i = end;
    }
    return tokens;
  }
  static size_t Index(const std::string& token, size_t size) {
    const bool digits = !token.empty() && token.size() < 9 && token.find_first_not_of("0123456789") == std::string::npos;
    if (!digits || (token.size() > 1 && token[0] == '0') || std::stoul(token) >= size) Fail();
    return std::stoul(token);
  }
  static Json& Step(Json& at, const std::string& token) {
    if (at.is_array()) return at[Index(token, at.size())];
    if (!at.is_object() || !at.contains(token)) Fail();
    return at[token];
  }
  static Json& Find(Json& document, const std::string& pointer) {
    Json* at = &document;
    for (const std::string& token : Tokens(pointer)) at = &Step(*at, token);
    return *at;
  }
  static void Add(Json& document, const std::string& pointer, Json value) {
    std::vector<std::string> tokens = Tokens(pointer);
    if (tokens.empty()) {
      document = std::move(value);
      return;
    }
    const std::string last = tokens.back();
    tokens.pop_back();
    Json* at = &document;
    for (const std::string& token : tokens) at = &Step(*at, token);
    if (at->is_object()) {
      (*at)[last] = std::move(value);
    } else if (at->is_array()) {
      const size_t index = last == "-" ? at->size() : Index(last, at->size() + 1);
      at->insert(at->begin() + static_cast<std::ptrdiff_t>(index), std::move(value));
    } else {
      Fail();
    }
  }
  static Json Remove(Json& document, const std::string& pointer) {
    Json removed = Find(document, pointer);
    std::vector<std::string> tokens = Tokens(pointer);
    if (tokens.empty()) {
      document = nullptr;
      return removed;
    }
    const std::string last = tokens.back();
    tokens.pop_back();
    Json* at = &document;
    for (const std::string& token : tokens) at = &Step(*at, token);
    if (at->is_array()) {
      at->erase(Index(last, at->size()));
    } else {
      at->erase(last);
    }
    return removed;
  }
  // Numbers by value; objects whatever their order.
  static bool Same(const Json& a, const Json& b) { return nlohmann::json(a) == nlohmann::json(b); }

  static void One(Json& document, const Json& operation) {
    const std::string op = operation["op"];
    const std::string path = operation["path"];
    const std::string from = operation.value("from", "");
    if (op == "add") {
      Add(document, path, operation["value"]);
    } else if (op == "remove") {
      Remove(document, path);
    } else if (op == "replace") {
      Find(document, path) = Json(operation["value"]);
    } else if (op == "copy") {
      Add(document, path, Json(Find(document, from)));
    } else if (op == "move") {
      Find(document, from);
      if (path == from) return;
      if (path.rfind(from + "/", 0) == 0) Fail();
      Json moved = Remove(document, from);
      Add(document, path, std::move(moved));
    } else if (!Same(Find(document, path), operation["value"])) {
      Fail();
    }
  }
};

Json RandomValue(Random& random, int depth) {
  if (depth > 0 && random.Chance(60)) {
    const bool array = random.Chance(50);
    Json value = array ? Json::array() : Json::object();
    for (uint32_t n = random.Below(5); n > 0; --n) {
      if (array) {
        value.push_back(RandomValue(random, depth - 1));
      } else {
        value[random.Pick(std::vector<std::string>{"a", "b", "c", "x/y", "m~n", ""})] = RandomValue(random, depth - 1);
      }
    }
    return value;
  }
  switch (random.Below(6)) {
    case 0:
      return nullptr;
    case 1:
      return random.Chance(50);
    case 2:
      return random.Below(4);
    case 3:
      return random.Below(4) * 0.5;
    default:
      return random.Pick(std::vector<std::string>{"", "s", "a longer text than sixteen bytes"});
  }
}

// Mostly the pointer of something that is there.
std::string RandomPointer(Random& random, const Json& document) {
  std::string pointer;
  const Json* at = &document;
  while (at->is_structured() && random.Chance(80)) {
    if (at->is_array()) {
      const size_t index = random.Below(static_cast<uint32_t>(at->size()) + 1);
      pointer += "/" + (random.Chance(8) ? "-" : random.Chance(3) ? "01" : std::to_string(index));
      if (index >= at->size()) return pointer;
      at = &(*at)[index];
    } else if (at->empty() || random.Chance(25)) {
      return pointer + random.Pick(std::vector<std::string>{"/a", "/b", "/new", "/", "/x~1y"});
    } else {
      auto member = at->begin();
      std::advance(member, random.Below(static_cast<uint32_t>(at->size())));
      std::string key = member.key();
      if (key == "x/y") key = "x~1y";
      if (key == "m~n") key = "m~0n";
      pointer += "/" + key;
      at = &member.value();
    }
  }
  return pointer;
}

TEST(JsonPatchProperty, AgreesWithANaiveImplementation) {
  Random random(20261125);
  int applied = 0;
  int refused = 0;
  for (int round = 0; round < 400; ++round) {
    Json expected = RandomValue(random, 4);
    Arena arena;
    JsonPatcher patcher;
    JsonDocument document;
    ASSERT_EQ(document.Set(tests::FromJson(arena, expected), 1 << 20), JsonDocument::Outcome::kDone);
    for (int step = 0; step < 60; ++step) {
      Json patch = Json::array();
      for (uint32_t n = 1 + random.Below(4); n > 0; --n) {
        Json operation;
        operation["op"] = random.Pick(std::vector<std::string>{"add", "add", "remove", "replace", "move", "copy", "test"});
        operation["path"] = RandomPointer(random, expected);
        operation["from"] = RandomPointer(random, expected);
        operation["value"] = RandomValue(random, 2);
        patch.push_back(operation);
      }
      bool applies = true;
      Json after = expected;
      try {
        after = NaivePatch::Apply(expected, patch);
      } catch (const std::runtime_error&) {
        applies = false;
      }
      if (after.dump().size() > 20'000) break;  // copies of copies
      const Value operations = tests::FromJson(arena, patch);
      const PatchLimits limits{1 << 20, 10'000'000};
      ASSERT_EQ(document.Try(operations, limits, patcher) == JsonDocument::Outcome::kDone, applies) << expected << "\n"
                                                                                                    << patch << "\n"
                                                                                                    << patcher.fault().reason;
      ASSERT_EQ(tests::ToJson(document.root()), expected) << patch;
      ASSERT_EQ(document.Patch(operations, limits, patcher) == JsonDocument::Outcome::kDone, applies);
      ASSERT_EQ(tests::ToJson(document.root()), after) << expected << "\n" << patch;
      expected = after;
      ++(applies ? applied : refused);
    }
  }
  EXPECT_GT(applied, 2000);
  EXPECT_GT(refused, 2000);
}

}  // namespace
}  // namespace edict
