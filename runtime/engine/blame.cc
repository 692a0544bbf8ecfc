#include "runtime/engine/blame.h"

#include <string_view>

namespace edict {
namespace {

// Follows the event's tape along the steps, as far as it goes.
class Walk {
 public:
  Walk(const Frame& frame, BlamedPlace& place) : frame_(frame), place_(place), node_(frame.event) {}

  void Key(std::string_view key) {
    place_.path.push_back('/');
    for (const char c : key) {
      if (c == '~') {
        place_.path += "~0";
      } else if (c == '/') {
        place_.path += "~1";
      } else {
        place_.path.push_back(c);
      }
    }
    node_ = node_ != nullptr && node_->kind == JsonKind::kObject ? FindMember(*node_, key) : nullptr;
  }

  void Index(uint64_t index) {
    if (node_ != nullptr && node_->kind == JsonKind::kObject) return Key(std::to_string(index));
    place_.path += "/" + std::to_string(index);
    if (node_ == nullptr || node_->kind != JsonKind::kArray || index >= node_->size) {
      node_ = nullptr;
      return;
    }
    const JsonNode* item = node_ + 1;
    for (uint64_t i = 0; i < index; ++i) item += item->next;
    node_ = item;
  }

  // False where the value is no step: the path then ends before it.
  bool Step(const Value& v) {
    if (v.kind == Kind::kString) {
      Key(v.text());
    } else if (v.kind == Kind::kInt && v.i >= 0) {
      Index(static_cast<uint64_t>(v.i));
    } else if (v.kind == Kind::kUint) {
      Index(v.u);
    } else if (v.kind == Kind::kOptional && v.inner != nullptr) {
      return Step(*v.inner);
    } else {
      return false;
    }
    return true;
  }

  // False where the path cannot be told: it then ends at what is known.
  bool Follow(const Blame& blame, const std::vector<Loop>& loops, const std::vector<LoopPosition>& positions) {
    if (blame.base_loop != kNone) {
      const uint32_t base = blame.base_loop;
      if (base >= loops.size() || base >= positions.size()) return false;
      const Loop& loop = loops[base];
      if (!loop.known && loop.path.steps.empty()) return false;
      if (loop.path.base_loop != kNone && loop.path.base_loop >= base) return false;
      if (!Follow(loop.path, loops, positions) || !Step(positions[base].step)) return false;
    }
    for (const BlameStep& step : blame.steps) {
      if (step.key != kNone) {
        Key(frame_.program->constants[step.key].text());
      } else if (!Step(Evaluate(frame_, step.node))) {
        return false;
      }
    }
    return true;
  }

  void Finish() {
    const JsonNode* at = node_ != nullptr ? node_ : frame_.event;
    place_.offset = at != nullptr ? at->offset : 0;
  }

 private:
  const Frame& frame_;
  BlamedPlace& place_;
  const JsonNode* node_;
};

}  // namespace

BlamedPlace FindBlamed(const Frame& frame, const Blame& blame, const std::vector<Loop>& loops,
                       const std::vector<LoopPosition>& positions) {
  BlamedPlace place;
  Walk walk(frame, place);
  walk.Follow(blame, loops, positions);
  walk.Finish();
  return place;
}

}  // namespace edict
