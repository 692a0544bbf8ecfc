#include "compiler/codegen/emit_effects.h"

#include <algorithm>

#include "compiler/codegen/rule_lines.h"

namespace edict::codegen {
namespace {

class EffectEmitter {
 public:
  EffectEmitter(FunctionBuilder& f, NodeEmitter& emitter, uint32_t event)
      : f_(f), b_(f.b()), emitter_(emitter), event_(event), effects_(f.program().events[event].effects) {}

  void Run() {
    for (uint32_t i = 0; i < effects_.size(); ++i) {
      if (f_.context().lines != nullptr) f_.context().lines->AtEffect(b_, effects_[i]);
      const uint32_t known = f_.context().ElementLoopOf({event_, kNone, kNone, i});
      emitter_.EmitLoops(
          effects_[i].loops, [&] { EmitOne(i); }, known);
    }
  }

 private:
  void EmitOne(uint32_t number) {
    const Effect& effect = effects_[number];
    llvm::BasicBlock* next = f_.NewBlock("next_effect");
    if (effect.guard != kNone) {
      llvm::BasicBlock* applies = f_.NewBlock("applies");
      b_.CreateCondBr(emitter_.EmitBool(effect.guard), applies, next);
      f_.Enter(applies);
    }
    std::vector<Operand> keys;
    for (const uint32_t key : effect.keys) keys.push_back(emitter_.Emit(key));
    Operand value = f_.Boxed(f_.KindWord(Kind::kAbsent), f_.Word(0));
    if (effect.value != kNone) value = emitter_.Emit(effect.value);
    if (MayChangeNothing(number) && value.kind == Kind::kInt) {
      llvm::BasicBlock* changes = f_.NewBlock("changes");
      llvm::Value* same = b_.CreateICmpEQ(emitter_.LifeOrdinal(effect.target, effect.keys[0]), value.first);
      b_.CreateCondBr(same, next, changes);
      f_.Enter(changes);
    }
    value = f_.Box(value);
    llvm::Value* done = f_.CallForBit(
        "edict_native_write", {f_.frame(), b_.getInt32(event_), b_.getInt32(number), f_.Array(keys), value.first, value.second},
        Effects::kAny);
    f_.AgainIf(b_.CreateNot(done));
    b_.CreateBr(next);
    f_.Enter(next);
  }

  // To set a key of a lifecycle to the state that it is in changes nothing, unless another write comes before it.
  bool MayChangeNothing(uint32_t number) const {
    const Effect& effect = effects_[number];
    if (effect.kind != EffectKind::kLifeSet || effect.keys.size() != 1 || !effect.loops.empty()) return false;
    return std::none_of(effects_.begin(), effects_.end(), [&](const Effect& other) {
      return other.kind == EffectKind::kScopeOpen ||
             (other.kind == EffectKind::kLifeSet && other.target == effect.target && &other != &effect);
    });
  }

  FunctionBuilder& f_;
  llvm::IRBuilder<>& b_;
  NodeEmitter& emitter_;
  uint32_t event_;
  const std::vector<Effect>& effects_;
};

}  // namespace

void EmitEffects(FunctionBuilder& f, NodeEmitter& emitter, uint32_t event) { EffectEmitter(f, emitter, event).Run(); }

}  // namespace edict::codegen
