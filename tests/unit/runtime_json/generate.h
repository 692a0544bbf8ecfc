// Random valid JSON texts in many notations, for comparisons. The same seed gives the same texts.
#ifndef EDICT_TESTS_UNIT_RUNTIME_JSON_GENERATE_H_
#define EDICT_TESTS_UNIT_RUNTIME_JSON_GENERATE_H_

#include <iterator>
#include <random>
#include <string>

namespace edict {

class JsonGenerator {
 public:
  explicit JsonGenerator(uint32_t seed) : random_(seed) {}

  std::string Document() {
    std::string text = Space();
    Value(text, 0);
    return text + Space();
  }
  uint32_t Below(uint32_t n) { return static_cast<uint32_t>(random_() % n); }

 private:
  template <size_t N>
  const char* Pick(const char* const (&choices)[N]) {
    return choices[Below(N)];
  }
  std::string Space() { return Pick({"", "", "", " ", "\n", "\t", "\r\n", "   "}); }
  void String(std::string& text) {
    text += '"';
    for (uint32_t n = Below(6); n != 0; --n) {
      text += Pick({"a", "b", "key", "\\n", "\\\"", "\\\\", "\\u0041", "\\ud83d\\ude00", "\xC3\xA9", "\xF0\x9F\x98\x80", "/", "\\/",
                    "{[:,]}", "plain text that is longer than a block of sixteen bytes"});
    }
    text += '"';
  }
  void Value(std::string& text, int depth) {
    uint32_t kind = Below(depth > 5 ? 6 : 9);
    if (kind < 2) {
      text += Pick({"0", "-0", "1", "-1", "42", "1760000000000", "9223372036854775807", "-9223372036854775808", "0.5", "-1.25e3",
                    "1E-7", "3.141592653589793", "123456789012345678901234567890", "5e-324", "1.7976931348623157e308"});
    } else if (kind < 4) {
      String(text);
    } else if (kind < 6) {
      text += Pick({"true", "false", "null"});
    } else {
      bool object = kind != 6;
      text += object ? "{" : "[";
      text += Space();
      for (uint32_t i = 0, n = Below(Below(10) == 0 ? 60 : 5); i < n; ++i) {
        if (i != 0) text += "," + Space();
        if (object) {
          String(text);
          text += Space() + ":" + Space();
        }
        Value(text, depth + 1);
        text += Space();
      }
      text += object ? "}" : "]";
    }
  }

  std::mt19937 random_;
};

}  // namespace edict

#endif  // EDICT_TESTS_UNIT_RUNTIME_JSON_GENERATE_H_
