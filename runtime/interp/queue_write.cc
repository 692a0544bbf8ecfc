#include "runtime/interp/queue_write.h"

#include <string>

#include "runtime/state/json_tree.h"

namespace edict {
namespace {

bool Fits(const Value& value, Kind rep) {
  return rep == Node::kAny || value.kind == rep || value.kind == Kind::kAbsent ||
         (value.kind == Kind::kOptional && (value.inner == nullptr || value.inner->kind == rep));
}

Value Mismatch(const Frame& frame, const char* what, const Value& value, Kind want) {
  const std::string text = std::string("the ") + what + " is a " + KindName(value.kind) + ", not a " + KindName(want);
  const char* kept = frame.context->arena->Copy(text);
  return MakeError(*frame.context->arena, ErrorCode::kInvalidArgument, {kept, text.size()});
}

}  // namespace

Value QueueWrite(const Frame& frame, const Effect& effect, uint32_t number, const Value* keys, Value value, PendingWrites& writes) {
  const Program& program = *frame.program;
  const auto key_count = static_cast<uint32_t>(effect.keys.size());
  const Cell* cell = effect.kind <= EffectKind::kClear ? &program.cells[effect.target] : nullptr;
  for (uint32_t i = 0; cell != nullptr && i < key_count; ++i) {
    if (!Fits(keys[i], cell->key_rep)) return Mismatch(frame, "key", keys[i], cell->key_rep);
  }
  if (effect.value != kNone) {
    if (value.kind == Kind::kOptional) value = value.inner == nullptr ? Value::Absent() : *value.inner;
    if (cell != nullptr && cell->enum_id == kNone && !Fits(value, cell->rep)) return Mismatch(frame, "value", value, cell->rep);
  }
  if (effect.kind == EffectKind::kKeep) {
    const Kind rep = program.lifecycles[effect.target].keeps[effect.member].rep;
    if (value.kind == Kind::kAbsent) return value;  // nothing to add
    if (value.kind != rep) return Mismatch(frame, "value", value, rep);
  }
  // A value that is part of the state would change under the writes before it.
  const bool of_document = effect.kind >= EffectKind::kDocumentSet && effect.value != kNone;
  if (of_document && (program.nodes[effect.value].flags & Node::kReadsState) != 0) {
    value = json_tree::Memory(*frame.context->arena).Copy(value);
  }
  if (!writes.Add(effect.kind, effect.target, keys, key_count, value, number, effect.member)) {
    return MakeError(*frame.context->arena, ErrorCode::kInvalidArgument, "only scalar values can be kept in the state");
  }
  return Value::Absent();
}

}  // namespace edict
