#include "runtime/cli/typed_value.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

namespace edict::tests {
namespace {

using nlohmann::json;

TEST(TypedValue, ReadsBackWhatItWrites) {
  for (const char* text :
       {R"({"null":null})", R"({"int":"-9223372036854775808"})", R"({"uint":"18446744073709551615"})", R"({"double":"-inf"})",
        R"({"bytes_base64":"AAH/"})", R"({"map":[[{"int":"1"},{"list":[{"bool":true}]}]]})", R"({"duration":[-1,-5]})",
        R"({"optional":null})"}) {
    Arena arena;
    Result<Value> value = cli::ReadTypedValue(json::parse(text), arena);
    ASSERT_TRUE(value.ok()) << text;
    EXPECT_EQ(cli::WriteTypedValue(value.value()), json::parse(text));
  }
}

TEST(TypedValue, WhatDoesNotFitIsAnError) {
  for (const char* text : {R"({"int":1.5})", R"({"int":1e300})", R"({"int":"9223372036854775808"})", R"({"uint":-1})",
                           R"({"duration":[1,4294967297]})", R"({"bytes_base64":"A"})", R"({"map":[[{"int":"1"}]]})", R"({"no":1})",
                           R"({})", R"([])", R"({"int":"1","uint":"1"})"}) {
    Arena arena;
    EXPECT_FALSE(cli::ReadTypedValue(json::parse(text), arena).ok()) << text;
  }
}

TEST(TypedValue, DeepValuesAreRefused) {
  constexpr int kDepth = 200'000;
  std::string text;
  for (int i = 0; i < kDepth; ++i) text += R"({"list":[)";
  for (int i = 0; i < kDepth; ++i) text += "]}";
  Arena arena;
  EXPECT_FALSE(cli::ReadTypedValue(json::parse(text), arena).ok());
}

}  // namespace
}  // namespace edict::tests
