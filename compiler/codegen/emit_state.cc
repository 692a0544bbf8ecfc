// Reads of the stream's state as it was before the event, each by a function of the runtime.
#include <algorithm>

#include "compiler/codegen/node_emitter.h"
#include "compiler/codegen/state_table.h"

namespace edict::codegen {
namespace {

const char* CellFunction(Op op) {
  switch (op) {
    case Op::kCell:
      return "edict_native_cell";
    case Op::kCellHas:
      return "edict_native_cell_has";
    case Op::kCellOpt:
      return "edict_native_cell_optional";
    case Op::kCellSize:
      return "edict_native_cell_size";
    case Op::kCellKeys:
      return "edict_native_cell_keys";
    default:
      return "edict_native_scope_open";
  }
}

const char* HeldFunction(Op op) {
  switch (op) {
    case Op::kDocument:
      return "edict_native_document";
    case Op::kDocumentHas:
      return "edict_native_document_has";
    case Op::kDocumentAt:
      return "edict_native_document_at";
    case Op::kPatchFault:
      return "edict_native_patch_fault";
    case Op::kWindow:
      return "edict_native_window";
    default:
      return "edict_native_armed";
  }
}

const char* EntryFunction(Op op) {
  switch (op) {
    case Op::kEntry:
      return "edict_native_entry";
    case Op::kEntryHas:
      return "edict_native_entry_has";
    case Op::kEntryOpt:
      return "edict_native_entry_optional";
    default:
      return "edict_native_enum_name";
  }
}

// Comparisons from which on a table is faster (bench/README.md); with two it comes to the same.
constexpr uint32_t kLeastTable = 3;

// A table of the module, of which the entry at `index` is given; what is the same everywhere needs none.
llvm::Value* Look(FunctionBuilder& f, const std::vector<uint64_t>& words, llvm::Value* index) {
  llvm::IRBuilder<>& b = f.b();
  if (std::equal(words.begin() + 1, words.end(), words.begin())) return f.Word(words[0]);
  const bool small = std::all_of(words.begin(), words.end(), [](uint64_t word) { return word < 256; });
  const std::vector<uint8_t> bytes(words.begin(), words.end());
  llvm::Constant* data = small ? llvm::ConstantDataArray::get(b.getContext(), llvm::ArrayRef<uint8_t>(bytes))
                               : llvm::ConstantDataArray::get(b.getContext(), llvm::ArrayRef<uint64_t>(words));
  auto* table =
      new llvm::GlobalVariable(f.context().module, data->getType(), true, llvm::GlobalValue::PrivateLinkage, data, "by_state");
  table->setUnnamedAddr(llvm::GlobalValue::UnnamedAddr::Global);
  llvm::Type* type = small ? b.getInt8Ty() : b.getInt64Ty();
  llvm::Value* entry = f.LoadInvariant(type, b.CreateInBoundsGEP(type, table, index), 0);
  return b.CreateZExt(entry, b.getInt64Ty());
}

}  // namespace

bool NodeEmitter::EmitByState(uint32_t id, Operand* result) {
  const Node& node = f_.At(id);
  if (node.op != Op::kAnd && node.op != Op::kOr && node.op != Op::kCond) return false;
  const std::optional<StateTable> table = MakeStateTable(f_.program(), id);
  if (!table || table->comparisons < kLeastTable) return false;
  const Node& read = f_.At(table->state);
  // Known from the start (LookUpFirst): else each reading pays for its key, and may fail.
  const auto known = ordinals_.find({read.imm, f_.Arg(read, 0)});
  if (known == ordinals_.end()) return false;
  llvm::Value* state = known->second;
  f_.AgainIf(b_.CreateICmpUGE(state, f_.Word(table->values.size())));
  f_.Spend(Look(f_, table->fuel, state));
  if (table->kind == Kind::kBool) {
    uint64_t bits = 0;
    for (size_t i = 0; i < table->values.size(); ++i) bits |= static_cast<uint64_t>(table->values[i]) << i;
    *result = f_.Bool(b_.CreateTrunc(b_.CreateLShr(f_.Word(bits), state), b_.getInt1Ty()));
  } else {
    *result = {Kind::kInt, Look(f_, {table->values.begin(), table->values.end()}, state), nullptr};
  }
  return true;
}

// The value of a scalar cell, from the array of them.
Operand NodeEmitter::EmitScalar(uint32_t cell) {
  const std::vector<Cell>& cells = f_.program().cells;
  const auto before = std::count_if(cells.begin(), cells.begin() + cell, [](const Cell& c) { return c.kind == CellKind::kScalar; });
  Operand value = f_.LoadInvariant(f_.ValueAt(f_.cells(), f_.Word(static_cast<uint64_t>(before))));
  f_.FailIf(f_.IsKind(value, Kind::kAbsent));
  return value;
}

Operand NodeEmitter::EmitCell(const Node& node) {
  if (node.op == Op::kCell) return EmitScalar(node.imm);
  return f_.CallOrFail(CellFunction(node.op), {f_.frame(), b_.getInt32(node.imm)});
}

Operand NodeEmitter::EmitEntry(const Node& node) {
  Operand key = f_.Box(Emit(f_.Arg(node, 0)));
  return f_.CallOrFail(EntryFunction(node.op), {f_.frame(), b_.getInt32(node.imm), key.first, key.second});
}

Operand NodeEmitter::EmitLifecycle(const Node& node) {
  if (node.op == Op::kLifeState && node.arg_count == 1) {
    f_.Spend(1);
    return {Kind::kInt, LifeOrdinal(node.imm, f_.Arg(node, 0)), nullptr};
  }
  std::vector<Operand> keys = EmitArgs(node);
  llvm::Value* lifecycle = b_.getInt32(node.imm);
  if (node.op == Op::kLifeState) return f_.CallOrFail("edict_native_life_state", {f_.frame(), lifecycle, f_.Array(keys)});
  const char* name = node.op == Op::kLifeCount ? "edict_native_life_count" : "edict_native_life_keys";
  return f_.CallOrFail(name, {f_.frame(), lifecycle, b_.getInt32(node.imm2)});
}

llvm::Value* NodeEmitter::LifeOrdinal(uint32_t lifecycle, uint32_t key_node) {
  const auto known = ordinals_.find({lifecycle, key_node});
  if (known != ordinals_.end()) return known->second;
  const Operand operand = Emit(key_node);
  if (operand.kind == Kind::kString) {
    return f_.Call("edict_native_life_of_text", b_.getInt64Ty(),
                   {f_.frame(), b_.getInt32(lifecycle), f_.Pointer(operand), f_.SizeOf(operand)}, Effects::kReadsOnly);
  }
  const Operand key = f_.Box(operand);
  return f_.Call("edict_native_life_ordinal", b_.getInt64Ty(), {f_.frame(), b_.getInt32(lifecycle), key.first, key.second},
                 Effects::kReadsOnly);
}

void NodeEmitter::LookUpFirst(uint32_t node_id, const Shape& record) {
  const Node& node = f_.At(node_id);
  if (node.op == Op::kLifeState && node.arg_count == 1) {
    const uint32_t key = f_.Arg(node, 0);
    const bool is_text = f_.At(key).op == Op::kSlot && f_.At(key).rep == Kind::kString;
    const bool is_there = is_text && std::any_of(record.fields.begin(), record.fields.end(), [&](const ShapeField& field) {
                            return field.slot == f_.At(key).imm && !field.optional;
                          });
    if (!is_there) return;
    if (ordinals_.count({node.imm, key}) == 0) ordinals_[{node.imm, key}] = LifeOrdinal(node.imm, key);
    return;
  }
  for (uint32_t i = 0; i < node.arg_count; ++i) LookUpFirst(f_.Arg(node, i), record);
}

Operand NodeEmitter::EmitKeep(const Node& node) {
  std::vector<Operand> keys = EmitArgs(node);
  const char* name = node.op == Op::kLifeKeep ? "edict_native_life_keep" : "edict_native_life_complete";
  return f_.CallOrFail(name, {f_.frame(), b_.getInt32(node.imm), b_.getInt32(node.imm2), f_.Array(keys)});
}

// A document, window, sequence or deadline.
Operand NodeEmitter::EmitHeld(const Node& node) {
  std::vector<Operand> args = EmitArgs(node);
  return f_.CallOrFail(HeldFunction(node.op), {f_.frame(), b_.getInt32(node.imm), f_.Array(args)});
}

}  // namespace edict::codegen
