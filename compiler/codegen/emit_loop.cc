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

NodeEmitter::Element NodeEmitter::NextOfList(const Operand& list, llvm::Value* index_variable, llvm::Value* node_variable,
                                             llvm::BasicBlock* end) {
  llvm::Value* index = b_.CreateLoad(b_.getInt64Ty(), index_variable);
  llvm::BasicBlock* on = f_.NewBlock("element");
  b_.CreateCondBr(b_.CreateICmpULT(index, f_.SizeOf(list)), on, end);
  f_.Enter(on);
  b_.CreateStore(b_.CreateAdd(index, f_.Word(1)), index_variable);
  llvm::BasicBlock* json = f_.NewBlock("json");
  llvm::BasicBlock* plain = f_.NewBlock("plain");
  b_.CreateCondBr(b_.CreateICmpNE(b_.CreateAnd(list.first, f_.Word(uint64_t{Value::kJson} << 8)), f_.Word(0)), json, plain);
  Join join(f_);
  f_.Enter(json);
  llvm::Value* node = b_.CreateLoad(b_.getPtrTy(), node_variable);
  llvm::Value* next = b_.CreateZExt(f_.LoadInvariant(b_.getInt32Ty(), node, offsetof(JsonNode, next)), b_.getInt64Ty());
  llvm::Value* behind = b_.CreateInBoundsGEP(b_.getInt8Ty(), node, b_.CreateMul(next, f_.Word(sizeof(JsonNode))));
  b_.CreateStore(behind, node_variable);
  join.Add(DecodeJson(node));
  f_.Enter(plain);
  join.Add(f_.Load(f_.ValueAt(f_.Pointer(list), index)));
  Operand value = join.Meet("value");
  return {{Kind::kInt, index, nullptr}, value, value};
}

NodeEmitter::Element NodeEmitter::NextOfMap(llvm::Value* cursor, llvm::Value* entry, llvm::BasicBlock* end) {
  llvm::BasicBlock* on = f_.NewBlock("entry");
  b_.CreateCondBr(f_.CallForBit("edict_native_map_next", {cursor, entry}, Effects::kAny), on, end);
  f_.Enter(on);
  Operand key = f_.Load(entry);
  return {key, f_.Load(f_.ValueAt(entry, f_.Word(1))), key};
}

// `range` is a list or map; anything else leaves to f.failed().
void NodeEmitter::EmitEach(const Operand& range, const std::function<void(const Element&, llvm::BasicBlock* end)>& body) {
  bool may_be_list = range.kind == Kind::kList || range.kind == Node::kAny;
  bool may_be_map = range.kind == Kind::kMap || range.kind == Node::kAny;
  if (!may_be_list && !may_be_map) {
    f_.Fail();
    return;
  }
  llvm::AllocaInst* index = f_.Variable(b_.getInt64Ty(), "index");
  llvm::AllocaInst* node = f_.Variable(b_.getPtrTy(), "node");
  llvm::Value* is_map = may_be_list ? b_.getFalse() : b_.getTrue();
  llvm::Value* cursor = nullptr;
  llvm::Value* entry = nullptr;
  if (may_be_list && may_be_map) {
    is_map = f_.IsKind(range, Kind::kMap);
    f_.FailIf(b_.CreateNot(b_.CreateOr(is_map, f_.IsKind(range, Kind::kList))));
  }
  llvm::BasicBlock* head = f_.NewBlock("each");
  llvm::BasicBlock* end = f_.NewBlock("end");
  if (may_be_list) {
    b_.CreateStore(f_.Word(0), index);
    b_.CreateStore(b_.CreateConstGEP1_64(b_.getInt8Ty(), f_.Pointer(range), sizeof(JsonNode)), node);
  }
  if (may_be_map) {
    cursor = f_.Temporary(kMapCursorBytes / sizeof(Value));
    entry = f_.Temporary(2);
    llvm::BasicBlock* begin = f_.NewBlock("map");
    b_.CreateCondBr(is_map, begin, head);
    f_.Enter(begin);
    f_.Call("edict_native_map_begin", b_.getVoidTy(), {cursor, range.first, range.second}, Effects::kAny);
  }
  b_.CreateBr(head);
  f_.Enter(head);
  Element element;
  if (may_be_list && may_be_map) {
    llvm::BasicBlock* of_map = f_.NewBlock("next_entry");
    llvm::BasicBlock* of_list = f_.NewBlock("next_item");
    b_.CreateCondBr(is_map, of_map, of_list);
    f_.Enter(of_map);
    Element a = NextOfMap(cursor, entry, end);
    llvm::BasicBlock* a_end = b_.GetInsertBlock();
    f_.Enter(of_list);
    Element b = NextOfList(range, index, node, end);
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
    Operand key = phi(a.key, b.key);
    Operand value = phi(a.value, b.value);
    element = {key, value, phi(a.single, b.single)};
  } else {
    element = may_be_map ? NextOfMap(cursor, entry, end) : NextOfList(range, index, node, end);
  }
  f_.Spend(1);
  f_.CheckFuel();
  body(element, end);
  b_.CreateBr(head);
  f_.Enter(end);
}

void NodeEmitter::EmitLoop(const std::vector<Loop>& loops, size_t depth, const std::function<void()>& body) {
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
  EmitEach(range, [&](const Element& element, llvm::BasicBlock*) {
    bool one = loop.index == kNone;
    locals_[loop.element].value = one ? element.single : element.value;
    if (!one) locals_[loop.index].value = element.key;
    EmitLoop(loops, depth + 1, body);
    locals_.erase(loop.element);
    if (!one) locals_.erase(loop.index);
  });
  b_.CreateBr(over);
  f_.Enter(over);
}

}  // namespace edict::codegen
