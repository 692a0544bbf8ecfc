#include "runtime/stream_set.h"

#include <algorithm>
#include <string>
#include <utility>

#include "runtime/engine/stream_limits.h"
#include "runtime/engine/stream_table.h"

namespace edict {

StreamSet::StreamSet(Engine engine, StreamSetOptions options)
    : options_(options), table_(std::make_unique<StreamTable>(std::move(engine))) {}
StreamSet::StreamSet(StreamSet&&) noexcept = default;
StreamSet& StreamSet::operator=(StreamSet&&) noexcept = default;
StreamSet::~StreamSet() = default;

Stream& StreamSet::At(std::string_view key, std::vector<Finding>& out) {
  Recount();
  const StreamTable::Found found = table_->At(key, table_->HashOf(key), ++calls_, [] { return true; });
  found.slot->use.stamp = calls_;
  last_ = &found.slot->stream;
  StreamTable::Of(*found.slot).PrefetchState();
  if (found.opened) {
    ++stats_.opened;
    stats_.most_open = std::max<uint64_t>(stats_.most_open, std::min(table_->size(), options_.max_streams));
    Recount();
  }
  if (!Over(options_, table_->size(), table_->bytes())) return *last_;
  do {
    table_->Evict(table_->Oldest(), WhyEvicted(options_, table_->size()), out);
    ++stats_.evicted;
  } while (Over(options_, table_->size(), table_->bytes()));
  stats_.ended = table_->ended();
  last_ = table_->Find(key, table_->HashOf(key));
  return *last_;
}

void StreamSet::Recount() {
  if (last_ != nullptr) table_->Recount(*last_);
  stats_.bytes = table_->bytes();
  stats_.most_bytes = std::max(stats_.most_bytes, stats_.bytes);
}

bool StreamSet::Finish(std::string_view key, std::vector<Finding>& out) {
  Recount();
  last_ = nullptr;
  const bool ended = table_->End(key, table_->HashOf(key), out);
  stats_.ended = table_->ended();
  stats_.bytes = table_->bytes();
  return ended;
}

void StreamSet::FinishAll(std::vector<Finding>& out, const std::function<void()>& ended) {
  FinishEach(out, [&](std::string_view) {
    if (ended) ended();
  });
}

void StreamSet::FinishEach(std::vector<Finding>& out, const std::function<void(std::string_view key)>& ended) {
  Recount();
  last_ = nullptr;
  std::vector<StreamTable::Member> members = table_->Members();
  std::sort(members.begin(), members.end(), [](const auto& a, const auto& b) { return a.opened < b.opened; });
  std::string key;
  for (const StreamTable::Member& member : members) {
    key = table_->KeyOf(member.last);
    table_->End(member.last, out);
    ended(key);
  }
  stats_.ended = table_->ended();
  stats_.bytes = table_->bytes();
}

Stream StreamSet::Open(std::string_view key) const { return table_->OpenApart(key); }

const StreamSet::Stats& StreamSet::stats() const { return stats_; }

}  // namespace edict
