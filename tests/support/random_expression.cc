#include "tests/support/random_expression.h"

#include <cctype>
#include <cstdint>
#include <limits>
#include <string>

namespace edict::tests {
namespace {

// The types by the letter that names them: i int, u uint, d double, b bool, s string, t timestamp, r duration,
// I list(int), S list(string), M map(string, int), O optional(int), x dyn.
class Generator {
 public:
  explicit Generator(Random& random) : random_(random) {}

  std::string Make(char type, int depth) {
    if (depth <= 0 || random_.Chance(8)) return Leaf(type);
    if (random_.Chance(6)) return "(" + Make('b', depth - 1) + " ? " + Make(type, depth - 1) + " : " + Make(type, depth - 1) + ")";
    if (type != 'x' && random_.Chance(4)) {
      return "cel.bind(v" + std::to_string(depth) + ", " + Make('i', depth - 1) + ", " + Make(type, depth - 1) + ")";
    }
    const std::vector<std::string>& forms = Forms(type);
    return Fill(random_.Pick(forms), depth - 1);
  }

 private:
  // A form with $i and the like replaced by expressions of that type.
  std::string Fill(const std::string& form, int depth) {
    std::string text;
    for (size_t at = 0; at < form.size(); ++at) {
      if (form[at] == '$' && std::isalpha(static_cast<unsigned char>(form[at + 1])) != 0) {
        text += Make(form[++at], depth);
      } else {
        text += form[at];
      }
    }
    return text;
  }

  std::string Leaf(char type) {
    static const std::vector<std::string> kInts = {"i1", "i2", "0", "1", "-1", "7", "9223372036854775807", "m.a", "I1[0]"};
    static const std::vector<std::string> kUints = {"u1", "0u", "3u", "18446744073709551615u"};
    static const std::vector<std::string> kDoubles = {"d1", "0.0", "-2.5", "1e300", "9007199254740993.0"};
    static const std::vector<std::string> kBools = {"b1", "true", "false", "has(m.a)", "has(m.zz)"};
    static const std::vector<std::string> kStrings = {"s1", "s2", "''", "'abc'", "'\\u00e9x'", "S1[1]"};
    static const std::vector<std::string> kTimes = {"t1", "timestamp('2024-02-29T12:00:00.5Z')", "timestamp(0)"};
    static const std::vector<std::string> kDurations = {"r1", "duration('1h0.25s')", "duration('-3s')"};
    static const std::vector<std::string> kIntLists = {"I1", "[1, 2, 3]", "[i1, 4]", "[]"};
    static const std::vector<std::string> kStringLists = {"S1", "['a', 'abc']", "[s1]"};
    static const std::vector<std::string> kMaps = {"m", "{'a': 1, 'b': i2}"};
    static const std::vector<std::string> kOptionals = {"optional.none()", "optional.of(i1)", "m[?'a']", "m.?zz", "I1[?1]"};
    static const std::vector<std::string> kDyns = {"x1", "x2", "x3", "x4.k", "dyn(1)", "dyn('a')", "dyn(2.0)"};
    switch (type) {
      case 'i':
        return random_.Pick(kInts);
      case 'u':
        return random_.Pick(kUints);
      case 'd':
        return random_.Pick(kDoubles);
      case 'b':
        return random_.Pick(kBools);
      case 's':
        return random_.Pick(kStrings);
      case 't':
        return random_.Pick(kTimes);
      case 'r':
        return random_.Pick(kDurations);
      case 'I':
        return random_.Pick(kIntLists);
      case 'S':
        return random_.Pick(kStringLists);
      case 'M':
        return random_.Pick(kMaps);
      case 'O':
        return random_.Pick(kOptionals);
      default:
        return random_.Pick(kDyns);
    }
  }

  static const std::vector<std::string>& Forms(char type) {
    static const std::vector<std::string> kInts = {"($i + $i)",
                                                   "($i - $i)",
                                                   "($i * $i)",
                                                   "($i / $i)",
                                                   "($i % $i)",
                                                   "(-$i)",
                                                   "size($s)",
                                                   "size($I)",
                                                   "$S.size()",
                                                   "int($u)",
                                                   "int($d)",
                                                   "$M.a",
                                                   "$M[$s]",
                                                   "$I[$i]",
                                                   "$O.orValue($i)",
                                                   "$O.value()",
                                                   "$t.getFullYear()",
                                                   "$t.getHours('+02:00')",
                                                   "$r.getSeconds()",
                                                   "$s.indexOf($s)",
                                                   "$I.map(e, e + $i)[0]",
                                                   "math.greatest($i, $i)",
                                                   "int($x)",
                                                   "$I.filter(e, e > $i).size()"};
    static const std::vector<std::string> kUints = {"($u + $u)", "($u - $u)", "($u * $u)", "($u / $u)", "($u % $u)", "uint($i)"};
    static const std::vector<std::string> kDoubles = {"($d + $d)", "($d * $d)", "($d / $d)", "(-$d)", "double($i)", "double($u)"};
    static const std::vector<std::string> kBools = {"($b && $b)",
                                                    "($b || $b)",
                                                    "(!$b)",
                                                    "($i < $i)",
                                                    "($i <= $u)",
                                                    "($i > $d)",
                                                    "($u >= $d)",
                                                    "($d == $d)",
                                                    "($i == $i)",
                                                    "($s == $s)",
                                                    "($s != $s)",
                                                    "($s < $s)",
                                                    "($t < $t)",
                                                    "($r >= $r)",
                                                    "($t == $t)",
                                                    "($I == $I)",
                                                    "($M == $M)",
                                                    "($x == $x)",
                                                    "($x != $i)",
                                                    "($x < $i)",
                                                    "($x == $s)",
                                                    "($i in $I)",
                                                    "($s in $S)",
                                                    "($s in ['a', 'abc', 'xyz', ''])",
                                                    "($i in [1, 7, 9])",
                                                    "($s in $M)",
                                                    "$s.startsWith($s)",
                                                    "$s.endsWith('c')",
                                                    "$s.contains($s)",
                                                    "$s.matches('^[a-c]+$')",
                                                    "$I.all(e, e > $i)",
                                                    "$I.exists(e, $i / e > 1)",
                                                    "$S.exists_one(e, e == $s)",
                                                    "$M.all(k, k != $s)",
                                                    "$M.exists(k, v, v > $i)",
                                                    "$O.hasValue()",
                                                    "$I.all(n, e, n < e)",
                                                    "has(x4.k)",
                                                    "($x in [1, 2.0, 'a'])",
                                                    "$x",
                                                    "(type($x) == int)"};
    static const std::vector<std::string> kStrings = {"($s + $s)",           "string($i)",   "$s.lowerAscii()",
                                                      "$s.replace('a', $s)", "$S.join('-')", "$s.substring(1)",
                                                      "string($t)",          "$S[$i]",       "string($d)"};
    static const std::vector<std::string> kTimes = {"($t + $r)", "($t - $r)", "($r + $t)", "timestamp(string($t))"};
    static const std::vector<std::string> kDurations = {"($r + $r)", "($r - $r)", "($t - $t)"};
    static const std::vector<std::string> kIntLists = {
        "($I + $I)",           "[$i, $i]", "[$i, ?$O]", "$I.map(e, e * 2)", "$I.filter(e, e != $i)", "$M.map(k, $M[k])",
        "$I.map(e, e > 1, $i)"};
    static const std::vector<std::string> kStringLists = {"($S + $S)", "[$s, $s]", "$S.filter(e, e.size() > 1)",
                                                          "$M.map(k, k + 'z')", "$s.split('b')"};
    static const std::vector<std::string> kMaps = {"{$s: $i, 'q': $i}", "{'a': $i, ?'o': $O}", "$M.transformMap(k, v, v + 1)"};
    static const std::vector<std::string> kOptionals = {"optional.of($i)", "$O.or($O)", "$M.?a", "$I[?$i]", "$O.optMap(o, o + $i)"};
    static const std::vector<std::string> kDyns = {"dyn($i)",   "dyn($d)",       "dyn($s)", "($x + $x)",
                                                   "($x - $i)", "dyn([$x, $i])", "x3[$i]"};
    switch (type) {
      case 'i':
        return kInts;
      case 'u':
        return kUints;
      case 'd':
        return kDoubles;
      case 'b':
        return kBools;
      case 's':
        return kStrings;
      case 't':
        return kTimes;
      case 'r':
        return kDurations;
      case 'I':
        return kIntLists;
      case 'S':
        return kStringLists;
      case 'M':
        return kMaps;
      case 'O':
        return kOptionals;
      default:
        return kDyns;
    }
  }

  Random& random_;
};

std::string Declaration(const std::string& name, const std::string& type) {
  return "name: \"" + name + "\" ident { type { " + type + " } }";
}

class Variables {
 public:
  Variables(Random& random, Arena& arena, RandomExpression& out) : random_(random), arena_(arena), out_(out) {}

  void AddAll() {
    Typed("i1", "primitive: INT64", Int());
    Typed("i2", "primitive: INT64", Int());
    Typed("u1", "primitive: UINT64", Value::Uint(random_.Pick(kUints)));
    Typed("d1", "primitive: DOUBLE", Double());
    Typed("b1", "primitive: BOOL", Value::Bool(random_.Chance(50)));
    Typed("s1", "primitive: STRING", String());
    Typed("s2", "primitive: STRING", String());
    Typed("t1", "well_known: TIMESTAMP", Value::Timestamp(1'700'000'000 + random_.Below(1'000'000), 250'000'000));
    Typed("r1", "well_known: DURATION", Value::Duration(random_.Below(5000), 0));
    Typed("I1", "list_type { elem_type { primitive: INT64 } }", List(&Variables::Int));
    Typed("S1", "list_type { elem_type { primitive: STRING } }", List(&Variables::String));
    Typed("m", "map_type { key_type { primitive: STRING } value_type { primitive: INT64 } }", Map());
    // dyn: anything at all
    Dyn("x1", Any());
    Dyn("x2", Any());
    Dyn("x3", List(&Variables::Any));
    Dyn("x4", random_.Chance(80) ? Map() : Any());
  }

 private:
  Value Int() {
    // As from JSON, an int may come as a double.
    if (random_.Chance(10)) return Value::Double(static_cast<double>(random_.Below(9)));
    static const std::vector<int64_t> kInts = {0, 1, 2, 3, -1, 100, std::numeric_limits<int64_t>::min()};
    return Value::Int(random_.Pick(kInts));
  }
  Value Double() {
    if (random_.Chance(20)) return Value::Int(3);
    static const std::vector<double> kDoubles = {0.0, -0.0, 1.5, 3.0, -7.25, 1e18, std::numeric_limits<double>::quiet_NaN()};
    return Value::Double(random_.Pick(kDoubles));
  }
  Value String() {
    static const std::vector<std::string> kStrings = {"", "a", "abc", "abcabc", "\xc3\xa9x", "xyz", "A-B"};
    const std::string& text = random_.Pick(kStrings);
    return Value::String({arena_.Copy(text), text.size()});
  }
  Value Any() {
    switch (random_.Below(7)) {
      case 0:
        return Int();
      case 1:
        return Double();
      case 2:
        return String();
      case 3:
        return Value::Bool(random_.Chance(50));
      case 4:
        return Value::Null();
      case 5:
        return Value::Uint(3);
      default:
        return Value::Int(2);
    }
  }
  Value List(Value (Variables::*element)()) {
    uint32_t size = random_.Below(4) + 1;
    Value* items = arena_.AllocateArray<Value>(size);
    for (uint32_t i = 0; i < size; ++i) items[i] = (this->*element)();
    return Value::List(items, size);
  }
  Value Map() {
    MapEntry* entries = arena_.AllocateArray<MapEntry>(2);
    entries[0] = {Value::String("a"), Int()};
    entries[1] = {Value::String(random_.Chance(50) ? "k" : "abc"), Int()};
    return Value::Map(entries, 2);
  }
  void Typed(const std::string& name, const std::string& type, const Value& value) {
    out_.options.variables.push_back({"", Declaration(name, type)});
    out_.values.push_back(value);
  }
  void Dyn(const std::string& name, const Value& value) {
    out_.options.variables.push_back({name, ""});
    out_.values.push_back(value);
  }

  static inline const std::vector<uint64_t> kUints = {0, 1, 3, 5000, std::numeric_limits<uint64_t>::max()};
  Random& random_;
  Arena& arena_;
  RandomExpression& out_;
};

}  // namespace

RandomExpression MakeRandomExpression(Random& random, Arena& arena) {
  RandomExpression made;
  Variables(random, arena, made).AddAll();
  static const std::vector<char> kTypes = {'b', 'b', 'b', 'i', 'i', 'd', 'u', 's', 't', 'r', 'I', 'S', 'M', 'O'};
  made.options.text = Generator(random).Make(random.Pick(kTypes), 2 + static_cast<int>(random.Below(3)));
  return made;
}

}  // namespace edict::tests
