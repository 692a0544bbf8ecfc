#include "runtime/json/pointer.h"

#include <gtest/gtest.h>

#include <string>

#include "runtime/json/document.h"

namespace edict {
namespace {

TEST(Pointer, ResolvesTheExamplesOfTheRfc) {
  std::string text = R"({"foo":["bar","baz"],"":0,"a/b":1,"m~n":8,"x":1,"x":{"y":[[2]]}})";
  JsonParser parser;
  const JsonNode* root = parser.Parse(text, {});
  ASSERT_NE(root, nullptr);
  const std::pair<const char*, const char*> found[] = {{"/foo", R"(["bar","baz"])"},
                                                       {"/foo/0", R"("bar")"},
                                                       {"/foo/1", R"("baz")"},
                                                       {"/", "0"},
                                                       {"/a~1b", "1"},
                                                       {"/m~0n", "8"},
                                                       {"/x/y/0/0", "2"}};
  EXPECT_EQ(ResolvePointer(*root, ""), root);
  for (const auto& [pointer, expected] : found) {
    const JsonNode* node = ResolvePointer(*root, pointer);
    ASSERT_NE(node, nullptr) << pointer;
    EXPECT_EQ(SourceText(*node, text), expected);
  }
  for (const char* pointer :
       {"/foo/2", "/foo/01", "/foo/-", "/foo/", "/foo/0/0", "/nope", "foo", "/m~n", "/m~2n", "/foo/99999999999"}) {
    EXPECT_EQ(ResolvePointer(*root, pointer), nullptr) << pointer;
  }
}

TEST(Pointer, KnowsPointers) {
  for (const char* pointer : {"", "/", "/a~0~1", "//"}) EXPECT_TRUE(IsPointer(pointer)) << pointer;
  for (const char* text : {"a", "/~", "/~2", "/a~"}) EXPECT_FALSE(IsPointer(text)) << text;
}

TEST(Pointer, AppendsEscaped) {
  std::string pointer;
  AppendToken(pointer, "a/b~c");
  AppendToken(pointer, "");
  EXPECT_EQ(pointer, "/a~1b~0c/");
}

}  // namespace
}  // namespace edict
