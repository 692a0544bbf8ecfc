#include "runtime/parallel_streams.h"

#include <algorithm>
#include <bit>
#include <chrono>
#include <cstring>
#include <deque>
#include <iterator>
#include <utility>

#include "runtime/base/pace.h"
#include "runtime/engine/stream_limits.h"
#include "runtime/json/scan.h"
#include "runtime/schedule/line_parts.h"
#include "runtime/schedule/record_part.h"
#include "runtime/schedule/shard.h"
#include "runtime/schedule/workers.h"

namespace edict {
namespace {

// A round: so many bytes are read and judged together. What workers wait for each other then is little beside it.
constexpr size_t kRoundBytes = 4u << 20;
// Where a round gave more findings, the next is smaller.
constexpr size_t kManyFindings = 20'000;
constexpr size_t kLeastRoundBytes = 64u << 10;
// Less is not worth another worker.
constexpr size_t kPartRecords = 512;
// For each worker, so that one which is slower does not keep the others waiting long.
constexpr size_t kPartsPerThread = 2;
constexpr size_t kShardsPerThread = 8;
// Bytes that one of the input may add to the state, at most, beside doubling what there is.
constexpr uint64_t kGrowth = 128;
// Streams that end between two calls of Emitted: at first, and where little is found.
constexpr size_t kEndsAtOnce = 4096;
constexpr size_t kMostEndsAtOnce = 64u << 10;
// Fewer are not worth another worker.
constexpr size_t kFewEnds = 64;

size_t ShardsFor(unsigned threads) { return threads == 1 ? 1 : std::bit_ceil(size_t{threads} * kShardsPerThread); }

// Of all findings of a round.
struct Place {
  uint64_t stamp;
  Shard* shard;
  size_t begin;
  size_t end;
};

}  // namespace

struct ParallelStreams::Impl {
  Impl(const Engine& engine, ParallelOptions o);

  Shard& ShardFor(uint64_t hash) { return shards[ShardOf(hash, shards.size())]; }
  // By all workers, or by this thread alone.
  void ForEach(size_t count, const std::function<void(size_t)>& work);
  bool Alone() const { return options.threads == 0 && !pace.several(); }
  // A round: parts are read, then judged.
  void ReadLines(std::string_view text, uint64_t offset);
  void AddText(std::string_view text);
  void ReadAdded();
  void Judge(size_t bytes, std::vector<Finding>& out);
  bool MayInterleave(size_t bytes) const;
  void JudgeInterleaved();
  void JudgeStrays();
  void JudgeInOrder();
  KeyedEvent Known(const KeyedEvent& event);
  void JudgeNext(const KeyedEvent& event);
  void Evict(uint64_t stamp);
  void Merge(std::vector<Finding>& out);
  void Count();

  const ParallelOptions options;
  const PartOptions part_options;
  const uint64_t max_record_bytes;
  Workers workers;
  Pace pace;  // where nobody says how many threads there are to be
  std::deque<Shard> shards;
  std::deque<RecordPart> parts;
  size_t used = 0;  // of the parts, in this round
  KeyReader reader;
  std::deque<std::string> keep;
  uint64_t stamps = 0;  // of events so far
  size_t round_bytes = kRoundBytes;
  size_t open = 0;     // streams,
  uint64_t bytes = 0;  // and what they take
  uint64_t evicted = 0;
  StreamSetStats stats;
  std::string added;
  std::vector<RecordPart::Record> records;
  std::vector<Place> places;
  // Of FinishNext, by shard: the streams that were open, in the order in which they were opened, and the one that ends next.
  struct Ends {
    std::vector<StreamTable::Member> members;
    size_t next = 0;
  };
  void ListEnds();
  size_t LeftUntil(uint64_t stamp) const;
  uint64_t LastOf(size_t count) const;
  void EndUntil(size_t shard, uint64_t last);
  void EndFew(size_t count);
  bool ends_known = false;
  std::vector<Ends> ends;
};

ParallelStreams::Impl::Impl(const Engine& engine, ParallelOptions o)
    : options(std::move(o)),
      part_options{options.key, options.payload, options.strays},
      max_record_bytes(engine.options().max_record_bytes),
      workers(options.threads),
      reader(part_options) {
  for (size_t i = 0; i < ShardsFor(workers.threads()); ++i) shards.emplace_back(engine, part_options);
  for (size_t i = 0; i < workers.threads() * kPartsPerThread; ++i) parts.emplace_back(part_options);
}

void ParallelStreams::Impl::ForEach(size_t count, const std::function<void(size_t)>& work) {
  if (!Alone()) return workers.ForEach(count, work);
  for (size_t i = 0; i < count; ++i) work(i);
}

// The text is whole lines, none of which is too long, and more follows.
void ParallelStreams::Impl::ReadLines(std::string_view text, uint64_t offset) {
  const std::vector<size_t> cuts = LineParts(text, Alone() ? 1 : parts.size());
  used = cuts.size() - 1;
  const uint64_t seed = shards.front().table.seed();
  ForEach(used, [&](size_t i) {
    parts[i].ReadLines(text.substr(cuts[i], cuts[i + 1] - cuts[i]), offset + cuts[i], seed, shards.size());
  });
}

// Followed by a line break, so that it can be judged where it is.
void ParallelStreams::Impl::AddText(std::string_view text) {
  added += text;
  added += '\n';
}

void ParallelStreams::Impl::ReadAdded() {
  used = std::clamp<size_t>(records.size() / kPartRecords, 1, parts.size());
  const uint64_t seed = shards.front().table.seed();
  ForEach(used, [&](size_t i) {
    const size_t begin = records.size() * i / used;
    const size_t end = records.size() * (i + 1) / used;
    parts[i].ReadRecords(added.data(), records.data() + begin, end - begin, seed, shards.size());
  });
}

// Whether the order of events of different streams matters to nobody: none can be evicted.
bool ParallelStreams::Impl::MayInterleave(size_t size) const {
  size_t events = 0;
  for (size_t i = 0; i < used; ++i) {
    // Strays are judged last, and theirs would be judged before.
    if (parts[i].names_strays()) return false;
    events += parts[i].size();
  }
  const StreamSetOptions& limits = options.streams;
  return open + events <= limits.max_streams && 2 * bytes + kGrowth * size <= limits.max_bytes;
}

void ParallelStreams::Impl::JudgeInterleaved() {
  std::vector<uint64_t> first(used);
  for (size_t i = 0; i < used; ++i) {
    first[i] = stamps;
    stamps += parts[i].size();
  }
  // The largest first.
  std::vector<std::pair<size_t, size_t>> order(shards.size());
  for (size_t s = 0; s < shards.size(); ++s) {
    order[s] = {0, s};
    for (size_t i = 0; i < used; ++i) order[s].first += parts[i].of(s).size();
  }
  std::sort(order.begin(), order.end(), std::greater<>());
  while (!order.empty() && order.back().first == 0) order.pop_back();
  ForEach(order.size(), [&](size_t i) {
    const size_t s = order[i].second;
    for (size_t part = 0; part < used; ++part) shards[s].Judge(parts[part], s, first[part]);
  });
  JudgeStrays();
}

void ParallelStreams::Impl::JudgeStrays() {
  std::vector<Shard::Stray> strays;
  for (Shard& shard : shards) {
    strays.insert(strays.end(), shard.strays.begin(), shard.strays.end());
    shard.strays.clear();
  }
  std::sort(strays.begin(), strays.end(), [](const auto& a, const auto& b) { return a.stamp < b.stamp; });
  for (const Shard::Stray& stray : strays) {
    const KeyedEvent event = Known(*stray.event);
    Shard& shard = ShardFor(event.hash);
    shard.Feed(shard.Enter(event, stray.stamp), event, stray.stamp);
  }
}

void ParallelStreams::Impl::JudgeInOrder() {
  for (size_t i = 0; i < used; ++i) {
    const std::vector<const KeyedEvent*> events = parts[i].InOrder();
    for (size_t n = 0; n < events.size(); ++n) {
      Shard::PrefetchAhead(n, events.size(),
                           [&](size_t ahead) { return std::pair(&ShardFor(events[ahead]->hash), events[ahead]); });
      JudgeNext(*events[n]);
    }
  }
}

// Nothing about it is a guess any more. Until the next.
KeyedEvent ParallelStreams::Impl::Known(const KeyedEvent& event) {
  if (!event.guessed) return event;
  keep.clear();
  KeyedEvent known = reader.Read(event.text, event.offset, true, keep);
  known.hash = shards.front().table.HashOf(known.key);
  return known;
}

void ParallelStreams::Impl::JudgeNext(const KeyedEvent& guess) {
  const KeyedEvent event = Known(guess);
  const uint64_t stamp = stamps++;
  Shard& shard = ShardFor(event.hash);
  open -= shard.table.size();
  bytes -= shard.table.bytes();
  StreamTable::Slot* slot = &shard.Enter(event, stamp);
  open += shard.table.size();
  bytes += shard.table.bytes();
  if (Over(options.streams, open, bytes)) {
    Evict(stamp);
    slot = &shard.Enter(event, stamp);  // where it is now
  }
  stats.most_open = std::max<uint64_t>(stats.most_open, open);
  bytes -= shard.table.bytes();
  shard.Feed(*slot, event, stamp);
  bytes += shard.table.bytes();
  stats.most_bytes = std::max(stats.most_bytes, bytes);
}

void ParallelStreams::Impl::Evict(uint64_t stamp) {
  do {
    Shard* from = nullptr;
    StreamTable::Use oldest = {0, ~uint64_t{0}};
    for (Shard& shard : shards) {
      if (shard.table.size() == 0) continue;
      const StreamTable::Use use = shard.table.Oldest();
      if (use.stamp >= oldest.stamp) continue;
      oldest = use;
      from = &shard;
    }
    const size_t before = from->findings.size();
    bytes -= from->table.bytes();
    from->table.Evict(oldest, WhyEvicted(options.streams, open), from->findings);
    bytes += from->table.bytes();
    --open;
    ++evicted;
    places.push_back({stamp, from, before, from->findings.size()});  // before the event's own
  } while (Over(options.streams, open, bytes));
}

void ParallelStreams::Impl::Merge(std::vector<Finding>& out) {
  for (Shard& shard : shards) {
    for (const Shard::FoundAt& found : shard.found) places.push_back({found.stamp, &shard, found.begin, found.end});
    shard.found.clear();
  }
  std::stable_sort(places.begin(), places.end(), [](const Place& a, const Place& b) { return a.stamp < b.stamp; });
  for (const Place& place : places) {
    const auto begin = place.shard->findings.begin();
    out.insert(out.end(), std::make_move_iterator(begin + static_cast<std::ptrdiff_t>(place.begin)),
               std::make_move_iterator(begin + static_cast<std::ptrdiff_t>(place.end)));
  }
  round_bytes =
      places.size() > kManyFindings ? std::max(round_bytes / 2, kLeastRoundBytes) : std::min(round_bytes * 2, kRoundBytes);
  places.clear();
  for (Shard& shard : shards) shard.findings.clear();
}

void ParallelStreams::Impl::Count() {
  open = 0;
  bytes = 0;
  stats.opened = 0;
  stats.evicted = evicted;
  stats.ended = {};
  for (const Shard& shard : shards) {
    open += shard.table.size();
    bytes += shard.table.bytes();
    stats.opened += shard.opened;
    const StreamStats& ended = shard.table.ended();
    stats.ended.events += ended.events;
    stats.ended.not_validated += ended.not_validated;
    stats.ended.state_bytes = std::max(stats.ended.state_bytes, ended.state_bytes);
    for (size_t i = 0; i < std::size(ended.findings); ++i) stats.ended.findings[i] += ended.findings[i];
  }
  stats.bytes = bytes;
  stats.most_open = std::max<uint64_t>(stats.most_open, open);
  stats.most_bytes = std::max(stats.most_bytes, bytes);
}

void ParallelStreams::Impl::Judge(size_t size, std::vector<Finding>& out) {
  ends_known = false;
  if (MayInterleave(size)) {
    JudgeInterleaved();
  } else {
    JudgeInOrder();
  }
  Merge(out);
  Count();
}

ParallelStreams::ParallelStreams(const Engine& engine, ParallelOptions options)
    : impl_(std::make_unique<Impl>(engine, std::move(options))) {}
ParallelStreams::ParallelStreams(ParallelStreams&&) noexcept = default;
ParallelStreams::~ParallelStreams() = default;

size_t ParallelStreams::TakeLines(std::string_view text, uint64_t offset, std::vector<Finding>& out, const Emitted& emitted,
                                  const StopWhen& stop, bool* stopped) {
  if (stopped != nullptr) *stopped = false;
  Judge(out);
  if (text.size() <= json::kScanPadding) return 0;
  size_t taken = 0;
  const size_t readable = text.size() - json::kScanPadding;
  while (taken < readable) {
    const bool trial = impl_->options.threads == 0 && impl_->pace.trial();
    const size_t round = trial ? std::min(Pace::kTrialBytes, impl_->round_bytes) : impl_->round_bytes;
    const size_t wanted = std::min(taken + round, readable);
    const void* last = memrchr(text.data() + taken, '\n', wanted - taken);
    // A line that is longer than a round.
    if (last == nullptr) last = std::memchr(text.data() + wanted, '\n', readable - wanted);
    if (last == nullptr) break;
    const size_t end = static_cast<size_t>(static_cast<const char*>(last) - text.data()) + 1;
    if (end - taken > impl_->max_record_bytes) break;
    const auto start = std::chrono::steady_clock::now();
    impl_->ReadLines(text.substr(taken, end - taken), offset + taken);
    impl_->Judge(end - taken, out);
    const std::chrono::nanoseconds took = std::chrono::steady_clock::now() - start;
    impl_->pace.Took(end - taken, static_cast<double>(took.count()));
    taken = end;
    if (emitted) emitted();
    if (!stop.ever() || !stop.now()) continue;
    if (stopped != nullptr) *stopped = true;
    break;
  }
  return taken;
}

void ParallelStreams::Add(std::string_view record, uint64_t offset) {
  impl_->records.push_back({impl_->added.size(), record.size(), offset, RecordPart::kNoKey, false});
  impl_->AddText(record);
}

void ParallelStreams::AddEvent(std::string_view key, std::string_view event, uint64_t offset) {
  impl_->records.push_back({impl_->added.size(), event.size(), offset, key.size(), false});
  impl_->AddText(event);
  impl_->added += key;
}

void ParallelStreams::AddFault(std::string_view fault, uint64_t offset) {
  impl_->records.push_back({impl_->added.size(), fault.size(), offset, RecordPart::kNoKey, true});
  impl_->AddText(fault);
}

size_t ParallelStreams::added_bytes() const { return impl_->added.size(); }

void ParallelStreams::Judge(std::vector<Finding>& out) {
  if (impl_->records.empty()) return;
  const size_t bytes = impl_->added.size();
  impl_->added.append(json::kScanPadding, '\0');
  impl_->ReadAdded();
  impl_->Judge(bytes, out);
  impl_->records.clear();
  impl_->added.clear();
}

bool ParallelStreams::Finish(std::string_view key, std::vector<Finding>& out) {
  Judge(out);
  const uint64_t hash = impl_->shards.front().table.HashOf(key);
  impl_->ends_known = false;
  const bool ended = impl_->ShardFor(hash).table.End(key, hash, out);
  impl_->Count();
  return ended;
}

// Until the next event.
void ParallelStreams::Impl::ListEnds() {
  if (ends_known) return;
  ends.resize(shards.size());
  const auto list = [&](size_t s) {
    ends[s] = {shards[s].table.Members(), 0};
    std::sort(ends[s].members.begin(), ends[s].members.end(), [](const auto& a, const auto& b) { return a.opened < b.opened; });
  };
  if (open < kFewEnds) {
    for (size_t s = 0; s < shards.size(); ++s) list(s);
  } else {
    workers.ForEach(shards.size(), list);
  }
  ends_known = true;
}

// How many of them were opened no later than that.
size_t ParallelStreams::Impl::LeftUntil(uint64_t stamp) const {
  size_t left = 0;
  for (const Ends& of_shard : ends) {
    const auto next = of_shard.members.begin() + static_cast<std::ptrdiff_t>(of_shard.next);
    const auto later = [](uint64_t at, const StreamTable::Member& member) { return at < member.opened; };
    left += static_cast<size_t>(std::upper_bound(next, of_shard.members.end(), stamp, later) - next);
  }
  return left;
}

// When the last of the next `count` was opened.
uint64_t ParallelStreams::Impl::LastOf(size_t count) const {
  uint64_t first = 0;
  uint64_t last = stamps;
  while (first < last) {
    const uint64_t middle = first + (last - first) / 2;
    if (LeftUntil(middle) < count) {
      first = middle + 1;
    } else {
      last = middle;
    }
  }
  return last;
}

void ParallelStreams::Impl::EndUntil(size_t shard, uint64_t last) {
  Shard& from = shards[shard];
  const std::vector<StreamTable::Member>& members = ends[shard].members;
  for (size_t& next = ends[shard].next; next < members.size() && members[next].opened <= last; ++next) {
    const size_t before = from.findings.size();
    StreamTable::PrefetchAhead(next, members.size(),
                               [&](size_t ahead) { return std::pair(&std::as_const(from.table), members[ahead].last.hash); });
    from.table.End(members[next].last, from.findings);
    if (from.findings.size() > before) from.found.push_back({members[next].opened, before, from.findings.size()});
  }
}

void ParallelStreams::Impl::EndFew(size_t count) {
  for (; count > 0; --count) {
    size_t first = ends.size();
    uint64_t opened = ~uint64_t{0};
    for (size_t s = 0; s < ends.size(); ++s) {
      if (ends[s].next == ends[s].members.size() || ends[s].members[ends[s].next].opened > opened) continue;
      opened = ends[s].members[ends[s].next].opened;
      first = s;
    }
    EndUntil(first, opened);
  }
}

bool ParallelStreams::FinishNext(size_t count, std::vector<Finding>& out) {
  Judge(out);
  Impl& impl = *impl_;
  impl.ListEnds();
  count = std::min(count, impl.LeftUntil(impl.stamps));
  if (count == 0) return false;
  if (count < kFewEnds) {
    impl.EndFew(count);
  } else {
    const uint64_t last = impl.LastOf(count);
    impl.workers.ForEach(impl.shards.size(), [&](size_t s) { impl.EndUntil(s, last); });
  }
  impl.Merge(out);
  impl.Count();
  return true;
}

void ParallelStreams::FinishAll(std::vector<Finding>& out, const Emitted& emitted) {
  for (size_t count = kEndsAtOnce;;) {
    const size_t before = out.size();
    if (!FinishNext(count, out)) return;
    const size_t found = out.size() - before;
    count = found > kManyFindings       ? std::max(count / 2, kFewEnds)
            : found > kManyFindings / 4 ? count
                                        : std::min(count * 4, kMostEndsAtOnce);
    if (emitted) emitted();
  }
}

unsigned ParallelStreams::threads() const { return impl_->workers.threads(); }
const StreamSetStats& ParallelStreams::stats() const { return impl_->stats; }

}  // namespace edict
