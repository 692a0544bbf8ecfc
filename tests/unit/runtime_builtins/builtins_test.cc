// Builtins by table: a function, its arguments, the result as a CEL literal; "error: ..." gives a part of an
// error's text.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "runtime/builtins/registry.h"

namespace edict {
namespace {

Value S(std::string_view text) { return Value::String(text); }
Value I(int64_t v) { return Value::Int(v); }
Value U(uint64_t v) { return Value::Uint(v); }
Value D(double v) { return Value::Double(v); }
Value B(std::string_view bytes) { return Value::Bytes(bytes); }

constexpr bool kGlobal = false;
constexpr bool kMember = true;

class BuiltinsTest : public testing::Test {
 protected:
  BuiltinsTest() {
    context_.arena = &arena_;
    context_.fuel = 1'000'000;
    context_.regexes = &regexes_;
  }

  Value L(std::vector<Value> items) {
    Value* copy = arena_.AllocateArray<Value>(items.size());
    std::copy(items.begin(), items.end(), copy);
    return Value::List(copy, static_cast<uint32_t>(items.size()));
  }
  Value M(std::vector<MapEntry> entries) {
    MapEntry* copy = arena_.AllocateArray<MapEntry>(entries.size());
    std::copy(entries.begin(), entries.end(), copy);
    return Value::Map(copy, static_cast<uint32_t>(entries.size()));
  }
  Value Call(std::string_view function, bool member, const std::vector<Value>& args) {
    Value out;
    CallDynamic(&out, function, member, args.data(), static_cast<uint32_t>(args.size()), context_);
    return out;
  }
  Value Time(std::string_view text) { return Call("timestamp", kGlobal, {S(text)}); }
  Value Span(std::string_view text) { return Call("duration", kGlobal, {S(text)}); }

  struct Case {
    const char* function;
    bool member;
    std::vector<Value> args;
    Value expected;
  };
  void Check(const std::vector<Case>& cases) {
    for (const Case& c : cases) {
      Value got = Call(c.function, c.member, c.args);
      std::string call = c.function;
      for (const Value& arg : c.args) call += " " + ToCelText(arg);
      bool same = got.kind == c.expected.kind && (Equal(got, c.expected) || (std::isnan(got.d) && std::isnan(c.expected.d)));
      EXPECT_TRUE(same) << call << ": " << (got.is_error() ? std::string(got.error->detail) : ToCelText(got));
    }
  }
  struct Failure {
    const char* function;
    bool member;
    std::vector<Value> args;
    ErrorCode code;
    const char* part;
  };
  void CheckFailures(const std::vector<Failure>& cases) {
    for (const Failure& c : cases) {
      Value got = Call(c.function, c.member, c.args);
      ASSERT_TRUE(got.is_error()) << c.function << ": " << ToCelText(got);
      EXPECT_EQ(got.error->code, c.code) << c.function << ": " << got.error->detail;
      EXPECT_NE(got.error->detail.find(c.part), std::string_view::npos) << c.function << ": " << got.error->detail;
    }
  }

  Arena arena_;
  RegexCache regexes_;
  EvalContext context_;
};

constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
constexpr int64_t kMax = std::numeric_limits<int64_t>::max();

TEST_F(BuiltinsTest, Arithmetic) {
  Check({
      {"_+_", kGlobal, {I(40), I(2)}, I(42)},
      {"_+_", kGlobal, {U(40), U(2)}, U(42)},
      {"_+_", kGlobal, {D(1.5), D(2)}, D(3.5)},
      {"_+_", kGlobal, {S("ab"), S("c")}, S("abc")},
      {"_+_", kGlobal, {S(""), S("c")}, S("c")},
      {"_+_", kGlobal, {B("ab"), B("c")}, B("abc")},
      {"_+_", kGlobal, {L({I(1)}), L({I(2), I(3)})}, L({I(1), I(2), I(3)})},
      {"_/_", kGlobal, {I(-20), I(3)}, I(-6)},
      {"_%_", kGlobal, {I(-42), I(-5)}, I(-2)},
      {"_/_", kGlobal, {D(1), D(0)}, D(HUGE_VAL)},
      {"-_", kGlobal, {I(-3)}, I(3)},
      {"-_", kGlobal, {D(0.5)}, D(-0.5)},
  });
  CheckFailures({
      {"_+_", kGlobal, {I(kMax), I(1)}, ErrorCode::kOverflow, "int addition overflows"},
      {"_-_", kGlobal, {U(1), U(2)}, ErrorCode::kOverflow, "overflows"},
      {"_*_", kGlobal, {I(kMin), I(-1)}, ErrorCode::kOverflow, "overflows"},
      {"_/_", kGlobal, {I(kMin), I(-1)}, ErrorCode::kOverflow, "overflows"},
      {"-_", kGlobal, {I(kMin)}, ErrorCode::kOverflow, "overflows"},
      {"_/_", kGlobal, {I(1), I(0)}, ErrorCode::kDivideByZero, "division by zero"},
      {"_%_", kGlobal, {U(1), U(0)}, ErrorCode::kModulusByZero, "modulus by zero"},
      {"_%_", kGlobal, {D(1), D(2)}, ErrorCode::kNoSuchOverload, "_%_(double, double)"},
      {"-_", kGlobal, {U(1)}, ErrorCode::kNoSuchOverload, "uint"},
      {"_+_", kGlobal, {I(1), S("a")}, ErrorCode::kNoSuchOverload, "_+_(int, string)"},
  });
}

TEST_F(BuiltinsTest, SurrogateHalvesJoin) {
  Value joined = Call("_+_", kGlobal, {S("a\xed\xa0\xbd"), S("\xed\xb8\x80z")});
  EXPECT_EQ(joined.text(), "a\xf0\x9f\x98\x80z");
  EXPECT_EQ(Call("size", kGlobal, {joined}).i, 3);
  EXPECT_EQ(Call("join", kMember, {L({S("\xed\xa0\xbd"), S("\xed\xb8\x80")})}).text(), "\xf0\x9f\x98\x80");
  EXPECT_TRUE(Call("matches", kMember, {S("a\xed\xa0\xbd"), S("^a.$")}).b);
}

TEST_F(BuiltinsTest, Comparison) {
  Value nan = D(std::nan(""));
  Value yes = Value::Bool(true), no = Value::Bool(false);
  Check({
      {"_==_", kGlobal, {I(1), D(1)}, yes},
      {"_==_", kGlobal, {nan, nan}, no},
      {"_!=_", kGlobal, {nan, nan}, yes},
      {"_==_", kGlobal, {I(1), S("1")}, no},
      {"_<_", kGlobal, {I(-1), U(0)}, yes},
      {"_<_", kGlobal, {D(1.5), I(2)}, yes},
      {"_>=_", kGlobal, {U(std::numeric_limits<uint64_t>::max()), I(kMax)}, yes},
      {"_<=_", kGlobal, {nan, D(1)}, no},
      {"_>_", kGlobal, {S("b"), S("a")}, yes},
      {"_<_", kGlobal, {no, yes}, yes},
      {"_<_", kGlobal, {Span("1s"), Span("2s")}, yes},
      {"@in", kGlobal, {D(3), L({I(1), U(3)})}, yes},
      {"@in", kGlobal, {S("k"), M({{S("k"), I(1)}})}, yes},
      {"@in", kGlobal, {S("x"), M({})}, no},
  });
  CheckFailures({{"_<_", kGlobal, {S("a"), I(1)}, ErrorCode::kNoSuchOverload, "_<_(string, int)"}});
}

TEST_F(BuiltinsTest, Conversions) {
  Check({
      {"int", kGlobal, {D(-3.5)}, I(-3)},
      {"int", kGlobal, {S("+987")}, I(987)},
      {"uint", kGlobal, {D(25.5)}, U(25)},
      {"double", kGlobal, {S("-0.5")}, D(-0.5)},
      {"double", kGlobal, {S("1e-400")}, D(0)},
      {"double", kGlobal, {S("-Infinity")}, D(-HUGE_VAL)},
      {"string", kGlobal, {D(-4.5e-3)}, S("-0.0045")},
      {"string", kGlobal, {D(1e21)}, S("1e+21")},
      {"string", kGlobal, {D(1e6)}, S("1000000")},
      {"string", kGlobal, {B("\xc3\xbf")}, S("\xc3\xbf")},
      {"bool", kGlobal, {S("True")}, Value::Bool(true)},
      {"bool", kGlobal, {S("0")}, Value::Bool(false)},
      {"type", kGlobal, {Value::Null()}, Value::Type("null_type")},
      {"type", kGlobal, {Value::Type("int")}, Value::Type("type")},
  });
  CheckFailures({
      {"int", kGlobal, {S("12x")}, ErrorCode::kInvalidArgument, "12x"},
      {"int", kGlobal, {S("+-1")}, ErrorCode::kInvalidArgument, "+-1"},
      {"int", kGlobal, {S("9223372036854775808")}, ErrorCode::kOverflow, "range"},
      {"int", kGlobal, {D(18446744073709551615.0)}, ErrorCode::kOverflow, "range"},
      {"uint", kGlobal, {I(-1)}, ErrorCode::kOverflow, "range"},
      {"uint", kGlobal, {S("-1")}, ErrorCode::kInvalidArgument, "-1"},
      {"double", kGlobal, {S("1e999")}, ErrorCode::kOverflow, "range"},
      {"double", kGlobal, {S("0.5 ")}, ErrorCode::kInvalidArgument, "0.5"},
      {"bool", kGlobal, {S("TrUe")}, ErrorCode::kInvalidArgument, "TrUe"},
      {"string", kGlobal, {B("\xff")}, ErrorCode::kInvalidArgument, "UTF-8"},
      {"no_such", kGlobal, {I(1)}, ErrorCode::kNoSuchOverload, "no_such(int)"},
  });
}

TEST_F(BuiltinsTest, Strings) {
  Check({
      {"size", kGlobal, {S("t\xc3\xa9")}, I(2)},
      {"charAt", kMember, {S("a\xce\xb1"), I(1)}, S("\xce\xb1")},
      {"charAt", kMember, {S("a"), I(1)}, S("")},
      {"indexOf", kMember, {S("ta\xc2\xa9o\xc2\xa9"), S("\xc2\xa9"), I(3)}, I(4)},
      {"indexOf", kMember, {S("abc"), S("")}, I(0)},
      {"lastIndexOf", kMember, {S("tacocat"), S("")}, I(7)},
      {"lastIndexOf", kMember, {S("bananananana"), S("nana"), I(7)}, I(6)},
      {"lastIndexOf", kMember, {S(""), S("@")}, I(-1)},
      {"replace", kMember, {S("aaa"), S("a"), S("b"), I(2)}, S("bba")},
      {"replace", kMember, {S("ab"), S(""), S("-")}, S("-a-b-")},
      {"split", kMember, {S("a,b,c"), S(","), I(2)}, L({S("a"), S("b,c")})},
      {"split", kMember, {S("a,b"), S(","), I(0)}, L({})},
      {"split", kMember, {S("ab"), S("")}, L({S("a"), S("b")})},
      {"split", kMember, {S(""), S(",")}, L({S("")})},
      {"substring", kMember, {S("tacocat"), I(0), I(4)}, S("taco")},
      {"trim", kMember, {S(" \t\xe2\x80\xa8text\xe3\x80\x80")}, S("text")},
      {"trim", kMember, {S("  ")}, S("")},
      {"lowerAscii", kMember, {S("TacoC\xc3\x86t")}, S("tacoc\xc3\x86t")},
      {"upperAscii", kMember, {S("t\xce\xb1[")}, S("T\xce\xb1[")},
      {"reverse",
       kMember,
       {S("a\xce\xb1"
          "c")},
       S("c\xce\xb1"
         "a")},
      {"strings.quote", kGlobal, {S("a\"\\\n\xff")}, S("\"a\\\"\\\\\\n\xef\xbf\xbd\"")},
      {"join", kMember, {L({S("x"), S("y")}), S(", ")}, S("x, y")},
      {"matches", kGlobal, {S("ubb"), S("b{2}")}, Value::Bool(true)},
  });
  CheckFailures({
      {"charAt", kMember, {S("a"), I(2)}, ErrorCode::kIndexOutOfRange, "2"},
      {"substring", kMember, {S("tacocat"), I(4), I(3)}, ErrorCode::kInvalidArgument, "start: 4, end: 3"},
      {"lastIndexOf", kMember, {S("a"), S("a"), I(-1)}, ErrorCode::kIndexOutOfRange, "-1"},
      {"matches", kMember, {S("a"), S("(")}, ErrorCode::kInvalidArgument, "regular expression"},
      {"matches", kMember, {S("a"), S(std::string(20'000, 'a'))}, ErrorCode::kInvalidArgument, "too long"},
      {"join", kMember, {L({I(1)})}, ErrorCode::kNoSuchOverload, "int"},
      {"charAt", kMember, {I(42), I(2)}, ErrorCode::kNoSuchOverload, "int.charAt(int)"},
  });
}

TEST_F(BuiltinsTest, Format) {
  auto format = [&](std::string_view text, std::vector<Value> args) {
    return Call("format", kMember, {S(text), L(std::move(args))});
  };
  EXPECT_EQ(format("%%%s%%", {S("x")}).text(), "%x%");
  EXPECT_EQ(format("%d %b %o %x %X", {I(-5), U(5), I(11), I(-30), S("Jk")}).text(), "-5 101 13 -1e 4A6B");
  EXPECT_EQ(format("%.3f %f %.0f", {D(1.2345), I(2), D(2.5)}).text(), "1.234 2.000000 2");
  EXPECT_EQ(format("%.6e", {D(1052.032911275)}).text(), "1.052033e+03");
  EXPECT_EQ(format("%s", {M({{S("b"), L({I(1), Value::Null()})}, {I(6), Span("422s")}})}).text(), "{6: 422s, b: [1, null]}");
  EXPECT_EQ(format("%d", {D(std::nan(""))}).text(), "NaN");
  EXPECT_EQ(format("%f", {D(1e300)}).text().size(), 308u);
  for (const char* bad : {"%a", "%", "%.", "%.999f", "%d"}) EXPECT_TRUE(format(bad, {S("x")}).is_error()) << bad;
  EXPECT_EQ(format("%d %d", {I(0)}).error->code, ErrorCode::kIndexOutOfRange);
}

TEST_F(BuiltinsTest, Time) {
  Value t = Time("2009-02-13T23:31:30.5Z");
  EXPECT_EQ(Call("string", kGlobal, {t}).text(), "2009-02-13T23:31:30.5Z");
  Check({
      {"getFullYear", kMember, {t}, I(2009)},
      {"getMonth", kMember, {t}, I(1)},
      {"getDate", kMember, {t}, I(13)},
      {"getDate", kMember, {t, S("Australia/Sydney")}, I(14)},
      {"getDayOfMonth", kMember, {Time("2009-02-13T02:00:00Z"), S("-02:30")}, I(11)},
      {"getHours", kMember, {t, S("02:00")}, I(1)},
      {"getDayOfWeek", kMember, {t, S("UTC")}, I(5)},
      {"getDayOfYear", kMember, {t}, I(43)},
      {"getMilliseconds", kMember, {t}, I(500)},
      {"_-_", kGlobal, {t, Time("2009-02-13T23:29:30Z")}, Span("120.5s")},
      {"_+_", kGlobal, {t, Span("-500ms")}, Time("2009-02-14T01:31:30+02:00")},
      {"getMinutes", kMember, {Span("1h2m10s")}, I(62)},
      {"getMilliseconds", kMember, {Span("123.321456789s")}, I(321)},
      {"string", kGlobal, {Span("-1.5s")}, S("-1.5s")},
      {"string", kGlobal, {Span("1h30m")}, S("5400s")},
      {"int", kGlobal, {t}, I(1234567890)},
  });
  CheckFailures({
      {"timestamp", kGlobal, {S("0000-01-01T00:00:00Z")}, ErrorCode::kOverflow, "range"},
      {"timestamp", kGlobal, {S("2009-02-30T00:00:00Z")}, ErrorCode::kInvalidArgument, "2009-02-30"},
      {"timestamp", kGlobal, {I(kMax)}, ErrorCode::kOverflow, "range"},
      {"duration", kGlobal, {S("-320000000000s")}, ErrorCode::kOverflow, "range"},
      {"duration", kGlobal, {S("5")}, ErrorCode::kInvalidArgument, "5"},
      {"_+_", kGlobal, {Time("9999-12-31T23:59:59Z"), Span("1s")}, ErrorCode::kOverflow, "range"},
      {"getHours", kMember, {t, S("../../etc/passwd")}, ErrorCode::kInvalidArgument, "time zone"},
      {"getHours", kMember, {t, S("Mars/Base")}, ErrorCode::kInvalidArgument, "Mars/Base"},
  });
}

TEST_F(BuiltinsTest, Math) {
  Check({
      {"math.@max", kGlobal, {L({D(5.4), I(10), U(3), D(-5)})}, I(10)},
      {"math.@min", kGlobal, {L({U(1), D(1)})}, U(1)},
      {"math.round", kGlobal, {D(-1.5)}, D(-2)},
      {"math.trunc", kGlobal, {D(-1.2)}, D(-1)},
      {"math.sign", kGlobal, {I(-11)}, I(-1)},
      {"math.abs", kGlobal, {D(-1.5)}, D(1.5)},
      {"math.bitShiftRight", kGlobal, {I(-1024), I(3)}, I(2305843009213693824)},
      {"math.bitShiftLeft", kGlobal, {I(-1), I(200)}, I(0)},
      {"math.bitNot", kGlobal, {U(0)}, U(std::numeric_limits<uint64_t>::max())},
  });
  CheckFailures({
      {"math.@max", kGlobal, {L({I(1), S("x")})}, ErrorCode::kNoSuchOverload, "math.greatest of string"},
      {"math.@min", kGlobal, {L({})}, ErrorCode::kInvalidArgument, "need a value"},
      {"math.abs", kGlobal, {I(kMin)}, ErrorCode::kOverflow, "overflows"},
      {"math.ceil", kGlobal, {I(1)}, ErrorCode::kNoSuchOverload, "math.ceil(int)"},
      {"math.bitShiftRight", kGlobal, {U(1), I(-1)}, ErrorCode::kInvalidArgument, "negative offset"},
  });
}

TEST_F(BuiltinsTest, OptionalsAndMaps) {
  Value some = Call("optional.of", kGlobal, {I(1)}), none = Call("optional.none", kGlobal, {});
  EXPECT_TRUE(Call("hasValue", kMember, {some}).b);
  EXPECT_FALSE(Call("hasValue", kMember, {Call("optional.ofNonZeroValue", kGlobal, {M({})})}).b);
  EXPECT_EQ(Call("value", kMember, {some}).i, 1);
  EXPECT_EQ(Call("value", kMember, {none}).error->code, ErrorCode::kOptionalNone);
  Value map = Call("cel.@mapInsert", kGlobal, {M({{S("a"), I(1)}}), S("b"), I(2)});
  EXPECT_TRUE(Equal(map, M({{S("b"), I(2)}, {S("a"), I(1)}})));
  EXPECT_EQ(Call("cel.@mapInsert", kGlobal, {map, S("a"), I(2)}).error->code, ErrorCode::kDuplicateKey);
}

TEST_F(BuiltinsTest, EncodersAndJson) {
  for (std::string_view bytes : {"", "a", "ab", "abc", "Hello World!"}) {
    EXPECT_EQ(Call("base64.decode", kGlobal, {Call("base64.encode", kGlobal, {B(bytes)})}).text(), bytes);
  }
  EXPECT_EQ(Call("base64.encode", kGlobal, {B("ab")}).text(), "YWI=");
  EXPECT_EQ(Call("base64.decode", kGlobal, {S("aGVsbG8")}).text(), "hello");
  for (const char* bad : {"a", "a===", "a*==", "YWJ=="}) EXPECT_TRUE(Call("base64.decode", kGlobal, {S(bad)}).is_error()) << bad;

  for (const char* good :
       {"1", " -0.5e+3 ", "\"\\u00e9\\n\"", "[]", "{}", "[1,[2,{\"a\":null}],{}]", "{\"a\":[],\"b\":{\"c\":true}}"}) {
    EXPECT_TRUE(Call("json.valid", kGlobal, {S(good)}).b) << good;
  }
  for (const char* bad :
       {"", "01", "1.", "+1", "[1,]", "{\"a\"}", "{\"a\":1,}", "[}", "\"\n\"", "nul", "1 2", "{a:1}", "\"\\x\"", "]"}) {
    EXPECT_FALSE(Call("json.valid", kGlobal, {S(bad)}).b) << bad;
  }
  EXPECT_FALSE(Call("json.valid", kGlobal, {S(std::string(5000, '['))}).b);
  EXPECT_FALSE(Call("json.valid", kGlobal, {S(std::string(1001, '[') + std::string(1001, ']'))}).b);
  EXPECT_TRUE(Call("json.valid", kGlobal, {S(std::string(1000, '[') + std::string(1000, ']'))}).b);
  // Lone surrogates, as escapes and as themselves.
  EXPECT_TRUE(Call("json.valid", kGlobal, {S("[\"\\ud83d\", \"\xed\xa0\xbd\"]")}).b);
}

TEST_F(BuiltinsTest, JsonFaultsArePlacedByCharacter) {
  const auto fault = [&](std::string_view text) -> int64_t {
    const Value found = Call("json.fault", kGlobal, {S(text)});
    return found.inner == nullptr ? -1 : found.inner->i;
  };
  EXPECT_EQ(fault("{\"a\": [1, true, null]}"), -1);
  EXPECT_EQ(fault(""), 0);
  EXPECT_EQ(fault("{\"a\": 1"), 7);
  EXPECT_EQ(fault("{\"a\": 1,}"), 8);
  EXPECT_EQ(fault("[\"\xc3\xa9\", x]"), 6);
  EXPECT_EQ(fault("nul"), 3);
  EXPECT_EQ(fault("nulx"), 3);
  EXPECT_EQ(fault("01"), 1);
  EXPECT_EQ(fault("1 2"), 2);
  EXPECT_EQ(fault("\"a\nb\""), 2);
  EXPECT_EQ(fault("\"\\x\""), 2);
  EXPECT_EQ(fault("\"\\u12g4\""), 5);
  EXPECT_EQ(fault("[1.]"), 3);
  EXPECT_EQ(fault("\"ab\xff\""), 3);
  EXPECT_EQ(fault(std::string(5000, '[')), 1000);
}

TEST_F(BuiltinsTest, Network) {
  auto ip = [&](std::string_view text) { return Call("ip", kGlobal, {S(text)}); };
  auto cidr = [&](std::string_view text) { return Call("cidr", kGlobal, {S(text)}); };
  EXPECT_TRUE(Equal(ip("::ffff:c0a8:1"), ip("192.168.0.1")));
  EXPECT_EQ(TypeNameOf(ip("::1")), "net.IP");
  EXPECT_EQ(TypeNameOf(cidr("10.0.0.0/8")), "net.CIDR");
  for (const char* bad : {"192.168.0.1.0", "2001:db8:::68", "fe80::1%en0", "01.2.3.4", ""}) EXPECT_TRUE(ip(bad).is_error()) << bad;
  for (const char* bad : {"192.168.0.0/", "fe80::1%en0/24", "::ffff:192.168.0.1/24", "1.2.3.4/33", "1.2.3.4/08", "1.2.3.4"}) {
    EXPECT_TRUE(cidr(bad).is_error()) << bad;
  }
  Value yes = Value::Bool(true), no = Value::Bool(false);
  Check({
      {"containsIP", kMember, {cidr("192.168.0.0/24"), S("192.168.1.1")}, no},
      {"containsIP", kMember, {cidr("2001:db8::/32"), ip("192.168.1.1")}, no},
      {"containsCIDR", kMember, {cidr("192.168.0.0/24"), S("192.168.0.0/25")}, yes},
      {"containsCIDR", kMember, {cidr("192.168.0.0/24"), cidr("192.168.0.0/23")}, no},
      {"prefixLength", kMember, {cidr("2001:db8::/32")}, I(32)},
      {"isGlobalUnicast", kMember, {ip("255.255.255.255")}, no},
      {"isLoopback", kMember, {ip("::1")}, yes},
      {"isLinkLocalMulticast", kMember, {ip("ff02::1")}, yes},
      {"ip.isCanonical", kGlobal, {S("2001:DB8::68")}, no},
      {"string", kGlobal, {Call("masked", kMember, {cidr("192.168.7.9/20")})}, S("192.168.0.0/20")},
      {"family", kMember, {ip("::1")}, I(6)},
  });
  CheckFailures({{"isIP", kGlobal, {cidr("10.0.0.0/8")}, ErrorCode::kNoSuchOverload, "isIP(net.CIDR)"},
                 {"size", kGlobal, {ip("::1")}, ErrorCode::kNoSuchOverload, "size(net.IP)"}});
}

TEST_F(BuiltinsTest, FuelBoundsDoubling) {
  Value text = S("0123456789abcdef0123456789abcdef");
  int rounds = 0;
  for (; rounds < 64 && !text.is_error(); ++rounds) text = Call("_+_", kGlobal, {text, text});
  EXPECT_LT(rounds, 24);
  EXPECT_EQ(text.error->code, ErrorCode::kFuel);
}

// Lists that share parts are far larger than the memory they take.
TEST_F(BuiltinsTest, FuelBoundsEqualityAtDepth) {
  Value a = L({I(1)}), b = L({I(1)});
  for (int i = 0; i < 60; ++i) a = L({a, a}), b = L({b, b});
  for (const char* function : {"_==_", "_!=_"}) {
    context_.fuel = 10'000;
    Value got = Call(function, kGlobal, {a, b});
    ASSERT_TRUE(got.is_error());
    EXPECT_EQ(got.error->code, ErrorCode::kFuel);
  }
  context_.fuel = 10'000;
  EXPECT_TRUE(Call("@in", kGlobal, {a, L({I(1), b})}).is_error());
  context_.fuel = 10'000;
  EXPECT_TRUE(Call("_==_", kGlobal, {Value::Optional(&a), Value::Optional(&b)}).is_error());
  EXPECT_LT(ToMessageText(a, 100).size(), 1000u);
}

TEST_F(BuiltinsTest, FuelCountsLongText) {
  const std::string a(100'000, 'a'), b(100'000, 'a');
  struct Row {
    const char* function;
    bool member;
  };
  for (const Row& row : {Row{"_==_", kGlobal}, Row{"_!=_", kGlobal}, Row{"_<_", kGlobal}, Row{"startsWith", kMember},
                         Row{"endsWith", kMember}, Row{"contains", kMember}}) {
    context_.fuel = 50;
    EXPECT_TRUE(Call(row.function, row.member, {S(a), S(b)}).is_error()) << row.function;
    context_.fuel = 50;
    EXPECT_FALSE(Call(row.function, row.member, {S("short"), S("text")}).is_error()) << row.function;
  }
}

TEST_F(BuiltinsTest, ErrorsOfArgumentsComeFirst) {
  Value error = MakeError(arena_, ErrorCode::kDivideByZero, "division by zero");
  EXPECT_EQ(Call("_+_", kGlobal, {I(1), error}).error, error.error);
  EXPECT_EQ(Call("no_such", kGlobal, {error}).error, error.error);
}

TEST_F(BuiltinsTest, TableIsWellFormed) {
  for (uint32_t id = 0; id < OverloadCount(); ++id) {
    const Overload& overload = OverloadAt(id);
    EXPECT_NE(overload.fn, nullptr);
    EXPECT_GE(overload.cost, 1u) << overload.symbol;
    EXPECT_NE(std::string_view(overload.signature).find("-> "), std::string_view::npos) << overload.symbol;
    EXPECT_FALSE(overload.member && std::string_view(overload.signature).starts_with("->")) << overload.symbol;
  }
}

}  // namespace
}  // namespace edict
