#include "runtime/cache/element_cache.h"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <type_traits>

namespace edict::cache {
namespace {

constexpr uint64_t kLeastBytes = 64 << 10;
// A bucket for so many bytes: elements are seldom smaller on average, and half of the places may be empty.
constexpr uint64_t kBytesOfBucket = 8192;

}  // namespace

ElementCache::ElementCache(uint64_t max_bytes, uint64_t seed) : max_bytes_(std::max(max_bytes, kLeastBytes)), seed_(seed) {
  bucket_count_ = static_cast<uint32_t>(std::bit_floor(std::min<uint64_t>(max_bytes_ / kBytesOfBucket, 1u << 24)));
}

ElementCache::~ElementCache() {
  Bucket* buckets = buckets_.load();
  for (uint32_t i = 0; buckets != nullptr && i < bucket_count_; ++i) {
    for (auto& element : buckets[i].elements) {
      if (element.load() != nullptr) Element::Free(element.load());
    }
  }
  std::free(buckets);  // NOLINT(cppcoreguidelines-no-malloc)
  for (const Dropped& dropped : dropped_) Element::Free(dropped.element);
}

// ---- readers

ElementCache::Reader::Reader(ElementCache& cache) : cache_(cache) {
  const std::lock_guard<std::mutex> lock(cache_.readers_mutex_);
  cache_.readers_.push_back(this);
}

ElementCache::Reader::~Reader() {
  const std::lock_guard<std::mutex> lock(cache_.readers_mutex_);
  std::erase(cache_.readers_, this);
}

// The order of this store and the loads of elements, and of the removal of an element and the look at the readers, is one for
// all threads (seq_cst): either the remover sees the reader, or the reader no longer sees the element.
void ElementCache::Reader::Begin() { epoch_.store(cache_.epoch_.load(std::memory_order_seq_cst), std::memory_order_seq_cst); }

void ElementCache::Reader::End() {
  epoch_.store(0, std::memory_order_release);
  if (cache_.dropped_bytes_.load(std::memory_order_relaxed) != 0) cache_.FreeDropped();
}

void ElementCache::FreeDropped() {
  const std::unique_lock<std::mutex> lock(dropped_mutex_, std::try_to_lock);
  if (!lock.owns_lock()) return;  // somebody is at it
  uint64_t oldest = UINT64_MAX;   // in which somebody still looks
  {
    const std::lock_guard<std::mutex> readers_lock(readers_mutex_);
    for (const Reader* reader : readers_) {
      const uint64_t epoch = reader->epoch_.load(std::memory_order_seq_cst);
      if (epoch != 0) oldest = std::min(oldest, epoch);
    }
  }
  std::erase_if(dropped_, [&](const Dropped& dropped) {
    if (dropped.epoch >= oldest) return false;
    dropped_bytes_.fetch_sub(dropped.bytes, std::memory_order_relaxed);
    bytes_.fetch_sub(dropped.element->memory.load(std::memory_order_relaxed), std::memory_order_relaxed);
    Element::Free(dropped.element);
    return true;
  });
}

// ---- putting in

ElementCache::Bucket* ElementCache::Buckets() {
  Bucket* buckets = buckets_.load(std::memory_order_acquire);
  if (buckets != nullptr) return buckets;
  const std::lock_guard<std::mutex> lock(making_);
  buckets = buckets_.load(std::memory_order_acquire);
  if (buckets != nullptr) return buckets;
  // All zero, so that no page of it is touched before it is used; its objects are such that this makes them.
  static_assert(std::is_trivially_destructible_v<Bucket>);
  buckets = static_cast<Bucket*>(std::calloc(bucket_count_, sizeof(Bucket)));  // NOLINT(cppcoreguidelines-no-malloc)
  if (buckets == nullptr) std::abort();
  bytes_.fetch_add(bucket_count_ * sizeof(Bucket), std::memory_order_relaxed);
  buckets_.store(buckets, std::memory_order_release);
  return buckets;
}

// The shard is locked.
void ElementCache::Drop(Bucket& bucket, uint32_t way) {
  Element* element = bucket.elements[way].load(std::memory_order_relaxed);
  bucket.tags[way].store(0, std::memory_order_relaxed);
  bucket.elements[way].store(nullptr, std::memory_order_seq_cst);
  const uint64_t epoch = epoch_.fetch_add(1, std::memory_order_seq_cst);
  elements_.fetch_sub(1, std::memory_order_relaxed);
  evictions_.fetch_add(1, std::memory_order_relaxed);
  const std::lock_guard<std::mutex> lock(dropped_mutex_);
  const uint64_t bytes = element->memory.load(std::memory_order_relaxed);
  dropped_.push_back({element, epoch, bytes});
  dropped_bytes_.fetch_add(bytes, std::memory_order_relaxed);
}

void ElementCache::Sweep(uint32_t number) {
  Bucket& bucket = Buckets()[number];
  epoch_.fetch_add(1, std::memory_order_seq_cst);
  const std::lock_guard<std::mutex> lock(LockOf(number));
  for (uint32_t way = 0; way < kWays; ++way) {
    Element* element = bucket.elements[way].load(std::memory_order_relaxed);
    if (element != nullptr && !element->used.exchange(false, std::memory_order_relaxed)) Drop(bucket, way);
  }
}

// What is dropped here is free only when nobody looks: so it begins while there is still room.
bool ElementCache::MakeRoom(uint64_t bytes) {
  const uint64_t full = max_bytes_ - max_bytes_ / 8;
  for (uint32_t i = 0; i < 2 * bucket_count_; ++i) {
    const uint64_t held = bytes_.load(std::memory_order_relaxed) - dropped_bytes_.load(std::memory_order_relaxed);
    if (held + bytes <= full) break;
    Sweep(hand_.fetch_add(1, std::memory_order_relaxed) % bucket_count_);
  }
  // Taken before it is used, so that threads together keep to the bound.
  if (bytes_.fetch_add(bytes, std::memory_order_relaxed) + bytes <= max_bytes_) return true;
  bytes_.fetch_sub(bytes, std::memory_order_relaxed);
  refused_.fetch_add(1, std::memory_order_relaxed);
  return false;
}

bool ElementCache::TakeApart(uint64_t bytes) {
  if (apart_bytes_.fetch_add(bytes, std::memory_order_relaxed) + bytes <= max_bytes_ / 4 && MakeRoom(bytes)) return true;
  apart_bytes_.fetch_sub(bytes, std::memory_order_relaxed);
  return false;
}

void ElementCache::ReleaseApart(uint64_t bytes) {
  apart_bytes_.fetch_sub(bytes, std::memory_order_relaxed);
  bytes_.fetch_sub(bytes, std::memory_order_relaxed);
}

Place ElementCache::Put(Hash128 kind, uint64_t hash, std::string_view bytes, uint32_t depth, int64_t fuel, uint32_t room) {
  Bucket* buckets = Buckets();
  const uint64_t memory = Element::MemoryOf(bytes.size(), room);
  if (bytes.size() > max_element_bytes() || !MakeRoom(memory)) return kNowhere;
  const uint32_t number = BucketOf(hash);
  Bucket& bucket = buckets[number];
  const std::lock_guard<std::mutex> lock(LockOf(number));
  uint32_t free = kWays;
  for (uint32_t way = 0; way < kWays; ++way) {
    const uint32_t tag = bucket.tags[way].load(std::memory_order_relaxed);
    if (tag == 0) free = way;
    if (tag != TagOf(hash)) continue;
    const Element* element = bucket.elements[way].load(std::memory_order_relaxed);
    if (element->hash == hash && element->kind == kind && element->bytes() == bytes && element->depth <= depth) {
      bytes_.fetch_sub(memory, std::memory_order_relaxed);
      return number * kWays + way;
    }
  }
  while (free == kWays) {
    const uint32_t way = bucket.hand++ % kWays;
    if (bucket.elements[way].load(std::memory_order_relaxed)->used.exchange(false, std::memory_order_relaxed)) continue;
    Drop(bucket, way);
    free = way;
  }
  bucket.elements[free].store(Element::Make(ids_.fetch_add(1, std::memory_order_relaxed), kind, hash, bytes, depth, fuel, room),
                              std::memory_order_seq_cst);
  bucket.tags[free].store(TagOf(hash), std::memory_order_relaxed);
  elements_.fetch_add(1, std::memory_order_relaxed);
  return number * kWays + free;
}

const ElementTape* ElementCache::SetTape(Element& element, ElementTapePtr tape) {
  const uint64_t bytes = tape->bytes;
  if (!MakeRoom(bytes)) return nullptr;
  const ElementTape* known = nullptr;
  if (element.tape.compare_exchange_strong(known, tape.get(), std::memory_order_acq_rel)) {
    element.memory.fetch_add(bytes, std::memory_order_relaxed);
    return tape.release();
  }
  bytes_.fetch_sub(bytes, std::memory_order_relaxed);
  return known;
}

// At the end. Two threads may add the same one: the first is found, the other is of no use until it is freed with the element.
const ElementResult* ElementCache::AddResult(Element& element, uint64_t key, int64_t fuel, bool holds, std::string_view writes,
                                             std::string_view bytes) {
  const uint64_t size = writes.size() + bytes.size();
  void* room = element.TakeRoom(sizeof(ElementResult) + size);
  if (room == nullptr && (size > UINT32_MAX || !MakeRoom(sizeof(ElementResult) + size))) return nullptr;
  if (room == nullptr) {
    element.has_results_apart.store(true, std::memory_order_release);
    element.memory.fetch_add(sizeof(ElementResult) + size, std::memory_order_relaxed);
  }
  ElementResult* result = ElementResult::Make(room, key, fuel, holds, writes, bytes);
  std::atomic<ElementResult*>* end = &element.results;
  for (ElementResult* found = nullptr; !end->compare_exchange_weak(found, result, std::memory_order_acq_rel);) {
    if (found == nullptr) continue;
    end = &found->next;
    found = nullptr;
  }
  return result;
}

// ---- statistics

ElementCache::Stats ElementCache::stats() const {
  Stats stats;
  stats.totals = pay_off_.totals();
  stats.evictions = evictions_.load();
  stats.refused = refused_.load();
  stats.elements = elements_.load();
  stats.bytes = bytes_.load();
  stats.max_bytes = max_bytes_;
  return stats;
}

}  // namespace edict::cache
