// The shapes of AG-UI 1.0 events as tables, for the validator written by hand.
#ifndef EDICT_BENCH_AGUI_SHAPES_H_
#define EDICT_BENCH_AGUI_SHAPES_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace edict::bench {

enum class Type : uint8_t {
  kOther,  // no order to keep
  kRunStarted,
  kRunFinished,
  kRunError,
  kTextStart,
  kTextContent,
  kTextEnd,
  kCallStart,
  kCallArgs,
  kCallEnd,
  kCallResult,
  kStepStarted,
  kStepFinished,
  kSpanStart,
  kSpanEnd,
  kReasoningStart,
  kReasoningContent,
  kReasoningEnd,
  kEncrypted,
  kActivitySnapshot,
  kActivityDelta,
  kMessagesSnapshot,
  kSubagentStarted,
  kSubagentEnded,
};

// Strings that the rules of order read.
enum class Slot : uint8_t { kNone, kId, kLane, kParent, kParentLane, kKind, kReplace };
inline constexpr size_t kSlots = 7;

enum class Want : uint8_t {
  kString,
  kAny,  // but null
  kAnyOrNull,
  kBool,
  kInteger,  // within 2^53 - 1
  kCount,    // ... and not negative
  kPointer,  // RFC 6901
  kChoice,   // one of `choices`
  kObject,
  kStrings,
  kOne,           // an object of `shape`
  kMany,          // an array of them
  kSome,          // ... which is not empty
  kTextOrMany,    // a string or an array of them
  kMessages,      // an array of messages, whose owners are taken down
  kMessageCalls,  // a message's tool calls, likewise
};

struct Shape;

struct Member {
  std::string_view name;
  Want want;
  bool required = false;
  Slot slot = Slot::kNone;
  const Shape* shape = nullptr;
  std::vector<std::string_view> choices = {};
};

struct Variant {
  Variant(std::string_view variant_name, std::vector<Member> variant_members, Type event_type = Type::kOther)
      : name(variant_name), members(std::move(variant_members)), type(event_type) {
    for (size_t i = 0; i < members.size(); ++i) required |= members[i].required ? 1u << i : 0u;
  }
  std::string_view name;
  std::vector<Member> members;  // at most 32
  Type type;
  uint32_t required = 0;  // a bit for each member
};

// An object, perhaps discriminated by a member: what each of its variants has.
struct Shape {
  std::string_view discriminator;  // empty: none, one variant
  std::vector<Variant> variants;
};

const Shape& EventShape();

}  // namespace edict::bench

#endif  // EDICT_BENCH_AGUI_SHAPES_H_
