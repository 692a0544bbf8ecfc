#include "runtime/cli/json_value.h"

#include <charconv>
#include <cmath>

#include "runtime/builtins/base64.h"
#include "runtime/cli/output.h"

namespace edict::cli {
namespace {

void Append(std::string& out, const Value& value);

void AppendDouble(std::string& out, double number) {
  if (!std::isfinite(number)) {
    out += std::isnan(number) ? "\"NaN\"" : number > 0 ? "\"Infinity\"" : "\"-Infinity\"";
    return;
  }
  char text[40];
  out.append(text, std::to_chars(text, text + sizeof text, number).ptr);
}

void AppendList(std::string& out, const Value& value) {
  out += '[';
  const char* separator = "";
  for (ListCursor c(value); c.Next(); separator = ", ") {
    out += separator;
    Append(out, c.value());
  }
  out += ']';
}

void AppendMap(std::string& out, const Value& value) {
  out += '{';
  const char* separator = "";
  for (MapCursor c(value); c.Next(); separator = ", ") {
    out += separator;
    AppendJsonString(out, ToMessageText(c.key()));
    out += ": ";
    Append(out, c.value());
  }
  out += '}';
}

// Recursion is as deep as the value, which is as deep as its input or its expression: both are bounded.
void Append(std::string& out, const Value& value) {
  switch (value.kind) {
    case Kind::kBool:
      out += value.b ? "true" : "false";
      break;
    case Kind::kInt:
      out += std::to_string(value.i);
      break;
    case Kind::kUint:
      out += std::to_string(value.u);
      break;
    case Kind::kDouble:
      AppendDouble(out, value.d);
      break;
    case Kind::kBytes:
      AppendJsonString(out, EncodeBase64(value.text()));
      break;
    case Kind::kString:
    case Kind::kType:
      AppendJsonString(out, value.text());
      break;
    case Kind::kTimestamp:
    case Kind::kDuration:
      AppendJsonString(out, ToMessageText(value));
      break;
    case Kind::kList:
      AppendList(out, value);
      break;
    case Kind::kMap:
      AppendMap(out, value);
      break;
    case Kind::kOptional:
      if (value.inner != nullptr) return Append(out, *value.inner);
      out += "null";
      break;
    default:
      out += "null";
  }
}

}  // namespace

std::string ToJson(const Value& value) {
  std::string out;
  Append(out, value);
  return out;
}

}  // namespace edict::cli
