// The state of one stream, as the Program declares it: cells, lifecycles, scopes. Rules read it through StateReader;
// it changes only by Commit, once per event. One owner; not thread-safe.
#ifndef EDICT_RUNTIME_STATE_STREAM_STATE_H_
#define EDICT_RUNTIME_STATE_STREAM_STATE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "runtime/program/compare_state.h"
#include "runtime/program/program.h"
#include "runtime/state/document.h"
#include "runtime/state/reader.h"
#include "runtime/state/state_layout.h"
#include "runtime/state/table.h"
#include "runtime/state/text_keep.h"
#include "runtime/state/timed_state.h"
#include "runtime/state/writes.h"

namespace edict {

class StreamState final : public StateReader {
 public:
  // `patcher` is scratch memory for patches of documents, which streams of one thread may share; null: one of its own.
  // `place`: layout.bytes, aligned as by new, that outlive the state; null: memory of its own.
  explicit StreamState(const StateLayout& layout, JsonPatcher* patcher = nullptr, std::byte* place = nullptr);
  StreamState(const StreamState&) = delete;
  StreamState& operator=(const StreamState&) = delete;
  StreamState(StreamState&& other) noexcept;
  ~StreamState() override;

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
  Value Document(uint32_t document) const override { return documents()[document].root(); }
  Value PatchFault(uint32_t document, const Value& patch, uint64_t& work, Arena& arena) const override;
  Value Window(uint32_t window, const Value* keys, uint32_t* walked) const override;
  bool Armed(uint32_t timer, const Value* keys) const override;
  bool ScopeOpen(uint32_t scope) const override { return open()[scope] != 0; }

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
    const KeyTable& table = lives()[lifecycle].table;
    const uint32_t entry = table.FindText(key);
    return entry == KeyTable::kNotFound ? 0 : static_cast<uint32_t>(table.IntOf(entry));
  }
  // Of the scalar cells, in the order of Program::cells, as Cell gives them. For native code; stays where it is.
  const Value* scalars() const { return Part<const Value>(layout_->scalars).data(); }

  // Loads of what tables hold begin; nothing waits for them. What `place` holds has been asked for some time ago.
  void Prefetch() const;

  // Whether it is in memory of its own.
  bool is_apart() const { return own_ != nullptr; }
  // Memory of this stream's state, a sum kept up to date by Commit.
  uint64_t bytes() const { return layout_->has_time ? bytes_ + timed_.bytes() : bytes_; }

 private:
  friend struct StateLayout;

  struct Life {
    Life(const Lifecycle& lifecycle, const Program& program, uint64_t seed);
    uint64_t bytes() const { return table.bytes() + (keeps == nullptr ? 0 : sizeof(KeepStore) + keeps->bytes()); }

    KeyTable table;                    // to the state's ordinal, with the number of the keeps' record in the Value's size
    std::unique_ptr<KeepStore> keeps;  // records of the keys that are not absent; null: nothing is kept
  };

  template <typename T>
  std::span<T> Part(const StateLayout::Part& part) const {
    return {reinterpret_cast<T*>(memory_ + part.at), part.size};
  }
  std::span<Value> values() { return Part<Value>(layout_->scalars); }
  std::span<Life> lives() { return Part<Life>(layout_->lives); }
  std::span<const Life> lives() const { return Part<const Life>(layout_->lives); }
  std::span<KeyTable> tables() const { return Part<KeyTable>(layout_->tables); }
  std::span<uint32_t> counts(uint32_t lifecycle) const { return Part<uint32_t>(layout_->counts[lifecycle]); }
  std::span<uint8_t> open() const { return Part<uint8_t>(layout_->open); }
  // By scalar: bytes of a string value that was written.
  std::span<std::string> texts() const { return Part<std::string>(layout_->texts); }
  // To try a patch is to apply it and take it back.
  std::span<JsonDocument> documents() const { return Part<JsonDocument>(layout_->documents); }
  const Program& program() const { return layout_->program; }
  const StateLimits& limits() const { return layout_->limits; }

  void BeginTable(KeyTable& table, uint64_t text);
  KeyTable& TableOf(uint32_t cell) { return tables()[layout_->index[cell]]; }
  const KeyTable& TableOf(uint32_t cell) const { return tables()[layout_->index[cell]]; }
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
  uint64_t StringLimit(uint64_t declared) const { return declared != 0 ? declared : limits().string_bytes; }
  void CountBytes();

  const StateLayout* layout_;
  std::byte* memory_;                 // of the arrays; null: it has been moved from
  uint64_t bytes_ = 0;                // but for what is timed
  std::unique_ptr<std::byte[]> own_;  // null: the memory is the caller's
  std::byte* spare_ = nullptr;        // of the caller's memory: where tables may begin
  size_t spare_bytes_ = 0;
  JsonPatcher* patcher_;                      // null: there are no documents
  std::unique_ptr<JsonPatcher> own_patcher_;  // null: it is the caller's
  TimedState timed_;
};

}  // namespace edict

#endif  // EDICT_RUNTIME_STATE_STREAM_STATE_H_
