// JSON Patch (RFC 6902) on a tree of Values, in place, with JSON Pointers (RFC 6901). All operations or none: what was done
// before a fault is undone. An operation costs what it looks up, moves and copies: the members of the objects on its path
// are searched one after the other, elements behind an inserted or removed one are moved; nothing else of the tree is
// touched.
#ifndef EDICT_RUNTIME_STATE_JSON_PATCH_H_
#define EDICT_RUNTIME_STATE_JSON_PATCH_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/program/program.h"
#include "runtime/state/json_tree.h"

namespace edict {

// The tokens of a JSON Pointer, one after the other, unescaped.
class PointerTokens {
 public:
  explicit PointerTokens(std::string_view pointer) : rest_(pointer) {}
  static bool Valid(std::string_view pointer);
  bool Next();  // false: there is none left
  std::string_view token() const { return token_; }
  bool last() const { return rest_.empty(); }

 private:
  std::string_view rest_;
  std::string_view token_;
  std::string unescaped_;
};

// The place in an array that a token names, below `size`; kNone: it names none (leading zeros, "-", beyond the end).
uint32_t ArrayIndex(std::string_view token, uint32_t size);
// What a pointer leads to: its own members only. kAbsent: nothing. The pointer is valid.
Value AtPointer(const Value& root, std::string_view pointer, uint64_t& work);

struct PatchFault {
  uint32_t index = kNone;  // of the operation; kNone: the patch is no array
  std::string member;      // of the operation, that is to blame: "path", "from", "op", "value"; empty: all of it
  std::string op;
  std::string path;
  std::string reason;
};

enum class PatchOutcome : uint8_t { kApplied, kFault, kTooLarge, kOutOfWork };

struct PatchLimits {
  uint64_t bytes = 0;  // of the tree, as json_tree::Extent counts, after each operation
  uint64_t work = 0;   // steps of all operations together
};

class JsonPatcher {
 public:
  JsonPatcher() { log_.reserve(kKeptSteps); }
  // A tree and its extent; they are changed by Apply.
  struct Tree {
    Value root;
    uint64_t bytes = 0;
    uint32_t height = 0;  // at least as deep as the tree is
  };

  // New parts of the tree are made in `memory`; the tree must hold no part that the patch refers to.
  PatchOutcome Apply(const Value& patch, const PatchLimits& limits, json_tree::Memory& memory, Tree& tree);
  // Takes the last Apply back, which returned kApplied.
  void Undo(Tree& tree);

  const PatchFault& fault() const { return fault_; }
  uint64_t work() const { return work_; }
  // Forgets what Undo would need, and the memory of a long patch.
  void Release();
  // Of a patcher that was released.
  static constexpr uint64_t kBytes = uint64_t{8} * 1024;

 private:
  static constexpr size_t kKeptSteps = 64;

  // One change, as it is taken back: latest first.
  struct Step {
    enum class Kind : uint8_t { kWrite, kInsert, kErase } kind = Kind::kWrite;
    uint32_t stride = 1;  // Values of an element
    uint32_t index = 0;   // kInsert, kErase: the element
    uint32_t behind = 0;  // elements behind it
    Value* at = nullptr;  // kWrite: the Value; else the block
    Value old[2];
  };
  struct Operation;
  // A place in the tree: the value, or where it would be put.
  struct Place {
    Value* parent = nullptr;  // null: the root
    uint32_t index = 0;       // in the parent; its size: at the end
    bool exists = false;
    std::string_view key;  // of an object's member: in `token_`
    uint32_t depth = 0;
  };

  bool ReadOperation(const Value& value, Operation& operation);
  bool ReadPointer(const Value& operation, const char* member, std::string_view& pointer);
  bool Run(const Operation& operation);
  bool Locate(std::string_view pointer, const char* member, bool must_exist, Place& place);
  Value* SlotOf(const Place& place);
  bool PutNew(const Place& place, const Value& value);
  bool Remove(const Place& place, Value* removed);
  bool Move(const Operation& operation);
  bool AddCopy(const Place& place, const Value& value, bool replace);
  bool Grow(uint64_t bytes, uint32_t depth, uint32_t height);
  bool Pay(uint64_t steps);
  bool Fail(const char* member, std::string reason);
  void Write(Value* at, const Value& value);
  void InsertElement(Value* parent, uint32_t index, const Value* element, uint32_t stride);
  void EraseElement(Value* parent, uint32_t index, uint32_t stride);
  void Rollback();

  std::vector<Step> log_;
  PatchFault fault_;
  std::string token_;
  PatchLimits limits_;
  json_tree::Memory* memory_ = nullptr;
  Tree* tree_ = nullptr;
  uint64_t bytes_before_ = 0;
  uint32_t height_before_ = 0;
  uint64_t work_ = 0;
  PatchOutcome outcome_ = PatchOutcome::kApplied;
};

}  // namespace edict

#endif  // EDICT_RUNTIME_STATE_JSON_PATCH_H_
