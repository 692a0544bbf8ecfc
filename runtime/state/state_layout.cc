// How a stream's state is laid out, and what is made and ended there.
#include "runtime/state/state_layout.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "runtime/state/stream_state.h"

namespace edict {

StreamState::Life::Life(const Lifecycle& lifecycle, const Program& program, uint64_t seed) : table(lifecycle.key_count, seed) {
  if (!lifecycle.keeps.empty()) keeps = std::make_unique<KeepStore>(lifecycle.keeps, program);
}

template <typename T>
void StateLayout::Place(Part& part, size_t elements) {
  bytes = (bytes + alignof(T) - 1) / alignof(T) * alignof(T);
  part = {bytes, static_cast<uint32_t>(elements)};
  bytes += elements * sizeof(T);
}

StateLayout::StateLayout(const Program& p, const StateLimits& l, uint64_t s)
    : program(p), limits(l), seed(s), has_time(!p.windows.empty() || !p.timers.empty()) {
  uint32_t scalar_count = 0;
  uint32_t table_count = 0;
  for (const edict::Cell& cell : program.cells) index.push_back(cell.kind == CellKind::kScalar ? scalar_count++ : table_count++);
  Place<Value>(scalars, scalar_count);
  Place<StreamState::Life>(lives, program.lifecycles.size());
  Place<KeyTable>(tables, table_count);
  // A key is often a UUID.
  constexpr uint64_t kKeyBytes = 48;
  constexpr size_t kTables = 3;
  Place<uint64_t>(spare, std::min<size_t>(program.lifecycles.size() + table_count, kTables) * KeyTable::BytesOfOne(kKeyBytes) /
                             sizeof(uint64_t));
  counts.resize(program.lifecycles.size());
  for (size_t i = 0; i < counts.size(); ++i) {
    Place<uint32_t>(counts[i], program.enums[program.lifecycles[i].states].names.size());
  }
  Place<uint8_t>(open, program.scopes.size());
  Place<std::string>(texts, scalar_count);
  Place<JsonDocument>(documents, program.documents.size());
}

StreamState::StreamState(const StateLayout& layout, JsonPatcher* patcher, std::byte* place)
    : layout_(&layout), memory_(place), patcher_(patcher), timed_(layout.program, layout.seed) {
  if (place == nullptr) {
    own_.reset(new std::byte[layout.bytes]);
    memory_ = own_.get();
  } else {
    // Not in memory of the state's own: tables may move to another state.
    spare_ = place + layout.spare.at;
    spare_bytes_ = layout.spare.size * sizeof(uint64_t);
  }
  const Program& program = layout.program;
  std::uninitialized_default_construct(values().begin(), values().end());
  for (size_t i = 0; i < lives().size(); ++i) {
    std::construct_at(&lives()[i], program.lifecycles[i], program, layout.seed);
    std::fill(counts(i).begin(), counts(i).end(), 0);
  }
  for (KeyTable& table : tables()) std::construct_at(&table, 1u, layout.seed);
  std::fill(open().begin(), open().end(), 0);
  std::uninitialized_default_construct(texts().begin(), texts().end());
  std::uninitialized_default_construct(documents().begin(), documents().end());
  if (!documents().empty() && patcher_ == nullptr) {
    own_patcher_ = std::make_unique<JsonPatcher>();
    patcher_ = own_patcher_.get();
  }
  for (uint32_t i = 0; i < program.cells.size(); ++i) ResetCell(i);
  CountBytes();
}

StreamState::StreamState(StreamState&& other) noexcept
    : layout_(other.layout_),
      memory_(std::exchange(other.memory_, nullptr)),
      bytes_(other.bytes_),
      own_(std::move(other.own_)),
      patcher_(other.patcher_),
      own_patcher_(std::move(other.own_patcher_)),
      timed_(std::move(other.timed_)) {}

StreamState::~StreamState() {
  if (memory_ == nullptr) return;
  std::destroy(lives().begin(), lives().end());
  std::destroy(tables().begin(), tables().end());
  std::destroy(texts().begin(), texts().end());
  std::destroy(documents().begin(), documents().end());
}

}  // namespace edict
