// Declarations: source on top, printed AST below.
#include <gtest/gtest.h>

#include "tests/unit/compiler_parse/testing.h"

namespace edict::parse {
namespace {

TEST(File, PackageAndImports) {
  EXPECT_EQ(FileOf("package agui.verify 1.0.0\nimport agui.events; import \"./x.rules\""),
            "(package agui.verify 1.0.0)\n(import agui.events)\n(import \"./x.rules\")\n");
  EXPECT_EQ(FileOf("package a"), "(package a)\n");
  EXPECT_EQ(FileOf("package a 1.2.3-rc.1"), "(package a 1.2.3-rc.1)\n");
}

TEST(File, Types) {
  EXPECT_EQ(FileOf(R"(
    type Role = "user" | "system"
    type Id = string where size(this) > 0 else T1 "an id is not empty"
    type Shape = map<string, (int | null)[]> | { a: -1 | 1.5 | true, b: open {} }
  )"),
            "(type Role (| \"user\" \"system\"))\n"
            "(type Id string (where (> (call size this) 0) else T1 \"an id is not empty\"))\n"
            "(type Shape (| (map string (array (| int null))) (record (field a (| -1 1.5 true)) (field b "
            "(record open)))))\n");
}

TEST(File, Records) {
  EXPECT_EQ(FileOf(R"(
    /// A patch operation.
    type PatchOp closed {
      /// What to do.
      op: "add" | "remove",
      path: string where this.startsWith("/") else P1 "no slash" where size(this) < 100
      value: any? ; where has(this.value) || this.op == "remove"
      ...Base  where this.op != this.path
      "x-y": int   `a/b`: int
    }
  )"),
            "(type PatchOp closed\n"
            "  (doc \"A patch operation.\")\n"
            "  (doc \"What to do.\")\n"
            "  (field op (| \"add\" \"remove\"))\n"
            "  (field path string (where (call this .startsWith \"/\") else P1 \"no slash\") (where (< (call "
            "size this) 100)))\n"
            "  (field ?value any)\n"
            "  (spread Base)\n"
            "  (field \"x-y\" int)\n"
            "  (field \"a/b\" int)\n"
            "  (where (|| (call has (. this value)) (== (. this op) \"remove\")))\n"
            "  (where (!= (. this op) (. this path)))\n"
            ")\n");
}

TEST(File, TaggedTypes) {
  EXPECT_EQ(FileOf(R"(
    type Message by role {
      id: string  ...Base
      user { name: string? }
      system, "dev-eloper" closed { content: string }
      otherwise reject
    }
  )"),
            "(type Message by role\n"
            "  (field id string)\n"
            "  (spread Base)\n"
            "  (alternative user\n"
            "    (field ?name string)\n"
            "  )\n"
            "  (alternative system \"dev-eloper\" closed\n"
            "    (field content string)\n"
            "  )\n"
            "  (otherwise reject)\n"
            ")\n");
}

TEST(File, Events) {
  EXPECT_EQ(FileOf(R"(
    event Event by type open {
      timestamp: int?
      fault not_object error AGUI001 "not an object"
      fault unknown_type AGUI002  fault malformed warning
      RUN_STARTED { threadId: string runId: string }
      type { type: string }  fault, otherwise {}  "x y" { }
      otherwise warning AGUI009
    }
  )"),
            "(event Event by type open\n"
            "  (field ?timestamp int)\n"
            "  (fault not_object error AGUI001 \"not an object\")\n"
            "  (fault unknown_type AGUI002)\n"
            "  (fault malformed warning)\n"
            "  (alternative RUN_STARTED\n"
            "    (field threadId string)\n"
            "    (field runId string)\n"
            "  )\n"
            "  (alternative type\n"
            "    (field type string)\n"
            "  )\n"
            "  (alternative fault otherwise\n"
            "  )\n"
            "  (alternative \"x y\"\n"
            "  )\n"
            "  (otherwise warning AGUI009)\n"
            ")\n");
}

TEST(File, FunctionsParamsProfiles) {
  EXPECT_EQ(FileOf(R"(
    fn f(a: string, b: list<int>): bool = a.size() in b
    param limit: int = 10_000 "at most"
    profile strict { severity A1 = error; off A2, set limit = 5 * 1024 }
  )"),
            "(fn f (a string) (b (list int)) -> bool (in (call a .size) b))\n"
            "(doc \"at most\")\n"
            "(param limit int 10000)\n"
            "(profile strict\n"
            "  (severity A1 error)\n"
            "  (off A2)\n"
            "  (set limit (* 5 1024))\n"
            ")\n");
}

TEST(File, Rules) {
  EXPECT_EQ(FileOf(R"(
    /// First line.
    ///
    /// Third line.
    // a plain comment
    rule A1 "title" {
      severity warning
      tags text, message, "a b"
      on A, "B c" as e
      after A2, A3
      when e.x != ""  when e.y
      let n = size(e.delta)
      for m, i in e.items
      require n > 0 at e.items[i].delta else "item {i} of {{n}}"
      for k in m.list deny when k == n at m.id
      message "text {e.a + \"\\t\" + 'b'} end"
      fix "do" see "https://x.org"
      redact e.delta, e.x
      example pass { "type": "A", "s": "h\/\ud83d\ude00", "n": [-1.5e3, {}, [], null, true] }
      example fail []
    }
  )"),
            "(rule A1 \"title\"\n"
            "  (doc \"First line.\\n\\nThird line.\")\n"
            "  (severity warning)\n"
            "  (tags text message \"a b\")\n"
            "  (on A \"B c\" as e)\n"
            "  (after A2 A3)\n"
            "  (when (!= (. e x) \"\"))\n"
            "  (when (. e y))\n"
            "  (let n (call size (. e delta)))\n"
            "  (for m i (. e items))\n"
            "  (require (> n 0) (at (. ([] (. e items) i) delta)) (else (text \"item \" i \" of {n}\")))\n"
            "  (for k (. m list))\n"
            "  (deny (== k n) (at (. m id)))\n"
            "  (message (text \"text \" (+ (+ (. e a) \"\\x09\") \"b\") \" end\"))\n"
            "  (fix \"do\")\n"
            "  (see \"https://x.org\")\n"
            "  (redact (. e delta))\n"
            "  (redact (. e x))\n"
            "  (example pass \"{ \\\"type\\\": \\\"A\\\", \\\"s\\\": \\\"h\\\\/\\\\ud83d\\\\ude00\\\", "
            "\\\"n\\\": [-1.5e3, {}, [], null, "
            "true] }\")\n"
            "  (example fail \"[]\")\n"
            ")\n");
}

TEST(File, ListsMayEndInASeparator) {
  EXPECT_EQ(FileOf("rule A \"t\" { tags a, b, on X, Y, after B, redact e.x, fix \"f\" }"),
            "(rule A \"t\"\n  (tags a b)\n  (on X Y)\n  (after B)\n  (fix \"f\")\n  (redact (. e x))\n)\n");
}

TEST(File, States) {
  EXPECT_EQ(FileOf(R"(
    state a: bool = false
    state phase: idle | active = idle
    state last: string? bound 256 bytes else error B1 "last is too long"
    state seen: set<string> bound 10_000
    state owner: map<string, string?> bound 10 keys bound 2 * n bytes else B3 "full"
  )"),
            "(state a bool = false)\n"
            "(state phase (| idle active) = idle)\n"
            "(state ?last string (bound 256 bytes (else error B1 (text \"last is too long\"))))\n"
            "(state seen (set string) (bound 10000))\n"
            "(state owner (map string (optional string)) (bound 10 keys) (bound (* 2 n) bytes (else B3 (text "
            "\"full\"))))\n");
}

TEST(File, Handlers) {
  EXPECT_EQ(FileOf(R"(
    on any as e when e.ok {
      phase = active
      n += 1 when e.x  n -= 2; owner[e.id] = e.?tag when has(e.tag)
      when e.last { clear seen when e.y }
      when = when  clear = 1
      erase owner[e.id] when e.z
      for m, i in e.messages { owner[m.id] = m.?name }
    }
  )"),
            "(on any as e\n"
            "  (when (. e ok))\n"
            "  (set phase active)\n"
            "  (add n 1 (when (. e x)))\n"
            "  (subtract n 2)\n"
            "  (set ([] owner (. e id)) (.? e tag) (when (call has (. e tag))))\n"
            "  (when (. e last)\n"
            "    (clear seen (when (. e y)))\n"
            "  )\n"
            "  (set when when)\n"
            "  (set clear 1)\n"
            "  (erase ([] owner (. e id)) (when (. e z)))\n"
            "  (for m i (. e messages)\n"
            "    (set ([] owner (. m id)) (.? m name))\n"
            "  )\n"
            ")\n");
}

TEST(File, ScopesAndEnds) {
  EXPECT_EQ(FileOf(R"(
    scope run from RUN_STARTED when a to RUN_FINISHED, RUN_ERROR when b {
      state x: int = 3
      on A { x = 1 }
      rule R "r" { on A require true }
      at end of run on RUN_FINISHED require x == 3 else error X1 "{x}" at e.x fix "f"
      at end of stream deny when x == 4 else X2 "y"
    }
  )"),
            "(scope run from RUN_STARTED (when a) to RUN_FINISHED RUN_ERROR (when b)\n"
            "  (state x int = 3)\n"
            "  (on A\n"
            "    (set x 1)\n"
            "  )\n"
            "  (rule R \"r\"\n"
            "    (on A)\n"
            "    (require true)\n"
            "  )\n"
            "  (at-end run (on RUN_FINISHED) (require (== x 3)) (else error X1 (text x) (at (. e x)) (fix "
            "\"f\")))\n"
            "  (at-end stream (deny (== x 4)) (else X2 (text \"y\")))\n"
            ")\n");
}

TEST(File, Lifecycles) {
  EXPECT_EQ(FileOf(R"(
    lifecycle message by e.messageId, e.a + e.b in run {
      bound 10_000 keys else error B4 "too many"
      START : absent -> open when e.x else error M1 "{key} is {state}" at e.messageId fix "f" see "s" recover -> open
      A, "B c" : open | paused -> same
      C: * -> absent else M3 "x"
      at end of run on RUN_FINISHED require state == absent else error M4 "left open"
      at end of stream require true else error M5 "x"
    }
  )"),
            "(lifecycle message by (. e messageId) (+ (. e a) (. e b)) in run\n"
            "  (bound 10000 keys (else error B4 (text \"too many\")))\n"
            "  (transition (START) (absent) -> open (when (. e x)) (recover open) (else error M1 (text key \" is "
            "\" state) (at (. e "
            "messageId)) (fix \"f\") (see \"s\")))\n"
            "  (transition (A \"B c\") (open paused) -> same)\n"
            "  (transition (C) (*) -> absent (else M3 (text \"x\")))\n"
            "  (at-end run (on RUN_FINISHED) (require (== state absent)) (else error M4 (text \"left open\")))\n"
            "  (at-end stream (require true) (else error M5 (text \"x\")))\n"
            ")\n");
}

// Clauses follow an expression without a separator; none of their first words goes on with it.
TEST(File, ClausesEndExpressions) {
  EXPECT_EQ(FileOf("rule A \"t\" { on X as e require e.a > b at e.x else \"m\" require message at e.at "
                   "message \"m\" when fix fix \"f\" }"),
            "(rule A \"t\"\n"
            "  (on X as e)\n"
            "  (when fix)\n"
            "  (require (> (. e a) b) (at (. e x)) (else (text \"m\")))\n"
            "  (require message (at (. e at)))\n"
            "  (message (text \"m\"))\n"
            "  (fix \"f\")\n"
            ")\n");
}

TEST(File, TemplatesHaveSpansInTheFile) {
  const Parsed parsed = ParseFileText(
      "rule A \"t\" {\n on X as e\n message \"\xC3\xA9 \\\"q\\\" {e.x} {size(\\\"\\\\n\\\")} \\u00e9 "
      "{e.yy}\"\n}");
  ASSERT_TRUE(parsed.diagnostics.items().empty()) << parsed.errors();
  const auto& rule = std::get<ast::RuleDecl>(parsed.file.declarations.at(0)->item);
  ASSERT_EQ(rule.message.exprs.size(), 3u);
  EXPECT_EQ(parsed.At(rule.message.exprs[0]->span), "e.x");
  EXPECT_EQ(parsed.At(rule.message.exprs[1]->args[0]->span), "\\\"\\\\n\\\"");
  EXPECT_EQ(parsed.At(rule.message.exprs[2]->name_span), "yy");
  EXPECT_EQ(rule.message.exprs[1]->args[0]->text, "\n");
}

TEST(File, TokensAsText) {
  source::SourceSet sources;
  diag::Diagnostics diagnostics;
  const uint32_t id = sources.Add("a.rules", "/// doc\nrule A1 '\xC3\xA9'{ // x\n}");
  EXPECT_EQ(DumpTokens(id, sources, ParseLimits{}, diagnostics),
            "1:1 DOC_COMMENT /// doc\n2:1 RULE rule\n2:6 IDENTIFIER A1\n2:9 STRING '\xC3\xA9'\n2:12 LBRACE "
            "{\n2:14 COMMENT // x\n"
            "3:1 RBRACE }\n3:2 EOF\n");
}

}  // namespace
}  // namespace edict::parse
