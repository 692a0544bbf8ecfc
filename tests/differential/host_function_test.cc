// Functions of the embedding program: both tiers find the same by them, however little fuel there is and whatever they do; caches,
// threads, reloads and artefacts change nothing.
#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "compiler/native.h"
#include "compiler/object_code.h"
#include "runtime/artefact/artefact.h"
#include "runtime/engine.h"
#include "runtime/parallel_streams.h"
#include "tests/support/judge.h"
#include "tests/support/process.h"
#include "tests/support/rule_folder.h"

namespace edict::tests {
namespace {

// Calls wherever an expression may stand, with arguments and results of each type; and some whose types the input decides.
const char* const kRules = R"(
package shop
host fn allowed(tool: string, tenant: string): bool cost 50
host fn region(tenant: string): string cost 7
host fn checksum(data: bytes): uint cost 20
host fn scale(x: double, by: int): double cost 3
host fn round_up(at: timestamp, to: duration): timestamp cost 4
host fn key_of(n: uint): bytes cost 5
host fn wait(n: int): duration cost 2
host fn flag(): bool cost 1
host fn flip(b: bool): bool cost 1
fn in_eu(t: string): bool = region(t) == "eu"
type Id = string where allowed(this, "any") || size(this) < 11

event Event by type {
  CALL { id: Id, tool: string, tenant: string, n: int, x: number, items: { id: Id, price: number }[] }
  DONE { id: string }
}
state last: string = "" bound 100
state sums: map<string, double> bound 100
lifecycle call by e.id {
  bound 100 keys
  CALL: absent -> open when in_eu(e.tenant) else NOT_EU "{key} is of {region(e.tenant)}"
  DONE: open -> absent
}
on CALL as e when allowed(e.tool, e.tenant) { last = region(e.tenant) }
on CALL as e { for item in e.items { sums[item.id] = scale(item.price, e.n) when allowed(item.id, e.tenant) } }

rule FORBIDDEN "only tools that are allowed" {
  on CALL as e
  when e.n != 3
  require allowed(e.tool, e.tenant) || e.n == 1 at e.tool
  message "{e.tenant} of {region(e.tenant)} may not call {e.tool}, after {last}"
}
rule ITEMS "each is allowed" {
  on CALL as e
  for item in e.items
  require allowed(item.id, region("acme")) && scale(item.price, 2) < 100.0 at item.id
  message "{item.id} costs {scale(item.price, 2)}"
}
rule SUMS "all in all" {
  on CALL as e
  require e.items.map(i, scale(i.price, e.n)).all(p, p < 50.0) || checksum(bytes(e.id)) % 2u == 0u
}
rule TIMES "rounded" {
  on CALL as e
  require round_up(timestamp("2024-01-01T00:00:01Z"), wait(e.n)) < timestamp("2024-01-01T00:00:03Z")
  message "{round_up(timestamp('2024-01-01T00:00:01Z'), wait(e.n))} {wait(e.n)} {string(key_of(uint(e.n)))}"
}
rule BOOLS "without arguments, and of bools" {
  on CALL as e
  require flip(flip(flag() == (e.n > 0))) || !flip(e.n == 2 ? true : flag())
}
rule DYNAMIC "of types that the input decides" {
  on CALL as e
  require scale(dyn(e).y, dyn(e).z) > 100.0
  message "{scale(dyn(e).y, dyn(e).z)}"
}
)";

bool Allowed(std::string_view tool, std::string_view tenant) { return (tool.size() + tenant.size()) % 3 != 0; }

std::vector<HostFunction> Functions() {
  return {
      {"allowed(string, string): bool", [](HostCall& c) { c.Return(Value::Bool(Allowed(c.Text(0), c.Text(1)))); }},
      {"region(tenant: string): string",
       [](HostCall& c) {
         if (c.Text(0) == "nowhere") return c.Fail("there is no tenant " + std::string(c.Text(0)));
         if (c.Text(0) == "odd") throw std::runtime_error("odd tenants throw");
         const std::string local = c.Text(0) == "acme" ? "eu" : "region of " + std::string(c.Text(0));
         c.ReturnText(local);
       }},
      {"checksum(bytes): uint",
       [](HostCall& c) {
         uint64_t sum = 0;
         for (const char byte : c.Text(0)) sum = sum * 31 + static_cast<unsigned char>(byte);
         c.Return(Value::Uint(sum));
       }},
      {"scale(double, int): double", [](HostCall& c) { c.Return(Value::Double(c.Double(0) * static_cast<double>(c.Int(1)))); }},
      {"round_up(timestamp, duration): timestamp",
       [](HostCall& c) { c.Return(Value::Timestamp(c.arg(0).i + c.arg(1).i, c.arg(1).nanos())); }},
      {"key_of(uint): bytes", [](HostCall& c) { c.ReturnText(std::string(c.Uint(0) % 40, 'k')); }},
      {"flag(): bool", [](HostCall& c) { c.Return(Value::Bool(true)); }},
      {"flip(bool): bool", [](HostCall& c) { c.Return(Value::Bool(!c.Bool(0))); }},
      {"wait(int): duration", [](HostCall& c) { c.Return(Value::Duration(c.Int(0), c.Int(0) < 0 ? -5 : 5)); }},
  };
}

std::vector<std::string> Events() {
  std::vector<std::string> events;
  const char* const tenants[] = {"acme", "zenith", "nowhere", "odd", "\\ud800"};
  const char* const more[] = {"", R"(,"y":1,"z":2)", R"(,"y":1.5,"z":2.0)", R"(,"y":"1","z":2)", R"(,"y":1,"z":2.5)"};
  for (int i = 0; i < 60; ++i) {
    std::string items;
    for (int j = 0; j < i % 4; ++j) {
      items += (j == 0 ? "" : ",") + std::string(R"({"id":"item-)") + std::string(static_cast<size_t>(i + j) % 7, 'x') +
               R"(","price":)" + std::to_string(i * j) + (j % 2 == 0 ? "" : ".5") + "}";
    }
    events.push_back(R"({"type":"CALL","id":"c)" + std::string(static_cast<size_t>(i) % 9, '0') + R"(","tool":"tool)" +
                     std::string(static_cast<size_t>(i) % 5, 't') + R"(","tenant":")" + tenants[(i / 3) % 5] + R"(","n":)" +
                     std::to_string(i % 6 - 1) + R"(,"x":)" + std::to_string(i) + ".0" + R"(,"items":[)" + items + "]" +
                     more[i % 5] + "}");
    if (i % 4 == 3) events.emplace_back(R"({"type":"DONE","id":"c0"})");
  }
  return events;
}

Engine Made(const std::shared_ptr<const Program>& program, EngineOptions options, bool native) {
  Result<Engine> engine = Engine::Make(program, std::move(options));
  EXPECT_TRUE(engine.ok()) << engine.error().message;
  EXPECT_TRUE(!native || compiler::CompileNative(engine.value()).ok());
  return engine.value();
}

EngineOptions WithFunctions(std::vector<HostFunction> functions = Functions()) {
  EngineOptions options;
  options.host_functions = std::move(functions);
  return options;
}

TEST(HostFunctions, TiersAgree) {
  const std::shared_ptr<const Program> program = CompileText(kRules);
  ASSERT_NE(program, nullptr);
  const std::vector<std::string> expected = Judge(Made(program, WithFunctions(), false), Events(), 2);
  EXPECT_EQ(Judge(Made(program, WithFunctions(), true), Events(), 2), expected);
  const std::string all = testing::PrintToString(expected);
  for (const char* part : {"may not call", "there is no tenant nowhere", "odd tenants throw", "item-xx costs", "NOT_EU", "kkk",
                           "scale(string, int), there is scale(double, int): double", "|3|DYNAMIC"}) {
    EXPECT_NE(all.find(part), std::string::npos) << part << " in " << all;
  }
}

// At each limit the same step is the one too many.
TEST(HostFunctions, TiersAgreeAtEachLimitOfFuel) {
  const std::shared_ptr<const Program> program = CompileText(kRules);
  ASSERT_NE(program, nullptr);
  std::vector<std::string> events = Events();
  events.erase(events.begin() + 16, events.end());
  EngineOptions options = WithFunctions();
  Result<std::shared_ptr<const NativeCode>> native = compiler::MakeNative(*program, {});
  ASSERT_TRUE(native.ok());
  size_t spent = 0;
  for (int64_t fuel = 1; fuel < 1500; fuel += fuel < 200 ? 1 : 7) {
    options.fuel_per_event = fuel;
    const std::vector<std::string> expected = Judge(Made(program, options, false), events);
    spent += testing::PrintToString(expected).find("steps is spent") != std::string::npos ? 1 : 0;
    Engine engine = Made(program, options, false);
    ASSERT_TRUE(engine.UseNative(native.value()));
    ASSERT_EQ(Judge(engine, events), expected) << fuel;
  }
  EXPECT_GT(spent, 100u);
}

// What is declared is charged: the very limit is enough, one step less is not.
TEST(HostFunctions, CostIsCharged) {
  const std::shared_ptr<const Program> program = CompileText(
      "host fn f(x: int): int cost 1_000\nevent E by type { A { n: int } }\n"
      "rule R \"r\" { on A as e require f(e.n) == 1 }");
  for (const bool native : {false, true}) {
    EngineOptions options = WithFunctions({{"f(int): int", [](HostCall& c) { c.Return(Value::Int(c.Int(0))); }}});
    options.fuel_per_event = 1'001;  // == is the other one
    EXPECT_EQ(Judge(Made(program, options, native), {R"({"type":"A","n":1})"}).size(), 0u);
    options.fuel_per_event = 1'000;
    EXPECT_EQ(Judge(Made(program, options, native), {R"({"type":"A","n":1})"}).size(), 1u);
  }
}

std::vector<std::string> OfAnswer(const std::string& type, const std::function<void(HostCall&)>& call) {
  const std::shared_ptr<const Program> program = CompileText("host fn f(x: int): " + type +
                                                             " cost 1\nevent E by type { A { n: int } }\n"
                                                             "rule R \"r\" { on A as e require string(f(e.n)) == '' }");
  std::vector<std::vector<std::string>> found;
  for (const bool native : {false, true}) {
    found.push_back(Judge(Made(program, WithFunctions({{"f(int): " + type, call}}), native), {R"({"type":"A","n":1})"}));
  }
  EXPECT_EQ(found[0], found[1]);
  return found[0];
}

// A function that does not keep to what is declared is an error of evaluation in both tiers.
TEST(HostFunctions, AnswersThatAreNotAsDeclared) {
  const auto says = [](const std::vector<std::string>& found, const char* what) {
    ASSERT_EQ(found.size(), 1u);
    EXPECT_NE(found[0].find("EDICT_EVAL"), std::string::npos) << found[0];
    EXPECT_NE(found[0].find(what), std::string::npos) << found[0];
  };
  const std::string invalid = "a\xff";
  says(OfAnswer("int", [](HostCall&) {}), "f: it gives no answer");
  says(OfAnswer("int", [](HostCall& c) { c.Return(Value::Uint(1)); }),
       "f: it gives a value of type uint, not as declared: f(int): int");
  says(OfAnswer("string", [](HostCall& c) { c.Return(Value::Null()); }), "f: it gives a value of type null_type");
  says(OfAnswer("string", [&](HostCall& c) { c.ReturnText(invalid); }), "f: its text is no UTF-8");
  says(OfAnswer("int", [&](HostCall& c) { c.Fail(invalid); }), "f: it fails, and its reason is no UTF-8");
  says(OfAnswer("string", [](HostCall& c) { c.ReturnText(std::string(kMaxHostTextBytes + 1, 'x')); }), "is longer than 65536");
  says(OfAnswer("int", [](HostCall&) { throw 5; }), "f: it has thrown an exception");
  says(OfAnswer("duration", [](HostCall& c) { c.Return(Value::Duration(1, -1)); }), "f: its time is out of range");
  says(OfAnswer("duration", [](HostCall& c) { c.Return(Value::Duration(std::numeric_limits<int64_t>::min(), 0)); }),
       "out of range");
  says(OfAnswer("timestamp", [](HostCall& c) { c.Return(Value::Timestamp(0, 1'000'000'000)); }), "f: its time is out of range");
  EXPECT_TRUE(OfAnswer("string", [](HostCall& c) { c.ReturnText(""); }).empty());
  EXPECT_EQ(OfAnswer("string", [](HostCall& c) { c.ReturnText(std::string(kMaxHostTextBytes, 'x')); }).size(), 1u);
}

TEST(HostFunctions, EnginesWithoutThemAreErrors) {
  const std::shared_ptr<const Program> program = CompileText(kRules);
  std::vector<HostFunction> functions = Functions();
  functions.erase(functions.begin());
  Result<Engine> engine = Engine::Make(program, WithFunctions(functions));
  ASSERT_FALSE(engine.ok());
  EXPECT_EQ(engine.error().message,
            "the rules call the host function allowed(string, string): bool, which the engine is not given");
  functions.push_back({"allowed(string): bool", [](HostCall& c) { c.Return(Value::Bool(true)); }});
  engine = Engine::Make(program, WithFunctions(functions));
  ASSERT_FALSE(engine.ok());
  EXPECT_EQ(engine.error().message,
            "the rules declare the host function allowed(string, string): bool, the engine is given allowed(string): bool");
  EXPECT_FALSE(Engine::Make(nullptr).ok());
  // The constructor cannot refuse: every call is a finding then.
  const std::vector<std::string> found = Judge(Engine(program), {Events()[0]});
  EXPECT_NE(testing::PrintToString(found).find("the host function allowed(string, string): bool is not given"), std::string::npos);
}

TEST(HostFunctions, ThoseThatNothingCallsNeedNotBeGiven) {
  const std::shared_ptr<const Program> program = CompileText(
      "host fn f(x: int): bool cost 5\nevent E by type { A { n: int } }\nprofile off { off R }\n"
      "rule R \"r\" { on A as e require f(e.n) }\nrule S \"s\" { on A as e require e.n > 0 }",
      [] {
        compiler::CompileOptions options;
        options.profile = "off";
        return options;
      }());
  ASSERT_NE(program, nullptr);
  EXPECT_TRUE(program->host_functions.empty());
  EXPECT_TRUE(Engine::Make(program).ok());
}

// Rules that need more than the engine has do not take over.
TEST(HostFunctions, Reload) {
  const std::string event = "event E by type { A { n: int } }\n";
  const std::shared_ptr<const Program> first =
      CompileText(event + "host fn f(x: int): bool cost 5\nrule R \"r\" { on A as e require f(e.n) }");
  const std::shared_ptr<const Program> second = CompileText(
      event + "host fn g(x: int): bool cost 5\nhost fn f(x: int): bool cost 9\nrule R \"r\" { on A as e require g(e.n) && f(2) }");
  const std::shared_ptr<const Program> third =
      CompileText(event + "host fn h(x: int): bool cost 5\nrule R \"r\" { on A as e require h(e.n) }");
  const std::vector<HostFunction> functions = {{"f(int): bool", [](HostCall& c) { c.Return(Value::Bool(c.Int(0) == 2)); }},
                                               {"g(int): bool", [](HostCall& c) { c.Return(Value::Bool(c.Int(0) != 2)); }}};
  for (const bool native : {false, true}) {
    Engine engine = Made(first, WithFunctions(functions), native);
    Stream stream = engine.Open("s");
    const auto findings = [&stream](int n) {
      std::vector<Finding> found;
      stream.FeedRecord(R"({"type":"A","n":)" + std::to_string(n) + "}", 0, found);
      return found.size();
    };
    EXPECT_EQ(findings(1), 1u);
    const Result<ReloadReport> refused = engine.Reload(third);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().message, "the rules call the host function h(int): bool, which the engine is not given");
    EXPECT_EQ(findings(2), 0u);
    EXPECT_EQ(engine.generation(), 1u);
    ASSERT_TRUE(engine.Reload(second).ok());
    EXPECT_EQ(findings(1), 0u);
    EXPECT_EQ(findings(2), 1u);
    ASSERT_TRUE(engine.RollBack().ok());
    EXPECT_EQ(findings(1), 1u);
  }
}

// Elements that come again, with a function in their type and in the loop over them. Engines that share a cache and the very same
// native code have functions of their own.
TEST(HostFunctions, CachesKeepEnginesApart) {
  const std::string rules =
      "host fn good(x: string): bool cost 5\n"
      "event E by type { A { items: { id: string, text: string }[] } B { items: Item[] } }\n"
      "type Item { id: string where good(this), text: string }\n"
      "rule R \"r\" { on A as e for i in e.items require good(i.id) at i.id }";
  const std::shared_ptr<const Program> program = CompileText(rules);
  ASSERT_NE(program, nullptr);
  const std::string element = R"({"id":"yes","text":")" + std::string(200, 'x') + "\"}";
  std::vector<std::string> events;
  for (int i = 0; i < 20; ++i) {
    for (const char* type : {"A", "B"}) {
      events.push_back(std::string(R"({"type":")") + type + R"(","items":[)" + element + "," + element + "]}");
    }
  }
  Result<std::shared_ptr<const NativeCode>> native = compiler::MakeNative(*program, {});
  ASSERT_TRUE(native.ok());
  const auto make = [&](bool yes) {
    EngineOptions options =
        WithFunctions({{"good(string): bool", [yes](HostCall& c) { c.Return(Value::Bool((c.Text(0) == "yes") == yes)); }}});
    options.cache = CacheMode::kOn;
    return Made(program, options, false);
  };
  const std::vector<std::string> bad = Judge(make(false), events);
  EXPECT_EQ(bad.size(), 80u);
  Engine a = make(true);
  Engine b = make(false);
  b.ShareCache(a);
  ASSERT_TRUE(a.UseNative(native.value()) && b.UseNative(native.value()));
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(Judge(a, events), std::vector<std::string>());
    EXPECT_EQ(Judge(b, events), bad);
  }
}

TEST(HostFunctions, ParallelStreamsFindTheSame) {
  const std::shared_ptr<const Program> program = CompileText(kRules);
  std::string lines;
  for (int i = 0; i < 30; ++i) {
    for (std::string event : Events()) {
      event.insert(1, R"("key":"k)" + std::to_string(i % 5) + R"(",)");
      lines += event + "\n";
    }
  }
  std::vector<std::vector<std::string>> found;
  std::atomic<uint64_t> calls{0};
  for (const uint32_t threads : {1u, 3u}) {
    std::vector<HostFunction> functions = Functions();
    functions[0].call = [&calls](HostCall& c) {
      calls.fetch_add(1, std::memory_order_relaxed);
      c.Return(Value::Bool(Allowed(c.Text(0), c.Text(1))));
    };
    ParallelOptions options;
    options.threads = threads;
    options.key = "/key";
    ParallelStreams streams(Made(program, WithFunctions(functions), true), options);
    std::vector<Finding> findings;
    size_t taken = streams.TakeLines(lines, 0, findings);
    for (size_t end = 0; taken < lines.size(); taken = end + 1) {
      end = std::min(lines.find('\n', taken), lines.size());
      streams.Add(std::string_view(lines).substr(taken, end - taken), taken);
    }
    streams.Judge(findings);
    streams.FinishAll(findings);
    found.emplace_back();
    for (const Finding& finding : findings) found.back().push_back(finding.stream + "|" + FindingLine(finding));
  }
  EXPECT_GT(found[0].size(), 100u);
  EXPECT_EQ(found[0], found[1]);
  EXPECT_GT(calls.load(), 1000u);
}

TEST(HostFunctions, ArtefactsTakeThem) {
  const std::shared_ptr<const Program> program = CompileText(kRules);
  Artefact artefact{program, {}};
  Result<ObjectCode> object = compiler::MakeObjectCode(*program, "host");
  ASSERT_TRUE(object.ok());
  artefact.objects.push_back(std::move(object.value()));
  const Result<Artefact> read = DecodeArtefact(EncodeArtefact(artefact));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_FALSE(Engine::Make(read.value().program).ok());
  Engine engine = Made(read.value().program, WithFunctions(), false);
  Result<LoadedObjectCode> code = LoadObjectCode(read.value());
  ASSERT_TRUE(code.ok()) << code.error().message;
  ASSERT_TRUE(engine.UseNative(code.value().code));
  EXPECT_EQ(Judge(engine, Events()), Judge(Made(program, WithFunctions(), false), Events()));
  EXPECT_EQ(engine.hash(), Made(program, WithFunctions(), false).hash());
}

// The commands that judge have none; those that do not, need none.
TEST(HostFunctions, OnTheCommandLine) {
  RuleFolder folder;
  const std::string rules = folder.Write("shop.rules", kRules);
  const std::string events = folder.Write("events.ndjson", Events()[0] + "\n");
  const std::string built = folder.path() + "/shop.edict";
  const auto run = [](const std::string& command) { return RunCommand(EDICT_BINARY " " + command + " 2>&1"); };
  EXPECT_EQ(run("check " + rules).exit_code, 0);
  EXPECT_EQ(run("inspect " + rules + " --stage plan").exit_code, 0);
  EXPECT_EQ(run("build -r " + rules + " -o " + built).exit_code, 0);
  EXPECT_EQ(run("check " + built).exit_code, 0);
  for (const std::string& command :
       {"run -r " + rules + " " + events, "run -r " + built + " " + events, "run --tier native -r " + rules + " " + events,
        "bench -r " + rules + " " + events, "test " + rules, "watch -r " + rules + " " + events, "watch -r " + built + " " + events,
        "replay " + rules + " " + built + " " + events}) {
    const ProcessResult result = run(command);
    EXPECT_EQ(result.exit_code, 2) << command;
    EXPECT_NE(result.out.find(
                  "the rules call the host function allowed(string, string): bool, which only a program that embeds them can give"),
              std::string::npos)
        << command << ": " << result.out;
  }
}

}  // namespace
}  // namespace edict::tests
