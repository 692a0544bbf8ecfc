#include "runtime/state/json_patch.h"

#include <algorithm>
#include <utility>

namespace edict {
namespace {

using json_tree::Extent;
using json_tree::kMaxDepth;

constexpr size_t kShownBytes = 80;  // of a pointer or name in a reason

std::string Shown(std::string_view text) {
  if (text.size() <= kShownBytes) return "\"" + std::string(text) + "\"";
  size_t end = kShownBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return "\"" + std::string(text.substr(0, end)) + "...\"";
}

const char* JsonName(const Value& value) {
  switch (value.kind) {
    case Kind::kNull:
      return "null";
    case Kind::kBool:
      return "a bool";
    case Kind::kString:
      return "a string";
    case Kind::kList:
      return "an array";
    case Kind::kMap:
      return "an object";
    default:
      return "a number";
  }
}

uint64_t MemberBytes(std::string_view key) { return sizeof(Value) + ((key.size() + 15) & ~uint64_t{15}); }

// Where the member stands, or the object's size.
uint32_t FindMember(const Value& object, std::string_view key) {
  uint32_t i = 0;
  while (i < object.size && object.entries[i].key.text() != key) ++i;
  return i;
}

// The tree owns its blocks: Values hold them as const for those who read.
Value* Block(const Value& container) { return const_cast<Value*>(container.items); }

void MoveElements(Value* block, uint32_t from, uint32_t to, uint32_t count, uint32_t stride) {
  if (count != 0) std::memmove(block + size_t{to} * stride, block + size_t{from} * stride, size_t{count} * stride * sizeof(Value));
}

}  // namespace

// ---- JSON Pointer ------------------------------------------------------------------------------------------------------

bool PointerTokens::Valid(std::string_view pointer) {
  if (!pointer.empty() && pointer[0] != '/') return false;
  for (size_t i = 0; i < pointer.size(); ++i) {
    if (pointer[i] == '~' && (i + 1 == pointer.size() || (pointer[i + 1] != '0' && pointer[i + 1] != '1'))) return false;
  }
  return true;
}

bool PointerTokens::Next() {
  if (rest_.empty()) return false;
  const size_t end = std::min(rest_.find('/', 1), rest_.size());
  token_ = rest_.substr(1, end - 1);
  rest_ = rest_.substr(end);
  if (token_.find('~') == std::string_view::npos) return true;
  unescaped_.clear();
  for (size_t i = 0; i < token_.size(); ++i) {
    const bool escape = token_[i] == '~' && i + 1 < token_.size();
    unescaped_ += !escape ? token_[i] : token_[i + 1] == '0' ? '~' : '/';
    if (escape) ++i;
  }
  token_ = unescaped_;
  return true;
}

uint32_t ArrayIndex(std::string_view token, uint32_t size) {
  if (token.empty() || token.size() > 10 || (token.size() > 1 && token[0] == '0')) return kNone;
  uint64_t index = 0;
  for (const char c : token) {
    if (c < '0' || c > '9') return kNone;
    index = index * 10 + static_cast<uint64_t>(c - '0');
  }
  return index < size ? static_cast<uint32_t>(index) : kNone;
}

Value AtPointer(const Value& root, std::string_view pointer, uint64_t& work) {
  Value at = root;
  for (PointerTokens tokens(pointer); at.kind != Kind::kAbsent && tokens.Next();) {
    ++work;
    if (at.kind == Kind::kMap) {
      work += at.size / 8;
      at = MapFindString(at, tokens.token());
    } else if (at.kind == Kind::kList) {
      const uint32_t index = ArrayIndex(tokens.token(), at.size);
      at = index == kNone ? Value::Absent() : ListAt(at, index);
    } else {
      at = Value::Absent();
    }
  }
  return at;
}

// ---- operations --------------------------------------------------------------------------------------------------------

struct JsonPatcher::Operation {
  std::string_view op;
  std::string_view path;
  std::string_view from;
  Value value;
};

PatchOutcome JsonPatcher::Apply(const Value& patch, const PatchLimits& limits, json_tree::Memory& memory, Tree& tree) {
  log_.clear();
  fault_ = {};
  limits_ = limits;
  memory_ = &memory;
  tree_ = &tree;
  bytes_before_ = tree.bytes;
  height_before_ = tree.height;
  work_ = 0;
  outcome_ = PatchOutcome::kApplied;
  if (patch.kind != Kind::kList) {
    Fail("", "a patch is an array of operations, this is " + std::string(JsonName(patch)));
    return outcome_;
  }
  uint32_t index = 0;
  for (ListCursor c(patch); c.Next(); ++index) {
    fault_.index = index;
    Operation operation;
    if (!ReadOperation(c.value(), operation) || !Run(operation)) {
      Rollback();
      return outcome_;
    }
  }
  return outcome_;
}

void JsonPatcher::Undo(Tree& tree) {
  tree_ = &tree;
  Rollback();
}

void JsonPatcher::Release() {
  static_assert(sizeof(JsonPatcher) + kKeptSteps * sizeof(Step) <= kBytes);
  log_.clear();
  if (log_.capacity() <= kKeptSteps) return;
  std::vector<Step>().swap(log_);
  log_.reserve(kKeptSteps);
}

bool JsonPatcher::Pay(uint64_t steps) {
  work_ += steps;
  if (work_ <= limits_.work) return true;
  outcome_ = PatchOutcome::kOutOfWork;
  return false;
}

bool JsonPatcher::Fail(const char* member, std::string reason) {
  fault_.member = member;
  fault_.reason = std::move(reason);
  outcome_ = PatchOutcome::kFault;
  return false;
}

bool JsonPatcher::ReadPointer(const Value& operation, const char* member, std::string_view& pointer) {
  const Value value = MapFindString(operation, member);
  if (value.kind == Kind::kAbsent) return Fail("", "the operation has no \"" + std::string(member) + "\"");
  if (value.kind != Kind::kString) {
    return Fail(member, "\"" + std::string(member) + "\" is " + JsonName(value) + ", not a string");
  }
  pointer = value.text();
  if (!Pay(pointer.size() / 64)) return false;
  return PointerTokens::Valid(pointer) || Fail(member, Shown(pointer) + " is not a JSON Pointer");
}

bool JsonPatcher::ReadOperation(const Value& value, Operation& operation) {
  if (!Pay(1)) return false;
  fault_.op.clear();
  fault_.path.clear();
  if (value.kind != Kind::kMap) return Fail("", "an operation is an object, this is " + std::string(JsonName(value)));
  const Value op = MapFindString(value, "op");
  if (op.kind == Kind::kAbsent) return Fail("", "the operation has no \"op\"");
  if (op.kind != Kind::kString) return Fail("op", "\"op\" is " + std::string(JsonName(op)) + ", not a string");
  operation.op = op.text();
  constexpr std::string_view kOperations[] = {"add", "remove", "replace", "move", "copy", "test"};
  if (std::find(std::begin(kOperations), std::end(kOperations), operation.op) == std::end(kOperations)) {
    return Fail("op", "there is no operation " + Shown(operation.op));
  }
  if (!ReadPointer(value, "path", operation.path)) return false;
  const bool has_from = operation.op == "move" || operation.op == "copy";
  if (has_from && !ReadPointer(value, "from", operation.from)) return false;
  if (has_from || operation.op == "remove") return true;
  operation.value = MapFindString(value, "value");
  return operation.value.kind != Kind::kAbsent || Fail("", "the operation has no \"value\"");
}

bool JsonPatcher::Run(const Operation& operation) {
  Place place;
  Place source;
  bool done = false;
  if (operation.op == "add") {
    done = Locate(operation.path, "path", false, place) && AddCopy(place, operation.value, false);
  } else if (operation.op == "replace") {
    done = Locate(operation.path, "path", true, place) && AddCopy(place, operation.value, true);
  } else if (operation.op == "remove") {
    done = Locate(operation.path, "path", true, place) && Remove(place, nullptr);
  } else if (operation.op == "move") {
    done = Move(operation);
  } else if (operation.op == "copy") {
    done = Locate(operation.from, "from", true, source) && Locate(operation.path, "path", false, place) &&
           AddCopy(place, *SlotOf(source), false);
  } else if (Locate(operation.path, "path", true, place)) {
    const bool same = json_tree::Same(*SlotOf(place), operation.value, work_);
    done = Pay(0) && (same || Fail("value", "the value at " + Shown(operation.path) + " is not the one that is tested for"));
  }
  if (!done && outcome_ == PatchOutcome::kFault) {
    fault_.op = operation.op;
    fault_.path = operation.path;
  }
  return done;
}

// ---- places ------------------------------------------------------------------------------------------------------------

Value* JsonPatcher::SlotOf(const Place& place) {
  if (place.parent == nullptr) return &tree_->root;
  const bool map = place.parent->kind == Kind::kMap;
  return Block(*place.parent) + (map ? size_t{2} * place.index + 1 : size_t{place.index});
}

bool JsonPatcher::Locate(std::string_view pointer, const char* member, bool must_exist, Place& place) {
  place = {};
  place.exists = true;
  for (PointerTokens tokens(pointer); tokens.Next();) {
    Value* at = SlotOf(place);
    const std::string_view token = tokens.token();
    const bool may_be_new = tokens.last() && !must_exist;
    place.parent = at;
    ++place.depth;
    if (at->kind == Kind::kMap) {
      place.index = FindMember(*at, token);
      if (!Pay(1 + place.index / 8)) return false;
      place.exists = place.index < at->size;
      if (!place.exists && !may_be_new) return Fail(member, "there is nothing at " + Shown(pointer));
      token_ = token;
      place.key = token_;
    } else if (at->kind == Kind::kList) {
      const bool end = token == "-" && may_be_new;
      place.index = end ? at->size : ArrayIndex(token, at->size + (may_be_new ? 1 : 0));
      place.exists = place.index < at->size;
      if (!Pay(1)) return false;
      if (place.index == kNone) {
        return Fail(member, "there is nothing at " + Shown(pointer) + ": " + Shown(token) + " is no place in an array of " +
                                std::to_string(at->size));
      }
    } else {
      return Fail(member, "there is nothing at " + Shown(pointer) + ": " + JsonName(*at) + " has no members");
    }
  }
  return true;
}

// ---- changes -----------------------------------------------------------------------------------------------------------

bool JsonPatcher::Grow(uint64_t bytes, uint32_t depth, uint32_t height) {
  if (depth + height > kMaxDepth) {
    return Fail("path", "the document would be nested deeper than " + std::to_string(kMaxDepth) + " levels");
  }
  if (bytes > limits_.bytes) {
    outcome_ = PatchOutcome::kTooLarge;
    return false;
  }
  return true;
}

// `replace`: an element's place in an array is taken over, not put before it.
bool JsonPatcher::AddCopy(const Place& place, const Value& value, bool replace) {
  Extent extent;
  const bool whole = json_tree::Measure(value, limits_.bytes, extent);
  if (!Pay(extent.values + extent.bytes / 256)) return false;
  if (extent.bytes > limits_.bytes) return Grow(extent.bytes, 0, 0);
  if (!whole) return Fail("value", "the value is no JSON, or nested deeper than " + std::to_string(kMaxDepth) + " levels");
  const bool fills_slot = place.parent == nullptr || (place.exists && (replace || place.parent->kind == Kind::kMap));
  Extent old;
  if (fills_slot) json_tree::Measure(*SlotOf(place), ~uint64_t{0}, old);
  if (!Pay(old.values)) return false;
  uint64_t bytes = tree_->bytes - old.bytes + extent.bytes;
  if (!fills_slot && place.parent->kind == Kind::kMap) bytes += MemberBytes(place.key);
  if (!Grow(bytes, place.depth, extent.height)) return false;
  const Value copy = memory_->Copy(value);
  tree_->height = std::max(tree_->height, place.depth + extent.height);
  tree_->bytes = bytes;
  if (fills_slot) {
    Write(SlotOf(place), copy);
    return true;
  }
  return PutNew(place, copy);
}

// A new member or element.
bool JsonPatcher::PutNew(const Place& place, const Value& value) {
  if (place.parent->kind == Kind::kMap) {
    const Value entry[2] = {Value::String(memory_->Text(place.key)), value};
    InsertElement(place.parent, place.index, entry, 2);
    return true;
  }
  if (!Pay((place.parent->size - place.index) / 32)) return false;
  InsertElement(place.parent, place.index, &value, 1);
  return true;
}

// `removed` null: the value is gone. Else it comes back, still part of the tree's bytes.
bool JsonPatcher::Remove(const Place& place, Value* removed) {
  Value* slot = SlotOf(place);
  if (removed == nullptr) {
    Extent extent;
    json_tree::Measure(*slot, ~uint64_t{0}, extent);
    if (!Pay(extent.values)) return false;
    tree_->bytes -= extent.bytes;
  } else {
    *removed = *slot;
  }
  if (place.parent == nullptr) {  // nothing is left but null
    tree_->bytes += sizeof(Value);
    Write(slot, Value::Null());
    return true;
  }
  const bool map = place.parent->kind == Kind::kMap;
  if (map) tree_->bytes -= MemberBytes(place.key);
  if (!Pay((place.parent->size - place.index) / 32)) return false;
  EraseElement(place.parent, place.index, map ? 2 : 1);
  return true;
}

// The value itself goes to its new place; nothing is copied.
bool JsonPatcher::Move(const Operation& operation) {
  Place source;
  if (!Locate(operation.from, "from", true, source)) return false;
  if (operation.from == operation.path) return true;
  if (operation.path.size() > operation.from.size() && operation.path.starts_with(operation.from) &&
      operation.path[operation.from.size()] == '/') {
    return Fail("path", Shown(operation.from) + " cannot be moved into itself");
  }
  Value moved;
  if (!Remove(source, &moved)) return false;
  Place place;
  if (!Locate(operation.path, "path", false, place)) return false;
  uint32_t height = tree_->height - std::min(tree_->height, source.depth);
  if (place.depth + height > kMaxDepth) {
    Extent extent;
    json_tree::Measure(moved, ~uint64_t{0}, extent);
    if (!Pay(extent.values)) return false;
    height = extent.height;
  }
  uint64_t bytes = tree_->bytes;
  const bool fills_slot = place.parent == nullptr || (place.exists && place.parent->kind == Kind::kMap);
  if (fills_slot) {
    Extent old;  // to the root: all that is left there
    json_tree::Measure(*SlotOf(place), ~uint64_t{0}, old);
    if (!Pay(old.values)) return false;
    bytes -= old.bytes;
  } else if (place.parent->kind == Kind::kMap) {
    bytes += MemberBytes(place.key);
  }
  if (!Grow(bytes, place.depth, height)) return false;
  tree_->bytes = bytes;
  tree_->height = std::max(tree_->height, place.depth + height);
  if (fills_slot) {
    Write(SlotOf(place), moved);
    return true;
  }
  return PutNew(place, moved);
}

void JsonPatcher::Write(Value* at, const Value& value) {
  Step step;
  step.at = at;
  step.old[0] = *at;
  log_.push_back(step);
  *at = value;
}

void JsonPatcher::InsertElement(Value* parent, uint32_t index, const Value* element, uint32_t stride) {
  const uint32_t size = parent->size;
  Value grown = *parent;
  grown.size = size + 1;
  Value* block = Block(*parent);
  if (size == json_tree::Memory::Capacity(block)) {
    // The old block stays as it is, for Rollback.
    Value* larger = memory_->Block(std::max<uint32_t>(4, size + size / 2), stride);
    if (size != 0) {
      std::memcpy(larger, block, size_t{index} * stride * sizeof(Value));
      std::memcpy(larger + size_t{index + 1} * stride, block + size_t{index} * stride,
                  size_t{size - index} * stride * sizeof(Value));
    }
    block = larger;
    grown.items = larger;
  } else {
    Step step;
    step.kind = Step::Kind::kInsert;
    step.at = block;
    step.index = index;
    step.behind = size - index;
    step.stride = stride;
    log_.push_back(step);
    MoveElements(block, index, index + 1, size - index, stride);
  }
  std::copy(element, element + stride, block + size_t{index} * stride);
  Write(parent, grown);
}

void JsonPatcher::EraseElement(Value* parent, uint32_t index, uint32_t stride) {
  Value* block = Block(*parent);
  Step step;
  step.kind = Step::Kind::kErase;
  step.at = block;
  step.index = index;
  step.behind = parent->size - index - 1;
  step.stride = stride;
  std::copy(block + size_t{index} * stride, block + size_t{index + 1} * stride, step.old);
  log_.push_back(step);
  MoveElements(block, index + 1, index, step.behind, stride);
  Value shrunk = *parent;
  --shrunk.size;
  Write(parent, shrunk);
}

void JsonPatcher::Rollback() {
  for (auto step = log_.rbegin(); step != log_.rend(); ++step) {
    switch (step->kind) {
      case Step::Kind::kWrite:
        *step->at = step->old[0];
        break;
      case Step::Kind::kInsert:
        MoveElements(step->at, step->index + 1, step->index, step->behind, step->stride);
        break;
      case Step::Kind::kErase:
        MoveElements(step->at, step->index, step->index + 1, step->behind, step->stride);
        std::copy(step->old, step->old + step->stride, step->at + size_t{step->index} * step->stride);
        break;
    }
  }
  log_.clear();
  tree_->bytes = bytes_before_;
  tree_->height = height_before_;
}

}  // namespace edict
