#include "runtime/cache/element_memo.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "runtime/json/scan.h"

namespace edict::cache {
namespace {

// More than that the text does not nest.
uint32_t MostLevels(std::string_view text) {
  return static_cast<uint32_t>(std::count_if(text.begin(), text.end(), [](char c) { return c == '{' || c == '['; }));
}

// Whether that is what stands between elements that follow each other in one array.
bool IsComma(const char* at, const char* end) {
  if (end - at == 1) return *at == ',';  // mostly
  const char* comma = json::ScanSpace(at);
  return comma < end && *comma == ',' && json::ScanSpace(comma + 1) == end;
}

}  // namespace

void ElementMemo::Begin(const char* end) {
  end_ = end;
  const PayOff& pay_off = cache_->pay_off();
  const Mode mode = always_ || pay_off.Use() ? Mode::kUse : pay_off.Rest() ? Mode::kRest : Mode::kSample;
  if (mode == mode_) return;
  mode_ = mode;
  pass_ = mode == Mode::kRest ? UINT64_MAX : 0;
}

void ElementMemo::Forget() {
  touched_ = false;
  parts_.clear();
  fresh_.clear();
  for (auto& tape : tapes_) tape->in_use = false;
  pending_.at = nullptr;
  last_ = nullptr;
}

void ElementMemo::End(uint64_t bytes) {
  // What other threads read as well is not written for each event.
  constexpr uint64_t kTold = 64 << 10;
  passed_ += bytes;
  if (reader_ != nullptr && reader_->looks()) {
    reader_->End();
    cache_->pay_off().Add(measured_, std::exchange(passed_, 0));
  } else if (passed_ >= kTold) {
    const uint64_t passed = std::exchange(passed_, 0);
    if (mode_ == Mode::kRest) cache_->pay_off().Passed(passed);
  }
}

// The cache is not in use: the beginning of an event's first array is noted, and the rest goes without. Whether it is in use
// from here on, as enough repeats.
bool ElementMemo::Sample(const char* at, uint32_t kind) {
  asked_ = nullptr;
  const bool could_be = *at == '{' && rules_.kinds[kind] != Hash128{} && static_cast<size_t>(end_ - at) >= kHashedBytes;
  const bool repeats = could_be && sightings_.Saw(cache_->HashOf(at)) && cache_->pay_off().Repeats();
  pass_ = sightings_.pass();
  if (!repeats) return false;
  mode_ = Mode::kUse;
  pass_ = 0;
  asked_ = this;
  return true;
}

// ---- walking

bool ElementMemo::Is(const Element& element, const char* at, uint32_t kind, uint64_t depth, int64_t fuel) const {
  return element.size <= static_cast<size_t>(end_ - at) && std::memcmp(element.bytes().data(), at, element.size) == 0 &&
         element.kind == rules_.kinds[kind] && element.depth <= depth && element.fuel <= fuel;
}

Element* ElementMemo::Look(const char* at, uint32_t kind, uint64_t depth, int64_t fuel) {
  const Place expected = last_ != nullptr ? last_->next.load(std::memory_order_relaxed) : kNowhere;
  Element* element = cache_->At(expected);
  if (element != nullptr) {
    // What will be looked at next: it is read while this one is compared.
    if (const Element* after = cache_->At(element->next.load(std::memory_order_relaxed)); after != nullptr) after->Prefetch();
    if (Is(*element, at, kind, depth, fuel)) return element;
  }
  if (static_cast<size_t>(end_ - at) < kHashedBytes) return nullptr;
  pending_.hash = cache_->HashOf(at);
  Place place = kNowhere;
  element = cache_->Find(pending_.hash, &place, [&](const Element& e) { return Is(e, at, kind, depth, fuel); });
  if (element != nullptr && last_ != nullptr) last_->next.store(place, std::memory_order_relaxed);
  return element;
}

const char* ElementMemo::TakeAll(const char* at, uint32_t kind, uint64_t depth, int64_t& fuel) {
  const char* end = nullptr;
  for (;;) {
    if (*at != '{') return end;
    Element* element = Look(at, kind, depth, fuel);
    if (element == nullptr) {
      pending_.at = at;
      return end;
    }
    if (!element->used.load(std::memory_order_relaxed)) element->used.store(true, std::memory_order_relaxed);
    fuel -= element->fuel;
    ++measured_.hits;
    measured_.hit_bytes += element->size;
    last_ = element;
    end = at + element->size;
    parts_.push_back({at, end, element, nullptr});
    const json::ScannedElement next = json::ScanElement(end, false);
    if (next.value == nullptr || next.more == 0) return end;
    at = next.value;
  }
}

const char* ElementMemo::Take(const char* at, uint32_t kind, uint64_t depth, bool first, int64_t& fuel) {
  if (pending_.at == at) {  // seen to be unknown by the call before
    pending_.fuel = fuel;
    if (pending_.began_ns == 0 && measured_.Time()) pending_.began_ns = PayOff::Now();
    return nullptr;
  }
  if (pending_.at != nullptr) return nullptr;  // within an element that is walked
  if (mode_ != Mode::kUse && !Sample(at, kind)) return nullptr;
  touched_ = true;
  if (*at != '{' || rules_.kinds[kind] == Hash128{}) return nullptr;
  if (first) last_ = nullptr;
  if (reader_ == nullptr) reader_ = std::make_unique<ElementCache::Reader>(*cache_);
  if (!reader_->looks()) reader_->Begin();
  pending_.began_ns = pending_.looked_ns = 0;
  if (!measured_.Time()) {
    const char* end = TakeAll(at, kind, depth, fuel);
    pending_.fuel = fuel;
    return end;
  }
  const uint64_t before = measured_.hit_bytes;
  const int64_t began = PayOff::Now();
  const char* end = TakeAll(at, kind, depth, fuel);
  pending_.fuel = fuel;
  if (end != nullptr) {
    measured_.samples.push_back({Work::kFind, measured_.hit_bytes - before, PayOff::Now() - began});
  } else {
    pending_.looked_ns = began;
    pending_.began_ns = PayOff::Now();
  }
  return end;
}

void ElementMemo::Keep(const char* at, const char* end, uint32_t kind, uint64_t depth, int64_t fuel) {
  if (pending_.at != at) return;
  pending_.at = nullptr;
  const auto size = static_cast<size_t>(end - at);
  Element* before = last_;
  last_ = nullptr;
  if (size < kHashedBytes) {
    ++measured_.shorts;
    return;
  }
  const int64_t began = pending_.began_ns != 0 ? PayOff::Now() : 0;
  if (began != 0) measured_.samples.push_back({Work::kWalk, size, began - pending_.began_ns});
  ++measured_.misses;
  measured_.miss_bytes += size;
  const std::string_view text(at, size);
  const uint32_t levels = std::min(static_cast<uint32_t>(depth), MostLevels(text));
  const Place place = cache_->Put(rules_.kinds[kind], pending_.hash, text, levels, pending_.fuel - fuel);
  last_ = cache_->At(place);
  if (last_ != nullptr) {
    if (before != nullptr) before->next.store(place, std::memory_order_relaxed);
    fresh_.push_back({at, last_});
  }
  if (pending_.looked_ns != 0) {
    measured_.samples.push_back({Work::kKeep, size, PayOff::Now() - began + pending_.began_ns - pending_.looked_ns});
  }
}

// ---- tapes

const ElementTape* ElementMemo::TapeOf(Element& element, const JsonLimits& limits) {
  const ElementTape* known = element.tape.load(std::memory_order_acquire);
  if (known != nullptr) {
    measured_.tape_bytes += element.size;
    return known;
  }
  const int64_t began = PayOff::Now();
  const JsonNode* root = parser_.Parse(element.bytes(), limits);
  if (root == nullptr) return nullptr;
  measured_.samples.push_back({Work::kTape, element.size, PayOff::Now() - began});
  ElementTapePtr tape = CopyTape(*root, element.bytes());
  return tape == nullptr ? nullptr : cache_->SetTape(element, std::move(tape));
}

// Text that goes into the skeleton as it is; what is fresh in it is noted.
void ElementMemo::CopyText(Assembly& assembly, const char* begin, const char* end, const FreshPart** fresh) const {
  for (; *fresh != fresh_.data() + fresh_.size() && (*fresh)->begin < end; ++*fresh) {
    const auto offset = assembly.skeleton.size() + static_cast<size_t>((*fresh)->begin - begin);
    assembly.fresh.push_back({static_cast<uint32_t>(offset), (*fresh)->element});
  }
  assembly.skeleton.insert(assembly.skeleton.end(), begin, end);
}

// Elements that follow each other have one place in the skeleton.
void ElementMemo::MakeSkeleton(Assembly& assembly, const char* begin, const char* end) const {
  const auto before = [](const FreshPart& part, const char* at) { return part.begin < at; };
  const FreshPart* fresh = std::lower_bound(fresh_.data(), fresh_.data() + fresh_.size(), begin, before);
  assembly.skeleton.clear();
  assembly.places.clear();
  assembly.fresh.clear();
  for (size_t i = assembly.first_part; i < assembly.last_part; ++i) {
    const KnownPart& part = parts_[i];
    if (i != assembly.first_part && IsComma(begin, part.begin)) {
      ++assembly.places.back().parts;
    } else {
      CopyText(assembly, begin, part.begin, &fresh);
      assembly.places.push_back({static_cast<uint32_t>(assembly.skeleton.size()), 1});
      assembly.skeleton.push_back('0');
    }
    begin = part.end;
  }
  CopyText(assembly, begin, end, &fresh);
}

const JsonNode* ElementMemo::Tape(const char* begin, const char* end, const JsonLimits& limits) {
  const auto before = [](const auto& part, const char* at) { return part.begin < at; };
  const auto first = std::lower_bound(parts_.begin(), parts_.end(), begin, before);
  const auto last = std::lower_bound(first, parts_.end(), end, before);
  const auto fresh = std::lower_bound(fresh_.begin(), fresh_.end(), begin, before);
  if (first == last && (fresh == fresh_.end() || fresh->begin >= end)) return nullptr;
  Assembly& assembly = AssemblyFor(first == last ? 0 : first->element->id);
  assembly.first_part = static_cast<size_t>(first - parts_.begin());
  assembly.last_part = static_cast<size_t>(last - parts_.begin());
  const bool timed = first != last && measured_.Time();
  const int64_t began = timed ? PayOff::Now() : 0;
  MakeSkeleton(assembly, begin, end);
  const JsonNode* root = Assemble(assembly, limits);
  if (root == nullptr) {
    assembly.leading = 0;
    assembly.ids.clear();
    return nullptr;
  }
  assembly.in_use = true;
  if (timed) {
    uint64_t bytes = 0;
    for (auto part = first; part != last; ++part) bytes += part->element->size;
    measured_.samples.push_back({Work::kPut, bytes, PayOff::Now() - began});
  }
  return root;
}

// One that is free; if there is one which begins with that element, that.
ElementMemo::Assembly& ElementMemo::AssemblyFor(uint64_t first_id) {
  Assembly* best = nullptr;
  for (const auto& tape : tapes_) {
    if (tape->in_use) continue;
    if (best == nullptr) best = tape.get();
    if (!tape->ids.empty() && tape->ids[0] == first_id) return *tape;
  }
  // A few, so that arrays of different kinds do not take turns in one.
  constexpr size_t kKept = 4;
  if (best != nullptr && tapes_.size() >= kKept) return *best;
  tapes_.push_back(std::make_unique<Assembly>());
  return *tapes_.back();
}

void RoundRun::Truncate(size_t rounds) {
  if (rounds >= ends.size()) return;
  ends.resize(rounds);
  writes.resize(rounds == 0 ? 0 : ends.back().writes);
  bytes.resize(rounds == 0 ? 0 : ends.back().bytes);
}

// How many parts are the first elements of the value as they were the last time: what was made of them stays.
size_t ElementMemo::KeepLeading(Assembly& assembly) {
  const bool leads = !assembly.places.empty() && assembly.places[0].offset == 1 && assembly.skeleton[0] == '[';
  const size_t leading = leads ? assembly.places[0].parts : 0;
  const size_t most = std::min({assembly.leading, leading, assembly.ids.size()});
  size_t same = 0;
  for (; same < most; ++same) {
    const Element& element = *parts_[assembly.first_part + same].element;
    if (element.id != assembly.ids[same]) break;
    measured_.tape_bytes += element.size;
  }
  assembly.leading = leading;
  for (RoundRun& run : assembly.runs) run.Truncate(same);
  if (same == 0) {
    assembly.nodes.clear();
  } else {
    const uint32_t last = assembly.part_nodes[same - 1];
    assembly.nodes.resize(last + assembly.nodes[last].next);
  }
  assembly.part_nodes.resize(same);
  assembly.ids.resize(same);
  return same;
}

bool ElementMemo::PutTape(Assembly& assembly, const JsonLimits& limits) {
  Element& element = *parts_[assembly.first_part + assembly.part_nodes.size()].element;
  const ElementTape* tape = TapeOf(element, limits);
  if (tape == nullptr) return false;
  assembly.part_nodes.push_back(static_cast<uint32_t>(assembly.nodes.size()));
  assembly.ids.push_back(element.id);
  assembly.nodes.insert(assembly.nodes.end(), tape->begin(), tape->begin() + tape->nodes);
  return true;
}

// The element has just been read, which need not be done again.
void ElementMemo::GiveTape(Element& element, const JsonNode& root) {
  if (element.tape.load(std::memory_order_relaxed) != nullptr) return;
  ElementTapePtr tape = CopyTape(root, element.bytes());
  if (tape != nullptr) cache_->SetTape(element, std::move(tape));
}

// The skeleton's tape with the tapes of the parts in their places.
const JsonNode* ElementMemo::Assemble(Assembly& assembly, const JsonLimits& limits) {
  const JsonNode* skeleton = assembly.parser.Parse({assembly.skeleton.data(), assembly.skeleton.size()}, limits);
  if (skeleton == nullptr) return nullptr;
  std::vector<JsonNode>& nodes = assembly.nodes;
  size_t same = KeepLeading(assembly);
  open_.clear();
  const auto close = [&] {
    nodes[open_.back().node].next = static_cast<uint32_t>(nodes.size() - open_.back().node);
    open_.pop_back();
  };
  auto place = assembly.places.begin();
  auto fresh = assembly.fresh.begin();
  for (const JsonNode *node = skeleton, *end = skeleton + skeleton->next; node != end; ++node) {
    while (!open_.empty() && open_.back().end == node) close();
    if (place != assembly.places.end() && node->offset == place->offset) {
      if (!open_.empty()) nodes[open_.back().node].size += place->parts - 1;
      for (size_t i = std::exchange(same, 0); i < place->parts; ++i) {
        if (!PutTape(assembly, limits)) return nullptr;
      }
      ++place;
      continue;
    }
    if (fresh != assembly.fresh.end() && node->offset == fresh->offset) GiveTape(*fresh++->element, *node);
    const bool kept = same != 0;  // the array itself, of which elements are there already
    const size_t at = kept ? 0 : nodes.size();
    if (node->next > 1) open_.push_back({node + node->next, at});
    if (kept) {
      nodes[0] = *node;
    } else {
      nodes.push_back(*node);
    }
  }
  while (!open_.empty()) close();
  return nodes.data();
}

KnownPart* ElementMemo::PartAt(const JsonNode* node, size_t* guess) {
  for (const auto& tape : tapes_) {
    const Assembly& assembly = *tape;
    if (!assembly.in_use || node < assembly.nodes.data() || node >= assembly.nodes.data() + assembly.nodes.size()) continue;
    const std::vector<uint32_t>& places = assembly.part_nodes;
    const auto place = static_cast<uint32_t>(node - assembly.nodes.data());
    if (*guess >= places.size() || places[*guess] != place) {
      const auto found = std::lower_bound(places.begin(), places.end(), place);
      if (found == places.end() || *found != place) return nullptr;
      *guess = static_cast<size_t>(found - places.begin());
    }
    return &parts_[assembly.first_part + (*guess)++];
  }
  return nullptr;
}

std::optional<ElementMemo::Leading> ElementMemo::LeadingOf(const JsonNode* array, uint32_t loop) {
  for (const auto& tape : tapes_) {
    Assembly& assembly = *tape;
    if (!assembly.in_use || assembly.nodes.data() != array || assembly.leading == 0) continue;
    auto run = std::find_if(assembly.runs.begin(), assembly.runs.end(), [&](const RoundRun& r) { return r.loop == loop; });
    if (run == assembly.runs.end()) {
      run = assembly.runs.emplace(run);
      run->loop = loop;
    }
    return Leading{&*run, &parts_[assembly.first_part], assembly.leading, assembly.nodes.data(), assembly.part_nodes.data()};
  }
  return std::nullopt;
}

const JsonNode* ElementMemo::ElementOf(const JsonNode* array, uint64_t index) const {
  const JsonNode* node = array + 1;
  for (const auto& tape : tapes_) {
    if (!tape->in_use || tape->nodes.data() != array || tape->leading == 0) continue;
    const uint64_t known = std::min<uint64_t>(index, tape->leading - 1);
    node = array + tape->part_nodes[known];
    index -= known;
    break;
  }
  for (; index > 0; --index) node += node->next;
  return node;
}

}  // namespace edict::cache
