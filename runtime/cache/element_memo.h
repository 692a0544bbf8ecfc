// What one thread at a time uses of the cache, event by event: native code that walks an array asks for each element whether
// it is known, and goes on behind it if so. An array that begins as one of the last did is compared with that as a whole
// (history.h). Beyond, elements mostly follow each other as they did the last time, so that a known one names the next: it is
// compared with the bytes that come, and neither hashed nor looked for.
#ifndef EDICT_RUNTIME_CACHE_ELEMENT_MEMO_H_
#define EDICT_RUNTIME_CACHE_ELEMENT_MEMO_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/cache/element_cache.h"
#include "runtime/cache/history.h"
#include "runtime/cache/pay_off.h"
#include "runtime/cache/sightings.h"
#include "runtime/json/document.h"
#include "runtime/program/element_loops.h"

namespace edict::cache {

// An element of the event at hand that was found, or was not and has been kept.
struct KnownPart {
  const char* begin;
  const char* end;
  Element* element;
  const ElementResult* last;  // that was asked for; null: none
  uint64_t id;                // of the element
  bool follows;               // the part before it, in one array

  size_t size() const { return static_cast<size_t>(end - begin); }
};

// The rules for which elements are known.
struct MemoRules {
  Kinds kinds;
  std::vector<ElementLoop> loops;
};

// What the first rounds of a loop over an array's elements came to, one after the other: as long as the array begins with the
// same elements, the next event need not ask each of them.
struct RoundRun {
  struct End {
    int64_t fuel;  // of all rounds up to this one
    uint32_t writes;
    uint32_t bytes;
  };
  uint32_t loop = 0;
  std::vector<End> ends;  // by round
  std::string writes;     // as PendingWrites::Save makes them
  std::string bytes;

  // Only the first ones remain.
  void Truncate(size_t rounds);
};

// The same of a loop that takes all elements from the last to the first: when more are added, they come before these.
struct ReversedRun {
  uint32_t loop = 0;
  size_t rounds = 0;
  int64_t fuel = 0;
  std::string writes;
  std::string bytes;
  // Room for the next.
  std::string next_writes;
  std::string next_bytes;
};

class ElementMemo {
 public:
  // `rules` outlives the memo. `user`: ElementCache::NewUser, of the rules. `always`: also where it does not pay. `asked`: what
  // native code asks, where it is not null; it is made null for the rest of an event that is to go without the cache.
  ElementMemo(std::shared_ptr<ElementCache> cache, const MemoRules& rules, uint64_t user, bool always, ElementMemo** asked)
      : cache_(std::move(cache)), rules_(rules), user_(user), always_(always), asked_(*asked), histories_(*cache_) {}

  // Before events of a text that can be read up to `end`.
  void Begin(const char* end);
  // After those events, which are so many bytes.
  void End(uint64_t bytes);
  // Before each event.
  void BeginEvent() {
    if (pass_ != 0) {
      --pass_;
      asked_ = nullptr;
      return;
    }
    if (touched_) Forget();
    asked_ = this;
  }

  // The element of that kind (a shape) at `at`, and those behind it: behind the last one that is known, or null where the
  // first is not. Takes the fuel that checking them takes. `first`: of its array.
  const char* Take(const char* at, uint32_t kind, uint64_t depth, bool first, int64_t& fuel);
  // The element for which Take gave null has been walked, and ends there.
  void Keep(const char* at, const char* end, uint32_t kind, uint64_t depth, int64_t fuel);
  // The tape of a value in which elements are known; it lives until the next event. Null: none is, or it cannot be made.
  const JsonNode* Tape(const char* begin, const char* end, const JsonLimits& limits);
  // The element whose tape begins at that node of such a value; null: none. `guess`, at first 0, is kept by the caller: elements
  // are mostly asked for in a row.
  KnownPart* PartAt(const JsonNode* node, size_t* guess);

  // Of an array in such a value: its first elements, as far as they are known.
  struct Leading {
    RoundRun* run;
    KnownPart* parts;
    size_t count;
    const JsonNode* nodes;
    const uint32_t* places;  // in `nodes`
  };
  std::optional<Leading> LeadingOf(const JsonNode* array, uint32_t loop);
  // Of a list that holds just these elements, the last one first.
  struct Reversed {
    ReversedRun* run;
    KnownPart* parts;  // the first one first
  };
  std::optional<Reversed> ReversedOf(const Value& list, uint32_t loop);

  // The element of an array of JSON that has that index, or the end.
  const JsonNode* ElementOf(const JsonNode* array, uint64_t index) const;

  // Results of an element for the loop of that number in rules_.loops.
  const ElementLoop& Loop(uint32_t loop) const { return rules_.loops[loop]; }
  const ElementResult* Find(KnownPart& part, uint32_t loop) const {
    // Loops run in the order in which they did when their results were added.
    const ElementResult* result = part.element->Find(user_ << 32 | loop, part.last);
    if (result != nullptr) part.last = result;
    return result;
  }
  const ElementResult* AddResult(KnownPart& part, uint32_t loop, int64_t fuel, bool holds, std::string_view writes,
                                 std::string_view bytes) {
    return part.last = cache_->AddResult(*part.element, user_ << 32 | loop, fuel, holds, writes, bytes);
  }

  // Room for a result that is put together.
  struct Scratch {
    std::string writes;
    std::string bytes;
  };
  Scratch& scratch() { return scratch_; }

 private:
  enum class Mode : uint8_t {
    kRest,    // nothing is done
    kSample,  // it is looked for what repeats
    kUse,
  };

  // The element that is being walked, since it is not known.
  struct Pending {
    const char* at = nullptr;  // null: there is none
    uint64_t hash = 0;
    int64_t fuel = 0;       // before
    int64_t looked_ns = 0;  // when it was looked for; 0: that is not timed
    int64_t began_ns = 0;   // when it began to be walked; 0: likewise
  };
  // Where in the skeleton how many parts in a row stand.
  struct SkeletonPlace {
    uint32_t offset;
    uint32_t parts;
  };
  // For one value: the text with something short in place of what is known, its tape, and the whole tape. It is kept for the
  // next value that begins with the same elements.
  struct Assembly {
    bool in_use = false;  // for the event at hand
    JsonParser parser;
    std::vector<char> skeleton;
    std::vector<SkeletonPlace> places;
    std::vector<JsonNode> nodes;
    size_t first_part = 0;             // in parts_
    size_t last_part = 0;              // behind the last
    std::vector<uint32_t> part_nodes;  // where the parts begin in `nodes`
    std::vector<uint64_t> ids;         // of their elements
    char begins = 0;                   // the first byte of the value
    size_t head = 0;                   // nodes before those of the first part
    size_t leading = 0;                // parts that are the first elements of an array, whose node stands just before them
    std::vector<RoundRun> runs;
    std::vector<ReversedRun> reversed;
    uint64_t used = 0;  // when: see assembled_

    const JsonNode* array() const { return nodes.data() + head - 1; }
  };
  // A container of the skeleton's tape that is open.
  struct Open {
    const JsonNode* end;
    size_t node;
  };

  void Forget();
  bool Sample(const char* at, uint32_t kind);
  bool Is(const Element& element, const char* at, uint32_t kind, uint64_t depth, int64_t fuel) const;
  Element* Look(const char* at, uint32_t kind, uint64_t depth, int64_t fuel);
  const char* TakeHistory(const char* at, uint32_t kind, uint64_t depth, int64_t& fuel);
  const char* TakeAll(const char* at, uint32_t kind, uint64_t depth, bool first, int64_t& fuel);
  const ElementTape* TapeOf(Element& element, const JsonLimits& limits);
  void MakeSkeleton(Assembly& assembly, const char* begin, const char* end) const;
  Assembly& AssemblyFor(size_t first, size_t last, char begins);
  size_t SameParts(const Assembly& assembly, size_t first, size_t last) const;
  size_t KeepLeading(Assembly& assembly, size_t head);
  Assembly* AssemblyOf(const JsonNode* array) const;
  bool PutTape(Assembly& assembly, const JsonLimits& limits);
  const JsonNode* Assemble(Assembly& assembly, const JsonLimits& limits);

  const std::shared_ptr<ElementCache> cache_;
  const MemoRules& rules_;
  const uint64_t user_;
  std::unique_ptr<ElementCache::Reader> reader_;  // made at the first look
  const bool always_;
  ElementMemo*& asked_;
  Mode mode_ = Mode::kSample;
  bool touched_ = false;  // there is something to forget of the last event
  uint64_t pass_ = 0;     // so many events are not looked at
  Sightings sightings_;
  Measured measured_;
  uint64_t passed_ = 0;  // bytes that were judged without the cache, not yet told
  const char* end_ = nullptr;
  Element* last_ = nullptr;  // the element before, of the same array
  Histories histories_;
  Pending pending_;
  std::vector<KnownPart> parts_;
  Scratch scratch_;
  std::vector<std::unique_ptr<Assembly>> tapes_;
  uint64_t assembled_ = 0;  // so many values
  bool times_tapes_ = false;
  int64_t tapes_ns_ = 0;  // what reading elements of the value at hand took
  std::vector<Open> open_;
  JsonParser parser_;
};

}  // namespace edict::cache

#endif  // EDICT_RUNTIME_CACHE_ELEMENT_MEMO_H_
