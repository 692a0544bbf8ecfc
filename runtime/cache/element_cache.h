// The table of known array elements: one for an engine, shared by its threads. Finding an element takes no lock and writes
// nothing that other threads write; putting one in locks a shard. Bounded in bytes: a clock goes round and drops what was not
// used since it came by last, first of all what was never used again. Exact: whoever finds an element compares its bytes.
//
// Elements are freed when no reader can see them any more: a reader says when it begins and ends to look (epochs), and what
// was dropped waits until all who looked then have ended. What waits still counts; where there is no room, nothing is put in.
#ifndef EDICT_RUNTIME_CACHE_ELEMENT_CACHE_H_
#define EDICT_RUNTIME_CACHE_ELEMENT_CACHE_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

#include "runtime/cache/element.h"
#include "runtime/cache/pay_off.h"

namespace edict::cache {

class ElementCache {
 public:
  struct Stats {
    PayOff::Totals totals;
    uint64_t evictions = 0;
    uint64_t refused = 0;   // elements that there was no room for
    uint64_t elements = 0;  // now
    uint64_t bytes = 0;     // now, of everything that counts
    uint64_t max_bytes = 0;
  };

  // `max_bytes`: at least 64 KiB are taken for that. `seed`: of the hashes.
  ElementCache(uint64_t max_bytes, uint64_t seed);
  ~ElementCache();
  ElementCache(const ElementCache&) = delete;
  ElementCache& operator=(const ElementCache&) = delete;

  // One thread's right to look. What it finds lives until it ends.
  class Reader {
   public:
    explicit Reader(ElementCache& cache);
    ~Reader();
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;
    void Begin();
    void End();
    bool looks() const { return epoch_.load(std::memory_order_relaxed) != 0; }

   private:
    friend class ElementCache;
    ElementCache& cache_;
    alignas(64) std::atomic<uint64_t> epoch_{0};  // 0: it does not look
  };

  // Of a text's first kHashedBytes bytes.
  uint64_t HashOf(const char* at) const { return Hash64({at, kHashedBytes}, seed_); }

  // The rest is for who has a Reader that looks.
  Element* At(Place place) const;
  // The first element of that hash that `is` takes. Its place too.
  template <typename Is>
  Element* Find(uint64_t hash, Place* place, const Is& is) const;
  // Keeps it, unless it is there, with so much room for results; kNowhere: there is no room.
  Place Put(Hash128 kind, uint64_t hash, std::string_view bytes, uint32_t depth, int64_t fuel, uint32_t room = 0);
  // Gives the element its tape, unless it has one by now or there is no room; what it has then.
  const ElementTape* SetTape(Element& element, ElementTapePtr tape);

  // Adds a result to the element's, unless there is no room: then null.
  const ElementResult* AddResult(Element& element, uint64_t key, int64_t fuel, bool holds, std::string_view writes,
                                 std::string_view bytes);

  // Bytes that a thread has beside the elements: at most a quarter of all. False: there is no room.
  bool TakeApart(uint64_t bytes);
  void ReleaseApart(uint64_t bytes);

  // Any element that is found after a look at this is there for as long as it stays the same. It changes also when the hand of the
  // clock comes by, which is to find what is used marked so.
  uint64_t epoch() const { return epoch_.load(std::memory_order_seq_cst); }

  // A number for rules by which results are kept: they are found by the same rules only.
  uint64_t NewUser() { return users_.fetch_add(1, std::memory_order_relaxed); }

  PayOff& pay_off() { return pay_off_; }
  Stats stats() const;
  uint64_t max_element_bytes() const { return max_bytes_ / 16; }

 private:
  static constexpr uint32_t kWays = 8;
  static constexpr uint32_t kShards = 32;
  struct Bucket {
    std::array<std::atomic<Element*>, kWays> elements{};
    std::array<std::atomic<uint32_t>, kWays> tags{};
    uint32_t hand = 0;  // of the clock, under the shard's lock
  };
  struct Dropped {
    Element* element;
    uint64_t epoch;
    uint64_t bytes;  // as counted then: it may be given a tape yet
  };

  static uint32_t TagOf(uint64_t hash) { return static_cast<uint32_t>(hash >> 32) | 1; }
  uint32_t BucketOf(uint64_t hash) const { return static_cast<uint32_t>(hash) & (bucket_count_ - 1); }
  std::mutex& LockOf(uint32_t bucket) { return shards_[bucket % kShards]; }
  Bucket* Buckets();
  bool MakeRoom(uint64_t bytes);
  void Sweep(uint32_t bucket);
  void Drop(Bucket& bucket, uint32_t way);
  void FreeDropped();

  const uint64_t max_bytes_;
  const uint64_t seed_;
  uint32_t bucket_count_ = 1;
  std::atomic<Bucket*> buckets_{nullptr};  // made when the first element comes
  std::atomic<uint64_t> bytes_{0};
  std::atomic<uint64_t> dropped_bytes_{0};
  std::atomic<uint64_t> apart_bytes_{0};
  std::atomic<uint64_t> elements_{0};
  std::atomic<uint64_t> evictions_{0};
  std::atomic<uint64_t> refused_{0};
  std::atomic<uint32_t> hand_{0};  // of the clock: the bucket that is swept next
  std::atomic<uint64_t> epoch_{1};
  std::atomic<uint64_t> users_{1};
  std::atomic<uint64_t> ids_{1};
  std::array<std::mutex, kShards> shards_;
  std::mutex making_;
  mutable std::mutex readers_mutex_;
  std::vector<Reader*> readers_;
  std::mutex dropped_mutex_;
  std::vector<Dropped> dropped_;
  PayOff pay_off_;
};

inline Element* ElementCache::At(Place place) const {
  const Bucket* buckets = buckets_.load(std::memory_order_acquire);
  if (place == kNowhere || buckets == nullptr) return nullptr;
  return buckets[place / kWays].elements[place % kWays].load(std::memory_order_seq_cst);
}

template <typename Is>
Element* ElementCache::Find(uint64_t hash, Place* place, const Is& is) const {
  const Bucket* buckets = buckets_.load(std::memory_order_acquire);
  if (buckets == nullptr) return nullptr;
  const uint32_t number = BucketOf(hash);
  const Bucket& bucket = buckets[number];
  const uint32_t tag = TagOf(hash);
  for (uint32_t way = 0; way < kWays; ++way) {
    if (bucket.tags[way].load(std::memory_order_relaxed) != tag) continue;
    Element* element = bucket.elements[way].load(std::memory_order_seq_cst);
    if (element == nullptr || !is(*element)) continue;
    *place = number * kWays + way;
    return element;
  }
  return nullptr;
}

}  // namespace edict::cache

#endif  // EDICT_RUNTIME_CACHE_ELEMENT_CACHE_H_
