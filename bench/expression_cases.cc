#include "bench/expression_cases.h"

#include <re2/re2.h>
#include <string.h>

#include <memory>
#include <string_view>
#include <utility>

#include "runtime/base/arena.h"
#include "runtime/builtins/time.h"
#include "runtime/json/document.h"
#include "runtime/value/json_node.h"

namespace edict::bench {
namespace {

const char* const kInt = "primitive: INT64";
const char* const kUint = "primitive: UINT64";
const char* const kDouble = "primitive: DOUBLE";
const char* const kString = "primitive: STRING";
const char* const kTime = "well_known: TIMESTAMP";
const char* const kIntList = "list_type { elem_type { primitive: INT64 } }";
const char* const kStringList = "list_type { elem_type { primitive: STRING } }";
const char* const kIntMap = "map_type { key_type { primitive: STRING } value_type { primitive: INT64 } }";

// A check as code that is called just as native code is.
template <auto kCheck>
void Hand(const Frame* frame, Value* out) {
  *out = Value::Bool(kCheck(frame->locals));
}

ExpressionInput Input(const std::string& name, const std::string& type, const Value& value) {
  return {name, "name: \"" + name + "\" ident { type { " + type + " } }", value};
}
ExpressionInput Dyn(const std::string& name, const Value& value) { return {name, "", value}; }

// A value as the events bring it. The parser keeps what it made last, so each text has one of its own.
Value Json(const std::string& text) {
  static auto& kept = *new std::vector<std::unique_ptr<std::pair<std::string, JsonParser>>>();
  kept.push_back(std::make_unique<std::pair<std::string, JsonParser>>());
  kept.back()->first = text;
  return FromJson(*kept.back()->second.Parse(kept.back()->first, JsonLimits{}));
}

std::string Numbers(int count) {
  std::string text = "[";
  for (int i = 1; i <= count; ++i) text += (i == 1 ? "" : ",") + std::to_string(i);
  return text + "]";
}
std::string Names(int count) {
  std::string text = "[";
  for (int i = 1; i <= count; ++i) text += (i == 1 ? "\"" : ",\"") + std::string("name-") + std::to_string(i) + "\"";
  return text + "]";
}

Value PlainNumbers(int64_t count) {
  static auto& arena = *new Arena();
  Value* items = arena.AllocateArray<Value>(static_cast<size_t>(count));
  for (int64_t i = 0; i < count; ++i) items[i] = Value::Int(i + 1);
  return Value::List(items, static_cast<uint32_t>(count));
}

bool Contains(std::string_view text, std::string_view part) {
  return memmem(text.data(), text.size(), part.data(), part.size()) != nullptr;
}

const RE2& Pattern() {
  static const RE2& pattern = *new RE2("^[a-z0-9._-]+@[a-z]+\\.(com|org)$");
  return pattern;
}

int64_t CodePoints(std::string_view text) {
  int64_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xc0) != 0x80 ? 1 : 0;
  return count;
}

// JSON does not tell 1 from 1.0: what is to be an int may stand there as a double.
int64_t IntOf(const Value& value) { return value.kind == Kind::kInt ? value.i : static_cast<int64_t>(value.d); }

std::vector<ExpressionCase> NumberCases() {
  return {
      {"int_range",
       "port >= 1 && port <= 65535",
       {Input("port", kInt, Value::Int(8080))},
       Hand<([](const Value* v) { return v[0].i >= 1 && v[0].i <= 65535; })>},
      {"int_arithmetic",
       "(a * 3 + b) % 7 == 2",
       {Input("a", kInt, Value::Int(11)), Input("b", kInt, Value::Int(4))},
       Hand<([](const Value* v) {
         int64_t product, sum;
         if (__builtin_mul_overflow(v[0].i, 3, &product) || __builtin_add_overflow(product, v[1].i, &sum)) return false;
         return sum % 7 == 2;
       })>},
      {"double_arithmetic",
       "celsius * 1.8 + 32.0 > 100.0",
       {Input("celsius", kDouble, Value::Double(40.0))},
       Hand<([](const Value* v) { return v[0].d * 1.8 + 32.0 > 100.0; })>},
      {"uint_and_int",
       "u > n",
       {Input("u", kUint, Value::Uint(3)), Input("n", kInt, Value::Int(-3))},
       Hand<([](const Value* v) { return v[1].i < 0 || v[0].u > static_cast<uint64_t>(v[1].i); })>},
      {"int_and_double",
       "n < x",
       {Input("n", kInt, Value::Int(3)), Input("x", kDouble, Value::Double(3.5))},
       Hand<([](const Value* v) {
         if (v[0].i > -(int64_t{1} << 53) && v[0].i < (int64_t{1} << 53)) return static_cast<double>(v[0].i) < v[1].d;
         return Compare(v[0], v[1]) == -1;
       })>},
      {"ternary",
       "kind == \"bulk\" ? n > 100 : n > 10",
       {Input("kind", kString, Value::String("single")), Input("n", kInt, Value::Int(11))},
       Hand<([](const Value* v) { return v[0].text() == "bulk" ? v[1].i > 100 : v[1].i > 10; })>},
  };
}

std::vector<ExpressionCase> StringCases() {
  return {
      {"string_equal",
       "type == \"TEXT_MESSAGE_CONTENT\"",
       {Input("type", kString, Value::String("TEXT_MESSAGE_CONTENT"))},
       Hand<([](const Value* v) { return v[0].text() == "TEXT_MESSAGE_CONTENT"; })>},
      {"starts_with",
       "url.startsWith(\"https://\")",
       {Input("url", kString, Value::String("https://example.org/a/b"))},
       Hand<([](const Value* v) { return v[0].text().starts_with("https://"); })>},
      {"ends_with",
       "path.endsWith(\".json\")",
       {Input("path", kString, Value::String("/var/data/events.json"))},
       Hand<([](const Value* v) { return v[0].text().ends_with(".json"); })>},
      {"contains",
       "path.contains(\"/data/\")",
       {Input("path", kString, Value::String("/var/lib/data/events.json"))},
       Hand<([](const Value* v) { return Contains(v[0].text(), "/data/"); })>},
      {"size",
       "size(name) <= 64",
       {Input("name", kString, Value::String("a name of thirty-two characters!"))},
       Hand<([](const Value* v) { return CodePoints(v[0].text()) <= 64; })>},
      {"in_strings",
       "method in [\"GET\", \"PUT\", \"POST\", \"DELETE\"]",
       {Input("method", kString, Value::String("DELETE"))},
       Hand<([](const Value* v) {
         std::string_view s = v[0].text();
         return s == "GET" || s == "PUT" || s == "POST" || s == "DELETE";
       })>},
      {"regex",
       R"(mail.matches("^[a-z0-9._-]+@[a-z]+\\.(com|org)$"))",
       {Input("mail", kString, Value::String("some.body@example.org"))},
       Hand<([](const Value* v) { return RE2::PartialMatch(v[0].text(), Pattern()); })>},
      {"concatenation",
       "a + \":\" + b == \"left:right\"",
       {Input("a", kString, Value::String("left")), Input("b", kString, Value::String("right"))},
       Hand<([](const Value* v) {
         std::string text(v[0].text());
         text += ':';
         text += v[1].text();
         return text == "left:right";
       })>},
  };
}

std::vector<ExpressionCase> CollectionCases() {
  const Value event = Json(R"({"id":"e1","user":{"name":"x","role":"admin"},"status":200,"items":[1,2],"n":5})");
  const Value counts = Json(R"({"ok":1,"failed":2,"skipped":3,"status":200})");
  return {
      {"all_100", "list.all(e, e > 0)", {Input("list", kIntList, PlainNumbers(100))}, Hand<([](const Value* v) {
         for (uint32_t i = 0; i < v[0].size; ++i) {
           if (v[0].items[i].i <= 0) return false;
         }
         return true;
       })>},
      {"all_100_json", "list.all(e, e > 0)", {Input("list", kIntList, Json(Numbers(100)))}, Hand<([](const Value* v) {
         for (ListCursor c(v[0]); c.Next();) {
           if (IntOf(c.value()) <= 0) return false;
         }
         return true;
       })>},
      {"exists_100_strings",
       "names.exists(e, e == \"name-100\")",
       {Input("names", kStringList, Json(Names(100)))},
       Hand<([](const Value* v) {
         for (ListCursor c(v[0]); c.Next();) {
           if (c.value().text() == "name-100") return true;
         }
         return false;
       })>},
      {"filter_100",
       "list.filter(e, e % 2 == 0).size() == 50",
       {Input("list", kIntList, PlainNumbers(100))},
       Hand<([](const Value* v) {
         static std::vector<int64_t> kept;  // as a list that may be used further
         kept.clear();
         for (uint32_t i = 0; i < v[0].size; ++i) {
           if (v[0].items[i].i % 2 == 0) kept.push_back(v[0].items[i].i);
         }
         return kept.size() == 50;
       })>},
      {"map_field",
       "counts.status == 200",
       {Input("counts", kIntMap, counts)},
       Hand<([](const Value* v) { return IntOf(MapFindString(v[0], "status")) == 200; })>},
      {"dyn_fields", "event.user.role == \"admin\" && event.n > 3", {Dyn("event", event)}, Hand<([](const Value* v) {
         Value user = MapFindString(v[0], "user");
         if (user.kind != Kind::kMap) return false;
         Value role = MapFindString(user, "role");
         if (role.kind != Kind::kString || role.text() != "admin") return false;
         Value n = MapFindString(v[0], "n");
         return n.is_number() && Compare(n, Value::Int(3)) == 1;
       })>},
      {"optional", "counts[?\"status\"].orValue(0) == 200", {Input("counts", kIntMap, counts)}, Hand<([](const Value* v) {
         Value found = MapFindString(v[0], "status");
         return (found.kind == Kind::kAbsent ? 0 : IntOf(found)) == 200;
       })>},
  };
}

std::vector<ExpressionCase> TimeCases() {
  const Value start = Value::Timestamp(1'700'000'000, 500);
  const Value end = Value::Timestamp(1'700'003'000, 0);
  return {
      {"timestamp_order",
       "start < end",
       {Input("start", kTime, start), Input("end", kTime, end)},
       Hand<([](const Value* v) { return v[0].i != v[1].i ? v[0].i < v[1].i : v[0].nanos() < v[1].nanos(); })>},
      {"timestamp_arithmetic",
       "start + duration(\"1h\") > end",
       {Input("start", kTime, start), Input("end", kTime, end)},
       Hand<([](const Value* v) {
         int64_t seconds = v[0].i + 3600;
         if (seconds > builtins::kMaxTimestampSeconds) return false;  // an error in CEL
         return seconds != v[1].i ? seconds > v[1].i : v[0].nanos() > v[1].nanos();
       })>},
      {"timestamp_field",
       "start.getHours() >= 9 && start.getHours() < 23",
       {Input("start", kTime, start)},
       Hand<([](const Value* v) {
         const int64_t hour = (v[0].i % 86400 + 86400) % 86400 / 3600;
         return hour >= 9 && hour < 23;
       })>},
  };
}

}  // namespace

const std::vector<ExpressionCase>& ExpressionCases() {
  static const auto& cases = *[] {
    auto* all = new std::vector<ExpressionCase>();
    for (auto* group : {&NumberCases, &StringCases, &CollectionCases, &TimeCases}) {
      std::vector<ExpressionCase> cases_of_group = group();
      all->insert(all->end(), cases_of_group.begin(), cases_of_group.end());
    }
    return all;
  }();
  return cases;
}

}  // namespace edict::bench
