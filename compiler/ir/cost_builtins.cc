#include "compiler/ir/cost_builtins.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "compiler/ir/overload.h"

namespace edict::ir {
namespace {

enum CallStyle { kGlobal, kMember };
struct Row {
  std::string_view function;
  CallStyle style;
  std::string_view signature;
  double cost;
};
constexpr Row kRows[] = {
#define EDICT_BUILTIN(symbol, function, scope, signature, cost) {function, scope, signature, cost},
#include "runtime/program/builtins.def"
#undef EDICT_BUILTIN
};

// Bytes of the longest text that a number, time or address prints as.
constexpr double kNumberText = 64;
// ... and format: all digits of the largest double, and those after the point that a precision may ask for.
constexpr double kFormattedNumber = 1'500;

Extent Text(Bound bytes) { return {bytes, {}, bytes}; }

const Extent& Arg(const std::vector<Extent>& args, size_t i) {
  static const Extent kNothing;
  return i < args.size() ? args[i] : kNothing;
}

// Fuel for walking so many bytes.
Bound Walk(const Bound& bytes) { return bytes * (1.0 / 16); }

// Fuel for comparing so many bytes of text: one for each whole KiB.
Bound Compared(const Bound& bytes) { return bytes.constant() ? Bound(std::floor(bytes.At({}) / 1024)) : bytes * (1.0 / 1024); }

// Comparing a value for equality with another: each element at every depth, entries of maps by looking them up, text by the
// KiB. Where the two differ in size nothing is walked, so that either side bounds it.
Bound EqualityCost(const Extent& value, bool may_be_deep) {
  if (!may_be_deep) return Compared(value.size);
  return value.total * (1 + (value.size + value.largest) * 0.125) + Compared(value.total);
}

// Format: each clause, each value in what it prints, each byte.
Bound FormatCost(const Extent& format, const Extent& values) { return 1 + format.size * 0.5625 + values.total * 2.25; }

// One that another is charged by the smaller side of.
Bound Smaller(const Bound& a, const Bound& b) {
  if (a.constant() && b.constant()) return std::min(a.At({}), b.At({}));
  return a.constant() ? a : b.constant() || a.unbounded() ? b : a;
}

// What is charged by the size of the operands.
Bound ChargeBySize(uint32_t id, const std::vector<Extent>& args, bool may_be_deep) {
  const Extent& a = Arg(args, 0);
  const Extent& b = Arg(args, 1);
  const Extent& c = Arg(args, 2);
  switch (id) {
    case kEquals:
    case kNotEquals:
      return Smaller(EqualityCost(a, may_be_deep), EqualityCost(b, may_be_deep));
    case kInList:
      return b.size + EqualityCost({b.largest, b.largest, b.total}, true);
    case kLessString:
    case kLessBytes:
    case kLessEqualString:
    case kLessEqualBytes:
    case kGreaterString:
    case kGreaterBytes:
    case kGreaterEqualString:
    case kGreaterEqualBytes:
      return Compared(Smaller(a.size, b.size));
    case kStringStartsWith:
    case kStringEndsWith:
      return Compared(b.size);
    case kMapMerge:
      return (a.size + b.size) * 0.5 + a.size * b.size * 0.125;
    case kOptionalUnwrap:
    case kListUnwrapOpt:
      return a.size;
    case kListLast:
      return a.size * 0.125;
    case kInMap:
      return b.size * 0.25;
    case kMapInsert:
      return a.size * 0.25;
    case kAddList:
      return (a.size + b.size) * 0.25;
    case kAddString:
    case kAddBytes:
      return Walk(a.size + b.size);
    case kMatches:
    case kStringMatches:
      return Walk(a.size) + b.size;
    case kLastIndexOf:
    case kLastIndexOfFrom:
      return Walk(a.size) * (1 + b.size * (1.0 / 64));
    case kReplace:
    case kReplaceN:
      return Walk(a.size) * 2 + (a.size + 1) * (1 + Walk(c.size));
    case kSplit:
    case kSplitN:
      return Walk(a.size) + a.size + 2;
    case kJoin:
    case kJoinWith:
      return a.size + Walk(a.total + a.size * b.size);
    case kFormat:
      return FormatCost(a, b);
    case kMathMaxInt:
    case kMathMaxUint:
    case kMathMaxDouble:
    case kMathMax:
    case kMathMinInt:
    case kMathMinUint:
    case kMathMinDouble:
    case kMathMin:
      return a.size;
    case kSizeString:
    case kSizeOfString:
    case kStringFromBytes:
    case kStringContains:
    case kIndexOf:
    case kIndexOfFrom:
    case kCharAt:
    case kLowerAscii:
    case kUpperAscii:
    case kSubstringFrom:
    case kSubstring:
    case kTrim:
    case kReverse:
    case kQuote:
    case kBase64Encode:
    case kBase64Decode:
    case kJsonValid:
      return Walk(a.size);
    default:
      return {};
  }
}

Extent Both(const Extent& a, const Extent& b) { return {Max(a.size, b.size), Max(a.largest, b.largest), Max(a.total, b.total)}; }

// By the signature: numbers, bools and times have no size; addresses are short.
Extent ResultByType(std::string_view signature) {
  std::string_view type = signature.substr(signature.rfind("->") + 2);
  type.remove_prefix(std::min(type.find_first_not_of(' '), type.size()));
  for (std::string_view scalar : {"bool", "int", "uint", "double", "null", "timestamp", "duration"}) {
    if (type == scalar) return {};
  }
  if (type.substr(0, 4) == "net." || type.substr(0, 4) == "type") return Text(kNumberText);
  return {Bound::Unbounded(), Bound::Unbounded(), Bound::Unbounded()};
}

Extent ResultOf(uint32_t id, const std::vector<Extent>& args) {
  const Extent& a = Arg(args, 0);
  const Extent& b = Arg(args, 1);
  const Extent& c = Arg(args, 2);
  switch (id) {
    case kAddString:
    case kAddBytes:
      return Text(a.size + b.size);
    case kAddList:
      return {a.size + b.size, Max(a.largest, b.largest), a.total + b.total};
    case kMapInsert:
      return {a.size + 1, Max(Max(a.largest, Max(b.size, b.largest)), Max(c.size, c.largest)), a.total + 2 + b.total + c.total};
    case kStringFromString:
    case kStringFromBytes:
    case kBytesFromBytes:
    case kBytesFromString:
    case kLowerAscii:
    case kUpperAscii:
    case kSubstringFrom:
    case kSubstring:
    case kTrim:
    case kReverse:
    case kBase64Decode:
      return Text(a.size);
    case kCharAt:
    case kStringFromBool:
    case kStringFromInt:
    case kStringFromUint:
    case kStringFromDouble:
    case kStringFromTimestamp:
    case kStringFromDuration:
    case kStringFromIp:
    case kStringFromCidr:
      return Text(kNumberText);
    case kMapMerge:
      return {a.size + b.size, Max(a.largest, b.largest), a.total + b.total};
    case kOptionalUnwrap:
    case kListUnwrapOpt:
      return a;
    case kListFirst:
    case kListLast:
      return {a.largest, a.largest, a.total};
    case kToDyn:
    case kOptionalOf:
    case kOptionalOfNonZero:
    case kOptionalValue:
      return a;
    case kOptionalNone:
    case kMathMax:
    case kMathMin:
      return {};
    case kJoin:
    case kJoinWith:
      return Text(a.total + a.size * b.size);
    case kReplace:
    case kReplaceN:
      return Text(a.size + (a.size + 1) * c.size);
    case kSplit:
    case kSplitN:
      return {a.size + 1, a.size, a.size * 2 + 1};
    case kQuote:
      return Text(a.size * 3 + 2);
    case kFormat:
      return Text(a.size + b.total * (2 * kFormattedNumber));
    case kBase64Encode:
      return Text(a.size * (4.0 / 3) + 4);
    default:
      return ResultByType(kRows[id].signature);
  }
}

}  // namespace

CallCost CostOfCall(uint32_t overload, const std::vector<Extent>& args, bool may_be_deep) {
  return {kRows[overload].cost + ChargeBySize(overload, args, may_be_deep), ResultOf(overload, args)};
}

CallCost CostOfDynamicCall(std::string_view function, bool member, const std::vector<Extent>& args) {
  CallCost most;
  uint32_t id = 0;
  for (const Row& row : kRows) {
    if (row.function == function && (row.style == kMember) == member) {
      CallCost one = CostOfCall(id, args, true);
      most = {Max(most.cost, one.cost), Both(most.result, one.result)};
    }
    ++id;
  }
  return most;
}

}  // namespace edict::ir
