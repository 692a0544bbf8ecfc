// The part of ElementMemo that makes tapes of values in which elements are known.
#include <algorithm>
#include <utility>

#include "runtime/cache/element_memo.h"

namespace edict::cache {
namespace {

// That of the loop, made at first.
template <typename Run>
Run& RunOf(std::vector<Run>& runs, uint32_t loop) {
  const auto found = std::find_if(runs.begin(), runs.end(), [&](const Run& run) { return run.loop == loop; });
  if (found != runs.end()) return *found;
  runs.emplace_back().loop = loop;
  return runs.back();
}

}  // namespace

const ElementTape* ElementMemo::TapeOf(Element& element, const JsonLimits& limits) {
  const ElementTape* known = element.tape.load(std::memory_order_acquire);
  if (known != nullptr) {
    measured_.tape_bytes += element.size;
    return known;
  }
  const int64_t began = times_tapes_ ? PayOff::Now() : 0;
  const JsonNode* root = parser_.ParseInPlace(element.bytes(), limits);
  if (root == nullptr) return nullptr;
  if (times_tapes_) {
    measured_.samples.push_back({Work::kTape, element.size, PayOff::Now() - began});
    tapes_ns_ += measured_.samples.back().ns;
  }
  ElementTapePtr tape = CopyTape(*root, element.bytes());
  return tape == nullptr ? nullptr : cache_->SetTape(element, std::move(tape));
}

// Elements that follow each other have one place in the skeleton.
void ElementMemo::MakeSkeleton(Assembly& assembly, const char* begin, const char* end) const {
  std::vector<char>& skeleton = assembly.skeleton;
  skeleton.clear();
  assembly.places.clear();
  for (size_t i = assembly.first_part; i < assembly.last_part; ++i) {
    const KnownPart& part = parts_[i];
    if (i != assembly.first_part && part.follows) {
      ++assembly.places.back().parts;
    } else {
      skeleton.insert(skeleton.end(), begin, part.begin);
      assembly.places.push_back({static_cast<uint32_t>(skeleton.size()), 1});
      skeleton.push_back('0');
    }
    begin = part.end;
  }
  skeleton.insert(skeleton.end(), begin, end);
}

const JsonNode* ElementMemo::Tape(const char* begin, const char* end, const JsonLimits& limits) {
  const auto before = [](const auto& part, const char* at) { return part.begin < at; };
  const auto first = std::lower_bound(parts_.begin(), parts_.end(), begin, before);
  const auto last = std::lower_bound(first, parts_.end(), end, before);
  if (first == last) return nullptr;
  const auto first_part = static_cast<size_t>(first - parts_.begin());
  const auto last_part = static_cast<size_t>(last - parts_.begin());
  Assembly& assembly = AssemblyFor(first_part, last_part, *begin);
  assembly.first_part = first_part;
  assembly.last_part = last_part;
  touched_ = true;
  const bool timed = times_tapes_ = measured_.Time();
  tapes_ns_ = 0;
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
    for (auto part = first; part != last; ++part) bytes += part->size();
    measured_.samples.push_back({Work::kPut, bytes, PayOff::Now() - began - tapes_ns_});
  }
  return root;
}

// How many of those parts the value of the assembly began with.
size_t ElementMemo::SameParts(const Assembly& assembly, size_t first, size_t last) const {
  const size_t most = std::min({assembly.leading, assembly.ids.size(), last - first});
  size_t same = 0;
  while (same < most && parts_[first + same].id == assembly.ids[same]) ++same;
  return same;
}

// One that is free: of a value of the same kind that began with most of the same elements, or else another.
ElementMemo::Assembly& ElementMemo::AssemblyFor(size_t first, size_t last, char begins) {
  // A few, so that arrays of different kinds and conversations that take turns do not do so in one.
  constexpr size_t kKept = 4;
  Assembly* best = nullptr;
  Assembly* oldest = nullptr;
  size_t most = 0;
  for (const auto& tape : tapes_) {
    if (tape->in_use) continue;
    if (oldest == nullptr || tape->used < oldest->used) oldest = tape.get();
    const size_t same = tape->begins == begins ? SameParts(*tape, first, last) : 0;
    if (same > most) best = tape.get(), most = same;
  }
  // Another goes on in another way, and is about to come again.
  if (best != nullptr && most * 2 < best->leading && assembled_ - best->used <= kKept) best = nullptr;
  if (best == nullptr && (oldest == nullptr || tapes_.size() < kKept)) {
    tapes_.push_back(std::make_unique<Assembly>());
    oldest = tapes_.back().get();
  }
  Assembly& assembly = best != nullptr ? *best : *oldest;
  assembly.begins = begins;
  assembly.used = ++assembled_;
  return assembly;
}

void RoundRun::Truncate(size_t rounds) {
  if (rounds >= ends.size()) return;
  ends.resize(rounds);
  writes.resize(rounds == 0 ? 0 : ends.back().writes);
  bytes.resize(rounds == 0 ? 0 : ends.back().bytes);
}

// How many parts are the first elements of an array as they were the last time, and in the same place: what was made of them
// stays. `head`: nodes before them.
size_t ElementMemo::KeepLeading(Assembly& assembly, size_t head) {
  const uint32_t offset = assembly.places.empty() ? 0 : assembly.places[0].offset;
  const size_t leading = offset != 0 && assembly.skeleton[offset - 1] == '[' ? assembly.places[0].parts : 0;
  const size_t first = assembly.first_part;
  const size_t same = assembly.head == head ? SameParts(assembly, first, first + leading) : 0;
  for (size_t i = first; i < first + same; ++i) measured_.tape_bytes += parts_[i].size();
  assembly.head = head;
  assembly.leading = leading;
  for (RoundRun& run : assembly.runs) run.Truncate(same);
  for (ReversedRun& run : assembly.reversed) {
    if (same < run.rounds) run.rounds = 0;
  }
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
  const KnownPart& part = parts_[assembly.first_part + assembly.part_nodes.size()];
  const ElementTape* tape = TapeOf(*part.element, limits);
  if (tape == nullptr) return false;
  assembly.part_nodes.push_back(static_cast<uint32_t>(assembly.nodes.size()));
  assembly.ids.push_back(part.id);
  assembly.nodes.insert(assembly.nodes.end(), tape->begin(), tape->begin() + tape->nodes);
  return true;
}

// The skeleton's tape with the tapes of the parts in their places.
const JsonNode* ElementMemo::Assemble(Assembly& assembly, const JsonLimits& limits) {
  const JsonNode* skeleton = assembly.parser.Parse({assembly.skeleton.data(), assembly.skeleton.size()}, limits);
  if (skeleton == nullptr) return nullptr;
  std::vector<JsonNode>& nodes = assembly.nodes;
  size_t head = 0;
  if (!assembly.places.empty()) {
    while (head < skeleton->next && skeleton[head].offset != assembly.places[0].offset) ++head;
  }
  size_t same = KeepLeading(assembly, head);
  size_t kept = 0;  // nodes before the elements that are there already
  open_.clear();
  const auto close = [&] {
    nodes[open_.back().node].next = static_cast<uint32_t>(nodes.size() - open_.back().node);
    open_.pop_back();
  };
  auto place = assembly.places.begin();
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
    const size_t at = same != 0 ? kept++ : nodes.size();
    if (node->next > 1) open_.push_back({node + node->next, at});
    if (same != 0) {
      nodes[at] = *node;
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
    if (*guess > 1 && *guess <= places.size() && places[*guess - 2] == place) *guess -= 2;  // backwards
    if (*guess >= places.size() || places[*guess] != place) {
      const auto found = std::lower_bound(places.begin(), places.end(), place);
      if (found == places.end() || *found != place) return nullptr;
      *guess = static_cast<size_t>(found - places.begin());
    }
    return &parts_[assembly.first_part + (*guess)++];
  }
  return nullptr;
}

// In which elements of that array are the first ones, and known.
ElementMemo::Assembly* ElementMemo::AssemblyOf(const JsonNode* array) const {
  for (const auto& tape : tapes_) {
    if (tape->in_use && tape->leading != 0 && tape->array() == array) return tape.get();
  }
  return nullptr;
}

std::optional<ElementMemo::Leading> ElementMemo::LeadingOf(const JsonNode* array, uint32_t loop) {
  Assembly* assembly = AssemblyOf(array);
  if (assembly == nullptr) return std::nullopt;
  RoundRun& run = RunOf(assembly->runs, loop);
  return Leading{&run, &parts_[assembly->first_part], assembly->leading, assembly->nodes.data(), assembly->part_nodes.data()};
}

std::optional<ElementMemo::Reversed> ElementMemo::ReversedOf(const Value& list, uint32_t loop) {
  if (list.size == 0 || !list.items[0].is_json()) return std::nullopt;
  for (const auto& tape : tapes_) {
    Assembly& assembly = *tape;
    if (!assembly.in_use || assembly.leading != list.size) continue;
    const JsonNode* nodes = assembly.nodes.data();
    bool same = true;
    for (uint32_t i = 0; same && i < list.size; ++i) {
      const Value& item = list.items[list.size - 1 - i];
      same = item.is_json() && item.json == nodes + assembly.part_nodes[i];
    }
    if (same) return Reversed{&RunOf(assembly.reversed, loop), &parts_[assembly.first_part]};
  }
  return std::nullopt;
}

const JsonNode* ElementMemo::ElementOf(const JsonNode* array, uint64_t index) const {
  const JsonNode* node = array + 1;
  if (const Assembly* assembly = AssemblyOf(array); assembly != nullptr) {
    const uint64_t known = std::min<uint64_t>(index, assembly->leading - 1);
    node = assembly->nodes.data() + assembly->part_nodes[known];
    index -= known;
  }
  for (; index > 0; --index) node += node->next;
  return node;
}

}  // namespace edict::cache
