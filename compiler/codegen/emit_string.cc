// Sizes, parts of strings, regular expressions, membership.
#include <limits>
#include <map>
#include <set>

#include "compiler/codegen/node_emitter.h"
#include "compiler/codegen/text_choice.h"

namespace edict::codegen {
namespace {

constexpr uint32_t kMostHashed = 4096;
constexpr size_t kMostCompared = 64;  // else one after the other, by the runtime

}  // namespace

llvm::Value* NodeEmitter::SameBytes(llvm::Value* a, llvm::Value* b, llvm::Value* size) {
  return b_.CreateICmpEQ(f_.Call("bcmp", b_.getInt32Ty(), {a, b, size}, Effects::kReadsOnly), b_.getInt32(0));
}

bool NodeEmitter::InlineString(uint32_t id, const std::vector<Operand>& args, const Node& node, Operand* result) {
  const auto is_constant = [&](uint32_t i) { return f_.At(f_.Arg(node, i)).op == Op::kConst; };
  switch (static_cast<Builtin>(id)) {
    case Builtin::kSizeString:
    case Builtin::kSizeOfString: {
      llvm::Value* size = f_.SizeOf(args[0]);
      f_.Spend(b_.CreateLShr(size, f_.Word(4)));
      *result = {Kind::kInt, f_.Call("edict_native_code_points", b_.getInt64Ty(), {f_.Pointer(args[0]), size}, Effects::kReadsOnly),
                 nullptr};
      return true;
    }
    case Builtin::kSizeBytes:
    case Builtin::kSizeOfBytes:
    case Builtin::kSizeList:
    case Builtin::kSizeOfList:
    case Builtin::kSizeMap:
    case Builtin::kSizeOfMap:
      *result = {Kind::kInt, f_.SizeOf(args[0]), nullptr};
      return true;
    case Builtin::kAddString:
      *result = Concatenate(args, AddSize(f_.SizeOf(args[0]), args[1]));
      return true;
    case Builtin::kStringContains:
      f_.Spend(b_.CreateLShr(f_.SizeOf(args[0]), f_.Word(4)));
      *result = f_.Bool(f_.CallForBit("edict_native_contains",
                                      {f_.Pointer(args[0]), f_.SizeOf(args[0]), f_.Pointer(args[1]), f_.SizeOf(args[1])},
                                      Effects::kReadsOnly));
      return true;
    case Builtin::kStringStartsWith:
    case Builtin::kStringEndsWith:
      *result = f_.Bool(HasPart(args[0], args[1], static_cast<Builtin>(id) == Builtin::kStringEndsWith));
      return true;
    case Builtin::kMatches:
    case Builtin::kStringMatches:
      if (!is_constant(1)) return false;
      *result = Matches(args[0], args[1], f_.At(f_.Arg(node, 1)).imm);
      return true;
    case Builtin::kInList:
      if (!is_constant(1)) return false;
      *result = InConstants(args[0], f_.program().constants[f_.At(f_.Arg(node, 1)).imm]);
      if (result->first == nullptr) return false;
      f_.Spend(f_.SizeOf(args[1]));
      return true;
    default:
      return false;
  }
}

llvm::Value* NodeEmitter::HasPart(const Operand& text, const Operand& part, bool at_end) {
  llvm::Value* size = f_.SizeOf(text);
  llvm::Value* part_size = f_.SizeOf(part);
  f_.Spend(b_.CreateLShr(part_size, f_.Word(10)));
  llvm::BasicBlock* long_enough = f_.NewBlock("long_enough");
  llvm::BasicBlock* too_short = f_.NewBlock("too_short");
  b_.CreateCondBr(b_.CreateICmpUGE(size, part_size), long_enough, too_short);
  Join join(f_);
  f_.Enter(too_short);
  join.Add(f_.Bool(b_.getFalse()));
  f_.Enter(long_enough);
  llvm::Value* place = f_.Pointer(text);
  if (at_end) place = b_.CreateGEP(b_.getInt8Ty(), place, b_.CreateSub(size, part_size));
  join.Add(f_.Bool(SameBytes(place, f_.Pointer(part), part_size)));
  return join.Meet("has_part").first;
}

// a + b + c: made at once, but charged as written. Where a text becomes shorter on the way, the charges would differ.
Operand NodeEmitter::EmitConcatenation(const Node& node) {
  constexpr size_t kMost = 16;
  std::vector<uint32_t> parts = {f_.Arg(node, 1)};
  uint32_t first = f_.Arg(node, 0);
  for (; IsConcatenation(f_.At(first)) && parts.size() + 1 < kMost; first = f_.Arg(f_.At(first), 0)) {
    parts.push_back(f_.Arg(f_.At(first), 1));
  }
  std::vector<Operand> texts = {Emit(first)};
  llvm::Value* size = nullptr;
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
    Operand text = Emit(*part);
    if (size == nullptr) {
      texts[0] = f_.Require(texts[0], Kind::kString);
      size = f_.SizeOf(texts[0]);
    }
    texts.push_back(f_.Require(text, Kind::kString));
    f_.Spend(OverloadAt(static_cast<uint32_t>(Builtin::kAddString)).cost);
    size = AddSize(size, texts.back());
  }
  return Concatenate(texts, size);
}

// Of a text with one more behind it, which is paid for.
llvm::Value* NodeEmitter::AddSize(llvm::Value* size, const Operand& text) {
  llvm::Value* sum = b_.CreateAdd(size, f_.SizeOf(text));
  f_.Spend(b_.CreateLShr(sum, f_.Word(4)));
  f_.FailIf(b_.CreateICmpUGT(sum, f_.Word(std::numeric_limits<uint32_t>::max())));
  return sum;
}

Operand NodeEmitter::Concatenate(const std::vector<Operand>& texts, llvm::Value* size) {
  std::vector<llvm::Value*> args = {f_.frame(), f_.Array(texts), f_.Word(texts.size()), size};
  Operand text = f_.CallForValue("edict_native_concatenate", args, Effects::kAny);
  f_.AgainIf(f_.IsKind(text, Kind::kAbsent));
  return f_.Unbox(Kind::kString, text);
}

bool NodeEmitter::IsConcatenation(const Node& node) const {
  return node.op == Op::kCall && node.imm == static_cast<uint32_t>(Builtin::kAddString) && node.arg_count == 2;
}

// A constant pattern: the stream compiles it once, and finds it by its number.
Operand NodeEmitter::Matches(const Operand& text, const Operand& pattern, uint32_t constant) {
  llvm::Value* size = f_.SizeOf(text);
  llvm::Value* pattern_size = f_.SizeOf(pattern);
  f_.Spend(b_.CreateLShr(b_.CreateAdd(size, b_.CreateMul(pattern_size, f_.Word(16))), f_.Word(4)));
  llvm::Value* found =
      f_.Call("edict_native_matches", b_.getInt64Ty(),
              {f_.frame(), f_.Pointer(text), size, f_.Pointer(pattern), pattern_size, b_.getInt32(constant)}, Effects::kAny);
  f_.FailIf(b_.CreateICmpEQ(found, f_.Word(2)));
  return f_.Bool(b_.CreateICmpNE(found, f_.Word(0)));
}

// `value in [constants]`, all of them strings or all ints. Nothing (`first` null) for other lists.
Operand NodeEmitter::InConstants(const Operand& value, const Value& list) {
  if ((value.kind != Kind::kString && value.kind != Kind::kInt) || list.kind != Kind::kList || list.size > kMostHashed) return {};
  std::set<std::string_view> texts;
  std::set<uint64_t> numbers;
  for (ListCursor c(list); c.Next();) {
    if (c.value().kind != value.kind) return {};
    if (value.kind == Kind::kInt) {
      numbers.insert(c.value().u);
      continue;
    }
    constexpr uint32_t kChargedText = 1024;
    if (c.value().size >= kChargedText) return {};  // comparing it takes fuel
    texts.insert(c.value().text());
  }
  const std::vector<std::string_view> each(texts.begin(), texts.end());
  const TextChoice hashed(each.size() >= kLeastHashedTexts ? each : std::vector<std::string_view>());
  const size_t compared = each.size() >= kLeastHashedTexts ? hashed.left().size() : each.size() + numbers.size();
  if (compared > kMostCompared) return {};
  Join join(f_);
  llvm::BasicBlock* missing = f_.NewBlock("missing");
  llvm::BasicBlock* found = f_.NewBlock("found");
  if (value.kind == Kind::kString) {
    InTexts(value, each, hashed, found, missing);
  } else {
    llvm::SwitchInst* choice = b_.CreateSwitch(value.first, missing);
    for (const uint64_t number : numbers) choice->addCase(f_.Word(number), found);
  }
  f_.Enter(missing);
  join.Add(f_.Bool(b_.getFalse()));
  f_.Enter(found);
  join.Add(f_.Bool(b_.getTrue()));
  return join.Meet("in");
}

// A hash where there are many, else a switch on the length. Each text is there once.
void NodeEmitter::InTexts(const Operand& value, std::vector<std::string_view> texts, const TextChoice& hashed,
                          llvm::BasicBlock* found, llvm::BasicBlock* missing) {
  if (texts.size() >= kLeastHashedTexts) {
    llvm::BasicBlock* not_hashed = f_.NewBlock("not_hashed");
    hashed.Emit(f_, f_.Pointer(value), f_.SizeOf(value), not_hashed);
    b_.CreateBr(found);
    f_.Enter(not_hashed);
    std::vector<std::string_view> left;
    for (const uint32_t i : hashed.left()) left.push_back(texts[i]);
    texts = std::move(left);
  }
  std::map<uint64_t, std::vector<std::string_view>> by_length;
  for (const std::string_view text : texts) by_length[text.size()].push_back(text);
  llvm::SwitchInst* choice = b_.CreateSwitch(f_.SizeOf(value), missing);
  for (const auto& [length, of_length] : by_length) {
    llvm::BasicBlock* block = f_.NewBlock("of_length");
    choice->addCase(f_.Word(length), block);
    f_.Enter(block);
    for (const std::string_view text : of_length) {
      llvm::BasicBlock* next = f_.NewBlock("next");
      b_.CreateCondBr(SameBytes(f_.Pointer(value), f_.Data(text), f_.Word(text.size())), found, next);
      f_.Enter(next);
    }
    b_.CreateBr(missing);
  }
}

}  // namespace edict::codegen
