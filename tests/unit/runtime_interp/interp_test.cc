// Ops of the interpreter on small Programs that are built by hand: the test states what each op means.
#include "runtime/interp/interp.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "runtime/builtins/registry.h"
#include "runtime/state/reader.h"

namespace edict {
namespace {

// Cell 0: scalar 7; 1: unset; 2: map {"a": 1, "b": stored without value}; lifecycle 0: key "m" in state 2, with
// an incomplete text; document 0: 7, 1: unknown;
// scope 1 is open.
class FakeState final : public StateReader {
 public:
  Value Cell(uint32_t cell) const override { return cell == 0 ? Value::Int(7) : Value::Absent(); }
  Value Entry(uint32_t, const Value& key) const override {
    if (Equal(key, Value::String("a"))) return Value::Int(1);
    return Equal(key, Value::String("b")) ? Value::Optional(nullptr) : Value::Absent();
  }
  bool EntryHas(uint32_t cell, const Value& key) const override { return Entry(cell, key).kind != Kind::kAbsent; }
  uint32_t CellSize(uint32_t) const override { return 2; }
  Value CellKeys(uint32_t, Arena& arena) const override {
    Value* keys = arena.AllocateArray<Value>(2);
    keys[0] = Value::String("a");
    keys[1] = Value::String("b");
    return Value::List(keys, 2);
  }
  uint32_t LifeState(uint32_t, const Value* keys) const override { return Equal(keys[0], Value::String("m")) ? 2 : 0; }
  uint64_t LifeCount(uint32_t, uint32_t state) const override { return state == 2 || state == kNone ? 1 : 0; }
  Value LifeKeys(uint32_t, uint32_t, Arena& arena) const override { return CellKeys(0, arena); }
  Value LifeKeep(uint32_t, uint32_t, const Value* keys) const override {
    return Value::String(LifeState(0, keys) == 2 ? "kept" : "");
  }
  bool LifeComplete(uint32_t, uint32_t, const Value* keys) const override { return LifeState(0, keys) != 2; }
  Value Document(uint32_t document) const override { return document == 0 ? Value::Int(7) : Value::Absent(); }
  Value PatchFault(uint32_t, const Value& patch, uint64_t& work, Arena&) const override {
    work = 3;
    return patch.kind == Kind::kList ? Value::Null() : Value::Map(nullptr, 0);
  }
  Value Window(uint32_t window, const Value*, uint32_t* walked) const override {
    *walked = 1;
    return window == 0 ? Value::Int(3) : Value::Absent();
  }
  bool Armed(uint32_t, const Value* keys) const override { return Equal(keys[0], Value::String("m")); }
  bool ScopeOpen(uint32_t scope) const override { return scope == 1; }
};

class InterpTest : public testing::Test {
 protected:
  InterpTest() {
    context_.arena = &arena_;
    context_.program = &program_;
    context_.fuel = 100'000;
    frame_.program = &program_;
    frame_.locals = locals_;
    frame_.slots = slots_;
    frame_.state = &state_;
    frame_.context = &context_;
    program_.cells.resize(3);
    program_.cells[0].name = "phase";
    program_.cells[1].name = "owner";
    program_.cells[2].name = "calls";
    program_.enums.push_back({"life", {"absent", "open", "closed"}});
  }

  uint32_t C(const Value& value) {
    program_.constants.push_back(value);
    return static_cast<uint32_t>(program_.constants.size() - 1);
  }
  uint32_t N(Op op, std::vector<uint32_t> args = {}, uint32_t imm = kNone, uint32_t imm2 = kNone, Kind rep = Node::kAny) {
    Node node;
    node.op = op;
    node.rep = rep;
    node.imm = imm;
    node.imm2 = imm2;
    node.args = static_cast<uint32_t>(program_.args.size());
    node.arg_count = static_cast<uint32_t>(args.size());
    program_.args.insert(program_.args.end(), args.begin(), args.end());
    program_.nodes.push_back(node);
    return static_cast<uint32_t>(program_.nodes.size() - 1);
  }
  uint32_t K(const Value& value) { return N(Op::kConst, {}, C(value)); }
  uint32_t Int(int64_t v) { return K(Value::Int(v)); }
  uint32_t Str(std::string_view v) { return K(Value::String(v)); }
  uint32_t Bool(bool v) { return K(Value::Bool(v)); }
  uint32_t Local(uint32_t local) { return N(Op::kLocal, {}, local); }
  uint32_t Call(Builtin builtin, std::vector<uint32_t> args) {
    return N(Op::kCall, std::move(args), static_cast<uint32_t>(builtin));
  }
  uint32_t Fails() { return Call(Builtin::kDivideInt, {Int(1), Int(0)}); }
  uint32_t List(std::vector<uint32_t> items) { return N(Op::kList, std::move(items)); }
  uint32_t None() { return Call(Builtin::kOptionalNone, {}); }
  uint32_t Some(uint32_t node) { return Call(Builtin::kOptionalOf, {node}); }
  // Element: local 0 (second: 1), accumulator: local 2.
  uint32_t FoldOf(uint32_t range, uint32_t init, uint32_t condition, uint32_t step, uint32_t result, bool two = false) {
    program_.folds.push_back({0, two ? 1 : kNone, 2});
    return N(Op::kFold, {range, init, condition, step, result}, static_cast<uint32_t>(program_.folds.size() - 1));
  }
  Value Run(uint32_t node) { return Evaluate(frame_, node); }
  std::string Text(uint32_t node) {
    Value value = Run(node);
    return value.is_error() ? "error: " + std::string(value.error->detail) : ToCelText(value);
  }
  ErrorCode Code(uint32_t node) {
    Value value = Run(node);
    EXPECT_TRUE(value.is_error()) << ToCelText(value);
    return value.is_error() ? value.error->code : ErrorCode::kFuel;
  }

  Program program_;
  Arena arena_;
  EvalContext context_;
  FakeState state_;
  Frame frame_;
  Value locals_[8];
  Value slots_[2] = {Value::Absent(), Value::Int(5)};
};

TEST_F(InterpTest, AndOrAbsorbErrors) {
  uint32_t yes = Bool(true), no = Bool(false), bad = Fails(), text = Str("x");
  EXPECT_EQ(Text(N(Op::kAnd, {bad, no})), "false");
  EXPECT_EQ(Text(N(Op::kAnd, {no, bad})), "false");
  EXPECT_EQ(Code(N(Op::kAnd, {bad, yes})), ErrorCode::kDivideByZero);
  EXPECT_EQ(Code(N(Op::kAnd, {yes, bad})), ErrorCode::kDivideByZero);
  EXPECT_EQ(Text(N(Op::kOr, {bad, yes})), "true");
  EXPECT_EQ(Text(N(Op::kOr, {text, yes})), "true");
  EXPECT_EQ(Code(N(Op::kOr, {text, no})), ErrorCode::kNoSuchOverload);
  EXPECT_EQ(Code(N(Op::kAnd, {text, text})), ErrorCode::kNoSuchOverload);
  EXPECT_EQ(Text(N(Op::kNot, {yes})), "false");
  EXPECT_EQ(Code(N(Op::kNot, {text})), ErrorCode::kNoSuchOverload);
}

TEST_F(InterpTest, ApplyIsEvaluateOnOperands) {
  uint32_t conjunction = N(Op::kAnd, {Bool(true), Bool(true)});
  Value error = Run(Fails());
  Value args[2] = {error, Value::Bool(false)};
  EXPECT_EQ(ToCelText(Apply(frame_, conjunction, args)), "false");
  Value ints[2] = {Value::Int(1), Value::Int(2)};
  EXPECT_EQ(Apply(frame_, Call(Builtin::kAddInt, {Int(0), Int(0)}), ints).i, 3);
}

TEST_F(InterpTest, ConditionalEvaluatesOneBranch) {
  EXPECT_EQ(Text(N(Op::kCond, {Bool(true), Int(1), Fails()})), "1");
  EXPECT_EQ(Text(N(Op::kCond, {Bool(false), Fails(), Int(2)})), "2");
  EXPECT_EQ(Code(N(Op::kCond, {Fails(), Int(1), Int(2)})), ErrorCode::kDivideByZero);
  EXPECT_EQ(Code(N(Op::kCond, {Int(1), Int(1), Int(2)})), ErrorCode::kNoSuchOverload);
}

TEST_F(InterpTest, CallsPropagateTheFirstError) {
  uint32_t modulus = Call(Builtin::kModuloInt, {Int(1), Int(0)});
  EXPECT_EQ(Code(Call(Builtin::kAddInt, {Fails(), modulus})), ErrorCode::kDivideByZero);
  EXPECT_EQ(Code(N(Op::kCallDyn, {modulus, Fails()}, C(Value::String("_+_")))), ErrorCode::kModulusByZero);
  EXPECT_EQ(Text(N(Op::kCallDyn, {Str("ab"), Str("c")}, C(Value::String("_+_")))), "\"abc\"");
  EXPECT_EQ(Text(N(Op::kCallDyn, {Str("ab")}, C(Value::String("size")), 1)), "2");
  EXPECT_EQ(Code(Call(Builtin::kAddInt, {Int(1), Str("x")})), ErrorCode::kNoSuchOverload);
}

TEST_F(InterpTest, SlotsAndEvent) {
  EXPECT_EQ(Text(N(Op::kSlot, {}, 1)), "5");
  EXPECT_EQ(Text(N(Op::kSlot, {}, 0, C(Value::String("delta")))), "error: no such field: delta");
  EXPECT_EQ(Text(N(Op::kPresent, {}, 0)), "false");
  EXPECT_EQ(Text(N(Op::kOptOrValue, {N(Op::kOptSlot, {}, 0), Int(9)})), "9");
  EXPECT_EQ(Text(N(Op::kOptOrValue, {N(Op::kOptSlot, {}, 1), Fails()})), "5");
}

TEST_F(InterpTest, NumbersTakeTheStaticKind) {
  EXPECT_EQ(Run(N(Op::kSlot, {}, 1, kNone, Kind::kDouble)).kind, Kind::kDouble);
  slots_[1] = Value::Double(3);
  EXPECT_EQ(Run(N(Op::kSlot, {}, 1, kNone, Kind::kInt)).kind, Kind::kInt);
  slots_[1] = Value::Double(3.5);
  EXPECT_EQ(Run(N(Op::kSlot, {}, 1, kNone, Kind::kInt)).kind, Kind::kDouble);
}

TEST_F(InterpTest, Selection) {
  uint32_t inner = N(Op::kMap, {Str("c"), Int(1)});
  uint32_t map = N(Op::kMap, {Str("x"), inner});
  uint32_t x = C(Value::String("x")), c = C(Value::String("c")), z = C(Value::String("z"));
  EXPECT_EQ(Text(N(Op::kField, {N(Op::kField, {map}, x)}, c)), "1");
  EXPECT_EQ(Text(N(Op::kField, {map}, z)), "error: no such key: z");
  EXPECT_EQ(Text(N(Op::kHasField, {map}, x)), "true");
  EXPECT_EQ(Text(N(Op::kHasField, {N(Op::kOptField, {map}, z)}, c)), "false");
  EXPECT_EQ(Code(N(Op::kHasField, {Int(1)}, x)), ErrorCode::kNoSuchOverload);
  uint32_t chain = N(Op::kOptField, {N(Op::kOptField, {map}, x)}, c);
  EXPECT_EQ(Text(N(Op::kOptOrValue, {chain, Int(0)})), "1");
  EXPECT_EQ(Text(N(Op::kOptOrValue, {N(Op::kField, {Some(map)}, z), Int(0)})), "0");
  EXPECT_EQ(Code(N(Op::kOptField, {N(Op::kOptField, {N(Op::kOptField, {map}, x)}, c)}, z)), ErrorCode::kNoSuchOverload);
}

TEST_F(InterpTest, Indexing) {
  uint32_t list = List({Int(7), Int(8)});
  uint32_t map = N(Op::kMap, {K(Value::Uint(1)), Str("one")});
  EXPECT_EQ(Text(N(Op::kIndex, {list, K(Value::Double(1))})), "8");
  EXPECT_EQ(Code(N(Op::kIndex, {list, K(Value::Double(0.1))})), ErrorCode::kInvalidArgument);
  EXPECT_EQ(Text(N(Op::kIndex, {list, Int(2)})), "error: index 2 is out of range: the list has 2 elements");
  EXPECT_EQ(Code(N(Op::kIndex, {list, Int(-1)})), ErrorCode::kIndexOutOfRange);
  EXPECT_EQ(Code(N(Op::kIndex, {list, Str("0")})), ErrorCode::kNoSuchOverload);
  EXPECT_EQ(Text(N(Op::kIndex, {map, K(Value::Double(1))})), "\"one\"");
  EXPECT_EQ(Code(N(Op::kIndex, {map, Int(3)})), ErrorCode::kNoSuchKey);
  EXPECT_EQ(Text(N(Op::kOptOrValue, {N(Op::kOptIndex, {list, Int(2)}), Int(0)})), "0");
  EXPECT_EQ(Text(N(Op::kOptOrValue, {N(Op::kOptIndex, {None(), Int(2)}), Int(0)})), "0");
}

TEST_F(InterpTest, Literals) {
  uint32_t mask = C(Value::Bytes(std::string_view("\1\1\0", 3)));
  EXPECT_EQ(Text(N(Op::kList, {None(), Some(Int(1)), Int(2)}, mask)), "[1, 2]");
  EXPECT_EQ(Code(N(Op::kList, {Int(1), Some(Int(1)), Int(2)}, mask)), ErrorCode::kNoSuchOverload);
  EXPECT_EQ(Text(N(Op::kMap, {Str("a"), None(), Str("b"), Some(Int(1)), Str("c"), Int(2)}, mask)), "{\"b\": 1, \"c\": 2}");
  EXPECT_EQ(Code(N(Op::kMap, {Int(0), Int(1), K(Value::Uint(0)), Int(2)})), ErrorCode::kDuplicateKey);
  EXPECT_EQ(Code(N(Op::kMap, {K(Value::Null()), Int(1)})), ErrorCode::kInvalidArgument);
}

TEST_F(InterpTest, LetKeepsErrorsForWhoReadsThem) {
  EXPECT_EQ(Text(N(Op::kLet, {Fails(), Int(1)}, 3)), "1");
  EXPECT_EQ(Code(N(Op::kLet, {Fails(), Local(3)}, 3)), ErrorCode::kDivideByZero);
}

TEST_F(InterpTest, FoldExists) {
  uint32_t go_on = N(Op::kNot, {Local(2)});
  uint32_t divides = Call(Builtin::kEquals, {Call(Builtin::kDivideInt, {Int(6), Local(0)}), Int(3)});
  uint32_t step = N(Op::kOr, {Local(2), divides});
  EXPECT_EQ(Text(FoldOf(List({Int(0), Int(2), Int(1)}), Bool(false), go_on, step, Local(2))), "true");
  EXPECT_EQ(Code(FoldOf(List({Int(0), Int(1)}), Bool(false), go_on, step, Local(2))), ErrorCode::kDivideByZero);
  EXPECT_EQ(Code(FoldOf(Int(1), Bool(false), go_on, step, Local(2))), ErrorCode::kNoSuchOverload);
}

TEST_F(InterpTest, FoldMapAndFilter) {
  uint32_t append = Call(Builtin::kAddList, {Local(2), List({Call(Builtin::kMultiplyInt, {Local(0), Local(0)})})});
  std::vector<uint32_t> numbers;
  for (int i = 0; i < 20; ++i) numbers.push_back(Int(i));
  Value squares = Run(FoldOf(List(numbers), List({}), Bool(true), append, Local(2)));
  ASSERT_EQ(ListSize(squares), 20u);
  EXPECT_EQ(ListAt(squares, 19).i, 361);
  uint32_t odd = Call(Builtin::kEquals, {Call(Builtin::kModuloInt, {Local(0), Int(2)}), Int(1)});
  uint32_t filter = N(Op::kCond, {odd, append, Local(2)});
  EXPECT_EQ(Text(FoldOf(List({Int(1), Int(2), Int(3)}), List({}), Bool(true), filter, Local(2))), "[1, 9]");
  EXPECT_EQ(Code(FoldOf(List({Int(1), Str("x")}), List({}), Bool(true), filter, Local(2))), ErrorCode::kNoSuchOverload);
}

TEST_F(InterpTest, FoldTwoVariables) {
  uint32_t sum = Call(Builtin::kAddInt, {Local(2), Call(Builtin::kMultiplyInt, {Local(0), Local(1)})});
  EXPECT_EQ(Text(FoldOf(List({Int(5), Int(6), Int(7)}), Int(0), Bool(true), sum, Local(2), true)), "20");
  EXPECT_EQ(Text(FoldOf(N(Op::kMap, {Int(2), Int(3), Int(4), Int(5)}), Int(0), Bool(true), sum, Local(2), true)), "26");
  uint32_t keys = Call(Builtin::kAddInt, {Local(2), Local(0)});
  EXPECT_EQ(Text(FoldOf(N(Op::kMap, {Int(2), Int(3), Int(4), Int(5)}), Int(0), Bool(true), keys, Local(2))), "6");
}

TEST_F(InterpTest, FuelEndsEverythingAndIsNotAbsorbed) {
  std::vector<uint32_t> many(1000, Int(1));
  uint32_t fold = FoldOf(List(many), Int(0), Bool(true), Call(Builtin::kAddInt, {Local(2), Local(0)}), Local(2));
  EXPECT_EQ(Text(fold), "1000");
  context_.fuel = 500;
  EXPECT_EQ(Code(N(Op::kOr, {fold, Bool(true)})), ErrorCode::kFuel);
  EXPECT_LT(context_.fuel, 0);
  EXPECT_EQ(Code(Call(Builtin::kAddInt, {Int(1), Int(2)})), ErrorCode::kFuel);
}

TEST_F(InterpTest, State) {
  EXPECT_EQ(Text(N(Op::kCell, {}, 0)), "7");
  EXPECT_EQ(Text(N(Op::kCell, {}, 1)), "error: state owner is not set");
  EXPECT_EQ(Text(N(Op::kCellHas, {}, 1)), "false");
  EXPECT_EQ(Text(N(Op::kOptOrValue, {N(Op::kCellOpt, {}, 1), Int(3)})), "3");
  EXPECT_EQ(Text(N(Op::kEntry, {Str("a")}, 2)), "1");
  EXPECT_EQ(Text(N(Op::kEntry, {Str("z")}, 2)), "error: no such key in calls: z");
  EXPECT_EQ(Code(N(Op::kEntry, {Str("b")}, 2)), ErrorCode::kOptionalNone);
  EXPECT_EQ(Text(N(Op::kEntryHas, {Str("b")}, 2)), "true");
  EXPECT_EQ(Text(N(Op::kOptOrValue, {N(Op::kEntryOpt, {Str("b")}, 2), Int(4)})), "4");
  EXPECT_EQ(Text(N(Op::kCellSize, {}, 2)), "2");
  EXPECT_EQ(Text(N(Op::kCellKeys, {}, 2)), "[\"a\", \"b\"]");
  EXPECT_EQ(Text(N(Op::kLifeState, {Str("m")}, 0)), "2");
  EXPECT_EQ(Text(N(Op::kEnumName, {N(Op::kLifeState, {Str("x")}, 0)}, 0)), "\"absent\"");
  EXPECT_EQ(Text(N(Op::kLifeCount, {}, 0)), "1");
  EXPECT_EQ(Text(N(Op::kScopeOpen, {}, 1)), "true");
  frame_.state = nullptr;
  EXPECT_EQ(Code(N(Op::kCell, {}, 0)), ErrorCode::kInvalidArgument);
}

TEST_F(InterpTest, Messages) {
  std::string accents;
  for (int i = 0; i < 150; ++i) accents += "\xc3\xa9";
  Message message{{"got ", ", ", ", ", ", ", "!"}, {Str("text"), Some(Int(1)), None(), Fails()}};
  EXPECT_EQ(RenderMessage(frame_, message), "got text, 1, none, division by zero!");
  std::string cut = RenderMessage(frame_, {{"x", ""}, {Str(accents)}});
  EXPECT_EQ(cut, "x" + accents.substr(0, 200) + "...");
  EXPECT_EQ(RenderMessage(frame_, {{"x", ""}, {Str(accents)}}, 4), "x\xc3\xa9...");
}

}  // namespace
}  // namespace edict
