// The last verdict of native code, remembered: tokens of one message come in a row, and what their rules read is the same
// each time. Rules are functions of the fields that they read and of the state, so that the same fields in an unchanged state
// pass again. Exact: the fields' bytes are compared.
#ifndef EDICT_RUNTIME_ENGINE_VERDICT_MEMO_H_
#define EDICT_RUNTIME_ENGINE_VERDICT_MEMO_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "runtime/base/same_bytes.h"
#include "runtime/program/program.h"

namespace edict {

class VerdictMemo {
 public:
  // Of an event type: the slots that its rules and writes read. `simple`: they can be remembered.
  struct Fields {
    bool simple = false;
    std::vector<uint32_t> slots;
  };
  // By event type.
  static std::vector<Fields> FieldsOf(const Program& program);

  // `fields`: FieldsOf the Program; outlives the memo.
  explicit VerdictMemo(const std::vector<Fields>& fields) : fields_(fields) {}

  // To be called when a state changes, or a stream begins.
  void Clear() { owner_ = nullptr; }
  // Whether the rules of this event type pass on these slots: they did, for this stream, since the last Clear. Takes the fuel
  // that they took; false where less is left.
  bool Holds(const void* stream, uint32_t event, const Value* slots, int64_t& fuel) const {
    if (stream != owner_ || event != event_ || fuel < cost_) return false;
    const char* text = texts_;
    for (size_t i = 0; i < count_; ++i) {
      const Value& slot = slots[slots_[i]];
      if (slot.kind != kept_[i].kind) return false;
      if (slot.kind != Kind::kString) continue;
      if (slot.size != kept_[i].size || !SameText(text, slot.s, slot.size)) return false;
      text += kMostText;
    }
    fuel -= cost_;
    return true;
  }
  // They pass, they write nothing and took so much fuel. Kept when it happens twice in a row: where every event is of another
  // stream, it would be of no use.
  void Keep(const void* stream, uint32_t event, const Value* slots, int64_t cost);

 private:
  static constexpr size_t kMostSlots = 4;
  static constexpr size_t kMostText = 64;

  const std::vector<Fields>& fields_;
  const void* owner_ = nullptr;        // null: nothing is kept
  const void* last_stream_ = nullptr;  // of the last call of Keep
  uint32_t last_event_ = kNone;
  uint32_t event_ = kNone;
  int64_t cost_ = 0;
  size_t count_ = 0;
  uint32_t slots_[kMostSlots] = {};
  Value kept_[kMostSlots];
  char texts_[kMostSlots * kMostText] = {};  // of the strings, in order
};

}  // namespace edict

#endif  // EDICT_RUNTIME_ENGINE_VERDICT_MEMO_H_
