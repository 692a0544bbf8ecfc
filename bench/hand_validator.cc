#include "bench/hand_validator.h"

#include <simdjson.h>

#include <cmath>
#include <cstring>

#include "bench/agui_order.h"
#include "bench/agui_shapes.h"

namespace edict::bench {
namespace {

namespace ondemand = simdjson::ondemand;

constexpr double kMaxInteger = 9007199254740991.0;

template <typename Word>
bool SameWord(const char* a, const char* b) {
  Word x;
  Word y;
  std::memcpy(&x, a, sizeof(Word));
  std::memcpy(&y, b, sizeof(Word));
  return x == y;
}

// Whether the key, as it is written, is this name: by words that may overlap, without a call. Behind a key there is padding.
inline bool IsKey(ondemand::raw_json_string key, std::string_view name) {
  const char* raw = key.raw();
  const size_t size = name.size();
  if (size >= 8) {
    return SameWord<uint64_t>(raw, name.data()) && SameWord<uint64_t>(raw + size - 8, name.data() + size - 8) && raw[size] == '"' &&
           (size <= 16 || std::memcmp(raw + 8, name.data() + 8, size - 16) == 0);
  }
  if (size >= 4) {
    return SameWord<uint32_t>(raw, name.data()) && SameWord<uint32_t>(raw + size - 4, name.data() + size - 4) && raw[size] == '"';
  }
  return std::memcmp(raw, name.data(), size) == 0 && raw[size] == '"';
}

bool IsPointer(std::string_view text) {
  if (!text.empty() && text[0] != '/') return false;
  for (size_t at = text.find('~'); at != std::string_view::npos; at = text.find('~', at + 1)) {
    if (at + 1 == text.size() || (text[at + 1] != '0' && text[at + 1] != '1')) return false;
  }
  return true;
}

bool IsInteger(ondemand::value& value, double least) {
  ondemand::number number;
  if (value.get_number().get(number) != simdjson::SUCCESS) return false;
  if (number.is_int64()) {
    const int64_t n = number.get_int64();
    return n >= static_cast<int64_t>(least) && n <= static_cast<int64_t>(kMaxInteger);
  }
  const double n = number.as_double();
  return n >= least && n <= kMaxInteger && n == std::trunc(n);
}

const Variant* FindVariant(const Shape& shape, std::string_view name) {
  for (const Variant& variant : shape.variants) {
    if (variant.name == name) return &variant;
  }
  return nullptr;
}

// Reads one event.
class Reader {
 public:
  // Whether the event has the shape of its type; then what the rules of order need of it.
  bool Read(ondemand::object& event);
  Type type() const { return type_; }
  const Slots& slots() const { return slots_; }
  const std::vector<Taken>& taken() const { return taken_; }

 private:
  bool Object(ondemand::object& object, const Shape& shape, Slots& slots, std::string_view* kind = nullptr);
  const Variant* VariantOf(ondemand::object& object, const Shape& shape, std::string_view* kind);
  bool Members(ondemand::object& object, const Shape& shape, const Variant& variant, Slots& slots);
  const Member* FindMember(ondemand::field& field, const Variant& variant, size_t& next, std::string_view* unescaped);
  bool Value(ondemand::value value, const Member& member, Slots& slots);
  bool Text(ondemand::value& value, const Member& member, Slots& slots);
  bool Many(ondemand::value& value, const Member& member);
  bool Strings(ondemand::value& value);
  bool Message(ondemand::object& object, const Shape& shape);

  Type type_ = Type::kOther;
  Slots slots_{};
  std::vector<Taken> taken_;
};

bool Reader::Read(ondemand::object& event) {
  slots_.fill({});
  taken_.clear();
  const Shape& shape = EventShape();
  const Variant* variant = VariantOf(event, shape, nullptr);
  if (variant == nullptr) return false;
  type_ = variant->type;
  return Members(event, shape, *variant, slots_);
}

const Variant* Reader::VariantOf(ondemand::object& object, const Shape& shape, std::string_view* kind) {
  if (shape.discriminator.empty()) return shape.variants.data();
  std::string_view name;
  if (object.find_field_unordered(shape.discriminator).get_string().get(name) != simdjson::SUCCESS) return nullptr;
  const Variant* variant = FindVariant(shape, name);
  if (variant != nullptr && kind != nullptr) *kind = variant->name;
  bool some = false;
  if (object.reset().get(some) != simdjson::SUCCESS) return nullptr;
  return variant;
}

bool Reader::Object(ondemand::object& object, const Shape& shape, Slots& slots, std::string_view* kind) {
  const Variant* variant = VariantOf(object, shape, kind);
  return variant != nullptr && Members(object, shape, *variant, slots);
}

// Members mostly come in the order of the table. A key with escapes is compared unescaped.
const Member* Reader::FindMember(ondemand::field& field, const Variant& variant, size_t& next, std::string_view* unescaped) {
  const size_t count = variant.members.size();
  const ondemand::raw_json_string key = field.key();
  for (size_t i = 0; i < count; ++i) {
    const size_t at = next + i < count ? next + i : next + i - count;
    if (!IsKey(key, variant.members[at].name)) continue;
    next = at + 1;
    return &variant.members[at];
  }
  if (field.unescaped_key().get(*unescaped) != simdjson::SUCCESS) return nullptr;
  for (const Member& member : variant.members) {
    if (member.name == *unescaped) return &member;
  }
  return nullptr;
}

bool Reader::Members(ondemand::object& object, const Shape& shape, const Variant& variant, Slots& slots) {
  uint32_t seen = 0;
  size_t next = 0;
  bool named = shape.discriminator.empty();  // the discriminator is behind us
  for (simdjson::simdjson_result<ondemand::field> item : object) {
    ondemand::field field;
    if (std::move(item).get(field) != simdjson::SUCCESS) return false;
    if (!named && IsKey(field.key(), shape.discriminator)) {
      named = true;
      continue;
    }
    std::string_view unescaped;
    const Member* member = FindMember(field, variant, next, &unescaped);
    if (member != nullptr) {
      if (!Value(field.value(), *member, slots)) return false;
      seen |= 1u << (member - variant.members.data());
    } else if (&slots == &slots_ && unescaped == "subagentRunId") {
      // Of an event that has no lane: anything but null.
      ondemand::json_type type;
      if (field.value().type().get(type) != simdjson::SUCCESS || type == ondemand::json_type::null) return false;
    }
  }
  return (seen & variant.required) == variant.required;
}

bool Reader::Text(ondemand::value& value, const Member& member, Slots& slots) {
  std::string_view text;
  if (value.get_string().get(text) != simdjson::SUCCESS) return false;
  slots[static_cast<size_t>(member.slot)] = text;
  if (member.want == Want::kPointer) return IsPointer(text);
  if (member.want != Want::kChoice) return true;
  for (std::string_view choice : member.choices) {
    if (choice == text) return true;
  }
  return false;
}

bool Reader::Strings(ondemand::value& value) {
  ondemand::array array;
  if (value.get_array().get(array) != simdjson::SUCCESS) return false;
  for (simdjson::simdjson_result<ondemand::value> item : array) {
    std::string_view text;
    if (item.get_string().get(text) != simdjson::SUCCESS) return false;
  }
  return true;
}

bool Reader::Message(ondemand::object& object, const Shape& shape) {
  Slots slots{};
  const size_t first = taken_.size();
  std::string_view role;
  if (!Object(object, shape, slots, &role)) return false;
  const std::string_view lane = slots[static_cast<size_t>(Slot::kLane)];
  for (size_t i = first; i < taken_.size(); ++i) taken_[i].lane = lane;
  taken_.push_back({role, slots[static_cast<size_t>(Slot::kId)], lane});
  return true;
}

bool Reader::Many(ondemand::value& value, const Member& member) {
  ondemand::array array;
  if (value.get_array().get(array) != simdjson::SUCCESS) return false;
  bool any = false;
  for (simdjson::simdjson_result<ondemand::value> item : array) {
    ondemand::object object;
    if (item.get_object().get(object) != simdjson::SUCCESS) return false;
    any = true;
    if (member.want == Want::kMessages) {
      if (!Message(object, *member.shape)) return false;
      continue;
    }
    Slots slots{};
    if (!Object(object, *member.shape, slots)) return false;
    if (member.want == Want::kMessageCalls) taken_.push_back({"call", slots[static_cast<size_t>(Slot::kId)], {}});
  }
  return any || member.want != Want::kSome;
}

bool Reader::Value(ondemand::value value, const Member& member, Slots& slots) {
  ondemand::json_type type;
  switch (member.want) {
    case Want::kString:
    case Want::kPointer:
    case Want::kChoice:
      return Text(value, member, slots);
    case Want::kInteger:
      return IsInteger(value, -kMaxInteger);
    case Want::kCount:
      return IsInteger(value, 0);
    case Want::kAny:
      return value.type().get(type) == simdjson::SUCCESS && type != ondemand::json_type::null;
    case Want::kAnyOrNull:
      return value.type().get(type) == simdjson::SUCCESS;
    case Want::kObject:
      return value.type().get(type) == simdjson::SUCCESS && type == ondemand::json_type::object;
    case Want::kBool: {
      bool on = false;
      if (value.get_bool().get(on) != simdjson::SUCCESS) return false;
      slots[static_cast<size_t>(member.slot)] = on ? "true" : "false";
      return true;
    }
    case Want::kStrings:
      return Strings(value);
    case Want::kOne: {
      ondemand::object object;
      Slots nested{};
      return value.get_object().get(object) == simdjson::SUCCESS && Object(object, *member.shape, nested);
    }
    case Want::kTextOrMany:
      if (value.type().get(type) != simdjson::SUCCESS) return false;
      return type == ondemand::json_type::string ? Text(value, member, slots) : Many(value, member);
    case Want::kMany:
    case Want::kSome:
    case Want::kMessages:
    case Want::kMessageCalls:
      return Many(value, member);
  }
  return false;
}

}  // namespace

struct HandValidator::Impl {
  ondemand::parser parser;
  Reader reader;
  Order order;

  bool Judge(const simdjson::padded_string_view& line) {
    ondemand::document document;
    ondemand::object event;
    if (parser.iterate(line).get(document) != simdjson::SUCCESS) return false;
    if (document.get_object().get(event) != simdjson::SUCCESS) return false;
    if (!reader.Read(event)) return false;
    // Nothing follows.
    if (document.current_location().error() != simdjson::OUT_OF_BOUNDS) return false;
    return order.Judge(reader.type(), reader.slots(), reader.taken());
  }
};

HandValidator::HandValidator() : impl_(std::make_unique<Impl>()) {}
HandValidator::~HandValidator() = default;

void HandValidator::Reset() { impl_->order.Reset(); }

uint64_t HandValidator::Judge(std::string_view lines, std::vector<uint64_t>* invalid) {
  uint64_t count = 0;
  uint64_t number = 0;
  const char* end = lines.data() + lines.size();
  for (const char* at = lines.data(); at < end; ++number) {
    const void* found = std::memchr(at, '\n', static_cast<size_t>(end - at));
    const char* stop = found != nullptr ? static_cast<const char*>(found) : end;
    const auto size = static_cast<size_t>(stop - at);
    const simdjson::padded_string_view line(at, size, static_cast<size_t>(end - at) + simdjson::SIMDJSON_PADDING);
    if (!impl_->Judge(line)) {
      ++count;
      if (invalid != nullptr) invalid->push_back(number);
    }
    at = stop + 1;
  }
  return count;
}

}  // namespace edict::bench
