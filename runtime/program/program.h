// The Program: what the compiler makes and the runtime runs. Plain data, immutable once built, shared by threads.
// It holds the expression nodes (hash-consed: one node however many rules use it), the shapes of events, and for each
// event type a plan: checks, which read the state before the event, then effects, which are applied after every check.
// All indices are into the vectors here; kNone means "none".
#ifndef EDICT_RUNTIME_PROGRAM_PROGRAM_H_
#define EDICT_RUNTIME_PROGRAM_PROGRAM_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "runtime/value/value.h"

namespace edict {

inline constexpr uint32_t kNone = 0xffffffffu;

enum class Severity : uint8_t { kInfo, kWarning, kError, kCritical };
const char* SeverityName(Severity severity);

// ---- expressions ---------------------------------------------------------------------------------------------------

enum class Op : uint8_t {
  kConst,     // imm: constant
  kSlot,      // imm: slot; the field's value, kAbsent turned into a no_such_field error
  kPresent,   // imm: slot; bool
  kOptSlot,   // imm: slot; optional
  kEvent,     // the whole event as a map
  kLocal,     // imm: local variable (comprehension, `let`, loop)
  kLet,       // imm: local; args: value, body
  kField,     // imm: string constant; args: map. Error where missing
  kHasField,  // imm: string constant; args: map
  kOptField,  // imm: string constant; args: map or optional; an optional
  kIndex,     // args: list or map, index
  kOptIndex,  // args: list, map or optional, index; an optional
  kAnd,       // args: 2, with CEL's error absorption
  kOr,
  kNot,
  kCond,        // args: condition, then, else
  kCall,        // imm: overload (builtins.def); args
  kCallDyn,     // imm: string constant, the function's name: overload chosen by the kinds at run time; imm2 = 1 receiver style
  kCallHost,    // imm: Program::host_functions; args, as many as it takes
  kList,        // args; imm: bytes constant with one byte per element, 1 = optional element (kNone: none is)
  kMap,         // args: key, value ...; imm likewise per entry
  kFold,        // imm: Program::folds
  kOptOr,       // args: optional, optional (evaluated only when needed)
  kOptOrValue,  // args: optional, value
  // state, as it was before the event
  kCell,          // imm: cell; scalar value; kAbsent for an unset `?` cell turned into an error
  kCellHas,       // imm: cell (`?` cells)
  kCellOpt,       // imm: cell; optional
  kEntry,         // imm: map cell; args: key. Error where missing
  kEntryHas,      // imm: map or set cell; args: key
  kEntryOpt,      // imm: map cell; args: key; an optional. For map<K, V?> an entry stored without value gives none
  kCellSize,      // imm: map or set cell
  kCellKeys,      // imm: map or set cell; list in insertion order
  kLifeState,     // imm: lifecycle; args: its keys; int ordinal, 0 = absent
  kLifeCount,     // imm: lifecycle, imm2: state ordinal (kNone: any)
  kLifeKeys,      // imm: lifecycle, imm2: state ordinal (kNone: any); list of keys (of lists, if composite) in insertion order
  kLifeKeep,      // imm: lifecycle, imm2: keep; args: its keys; what is kept, the initial value where the key is absent
  kLifeComplete,  // imm: lifecycle, imm2: keep; args: its keys; bool, whether all of a text is there
  kDocument,      // imm: document; the JSON value. Error while it is not known
  kDocumentHas,   // imm: document; bool, whether it is known
  kDocumentAt,    // imm: document; args: JSON Pointer; an optional
  kPatchFault,    // imm: document; args: patch; null where it applies, else a map of reason, index, op, path, member
  kWindow,        // imm: window; args: its keys; at the event's time. min, max: an optional
  kArmed,         // imm: timer; args: its keys; bool: begun and not yet past its time
  kScopeOpen,     // imm: scope; bool
  kEnumName,      // imm: enum; args: ordinal; its name
};
const char* OpName(Op op);

// The static kind of a node's value where known; kAny stands for dyn. A node may yield an error whatever its rep says
// unless kTotal is set.
struct Node {
  static constexpr uint8_t kTotal = 1;  // never an error
  static constexpr uint8_t kReadsState = 2;
  static constexpr uint8_t kReadsLocal = 4;  // depends on a local: not shareable between loops
  static constexpr Kind kAny = Kind::kAbsent;

  Op op = Op::kConst;
  Kind rep = kAny;
  uint8_t flags = 0;
  uint32_t imm = kNone;
  uint32_t imm2 = kNone;
  uint32_t args = 0;  // first index in Program::args
  uint32_t arg_count = 0;
  uint32_t span = kNone;  // index in Program::spans
};

// A CEL comprehension: accu = init; for each element: if (!cond) stop; accu = step; then result.
// Node args: range, init, condition, step, result; imm2: the steps of fuel that a round costs beside one, for what it looks
// at (kNone: none). `not_strictly_false`: a condition that is an error counts as true.
struct Fold {
  uint32_t element = 0;     // local of the element (or key, of a map)
  uint32_t second = kNone;  // local of the value, in two-variable form (element is then the index or key)
  uint32_t accu = 0;        // local of the accumulator
};

struct Enum {
  std::string name;
  std::vector<std::string> names;  // ordinal -> name
};

// `host fn`: a function of the program that embeds the rules (runtime/program/host_function.h). Types are kBool, kInt, kUint,
// kDouble, kString, kBytes, kTimestamp or kDuration.
struct HostDecl {
  std::string name;
  std::vector<Kind> params;  // at most kMaxHostParams
  Kind result = Kind::kBool;
  uint32_t cost = 1;  // steps of fuel of a call, 1 to kMaxHostCost
  uint32_t span = kNone;
};
inline constexpr uint32_t kMaxHostParams = 16;
inline constexpr uint32_t kMaxHostCost = 1'000'000;

// ---- shapes --------------------------------------------------------------------------------------------------------

enum class ShapeKind : uint8_t {
  kAnything,  // also null
  kNonNull,
  kNull,
  kBool,
  kInt,  // an integral number in int64, whatever its notation
  kNumber,
  kString,
  kEnum,    // one of `literals` (constants: strings, numbers, bools)
  kObject,  // any object; `element` = shape of each member's value, if not kNone
  kArray,   // any array; `element` = shape of each, if not kNone
  kRecord,  // `fields`
  kTagged,  // `tag_field`, `alternatives`
  kUnion,   // `members`, told apart by JSON kind
};
struct ShapeField {
  uint32_t name = kNone;  // string constant
  uint32_t shape = kNone;
  bool optional = false;
  uint32_t slot = kNone;  // top-level fields of an event type: its slot
};
struct ShapeAlternative {
  uint32_t tag = kNone;  // string constant
  uint32_t shape = kNone;
};
// A `where`: the condition reads the value as local 0.
struct ShapeConstraint {
  uint32_t condition = kNone;
  uint32_t code = kNone;  // Program::codes; kNone: the event's `constraint` fault
  std::string message;
};
struct Shape {
  ShapeKind kind = ShapeKind::kAnything;
  bool nullable = false;
  bool closed = false;
  std::string name;  // of the declared type, for messages
  uint32_t element = kNone;
  uint32_t tag_field = kNone;  // string constant
  std::vector<uint32_t> literals;
  std::vector<ShapeField> fields;
  std::vector<ShapeAlternative> alternatives;
  uint32_t otherwise = kNone;  // kTagged: shape of unknown tags (kNone: reject)
  std::vector<uint32_t> members;
  std::vector<ShapeConstraint> constraints;
};

// ---- what is reported --------------------------------------------------------------------------------------------------

struct Code {
  std::string code;
  std::string title;
  Severity severity = Severity::kError;
  std::string package;
  std::string rule;  // the declaration's name
  std::string fix;
  std::string see;
  std::vector<std::string> tags;
  std::string doc;
  uint32_t span = kNone;
};

// Literal parts and nodes in turn: parts.size() == nodes.size() + 1.
struct Message {
  std::vector<std::string> parts;
  std::vector<uint32_t> nodes;
};

// The blamed place, a JSON Pointer made of: the event's root, then steps. A step is a literal key, or an index/key node.
struct BlameStep {
  uint32_t key = kNone;  // string constant
  uint32_t node = kNone;
};
// With `base_local` the path starts at a loop's element: its own path, then the steps.
struct Blame {
  uint32_t base_loop = kNone;  // index in the check's loops
  std::vector<BlameStep> steps;
};

struct Span {
  uint32_t file = 0;
  uint32_t begin = 0;
  uint32_t end = 0;
  uint32_t line = 0;
  uint32_t column = 0;
};

// ---- plans -----------------------------------------------------------------------------------------------------------

// for element, index in range: element and index are locals.
struct Loop {
  uint32_t range = kNone;    // node: list or map
  uint32_t element = kNone;  // local
  uint32_t index = kNone;    // local or kNone
  Blame path;                // where the range stands in the event; steps empty and not `known`: blame the event
  bool known = false;
};

struct Clause {
  uint32_t condition = kNone;  // true: passes; error: EDICT_EVAL
  std::vector<Loop> loops;
  Blame blame;
  Message message;        // never empty
  uint32_t span = kNone;  // kNone: the check's
};

// One rule on one event type. Its first failing clause is its finding; a clause with loops gives one for each element.
struct Check {
  uint32_t code = kNone;
  uint32_t guard = kNone;       // kNone: applies always; error: EDICT_EVAL
  std::vector<uint32_t> after;  // codes: not applicable where one failed on this event
  std::vector<Clause> clauses;
  uint32_t order = 0;  // source order of its findings
  uint32_t span = kNone;
};

enum class EffectKind : uint8_t {
  kSet,            // cell = value (kAbsent unsets a `?` cell)
  kPut,            // cell[key] = value
  kErase,          // erase cell[key]; also set elements
  kInsert,         // set += key
  kClear,          // empty, or back to the initial value
  kLifeSet,        // lifecycle[keys] = ordinal
  kWindowAdd,      // window[keys] gets the value (of count and rate: none) at the event's time
  kArm,            // timer[keys] begins at the event's time
  kDisarm,         // timer[keys] ends, if it is armed at the event's time
  kScopeOpen,      // resets what is inside, first of all
  kScopeClose,     // last of all
  kKeep,           // lifecycle[keys].keep = value; of a text: += value. Of keys that are absent nothing is kept
  kDocumentSet,    // document = value, a JSON value
  kDocumentPatch,  // JSON Patch; one that does not apply changes nothing
  kDocumentForget,
};
struct Effect {
  EffectKind kind = EffectKind::kSet;
  uint32_t target = kNone;  // cell, lifecycle, window, timer, scope or document
  uint32_t member = kNone;  // kKeep: which keep
  uint32_t code = kNone;    // kDocumentPatch: of the check that says so where the patch does not apply; kNone: nobody does
  uint32_t guard = kNone;
  std::vector<Loop> loops;
  std::vector<uint32_t> keys;   // nodes
  uint32_t value = kNone;       // node; rep optional and `?` target: none unsets
  bool optional_value = false;  // value is an optional: stored as present or absent
  uint32_t span = kNone;
};

struct EventType {
  std::string name;        // the discriminator's value; empty: unknown types that are accepted
  uint32_t shape = kNone;  // kRecord
  uint32_t slot_count = 0;
  std::vector<std::string> slot_names;
  uint32_t time_slot = kNone;   // of the field that the clock reads; kNone: such events have no time
  std::vector<Check> checks;    // in order of evaluation (topological by `after`)
  std::vector<Effect> effects;  // in source order
  uint32_t span = kNone;        // of its name in the declaration
};

enum class Fault : uint8_t {
  kNotObject,
  kMissingType,
  kUnknownType,
  kMissingField,
  kWrongType,
  kConstraint,
  kExtraField,
  kMalformed,
  kEval,
  kBound,
  kLate,     // with a clock only: the event is later than tolerated
  kBadTime,  // with a clock only: the field holds no time
  kFraming,  // the bytes around the event are damaged; the code of kMalformed unless it has one of its own
};
inline constexpr int kFaultCount = 13;

// ---- state -----------------------------------------------------------------------------------------------------------

enum class CellKind : uint8_t { kScalar, kSet, kMap };
struct Cell {
  std::string name;
  CellKind kind = CellKind::kScalar;
  Kind rep = Node::kAny;  // of the scalar, or of a map's values
  Kind key_rep = Node::kAny;
  uint32_t enum_id = kNone;  // scalar enum: held as an ordinal
  bool optional = false;     // scalar, or values of the map, may be absent
  uint32_t initial = kNone;  // constant
  uint64_t bound = 0;        // entries of a map or set; bytes of a string scalar; 0 = does not apply
  uint64_t bound_bytes = 0;  // bytes of one string key or value; 0 = the engine's limit
  uint32_t bound_code = kNone;
  uint32_t scope = kNone;
  uint32_t span = kNone;
};
// Of one text that is kept, in bytes.
inline constexpr uint64_t kMaxTextBound = uint64_t{1} << 30;

struct Keep {
  std::string name;
  Kind rep = Kind::kString;  // kString: a text that grows; else a scalar
  uint32_t initial = kNone;  // constant, of a scalar
  uint64_t bound = 0;        // bytes of a text
  uint32_t bound_code = kNone;
  uint32_t span = kNone;
};
struct Lifecycle {
  std::string name;
  uint32_t key_count = 1;
  uint32_t states = kNone;  // enum; ordinal 0 is `absent`
  uint64_t bound = 0;       // keys
  uint32_t bound_code = kNone;
  uint32_t scope = kNone;
  uint32_t span = kNone;
  std::vector<Keep> keeps;
};
// A JSON value of each stream, or of each run of its scope.
struct Document {
  std::string name;
  uint64_t bound = 0;  // bytes, as runtime/state/json_tree.h counts
  uint32_t bound_code = kNone;
  uint32_t scope = kNone;
  uint32_t span = kNone;
};
struct Scope {
  std::string name;
  uint32_t parent = kNone;
};

// ---- time ------------------------------------------------------------------------------------------------------------

// Times are nanoseconds since 1970-01-01T00:00:00Z, as far as int64 reaches; spans are nanoseconds.
enum class TimeUnit : uint8_t { kNone, kSeconds, kMilliseconds, kMicroseconds, kNanoseconds, kText };  // kText: RFC 3339
struct Clock {
  TimeUnit unit = TimeUnit::kNone;  // kNone: the events declare no clock
  uint64_t late = 0;                // how far an event may lie behind the latest time seen
};

enum class WindowFunction : uint8_t { kCount, kSum, kMin, kMax, kDistinct, kRate };
struct Window {
  std::string name;
  WindowFunction function = WindowFunction::kCount;
  Kind rep = Node::kAny;  // kSum, kMin, kMax: kInt or kDouble
  uint32_t key_count = 0;
  uint64_t length = 0;
  bool tumbling = false;       // one window after the other, from 1970 on; else each reaches back from the event
  uint64_t bound_keys = 0;     // with keys only
  uint64_t bound_entries = 0;  // of all keys together
  uint32_t bound_code = kNone;
  uint32_t scope = kNone;
  uint32_t span = kNone;
};

// A sequence or a deadline: what began for a key and may be ended until `within` has passed.
struct Timer {
  std::string name;
  uint32_t key_count = 0;
  uint64_t within = 0;
  uint64_t bound = 0;     // keys; without keys 1
  bool deadline = false;  // else a sequence
  uint32_t bound_code = kNone;
  uint32_t scope = kNone;
  uint32_t span = kNone;
  // Of a deadline: run when the time has passed, with the locals from first_local on set: the keys, then when it began, when
  // it was due and the time that passed it.
  std::vector<Check> expiry;
  uint32_t first_local = 0;
};
// What the language calls it.
inline const char* TimerWord(const Timer& timer) { return timer.deadline ? "deadline" : "sequence"; }

// ---- reload ----------------------------------------------------------------------------------------------------------

// `on reload ...`: what is to become of a declaration's state when these rules take over from others. Without it, or with keep,
// it is kept where the others declare it alike.
struct ReloadClause {
  enum class Of : uint8_t { kCell, kLifecycle, kKeep, kDocument, kWindow, kTimer };
  enum class Policy : uint8_t { kKeep, kReset, kMigrate };
  Of of = Of::kCell;
  uint32_t target = kNone;  // of a keep: its lifecycle
  uint32_t member = kNone;  // which keep
  Policy policy = Policy::kKeep;
  uint32_t value = kNone;  // kMigrate, of a scalar cell: a node that reads the old value as local 0, and nothing else
  std::string text;        // the expression. Where the others say the same of the same type, the value is kept
};

// ---- dependency graph --------------------------------------------------------------------------------------------------

enum class DepKind : uint8_t { kReadsField, kCalls, kReadsState, kWritesState, kAfter };
struct Dependency {
  std::string from;  // "rule AGUI105", "handler on RUN_STARTED (verify.rules:12)"
  DepKind kind = DepKind::kReadsField;
  std::string to;  // "TEXT_MESSAGE_CONTENT.delta", "fn is_uuid", "state phase", "rule X"
};

// ---- the whole -------------------------------------------------------------------------------------------------------

struct Program {
  std::string package;
  std::string version;
  std::vector<std::string> files;  // names, for spans
  std::vector<Value> constants;    // what they point to is in `memory`
  std::vector<Node> nodes;         // children precede parents
  std::vector<uint32_t> args;
  std::vector<Fold> folds;
  std::vector<Enum> enums;
  std::vector<HostDecl> host_functions;  // once it is optimised, those that it calls
  std::vector<Shape> shapes;
  std::vector<Code> codes;
  std::vector<Span> spans;
  std::vector<EventType> events;
  uint32_t unknown_event = kNone;  // index in events of the plan for unknown types, if accepted
  uint32_t discriminator = kNone;  // string constant: the event's `type` field; kNone: no event declared
  uint32_t faults[kFaultCount] = {kNone, kNone, kNone, kNone, kNone, kNone, kNone,
                                  kNone, kNone, kNone, kNone, kNone, kNone};  // codes; all set, kLate and kBadTime with a clock
  std::vector<Check> end_checks;                                              // at the end of the stream
  std::vector<Cell> cells;
  std::vector<Lifecycle> lifecycles;
  std::vector<Scope> scopes;
  std::vector<Document> documents;
  Clock clock;
  std::vector<Window> windows;
  std::vector<Timer> timers;
  std::vector<ReloadClause> reloads;
  std::vector<Dependency> dependencies;
  uint32_t local_count = 0;                                   // locals that any expression needs
  std::unique_ptr<Arena> memory = std::make_unique<Arena>();  // owns strings, lists and maps of constants
};

// Whether what is found at an event depends on that event alone.
bool IsStateless(const Program& program);

}  // namespace edict

#endif  // EDICT_RUNTIME_PROGRAM_PROGRAM_H_
