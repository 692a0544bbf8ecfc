// The event and its fields, locals, selection, indexing.
#include "compiler/codegen/node_emitter.h"

namespace edict::codegen {

// The field's value; one that is absent is an error.
Operand NodeEmitter::EmitSlot(const Node& node) {
  Operand value = f_.LoadInvariant(f_.ValueAt(f_.slots(), f_.Word(node.imm)));
  f_.FailIf(f_.IsKind(value, Kind::kAbsent));
  return value;
}

Operand NodeEmitter::EmitOptionalSlot(const Node& node) {
  llvm::Value* address = f_.ValueAt(f_.slots(), f_.Word(node.imm));
  llvm::Value* absent = f_.IsKind(f_.LoadInvariant(address), Kind::kAbsent);
  llvm::Value* inner = b_.CreateSelect(absent, f_.Word(0), b_.CreatePtrToInt(address, b_.getInt64Ty()));
  return {Kind::kOptional, f_.KindWord(Kind::kOptional), inner};
}

// What the expression binds itself is in registers; other locals are the caller's, in the frame.
Operand NodeEmitter::EmitLocal(const Node& node) {
  auto bound = locals_.find(node.imm);
  if (bound == locals_.end()) {
    Operand value = f_.LoadInvariant(f_.ValueAt(f_.locals(), f_.Word(node.imm)));
    // Where a kind is wanted, an error is a value of another.
    if (node.rep == Node::kAny) f_.FailIf(f_.IsKind(value, Kind::kError));
    return value;
  }
  const Local& local = bound->second;
  if (!local.is_accumulator) return local.value;
  f_.FailIf(b_.CreateLoad(b_.getInt1Ty(), local.is_failed));
  return local.grows ? local.list.Get(f_) : local.storage.Get(f_);
}

Operand NodeEmitter::FindEntry(const Operand& map, const Operand& key) {
  f_.Spend(b_.CreateLShr(f_.SizeOf(map), f_.Word(3)));  // looking for it in a large map
  return f_.CallForValue("edict_native_find", {map.first, map.second, f_.Pointer(key), f_.SizeOf(key)}, Effects::kReadsOnly);
}

Operand NodeEmitter::Find(const Operand& map, uint32_t name) { return FindEntry(map, f_.Constant(name)); }

Operand NodeEmitter::EmitField(const Node& node) {
  Operand operand = Emit(f_.Arg(node, 0));
  if (operand.kind == Kind::kOptional) {
    Operand key = f_.Constant(node.imm);
    Operand found =
        f_.CallOrFail("edict_native_optional_field", {f_.frame(), operand.first, operand.second, f_.Pointer(key), f_.SizeOf(key)});
    return found;
  }
  if (operand.kind == Kind::kMap) {
    Operand found = Find(operand, node.imm);
    f_.FailIf(f_.IsKind(found, Kind::kAbsent));
    return found;
  }
  if (operand.kind != Node::kAny) return f_.Fail();
  // An optional's field is an optional.
  llvm::BasicBlock* plain = f_.NewBlock("map");
  llvm::BasicBlock* other = f_.NewBlock("no_map");
  b_.CreateCondBr(f_.IsKind(operand, Kind::kMap), plain, other);
  Join join(f_);
  f_.Enter(plain);
  Operand found = Find(operand, node.imm);
  f_.FailIf(f_.IsKind(found, Kind::kAbsent));
  join.Add(found);
  f_.Enter(other);
  f_.FailIf(b_.CreateNot(f_.IsKind(operand, Kind::kOptional)));
  Operand key = f_.Constant(node.imm);
  Operand inside =
      f_.CallOrFail("edict_native_field", {f_.frame(), operand.first, operand.second, f_.Pointer(key), f_.SizeOf(key)});
  join.Add(inside);
  return join.Meet("field");
}

Operand NodeEmitter::EmitHasField(const Node& node) {
  Operand operand = Emit(f_.Arg(node, 0));
  const auto has = [&](const Operand& map) { return f_.Bool(b_.CreateNot(f_.IsKind(Find(map, node.imm), Kind::kAbsent))); };
  if (operand.kind == Kind::kMap) return has(operand);
  if (operand.kind != Node::kAny && operand.kind != Kind::kOptional) return f_.Fail();
  // Of an optional: there is something, and it has the field.
  Join join(f_);
  llvm::BasicBlock* optional = f_.NewBlock("optional");
  llvm::BasicBlock* plain = f_.NewBlock("plain");
  llvm::BasicBlock* none = f_.NewBlock("none");
  llvm::BasicBlock* some = f_.NewBlock("some");
  b_.CreateCondBr(f_.IsKind(operand, Kind::kOptional), optional, plain);
  f_.Enter(optional);
  b_.CreateCondBr(b_.CreateICmpEQ(operand.second, f_.Word(0)), none, some);
  f_.Enter(none);
  join.Add(f_.Bool(b_.getFalse()));
  f_.Enter(some);
  join.Add(has(f_.Require(f_.Load(f_.Pointer(operand)), Kind::kMap)));
  f_.Enter(plain);
  f_.FailIf(b_.CreateNot(f_.IsKind(operand, Kind::kMap)));
  join.Add(has(operand));
  return join.Meet("has");
}

Operand NodeEmitter::EmitOptionalField(const Node& node) {
  Operand operand = f_.Box(Emit(f_.Arg(node, 0)));
  Operand key = f_.Constant(node.imm);
  Operand found =
      f_.CallOrFail("edict_native_optional_field", {f_.frame(), operand.first, operand.second, f_.Pointer(key), f_.SizeOf(key)});
  return found;
}

bool NodeEmitter::HasPlainInside(uint32_t id) const {
  const Node& node = f_.At(id);
  if (node.op == Op::kOptSlot) return true;
  if (node.op != Op::kOptField && node.op != Op::kOptIndex) return false;
  if (node.op == Op::kOptIndex && f_.At(f_.Arg(node, 1)).rep != Kind::kString) return false;
  const uint32_t operand = f_.Arg(node, 0);
  return f_.At(operand).rep == Kind::kMap || HasPlainInside(operand);
}

// The entry that an optional would be made of, which takes fuel all the same.
Operand NodeEmitter::FindInside(const Operand& map, const Operand& key) {
  Operand found = FindEntry(f_.Require(map, Kind::kMap), key);
  f_.Spend(b_.CreateZExt(b_.CreateNot(f_.IsKind(found, Kind::kAbsent)), b_.getInt64Ty()));
  return found;
}

Operand NodeEmitter::EmitInside(uint32_t id) {
  const Node& node = f_.At(id);
  if (node.op == Op::kOptSlot) return f_.LoadInvariant(f_.ValueAt(f_.slots(), f_.Word(node.imm)));
  const uint32_t operand_id = f_.Arg(node, 0);
  const bool is_map = f_.At(operand_id).rep == Kind::kMap;
  Operand operand = is_map ? Emit(operand_id) : EmitInside(operand_id);
  Operand key = node.op == Op::kOptField ? f_.Constant(node.imm) : f_.Require(Emit(f_.Arg(node, 1)), Kind::kString);
  if (is_map) return FindInside(operand, key);
  llvm::BasicBlock* none = f_.NewBlock("none");
  llvm::BasicBlock* some = f_.NewBlock("some");
  b_.CreateCondBr(f_.IsKind(operand, Kind::kAbsent), none, some);
  Join join(f_);
  f_.Enter(none);
  join.Add(operand);
  f_.Enter(some);
  join.Add(FindInside(operand, key));
  return join.Meet("inside");
}

// `index` is in range.
Operand NodeEmitter::ListItem(const Operand& list, llvm::Value* index) {
  Join join(f_);
  llvm::BasicBlock* json = f_.NewBlock("json");
  llvm::BasicBlock* plain = f_.NewBlock("plain");
  b_.CreateCondBr(b_.CreateICmpNE(b_.CreateAnd(list.first, f_.Word(uint64_t{Value::kJson} << 8)), f_.Word(0)), json, plain);
  f_.Enter(json);
  f_.Spend(b_.CreateLShr(index, f_.Word(3)));  // walks there
  join.Add(f_.CallForValue("edict_native_json_at", {f_.frame(), list.first, list.second, index}, Effects::kReadsOnly));
  f_.Enter(plain);
  join.Add(f_.Load(f_.ValueAt(f_.Pointer(list), index)));
  return join.Meet("item");
}

Operand NodeEmitter::EmitIndex(const Node& node) {
  Operand operand = Emit(f_.Arg(node, 0));
  Operand index = Emit(f_.Arg(node, 1));
  if (node.op == Op::kIndex && operand.kind == Kind::kList && index.kind == Kind::kInt) {
    f_.FailIf(b_.CreateICmpUGE(index.first, f_.SizeOf(operand)));
    return ListItem(operand, index.first);
  }
  if (node.op == Op::kIndex && operand.kind == Kind::kMap && index.kind == Kind::kString) {
    Operand found = FindEntry(operand, index);
    f_.FailIf(f_.IsKind(found, Kind::kAbsent));
    return found;
  }
  const char* name = node.op == Op::kIndex ? "edict_native_index" : "edict_native_optional_index";
  operand = f_.Box(operand);
  index = f_.Box(index);
  Operand found = f_.CallOrFail(name, {f_.frame(), operand.first, operand.second, index.first, index.second});
  return found;
}

}  // namespace edict::codegen
