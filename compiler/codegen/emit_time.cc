// + and - of timestamps and durations.
#include "compiler/codegen/node_emitter.h"
#include "runtime/builtins/time.h"

namespace edict::codegen {

bool NodeEmitter::InlineTime(std::string_view function, const std::vector<Operand>& args, Operand* result) {
  const auto is_time = [](const Operand& v) { return v.kind == Kind::kTimestamp || v.kind == Kind::kDuration; };
  if (args.size() == 1 && args[0].kind == Kind::kDuration) {
    uint64_t unit = function == "getHours" ? 3600 : function == "getMinutes" ? 60 : function == "getSeconds" ? 1 : 0;
    if (unit == 0) return false;
    *result = {Kind::kInt, b_.CreateSDiv(args[0].second, f_.Word(unit)), nullptr};
    return true;
  }
  if (args.size() == 1 && args[0].kind == Kind::kTimestamp) return InlineClock(function, args[0], result);
  if (args.size() != 2 || !is_time(args[0]) || !is_time(args[1])) return false;
  bool subtract = function == "_-_";
  // The difference of two timestamps has limits of its own: the builtin's.
  if ((!subtract && function != "_+_") || (subtract && args[1].kind == Kind::kTimestamp)) return false;
  bool gives_timestamp = args[0].kind == Kind::kTimestamp || args[1].kind == Kind::kTimestamp;
  *result = AddTimes(args[0], args[1], subtract, gives_timestamp ? Kind::kTimestamp : Kind::kDuration);
  return true;
}

// The hour, minute, second and day of the week of a timestamp in UTC; the calendar's other fields are the builtins'.
bool NodeEmitter::InlineClock(std::string_view function, const Operand& time, Operand* result) {
  constexpr uint64_t kDay = 86400;
  // Division that rounds down: from a moment before all timestamps, a Monday.
  static_assert((-builtins::kMinTimestampSeconds) % kDay == 0);
  const auto min = static_cast<uint64_t>(-builtins::kMinTimestampSeconds);
  llvm::Value* seconds = b_.CreateAdd(time.second, f_.Word(min));
  const auto part = [&](uint64_t unit, uint64_t of) {
    *result = {Kind::kInt, b_.CreateURem(b_.CreateUDiv(seconds, f_.Word(unit)), f_.Word(of)), nullptr};
    return true;
  };
  if (function == "getHours") return part(3600, 24);
  if (function == "getMinutes") return part(60, 60);
  if (function == "getSeconds") return part(1, 60);
  if (function != "getDayOfWeek") return false;
  seconds = b_.CreateAdd(seconds, f_.Word(kDay));
  return part(kDay, 7);
}

namespace {

// What a time's nanoseconds can be.
struct Nanos {
  int64_t least;
  int64_t most;
};
Nanos NanosOf(const Operand& time) {
  if (auto* header = llvm::dyn_cast<llvm::ConstantInt>(time.first)) {
    const int64_t nanos = header->getSExtValue() >> 32;
    return {nanos, nanos};
  }
  return {time.kind == Kind::kTimestamp ? 0 : 1 - builtins::kNanosPerSecond, builtins::kNanosPerSecond - 1};
}

// Seconds beyond this are out of range by far.
constexpr int64_t kFar = int64_t{1} << 60;

bool IsNear(const llvm::Value* seconds) {
  auto* known = llvm::dyn_cast<llvm::ConstantInt>(seconds);
  return known != nullptr && known->getSExtValue() > -kFar && known->getSExtValue() < kFar;
}

}  // namespace

// Within kFar, or an error; where one of the two is known to be, a sum that wraps around is far out of range anyway.
llvm::Value* NodeEmitter::AddSeconds(llvm::Value* a, llvm::Value* b, bool subtract) {
  if (IsNear(a) || IsNear(b)) return subtract ? b_.CreateSub(a, b) : b_.CreateAdd(a, b);
  const auto operation = subtract ? llvm::Intrinsic::ssub_with_overflow : llvm::Intrinsic::sadd_with_overflow;
  llvm::Value* sum = b_.CreateBinaryIntrinsic(operation, a, b);
  f_.FailIf(b_.CreateExtractValue(sum, 1));
  llvm::Value* seconds = b_.CreateExtractValue(sum, 0);
  const auto limit = [&](int64_t value) { return f_.Word(static_cast<uint64_t>(value)); };
  f_.FailIf(b_.CreateOr(b_.CreateICmpSGT(seconds, limit(kFar)), b_.CreateICmpSLT(seconds, limit(-kFar))));
  return seconds;
}

// Seconds and nanoseconds by themselves; nanoseconds are within (-2e9, 2e9) and are brought into [0, 1e9).
Operand NodeEmitter::AddTimes(const Operand& a, const Operand& b, bool subtract, Kind result) {
  using builtins::kNanosPerSecond;
  const auto signed_word = [&](int64_t value) { return f_.Word(static_cast<uint64_t>(value)); };
  const auto nanos_of = [&](const Operand& v) { return b_.CreateAShr(v.first, f_.Word(32)); };
  llvm::Value* seconds = AddSeconds(a.second, b.second, subtract);
  llvm::Value* nanos = subtract ? b_.CreateSub(nanos_of(a), nanos_of(b)) : b_.CreateAdd(nanos_of(a), nanos_of(b));
  const Nanos of_a = NanosOf(a);
  const Nanos of_b = NanosOf(b);
  const int64_t least = of_a.least + (subtract ? -of_b.most : of_b.least);
  const int64_t most = of_a.most + (subtract ? -of_b.least : of_b.most);
  llvm::Value* carry = f_.Word(0);
  for (int64_t limit : {-kNanosPerSecond, int64_t{0}}) {
    if (least >= limit) continue;
    carry = b_.CreateSub(carry, b_.CreateZExt(b_.CreateICmpSLT(nanos, signed_word(limit)), b_.getInt64Ty()));
  }
  if (most >= kNanosPerSecond) {
    carry = b_.CreateAdd(carry, b_.CreateZExt(b_.CreateICmpSGE(nanos, signed_word(kNanosPerSecond)), b_.getInt64Ty()));
  }
  seconds = b_.CreateAdd(seconds, carry);
  nanos = b_.CreateSub(nanos, b_.CreateMul(carry, signed_word(kNanosPerSecond)));
  const auto outside = [&](llvm::Value* value, int64_t low, int64_t high) {
    return b_.CreateOr(b_.CreateICmpSLT(value, signed_word(low)), b_.CreateICmpSGT(value, signed_word(high)));
  };
  if (result == Kind::kTimestamp) {
    f_.FailIf(outside(seconds, builtins::kMinTimestampSeconds, builtins::kMaxTimestampSeconds));
    return f_.OfSize(result, nanos, seconds);
  }
  // A duration's nanoseconds have the sign of its seconds.
  llvm::Value* negative = b_.CreateAnd(b_.CreateICmpSLT(seconds, f_.Word(0)), b_.CreateICmpSGT(nanos, f_.Word(0)));
  seconds = b_.CreateAdd(seconds, b_.CreateZExt(negative, b_.getInt64Ty()));
  nanos = b_.CreateSelect(negative, b_.CreateSub(nanos, signed_word(kNanosPerSecond)), nanos);
  f_.FailIf(outside(seconds, -builtins::kMaxDurationSeconds, builtins::kMaxDurationSeconds));
  llvm::Value* high =
      b_.CreateAnd(b_.CreateICmpEQ(seconds, signed_word(builtins::kMaxDurationSeconds)), b_.CreateICmpSGT(nanos, f_.Word(0)));
  llvm::Value* low =
      b_.CreateAnd(b_.CreateICmpEQ(seconds, signed_word(-builtins::kMaxDurationSeconds)), b_.CreateICmpSLT(nanos, f_.Word(0)));
  f_.FailIf(b_.CreateOr(high, low));
  return f_.OfSize(result, nanos, seconds);
}

}  // namespace edict::codegen
