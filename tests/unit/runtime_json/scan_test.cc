// Reading in place accepts what the parser accepts, and nothing else.
#include "runtime/json/scan.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/json/document.h"

namespace edict {
namespace {

// A text with the room behind it that the scanner may read.
class Padded {
 public:
  explicit Padded(std::string_view text) : bytes_(text), size_(text.size()) { bytes_.append(json::kScanPadding, '\0'); }
  const char* begin() const { return bytes_.data(); }
  const char* end() const { return bytes_.data() + size_; }

 private:
  std::string bytes_;
  size_t size_;
};

bool Scans(const std::string& text, uint64_t depth = 1000) {
  const Padded padded(text);
  const char* end = json::ScanValue(padded.begin(), depth);
  return end == padded.end();
}

bool Parses(const std::string& text) {
  JsonParser parser;
  return parser.Parse(text, JsonLimits{}) != nullptr;
}

const std::vector<std::string> kTexts = {
    R"({"type":"A","n":-12.5e+3,"list":[1,2,[],{}],"text":"a\"\\\/\b\f\n\r\tA","t":true,"f":false,"z":null})",
    R"({"a":"0123456789abcdef0123456789abcdef0123456789abcdef","b":"é漢😀","c":"\ud83d","d":""})",
    R"([ 0 , -0 , 0.0 , 1e5 , 1E-5 , 123456789012345678901234567890 , "x" ])",
    R"({ "k" : { "k" : { "k" : [ [ [ ] ] ] } } , "k" : 1 })",
    R"("only a string")",
};

TEST(Scan, AcceptsWhatTheParserAccepts) {
  for (const std::string& text : kTexts) {
    EXPECT_TRUE(Parses(text)) << text;
    EXPECT_TRUE(Scans(text)) << text;
  }
}

TEST(Scan, AgreesWithTheParserOnDamagedTexts) {
  std::mt19937_64 random(7);
  static constexpr char kBytes[] = "{}[]\",:\\ \t\r0123456789.eE+-truefalsn\xC3\xA9\x80\xFF\x01\0u/";
  const std::string bytes(kBytes, sizeof kBytes - 1);
  size_t accepted = 0;
  for (int i = 0; i < 60'000; ++i) {
    std::string text = kTexts[random() % kTexts.size()];
    const size_t changes = 1 + random() % 2;
    for (size_t change = 0; change < changes && !text.empty(); ++change) {
      const size_t at = random() % text.size();
      switch (random() % 3) {
        case 0:
          text[at] = bytes[random() % bytes.size()];
          break;
        case 1:
          text.erase(at, 1 + random() % 3);
          break;
        default:
          text.insert(at, 1, bytes[random() % bytes.size()]);
      }
    }
    const bool parses = Parses(text);
    accepted += parses ? 1 : 0;
    // The scanner begins at a value: blanks around it are the caller's.
    const size_t first = text.find_first_not_of(" \t\r");
    const size_t last = text.find_last_not_of(" \t\r");
    const std::string value = first == std::string::npos ? "" : text.substr(first, last - first + 1);
    ASSERT_EQ(Scans(value), parses) << "case " << i << ": " << text;
  }
  EXPECT_GT(accepted, 5'000u);
  EXPECT_LT(accepted, 50'000u);
}

TEST(Scan, NestingIsLimited) {
  const std::string text = "[[{\"a\":[1]}]]";
  EXPECT_TRUE(Scans(text, 4));
  EXPECT_FALSE(Scans(text, 3));
  EXPECT_FALSE(Scans("{}", 0));
}

TEST(Scan, StringsOfEveryLengthAndPlace) {
  for (size_t size = 0; size < 150; ++size) {
    const std::string plain(size, 'x');
    const Padded good("\"" + plain + "\"");
    const json::ScannedString scanned = json::ScanString(good.begin() + 1);
    EXPECT_EQ(scanned.end, good.end());
    EXPECT_EQ(scanned.escaped, 0u);
    for (size_t at = 0; at < size; ++at) {
      std::string text = plain;
      text[at] = '\n';
      EXPECT_EQ(json::ScanString(Padded("\"" + text + "\"").begin() + 1).end, nullptr);
      text[at] = '\xE9';
      EXPECT_EQ(json::ScanString(Padded("\"" + text + "\"").begin() + 1).end, nullptr);
      if (at + 1 == size) continue;
      text.replace(at, 2, "\\n");
      const Padded with_escape("\"" + text + "\"");
      const json::ScannedString found = json::ScanString(with_escape.begin() + 1);
      EXPECT_EQ(found.end, with_escape.end());
      EXPECT_EQ(found.escaped, 1u);
      text.replace(at, 2, "\xC3\xA9");
      const Padded wide("\"" + text + "\"");
      EXPECT_EQ(json::ScanString(wide.begin() + 1).end, wide.end());
    }
  }
}

TEST(Scan, Numbers) {
  const auto whole = [](const std::string& text) {
    const Padded padded(text);
    const json::ScannedInt scanned = json::ScanInt(padded.begin());
    return scanned.end == padded.end() ? std::to_string(scanned.value) : "none";
  };
  EXPECT_EQ(whole("0"), "0");
  EXPECT_EQ(whole("-0"), "0");
  EXPECT_EQ(whole("1760897007668"), "1760897007668");
  EXPECT_EQ(whole("-999999999999999999"), "-999999999999999999");
  EXPECT_EQ(whole("9223372036854775807"), "none");  // for the parser
  for (int64_t value = 1; value < 100'000'000'000'000'000; value = value * 7 + 3) {
    EXPECT_EQ(whole(std::to_string(value)), std::to_string(value));
    EXPECT_EQ(whole(std::to_string(-value)), std::to_string(-value));
  }
  EXPECT_EQ(whole("01"), "none");
  EXPECT_EQ(whole("1.0"), "none");
  EXPECT_EQ(whole("1e3"), "none");
  EXPECT_EQ(whole("-"), "none");
  EXPECT_EQ(whole(""), "none");
  const Padded half("0.5,");
  EXPECT_EQ(json::ScanDouble(half.begin()).value, 0.5);
  const Padded big("9007199254740993]");
  EXPECT_EQ(json::ScanDouble(big.begin()).value, 9007199254740992.0);
}

TEST(Scan, MembersByName) {
  const json::ScanName names[] = {{"a", 1}, {"bc", 2}};
  const Padded text(R"({ "bc" : 1 , "x":2,"\u0061":3})");
  const json::ScannedMember first = json::ScanMember(text.begin(), true, names, 2);
  ASSERT_NE(first.value, nullptr);
  EXPECT_EQ(first.name, 1u);
  EXPECT_EQ(*first.value, '1');
  const json::ScannedMember other = json::ScanMember(first.value + 1, false, names, 2);
  ASSERT_NE(other.value, nullptr);
  EXPECT_EQ(other.name, 3u);
  EXPECT_EQ(json::ScanMember(other.value + 1, false, names, 2).value, nullptr);  // an escape in a name
  const Padded empty("{}");
  const json::ScannedMember end = json::ScanMember(empty.begin(), true, names, 2);
  EXPECT_EQ(end.value, empty.end());
  EXPECT_EQ(end.name, 2u);
  EXPECT_EQ(json::ScanMember(Padded("{,}").begin(), true, names, 2).value, nullptr);
  EXPECT_EQ(*json::ScanForMember(text.begin(), "x", 9), '2');
  EXPECT_EQ(json::ScanForMember(text.begin(), "y", 9), nullptr);
}

TEST(Scan, OneMemberOfAWholeObject) {
  const auto found = [](const std::string& text) {
    const Padded padded(text);
    const char* value = nullptr;
    const char* end = json::ScanWithMember(padded.begin(), "id", 9, &value);
    return end == nullptr ? "none" : std::string(value, 1) + " of " + std::to_string(end - padded.begin());
  };
  EXPECT_EQ(found(R"({"a":[1],"id":7,"b":{}} )"), "7 of 23");
  EXPECT_EQ(found(R"({"id":1,"id":2})"), "none");
  EXPECT_EQ(found(R"({"a":1})"), "none");
  EXPECT_EQ(found(R"({"id":1,"b":tru})"), "none");
  EXPECT_EQ(found(R"({"id":1,"\u0061":1})"), "none");
  EXPECT_EQ(found("[]"), "none");
}

}  // namespace
}  // namespace edict
