// The state of one stream, as the Program declares it: cells, lifecycles, scopes. Rules read it through StateReader;
// it changes only by Commit, once per event. One owner; not thread-safe.
#ifndef EDICT_RUNTIME_STATE_STREAM_STATE_H_
#define EDICT_RUNTIME_STATE_STREAM_STATE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "runtime/program/compare_state.h"
#include "runtime/program/program.h"
#include "runtime/state/document.h"
#include "runtime/state/fixed_array.h"
#include "runtime/state/reader.h"
#include "runtime/state/table.h"
#include "runtime/state/text_keep.h"
#include "runtime/state/timed_state.h"
#include "runtime/state/writes.h"

namespace edict {

struct StateLimits {
  uint64_t string_bytes = 64ull << 10;  // of one string where its cell declares no bound. Default 64 KiB
  uint64_t total_bytes = 256ull << 20;  // of the whole state. Default 256 MiB
  uint64_t patch_work = 10'000'000;     // steps of one JSON Patch. Default 10 million, as much as an event's rules may take
};

class StreamState final : public StateReader {
 public:
  // `seed` makes the tables' hashes unpredictable; it changes no result. The Program must outlive the state.
  // `patcher` is scratch memory for patches of documents, which streams of one thread may share; null: one of its own.
  StreamState(const Program& program, const StateLimits& limits, uint64_t seed, JsonPatcher* patcher = nullptr);
  StreamState(const StreamState&) = delete;
  StreamState& operator=(const StreamState&) = delete;
  StreamState(StreamState&&) = default;

  // Of a state that is new: it goes on where `old`, a state under another Program, has come to. `carry`: what CompareState says
  // of both Programs; the tables of both have the same seed. `old` is of no use afterwards.
  void TakeOver(StreamState& old, const StateCarry& carry);
  // A scalar cell gets a value of its kind, or kAbsent where it may be unset; strings are copied. False: a bound refuses it.
  bool SetCell(uint32_t cell, const Value& value);

  Value Cell(uint32_t cell) const override;
  Value Entry(uint32_t cell, const Value& key) const override;
  bool EntryHas(uint32_t cell, const Value& key) const override;
  uint32_t CellSize(uint32_t cell) const override;
  Value CellKeys(uint32_t cell, Arena& arena) const override;
  uint32_t LifeState(uint32_t lifecycle, const Value* keys) const override;
  uint64_t LifeCount(uint32_t lifecycle, uint32_t state) const override;
  Value LifeKeys(uint32_t lifecycle, uint32_t state, Arena& arena) const override;
  Value LifeKeep(uint32_t lifecycle, uint32_t keep, const Value* keys) const override;
  bool LifeComplete(uint32_t lifecycle, uint32_t keep, const Value* keys) const override;
  Value Document(uint32_t document) const override { return documents_[document].root(); }
  Value PatchFault(uint32_t document, const Value& patch, uint64_t& work, Arena& arena) const override;
  Value Window(uint32_t window, const Value* keys, uint32_t* walked) const override;
  bool Armed(uint32_t timer, const Value* keys) const override;
  bool ScopeOpen(uint32_t scope) const override { return open_[scope] != 0; }

  // Applies the writes: openings of scopes first, each resetting what is inside; then the others in the order they were
  // added; closings last. What a bound refuses is appended to `refused`.
  void Commit(const PendingWrites& writes, std::vector<RefusedWrite>& refused);
  // Notes the hashes of keys of those writes from the `first` on that are kept, to be made again in streams of the same engine.
  void HashKeys(PendingWrites& writes, size_t first) const;

  // The caller's scratch memory from now on; null only where there are no documents.
  void UsePatcher(JsonPatcher* patcher) { patcher_ = patcher; }

  // The clock. It is set before an event is judged; what is written counts at the event's time.
  TimedState& timed() { return timed_; }
  const TimedState& timed() const { return timed_; }

  // LifeState of a lifecycle with one key, which is a string.
  uint32_t LifeStateOf(uint32_t lifecycle, std::string_view key) const {
    const Life& life = lives_[lifecycle];
    const KeyTable& table = life.table;
    recent_life_ = &life;
    recent_memory_ = table.memory();
    const uint32_t entry = table.FindText(key);
    return entry == KeyTable::kNotFound ? 0 : static_cast<uint32_t>(table.IntOf(entry));
  }
  // Of the scalar cells, in the order of Program::cells, as Cell gives them. For native code; stays where it is.
  const Value* scalars() const { return scalars_.data(); }

  // Loads of what the next event is likely to read begin; nothing waits for them. Events of a stream mostly ask for the
  // lifecycle that the last one asked for.
  void Prefetch() const {
    constexpr size_t kLine = 64;
    __builtin_prefetch(scalars_.data());
    __builtin_prefetch(recent_life_);
    if (recent_memory_ == nullptr) return;
    for (size_t line = 0; line < 3; ++line) __builtin_prefetch(static_cast<const char*>(recent_memory_) + line * kLine);
  }

  // Memory of this stream's state, a sum kept up to date by Commit.
  uint64_t bytes() const { return bytes_ + timed_.bytes(); }

 private:
  struct Life {
    // The counts are in `memory`.
    Life(const Lifecycle& lifecycle, const Program& program, uint64_t seed, std::byte*& memory);
    uint64_t bytes() const { return table.bytes() + (keeps == nullptr ? 0 : sizeof(KeepStore) + keeps->bytes()); }

    KeyTable table;                    // to the state's ordinal, with the number of the keeps' record in the Value's size
    std::unique_ptr<KeepStore> keeps;  // records of the keys that are not absent; null: nothing is kept
    FixedArray<uint32_t> counts;       // by ordinal
  };

  KeyTable& TableOf(uint32_t cell) { return tables_[index_[cell]]; }
  const KeyTable& TableOf(uint32_t cell) const { return tables_[index_[cell]]; }
  void TakeCell(uint32_t cell, StreamState& old, uint32_t from, const std::vector<uint32_t>& ordinals);
  void TakeLife(uint32_t lifecycle, StreamState& old, uint32_t from, const StateCarry& carry);
  void ResetCell(uint32_t cell);
  void ResetLife(uint32_t lifecycle);
  void OpenScopes(const PendingWrites& writes);
  void OpenScope(uint32_t scope);
  uint32_t Depth(uint32_t scope) const;
  void CloseScope(uint32_t scope);
  bool Inside(uint32_t scope, uint32_t outer) const;
  void Apply(const PendingWrites& writes, const PendingWrites::Write& write, std::vector<RefusedWrite>& refused);
  void SetScalar(uint32_t cell, const Value& value, RefusedWrite& why, std::vector<RefusedWrite>& refused);
  void PutEntry(const PendingWrites::Write& write, std::string_view key, const Value& value, std::vector<RefusedWrite>& refused);
  void SetLife(uint32_t lifecycle, std::string_view key, uint32_t ordinal, RefusedWrite& why, std::vector<RefusedWrite>& refused);
  void AppendKeep(const PendingWrites::Write& write, std::string_view key, const Value& value, RefusedWrite& why,
                  std::vector<RefusedWrite>& refused);
  void ChangeDocument(const PendingWrites::Write& write, RefusedWrite& why, std::vector<RefusedWrite>& refused);
  void ForgetDocument(uint32_t document);
  uint32_t FindLife(uint32_t lifecycle, const Value* keys) const;
  uint32_t KeepRecord(uint32_t lifecycle, const Value* keys) const;
  void ApplyTimed(const PendingWrites::Write& write, std::string_view key, const Value& value, RefusedWrite& why,
                  std::vector<RefusedWrite>& refused);
  uint64_t StringLimit(uint64_t declared) const { return declared != 0 ? declared : limits_.string_bytes; }
  void CountBytes();

  // Of arrays that have not one element for each declaration.
  struct Sizes {
    explicit Sizes(const Program& program);

    size_t scalars = 0;
    size_t tables = 0;
    size_t counts = 0;  // of all lifecycles
  };
  size_t ArrayBytes(const Sizes& sizes) const;
  std::byte* PlaceArrays();

  std::unique_ptr<std::byte[]> memory_;  // of the arrays
  FixedArray<Value> scalars_;
  mutable const Life* recent_life_ = nullptr;    // LifeStateOf was asked for
  mutable const void* recent_memory_ = nullptr;  // its table's; it may be gone
  FixedArray<Life> lives_;
  uint64_t bytes_ = 0;  // but for what is timed
  const Program& program_;
  StateLimits limits_;
  FixedArray<KeyTable> tables_;
  FixedArray<uint32_t> index_;                  // cell -> its place in scalars_ or tables_
  FixedArray<std::string> texts_;               // by scalar: bytes of a string value that was written
  FixedArray<uint8_t> open_;                    // by scope
  JsonPatcher* patcher_;                        // null: there are no documents
  std::unique_ptr<JsonPatcher> own_patcher_;    // null: it is the caller's
  mutable FixedArray<JsonDocument> documents_;  // mutable: to try a patch is to apply it and take it back
  TimedState timed_;
};

}  // namespace edict

#endif  // EDICT_RUNTIME_STATE_STREAM_STATE_H_
