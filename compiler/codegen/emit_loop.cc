// Loops over lists and maps: of comprehensions, and of rules.
#include "compiler/codegen/node_emitter.h"
#include "runtime/interp/native_support.h"
#include "runtime/value/json_node.h"

namespace edict::codegen {
namespace {

// Value kinds by JsonKind, a byte each.
uint64_t KindsOfJson() {
  constexpr Kind kKinds[] = {Kind::kNull, Kind::kBool, Kind::kInt, Kind::kDouble, Kind::kString, Kind::kList, Kind::kMap};
  static_assert(static_cast<int>(JsonKind::kNull) == 0 && static_cast<int>(JsonKind::kBool) == 1 &&
                static_cast<int>(JsonKind::kInt) == 2 && static_cast<int>(JsonKind::kDouble) == 3 &&
                static_cast<int>(JsonKind::kString) == 4 && static_cast<int>(JsonKind::kArray) == 5 &&
                static_cast<int>(JsonKind::kObject) == 6);
  uint64_t table = 0;
  for (size_t i = 0; i < std::size(kKinds); ++i) table |= static_cast<uint64_t>(kKinds[i]) << (8 * i);
  return table;
}

// Rounds of a few instructions: jumping back each time would take as long as the rest.
void UnrollTwice(llvm::BranchInst* back) {
  llvm::LLVMContext& context = back->getContext();
  llvm::Metadata* count = llvm::ConstantAsMetadata::get(llvm::ConstantInt::get(llvm::Type::getInt32Ty(context), 2));
  llvm::MDNode* unroll = llvm::MDNode::get(context, {llvm::MDString::get(context, "llvm.loop.unroll.count"), count});
  llvm::MDNode* loop = llvm::MDNode::getDistinct(context, {nullptr, unroll});
  loop->replaceOperandWith(0, loop);
  back->setMetadata(llvm::LLVMContext::MD_loop, loop);
}

constexpr uint64_t kSizeMask = 0xffffffff00000000;
static_assert(offsetof(JsonNode, kind) == 0 && offsetof(JsonNode, size) == 4 && offsetof(JsonNode, i) == 8);

}  // namespace

// As FromJson of runtime/value: strings, lists and maps refer to the tape.
Operand NodeEmitter::DecodeJson(llvm::Value* node) {
  llvm::Value* head = f_.LoadInvariant(b_.getInt64Ty(), node, 0);
  llvm::Value* payload = f_.LoadInvariant(b_.getInt64Ty(), node, offsetof(JsonNode, i));
  llvm::Value* json_kind = b_.CreateAnd(head, f_.Word(0xff));
  llvm::Value* kind = b_.CreateAnd(b_.CreateLShr(f_.Word(KindsOfJson()), b_.CreateShl(json_kind, f_.Word(3))), f_.Word(0xff));
  const auto at_least = [&](JsonKind first) { return b_.CreateICmpUGE(json_kind, f_.Word(static_cast<uint64_t>(first))); };
  llvm::Value* size = b_.CreateSelect(at_least(JsonKind::kString), b_.CreateAnd(head, f_.Word(kSizeMask)), f_.Word(0));
  llvm::Value* container = at_least(JsonKind::kArray);
  llvm::Value* flags = b_.CreateSelect(container, f_.Word(uint64_t{Value::kJson} << 8), f_.Word(0));
  llvm::Value* header = b_.CreateOr(b_.CreateOr(kind, flags), size);
  return f_.Boxed(header, b_.CreateSelect(container, b_.CreatePtrToInt(node, b_.getInt64Ty()), payload));
}

llvm::Value* NodeEmitter::IsJson(const Operand& list) {
  return b_.CreateICmpNE(b_.CreateAnd(list.first, f_.Word(uint64_t{Value::kJson} << 8)), f_.Word(0));
}

// Calls one of the two for a list of known form, else both, each on a branch of its own.
void NodeEmitter::ByForm(const Operand& list, ListForm form, const std::function<void()>& json,
                         const std::function<void()>& plain) {
  if (form == ListForm::kJson) return json();
  if (form == ListForm::kPlain) return plain();
  llvm::BasicBlock* of_json = f_.NewBlock("json");
  llvm::BasicBlock* of_plain = f_.NewBlock("plain");
  llvm::BasicBlock* on = f_.NewBlock("list");
  b_.CreateCondBr(IsJson(list), of_json, of_plain);
  f_.Enter(of_json);
  json();
  b_.CreateBr(on);
  f_.Enter(of_plain);
  plain();
  b_.CreateBr(on);
  f_.Enter(on);
}

llvm::Value* NodeEmitter::BehindJson(llvm::Value* node) {
  llvm::Value* nodes = b_.CreateZExt(f_.LoadInvariant(b_.getInt32Ty(), node, offsetof(JsonNode, next)), b_.getInt64Ty());
  return b_.CreateInBoundsGEP(b_.getInt8Ty(), node, b_.CreateMul(nodes, f_.Word(sizeof(JsonNode))));
}

// `skip`: elements that are done with; null: none.
NodeEmitter::ListPlace NodeEmitter::BeginList(const Operand& list, ListForm form, llvm::Value* skip) {
  ListPlace place{list, form, f_.Variable(b_.getPtrTy(), "at"), f_.Variable(b_.getPtrTy(), "list_end"),
                  f_.Variable(b_.getInt64Ty(), "index")};
  b_.CreateStore(skip != nullptr ? skip : f_.Word(0), place.index);
  llvm::Value* begin = f_.Pointer(list);
  const auto json = [&] {
    b_.CreateStore(b_.CreateConstInBoundsGEP1_64(b_.getInt8Ty(), begin, sizeof(JsonNode)), place.at);
    b_.CreateStore(BehindJson(begin), place.end);
  };
  const auto plain = [&] {
    b_.CreateStore(begin, place.at);
    b_.CreateStore(f_.ValueAt(begin, f_.SizeOf(list)), place.end);
  };
  ByForm(list, form, json, plain);
  if (skip != nullptr) {
    b_.CreateStore(
        f_.Call("edict_native_element_at", b_.getPtrTy(), {f_.frame(), list.first, list.second, skip}, Effects::kReadsOnly),
        place.at);
  }
  return place;
}

llvm::Value* NodeEmitter::IsMore(const ListPlace& place) {
  return b_.CreateICmpNE(b_.CreateLoad(b_.getPtrTy(), place.at), b_.CreateLoad(b_.getPtrTy(), place.end));
}

// The element at the place, which goes on to the next one. There is one.
NodeEmitter::Element NodeEmitter::NextOfList(const ListPlace& place) {
  llvm::Value* index = b_.CreateLoad(b_.getInt64Ty(), place.index);
  b_.CreateStore(b_.CreateAdd(index, f_.Word(1)), place.index);
  llvm::Value* at = b_.CreateLoad(b_.getPtrTy(), place.at);
  const Storage element(f_, Node::kAny);
  const auto json = [&] {
    b_.CreateStore(BehindJson(at), place.at);
    element.Set(f_, DecodeJson(at));
  };
  const auto plain = [&] {
    b_.CreateStore(f_.ValueAt(at, f_.Word(1)), place.at);
    element.Set(f_, f_.Load(at));
  };
  ByForm(place.list, place.form, json, plain);
  Operand value = element.Get(f_);
  return {{Kind::kInt, index, nullptr}, value, value};
}

NodeEmitter::Element NodeEmitter::NextOfMap(llvm::Value* cursor, llvm::Value* entry, llvm::BasicBlock* end) {
  llvm::BasicBlock* on = f_.NewBlock("entry");
  b_.CreateCondBr(f_.CallForBit("edict_native_map_next", {cursor, entry}, Effects::kAny), on, end);
  f_.Enter(on);
  Operand key = f_.Load(entry);
  return {key, f_.Load(f_.ValueAt(entry, f_.Word(1))), key};
}

// How many rounds the cache has done, from the first on. Null: it does not know this loop.
llvm::Value* NodeEmitter::EmitKnownRounds(const Operand& list, uint32_t loop) {
  if (loop == kNone) return nullptr;
  llvm::BasicBlock* before = b_.GetInsertBlock();
  llvm::BasicBlock* look = f_.NewBlock("look");
  llvm::BasicBlock* on = f_.NewBlock("rounds");
  b_.CreateCondBr(b_.CreateIsNotNull(f_.memo()), look, on);
  f_.Enter(look);
  llvm::Value* done = f_.Call("edict_native_known_rounds", b_.getInt64Ty(),
                              {f_.frame(), b_.getInt32(loop), list.first, list.second}, Effects::kFuel);
  llvm::BasicBlock* looked = b_.GetInsertBlock();
  b_.CreateBr(on);
  f_.Enter(on);
  llvm::PHINode* known = b_.CreatePHI(b_.getInt64Ty(), 2);
  known->addIncoming(f_.Word(0), before);
  known->addIncoming(done, looked);
  return known;
}

// The condition is tested where its value comes from, at the end of the round before, though its fuel is only taken if there
// is one more element.
void NodeEmitter::EmitListLoop(const Operand& list, ListForm form, const Rounds& rounds, llvm::BasicBlock* end) {
  llvm::Value* known = EmitKnownRounds(list, rounds.known);
  llvm::Value* size = f_.SizeOf(list);
  if (known != nullptr) size = b_.CreateSub(size, known);
  llvm::BasicBlock* before = b_.GetInsertBlock();
  llvm::BasicBlock* first = f_.NewBlock("first");
  llvm::BasicBlock* each = f_.NewBlock("each");
  llvm::BasicBlock* next = f_.NewBlock("next_round");
  const uint64_t open_costs = f_.open_costs();
  f_.Enter(first);
  const ListPlace place = BeginList(list, form, known);
  f_.Spend(rounds.cost);
  if (rounds.condition) rounds.condition(end);
  b_.CreateBr(each);
  f_.Enter(each);
  rounds.body(NextOfList(place), end);
  const bool costs_known = f_.open_costs() == open_costs;
  if (rounds.condition) {
    llvm::BasicBlock* stopped = f_.NewBlock("stopped");
    rounds.condition(stopped);
    llvm::BasicBlock* on = b_.GetInsertBlock();
    f_.Enter(stopped);
    llvm::Type* word = b_.getInt64Ty();
    llvm::Value* end_of_list = b_.CreatePtrToInt(b_.CreateLoad(b_.getPtrTy(), place.end), word);
    llvm::Value* left = b_.CreateSub(end_of_list, b_.CreatePtrToInt(b_.CreateLoad(b_.getPtrTy(), place.at), word));
    f_.Spend(b_.CreateMul(b_.CreateBinaryIntrinsic(llvm::Intrinsic::umin, left, f_.Word(1)), f_.Word(rounds.cost)));
    b_.CreateBr(end);
    f_.Enter(on);
  }
  b_.CreateCondBr(IsMore(place), next, end);
  f_.Enter(next);
  f_.Spend(rounds.cost);
  if (!costs_known) f_.NeedFuel(f_.Word(0));
  llvm::BranchInst* back = b_.CreateBr(each);
  if (form == ListForm::kPlain && costs_known) UnrollTwice(back);
  f_.Enter(before);
  if (costs_known)
    f_.NeedFuel(b_.CreateMul(
        size, f_.Word(rounds.cost)));  // so that a long list ends the loop, even if this leaves too early to the interpreter
  b_.CreateCondBr(b_.CreateICmpEQ(size, f_.Word(0)), end, first);
}

void NodeEmitter::EmitMapLoop(const Operand& map, const Rounds& rounds, llvm::BasicBlock* end) {
  llvm::Value* cursor = f_.Temporary(kMapCursorBytes / sizeof(Value));
  llvm::Value* entry = f_.Temporary(2);
  llvm::BasicBlock* head = f_.NewBlock("each");
  f_.Call("edict_native_map_begin", b_.getVoidTy(), {cursor, map.first, map.second}, Effects::kAny);
  b_.CreateBr(head);
  f_.Enter(head);
  Element element = NextOfMap(cursor, entry, end);
  f_.Spend(rounds.cost);
  f_.NeedFuel(f_.Word(0));
  if (rounds.condition) rounds.condition(end);
  rounds.body(element, end);
  b_.CreateBr(head);
}

// Over a list or a map; anything else leaves to f.failed(). The body is there only once, as it may hold such loops again.
void NodeEmitter::EmitUnknownLoop(const Operand& range, const Rounds& rounds, llvm::BasicBlock* end) {
  llvm::Value* cursor = f_.Temporary(kMapCursorBytes / sizeof(Value));
  llvm::Value* entry = f_.Temporary(2);
  llvm::Value* is_map = f_.IsKind(range, Kind::kMap);
  f_.FailIf(b_.CreateNot(b_.CreateOr(is_map, f_.IsKind(range, Kind::kList))));
  llvm::BasicBlock* map = f_.NewBlock("map");
  llvm::BasicBlock* list = f_.NewBlock("list");
  llvm::BasicBlock* head = f_.NewBlock("each");
  b_.CreateCondBr(is_map, map, list);
  f_.Enter(map);
  f_.Call("edict_native_map_begin", b_.getVoidTy(), {cursor, range.first, range.second}, Effects::kAny);
  b_.CreateBr(head);
  f_.Enter(list);
  ListPlace place = BeginList(range, ListForm::kEither, EmitKnownRounds(range, rounds.known));
  b_.CreateBr(head);
  f_.Enter(head);
  llvm::BasicBlock* of_map = f_.NewBlock("next_entry");
  llvm::BasicBlock* of_list = f_.NewBlock("next_item");
  llvm::BasicBlock* item = f_.NewBlock("item");
  b_.CreateCondBr(is_map, of_map, of_list);
  f_.Enter(of_map);
  Element a = NextOfMap(cursor, entry, end);
  llvm::BasicBlock* a_end = b_.GetInsertBlock();
  f_.Enter(of_list);
  b_.CreateCondBr(IsMore(place), item, end);
  f_.Enter(item);
  Element b = NextOfList(place);
  b.key = f_.Box(b.key);
  llvm::BasicBlock* b_end = b_.GetInsertBlock();
  llvm::BasicBlock* meet = f_.NewBlock("next");
  b_.CreateBr(meet);
  f_.Enter(a_end);
  b_.CreateBr(meet);
  f_.Enter(meet);
  const auto phi = [&](const Operand& x, const Operand& y) {
    const auto part = [&](llvm::Value* p, llvm::Value* q) {
      llvm::PHINode* merged = b_.CreatePHI(b_.getInt64Ty(), 2);
      merged->addIncoming(p, a_end);
      merged->addIncoming(q, b_end);
      return merged;
    };
    llvm::Value* first = part(x.first, y.first);
    return f_.Boxed(first, part(x.second, y.second));
  };
  Element element;
  element.key = phi(a.key, b.key);
  element.value = phi(a.value, b.value);
  element.single = phi(a.single, b.single);
  f_.Spend(rounds.cost);
  f_.NeedFuel(f_.Word(0));
  if (rounds.condition) rounds.condition(end);
  rounds.body(element, end);
  b_.CreateBr(head);
}

// `range` is a list or map; anything else leaves to f.failed().
void NodeEmitter::EmitEach(const Operand& range, const Rounds& rounds) {
  if (range.kind != Kind::kList && range.kind != Kind::kMap && range.kind != Node::kAny) {
    f_.Fail();
    return;
  }
  f_.AddOpenCost();  // for a loop around this one
  llvm::BasicBlock* end = f_.NewBlock("end");
  if (range.kind == Kind::kMap) {
    EmitMapLoop(range, rounds, end);
  } else if (range.kind == Node::kAny) {
    EmitUnknownLoop(range, rounds, end);
  } else if (!rounds.is_small) {
    EmitListLoop(range, ListForm::kEither, rounds, end);
  } else {
    llvm::BasicBlock* json = f_.NewBlock("of_json");
    llvm::BasicBlock* plain = f_.NewBlock("of_values");
    b_.CreateCondBr(IsJson(range), json, plain);
    f_.Enter(json);
    EmitListLoop(range, ListForm::kJson, rounds, end);
    f_.Enter(plain);
    EmitListLoop(range, ListForm::kPlain, rounds, end);
  }
  f_.Enter(end);
}

void NodeEmitter::EmitLoop(const std::vector<Loop>& loops, size_t depth, const std::function<void()>& body, uint32_t known) {
  if (depth == loops.size()) return body();
  const Loop& loop = loops[depth];
  Operand range = Emit(loop.range);
  llvm::BasicBlock* over = f_.NewBlock("over");
  if (range.kind == Kind::kOptional || range.kind == Node::kAny) {
    // Of an optional: over what is in it, if anything is.
    llvm::BasicBlock* optional = f_.NewBlock("optional");
    llvm::BasicBlock* some = f_.NewBlock("some");
    llvm::BasicBlock* plain = f_.NewBlock("plain");
    b_.CreateCondBr(f_.IsKind(range, Kind::kOptional), optional, plain);
    Join join(f_);
    f_.Enter(optional);
    b_.CreateCondBr(b_.CreateICmpEQ(range.second, f_.Word(0)), over, some);
    f_.Enter(some);
    join.Add(f_.Load(f_.Pointer(range)));
    f_.Enter(plain);
    join.Add(f_.Box(range));
    range = join.Meet("range");
  }
  Rounds rounds;
  rounds.body = [&](const Element& element, llvm::BasicBlock*) {
    bool one = loop.index == kNone;
    locals_[loop.element].value = one ? element.single : element.value;
    if (!one) locals_[loop.index].value = element.key;
    EmitLoop(loops, depth + 1, body, kNone);
    locals_.erase(loop.element);
    if (!one) locals_.erase(loop.index);
  };
  rounds.known = known;
  EmitEach(range, rounds);
  b_.CreateBr(over);
  f_.Enter(over);
}

}  // namespace edict::codegen
