#include <gtest/gtest.h>

#include <set>
#include <string>

#include "compiler/diag/diagnostic.h"

namespace edict::diag {
namespace {

using source::SourceSet;
using source::Span;

class RenderTest : public testing::Test {
 protected:
  Span Find(const std::string& word) const {
    const size_t begin = sources_.file(file_).text().find(word);
    return Span{file_, static_cast<uint32_t>(begin), static_cast<uint32_t>(begin + word.size())};
  }
  void Use(const std::string& text) { file_ = sources_.Add("a.rules", text); }

  SourceSet sources_;
  uint32_t file_ = 0;
  Diagnostics diagnostics_;
};

TEST_F(RenderTest, MarksTheSpanItsLabelsAndFixes) {
  Use("rule A {\n  fix \"x\"\n  fixx \"y\"\n}\n");
  Diagnostic& diagnostic = diagnostics_.Report(Code::kSyntax, Find("fixx"), "expected a clause");
  diagnostic.labels.push_back({Find("rule"), "in this rule"});
  diagnostic.labels.push_back({Span(), "clauses are listed in the reference"});
  diagnostic.fixes.push_back({Find("fixx"), "fix", "use the clause"});
  EXPECT_EQ(RenderText(diagnostics_, sources_, false),
            "a.rules:3:3: error[E0101]: expected a clause\n"
            "  3 |   fixx \"y\"\n"
            "    |   ^^^^\n"
            "  --> a.rules:1:1\n"
            "  1 | rule A {\n"
            "    | ---- in this rule\n"
            "  note: clauses are listed in the reference\n"
            "    = fix: use the clause: write `fix`\n");
}

TEST_F(RenderTest, LabelsOfTheSameLineShareIt) {
  Use("f(a b");
  diagnostics_.Report(Code::kSyntax, Find("b"), "expected ')'").labels.push_back({Find("("), "open here"});
  EXPECT_EQ(RenderText(diagnostics_, sources_, false),
            "a.rules:1:5: error[E0101]: expected ')'\n"
            "  1 | f(a b\n"
            "    |     ^\n"
            "    |  - open here\n");
}

TEST_F(RenderTest, TabsAndAccentsKeepTheCaretsInPlace) {
  Use("\t\xC3\xA9 bad");
  diagnostics_.Report(Code::kSyntax, Find("bad"), "no");
  EXPECT_EQ(RenderText(diagnostics_, sources_, false), "a.rules:1:4: error[E0101]: no\n  1 |  \xC3\xA9 bad\n    |    ^^^\n");
}

TEST_F(RenderTest, ControlCharactersDoNotReachTheTerminal) {
  Use("a \x1b[31m b");
  diagnostics_.Report(Code::kSyntax, Find("b"), "what \x1b is this");
  const std::string text = RenderText(diagnostics_, sources_, false);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_NE(RenderText(diagnostics_, sources_, true).find("\x1b[1;31m"), std::string::npos);
}

TEST_F(RenderTest, LongLinesAreCutAroundTheSpan) {
  Use(std::string(10'000, 'x') + "bad" + std::string(10'000, 'y'));
  diagnostics_.Report(Code::kSyntax, Find("bad"), "no");
  const std::string text = RenderText(diagnostics_, sources_, false);
  EXPECT_LT(text.size(), 600u);
  const size_t mark = text.find('^');
  const size_t line = text.rfind('\n', mark) + 1;
  const size_t source_line = text.find("  1 |");
  EXPECT_EQ(text.substr(source_line + (mark - line), 3), "bad");
}

TEST_F(RenderTest, SpansOfSeveralLinesMarkTheFirst) {
  Use("aa bb\ncc dd");
  diagnostics_.Report(Code::kSyntax, Span{file_, 3, 8}, "no");
  EXPECT_EQ(RenderText(diagnostics_, sources_, false), "a.rules:1:4: error[E0101]: no\n  1 | aa bb\n    |    ^^\n");
}

TEST_F(RenderTest, SourceOrderWhateverTheOrderOfReport) {
  Use("a b");
  diagnostics_.Report(Code::kSyntax, Find("b"), "second");
  diagnostics_.Report(Code::kSyntax, Find("a"), "first");
  const std::string text = RenderText(diagnostics_, sources_, false);
  EXPECT_LT(text.find("first"), text.find("second"));
}

TEST_F(RenderTest, JsonHasEveryPart) {
  Use("ab\ncd");
  Diagnostic& diagnostic = diagnostics_.Report(Code::kSyntax, Find("cd"), "say \"hi\" \xff");
  diagnostic.labels.push_back({Find("ab"), "why"});
  diagnostic.fixes.push_back({Find("cd"), "x", "do"});
  const std::string json = RenderJson(diagnostics_, sources_);
  for (const char* part : {"\"version\": 1", "\"code\": \"E0101\"", "\"severity\": \"error\"", "\"title\": \"syntax error\"",
                           "\"message\": \"say \\\"hi\\\" \xEF\xBF\xBD\"", "\"file\": \"a.rules\"", "\"line\": 2", "\"column\": 1",
                           "\"end_line\": 2", "\"end_column\": 3", "\"text\": \"why\"", "\"title\": \"do\""}) {
    EXPECT_NE(json.find(part), std::string::npos) << part << " in " << json;
  }
}

TEST(Diagnostics, KeepsUpToTheLimitAndCountsTheRest) {
  Diagnostics diagnostics(2);
  for (int i = 0; i < 5; ++i) diagnostics.Report(Code::kSyntax, Span(), "x").labels.push_back({Span(), "y"});
  EXPECT_EQ(diagnostics.items().size(), 2u);
  EXPECT_EQ(diagnostics.dropped(), 3u);
  EXPECT_TRUE(diagnostics.has_errors());
  EXPECT_NE(RenderText(diagnostics, SourceSet(), false).find("and 3 more"), std::string::npos);
}

TEST(Diagnostics, CodesAreUniqueAndSayTheirSeverity) {
  const Code codes[] = {
#define EDICT_DIAGNOSTIC(symbol, code, severity, title) Code::symbol,
#include "compiler/diag/diagnostics.def"
#undef EDICT_DIAGNOSTIC
  };
  std::set<std::string> seen;
  for (const Code code : codes) {
    const std::string text = CodeText(code);
    EXPECT_TRUE(seen.insert(text).second) << text;
    EXPECT_EQ(text.size(), 5u);
    EXPECT_EQ(text[0], CodeSeverity(code) == Severity::kError ? 'E' : CodeSeverity(code) == Severity::kWarning ? 'W' : 'N') << text;
    const std::string title = CodeTitle(code);
    EXPECT_FALSE(title.empty());
    EXPECT_NE(title.back(), '.');
  }
}

}  // namespace
}  // namespace edict::diag
