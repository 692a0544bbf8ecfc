// The AST of a .rules file, as written: names unresolved, nothing inferred. Every node has the span a diagnostic needs.
// Produced by compiler/parse, read by compiler/sema. C++17-clean plain data.
#ifndef EDICT_COMPILER_AST_AST_H_
#define EDICT_COMPILER_AST_AST_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "compiler/ast/expr.h"
#include "compiler/source/source.h"

namespace edict::ast {

struct Name {
  std::string text;
  source::Span span;
};

// ---- types -----------------------------------------------------------------------------------------------------

struct TypeExpr;
using TypePtr = std::unique_ptr<TypeExpr>;

// `where EXPR [else CODE "message"]`
struct WhereClause {
  ExprPtr condition;
  std::optional<Name> code;
  std::string message;  // empty: a default one
  source::Span span;
};

struct FieldDecl {
  Name name;
  TypePtr type;
  bool optional = false;  // `?`: may be absent
  std::vector<WhereClause> where;
  std::string doc;
  source::Span span;
};

// A field, or `...Name` splicing a record type's fields in.
struct Member {
  std::optional<FieldDecl> field;
  Name spread;
};

struct RecordBody {
  std::vector<Member> members;
  std::vector<WhereClause> where;
  std::optional<bool> closed;  // absent: inherits (open by default)
};

enum class Otherwise : uint8_t { kUnspecified, kReject, kAccept, kCode };

enum class TypeKind : uint8_t {
  kName,     // bool, int, number, Foo ... resolved by sema (`name`); with args for list<T>, map<K,V>, set<K>, optional<T>
  kLiteral,  // a string, int, double or bool literal (`literal`)
  kArray,    // args[0] []
  kUnion,    // args
  kRecord,   // inline record (`record`)
};

struct TypeExpr {
  TypeKind kind = TypeKind::kName;
  Name name;
  ExprPtr literal;
  std::vector<TypePtr> args;
  std::unique_ptr<RecordBody> record;
  source::Span span;
};

// One alternative of a tagged union or event family: `A, "b" [closed] { ... }`.
struct Alternative {
  std::vector<Name> tags;
  RecordBody body;
  std::string doc;
  source::Span span;
};

struct TypeDecl {
  Name name;
  // Exactly one form: alias (`alias` set), record (`record` set), tagged union (`tag` set).
  TypePtr alias;
  std::unique_ptr<RecordBody> record;
  std::optional<Name> tag;
  RecordBody common;  // tagged: fields before the alternatives
  std::vector<Alternative> alternatives;
  Otherwise otherwise = Otherwise::kUnspecified;
  std::optional<Name> otherwise_severity;  // with a code, both
  std::optional<Name> otherwise_code;
  std::vector<WhereClause> where;  // alias form
  std::string doc;
  source::Span span;
};

// `fault KIND [severity] [CODE] ["message"]`
struct FaultDecl {
  Name kind;
  std::optional<Name> severity;
  std::optional<Name> code;
  std::string message;
  source::Span span;
};

// A length of time: `10s`, or a constant duration.
struct TimeSpan {
  ExprPtr value;             // an int where there is a unit
  std::optional<Name> unit;  // ns us ms s m h d
  source::Span span;
};

// `time FIELD [in UNIT] [late SPAN]`
struct ClockDecl {
  Name field;
  std::optional<Name> unit;
  std::optional<TimeSpan> late;
  source::Span span;
};

struct EventDecl {
  Name name;
  Name tag;  // the discriminator field
  RecordBody common;
  std::vector<FaultDecl> faults;
  std::optional<ClockDecl> clock;
  std::vector<Alternative> alternatives;
  Otherwise otherwise = Otherwise::kUnspecified;
  std::optional<Name> otherwise_severity;
  std::optional<Name> otherwise_code;
  source::Span otherwise_span;
  std::string doc;
  source::Span span;
};

// ---- templates ---------------------------------------------------------------------------------------------------

// A message such as "id {e.id} is late": literal parts and expressions in turn; parts.size() == exprs.size() + 1.
struct Template {
  std::vector<std::string> parts;
  std::vector<ExprPtr> exprs;
  source::Span span;
  bool empty() const { return parts.empty(); }
};

// ---- rules -------------------------------------------------------------------------------------------------------

struct LetClause {
  Name name;
  ExprPtr value;
};

// `for m, i in EXPR`
struct ForClause {
  Name element;
  std::optional<Name> index;
  ExprPtr range;
  source::Span span;
};

// `require EXPR` or `deny when EXPR`, with its path and message.
struct RequireClause {
  ExprPtr condition;
  bool deny = false;
  ExprPtr at;             // may be null
  Template else_message;  // may be empty
  source::Span span;
};

struct RuleItem {
  // In source order, since `let` and `for` scope over what follows.
  std::variant<LetClause, ForClause, RequireClause> item;
};

// `on A, B as e`; `any` when types is empty.
struct OnClause {
  std::vector<Name> types;
  bool any = false;
  std::optional<Name> alias;
  source::Span span;
};

// JSON kept as written.
struct JsonText {
  std::string text;
  source::Span span;
};
// `example pass JSON [after JSON, ...]`
struct Example {
  bool pass = true;
  std::string json;  // the text as written
  std::vector<JsonText> after;
  source::Span span;
};

struct RuleDecl {
  Name code;
  std::string title;
  std::optional<Name> severity;
  std::vector<Name> tags;
  std::optional<OnClause> on;
  std::vector<Name> after;
  std::vector<ExprPtr> when;
  std::vector<RuleItem> items;
  Template message;
  std::string fix;
  std::string see;
  std::vector<ExprPtr> redact;
  std::vector<Example> examples;
  std::string doc;
  source::Span span;
};

// ---- state -------------------------------------------------------------------------------------------------------

// `else [severity] CODE "message" [at PATH] [fix ".."] [see ".."]`
struct ElseClause {
  std::optional<Name> severity;  // absent: error
  Name code;
  Template message;
  ExprPtr at;
  std::string fix;
  std::string see;
  source::Span span;
};

// `bound N [keys|bytes|elements] [else ...]`
struct BoundClause {
  ExprPtr limit;  // constant expression
  std::optional<Name> unit;
  std::optional<ElseClause> else_clause;
  source::Span span;
};

// `on reload keep`, `on reload reset`, `on reload migrate EXPR`
struct ReloadClause {
  enum class Policy : uint8_t { kKeep, kReset, kMigrate };
  Policy policy = Policy::kKeep;
  ExprPtr migrate;  // null but for kMigrate
  source::Span span;
};

struct StateDecl {
  Name name;
  TypePtr type;
  bool optional = false;  // `?`
  ExprPtr initial;        // may be null
  std::vector<BoundClause> bounds;
  std::optional<ReloadClause> reload;
  std::string doc;
  source::Span span;
};

struct Statement;
struct AssignStatement {  // target is an identifier, or identifier[key]
  enum class Op : uint8_t { kSet, kAdd, kSubtract };
  Op op = Op::kSet;
  ExprPtr target;
  ExprPtr value;
  ExprPtr when;  // trailing `when`, may be null
  source::Span span;
};
struct ClearStatement {  // `clear x`
  Name target;
  ExprPtr when;
  source::Span span;
};
struct EraseStatement {  // `erase m[k]`
  ExprPtr target;
  ExprPtr when;
  source::Span span;
};
struct WhenStatement {
  ExprPtr condition;
  std::vector<Statement> body;
  source::Span span;
};
struct ForStatement {
  ForClause head;
  std::vector<Statement> body;
};
struct Statement {
  std::variant<AssignStatement, ClearStatement, EraseStatement, WhenStatement, ForStatement> item;
};

struct HandlerDecl {
  OnClause on;
  std::vector<ExprPtr> when;
  std::vector<Statement> body;
  std::string doc;
  source::Span span;
};

// `at end of NAME|stream [on A, B] require EXPR else ...` / `deny when`
struct AtEndDecl {
  std::optional<Name> scope;  // absent: stream
  std::vector<Name> on;
  ExprPtr condition;
  bool deny = false;
  ElseClause else_clause;
  source::Span span;
};

// `A, B : s1 | s2 -> t [when EXPR] [recover -> S] else ...`
struct TransitionDecl {
  std::vector<Name> events;
  std::vector<Name> from;  // "*" for any
  Name to;                 // "same" keeps
  ExprPtr when;
  std::optional<Name> recover;
  std::optional<ElseClause> else_clause;
  source::Span span;
};

// `= EXPR on A, B [when EXPR]`: one way in which a kept value changes.
struct KeepStep {
  AssignStatement::Op op = AssignStatement::Op::kSet;
  ExprPtr value;
  std::vector<Name> events;
  ExprPtr when;
  source::Span span;
};
// `keep text chars = EXPR on A bound 100 bytes`: a text that grows. `keep n: int = 0 += 1 on A`: a scalar.
struct KeepDecl {
  Name name;
  TypePtr type;  // null: a text
  ExprPtr initial;
  std::vector<KeepStep> steps;
  std::vector<BoundClause> bounds;
  std::optional<ReloadClause> reload;
  source::Span span;
};

struct LifecycleDecl {
  Name name;
  std::vector<ExprPtr> keys;
  std::optional<Name> scope;  // `in run`
  std::vector<BoundClause> bounds;
  std::optional<ReloadClause> reload;
  std::vector<TransitionDecl> transitions;
  std::vector<KeepDecl> keeps;
  std::vector<AtEndDecl> at_ends;
  std::string doc;
  source::Span span;
};

// `on A = EXPR`, `on A patch EXPR else ...`, `on A clear`
struct DocumentStep {
  enum class Kind : uint8_t { kSet, kPatch, kClear };
  Kind kind = Kind::kSet;
  OnClause on;
  ExprPtr value;
  std::vector<ExprPtr> when;
  std::optional<ElseClause> else_clause;
  source::Span span;
};
struct DocumentDecl {
  Name name;
  std::optional<Name> scope;  // `in run`
  std::vector<BoundClause> bounds;
  std::optional<ReloadClause> reload;
  std::vector<DocumentStep> steps;
  std::string doc;
  source::Span span;
};

struct Declaration;
// An event list with an optional guard: `from A when EXPR`.
struct ScopeEdge {
  std::vector<Name> events;
  ExprPtr when;
};
struct ScopeDecl {
  Name name;
  ScopeEdge from;
  ScopeEdge to;
  std::vector<std::unique_ptr<Declaration>> body;
  std::string doc;
  source::Span span;
};

// ---- tests -----------------------------------------------------------------------------------------------------------

// The JSON value of a field in a test: an object, an array, a scalar (`literal`), or CEL in parentheses (`expr`).
struct TestField;
struct TestValue {
  enum class Kind : uint8_t { kObject, kArray, kLiteral, kExpr };
  Kind kind = Kind::kLiteral;
  std::vector<TestField> fields;  // kObject
  std::vector<TestValue> items;   // kArray
  ExprPtr expr;                   // kExpr; kLiteral: a string
  std::string literal;            // kLiteral: a number or word as written, if `expr` is null
  source::Span span;
};
struct TestField {
  Name name;
  bool quoted = false;  // need not be declared
  TestValue value;
};

// `=> [severity] CODE [at /path] [message "..."]`
struct ExpectedFinding {
  std::optional<Name> severity;
  Name code;
  std::optional<std::string> path;
  std::optional<std::string> message;
  source::Span span;
};

// What stands in a test, in source order.
struct TestItem {
  enum class Kind : uint8_t { kProfile, kSet, kClock, kEvent, kRaw, kEnd, kNothingElse };
  Kind kind = Kind::kEvent;
  Name name;            // profile, param, event type; kClock: the duration; kEnd: "stream"
  bool quoted = false;  // kEvent: the type need not be declared
  ExprPtr value;        // kSet
  std::string text;     // kSet: the value as written; kRaw: the record
  TestValue fields;     // kEvent
  bool pass = false;
  bool nothing_else = false;
  std::vector<ExpectedFinding> expected;
  source::Span span;
};

struct TestDecl {
  std::string name;
  std::vector<TestItem> items;
  std::string doc;
  source::Span span;
};

// `window NAME: FUNCTION of A, B | of EXPR on A, B [when EXPR] [by KEYS] over SPAN [tumbling] bound ...`
struct WindowDecl {
  Name name;
  Name function;
  ExprPtr value;  // null: events are counted
  std::vector<Name> events;
  bool any = false;
  ExprPtr when;  // may be null
  std::vector<ExprPtr> keys;
  TimeSpan length;
  bool tumbling = false;
  std::vector<BoundClause> bounds;
  std::optional<ReloadClause> reload;
  std::string doc;
  source::Span span;
};

// `sequence NAME [by KEYS] [bound ...]: A then B within SPAN [unless C] [else ...]`
// `deadline NAME [by KEYS] [bound ...]: every A is followed by B within SPAN else ...`
struct TimerDecl {
  bool deadline = false;
  Name name;
  std::vector<ExprPtr> keys;
  std::vector<BoundClause> bounds;
  std::optional<ReloadClause> reload;
  ScopeEdge from;
  ScopeEdge to;
  TimeSpan within;
  std::optional<ScopeEdge> unless;
  std::optional<ElseClause> else_clause;
  std::string doc;
  source::Span span;
};

// ---- the file ------------------------------------------------------------------------------------------------------

struct ImportDecl {
  std::string target;  // dotted name, or the path of a quoted import
  bool is_path = false;
  source::Span span;
};

struct ParamDecl {
  Name name;
  TypePtr type;
  ExprPtr initial;
  std::string doc;
  source::Span span;
};

struct FnParam {
  Name name;
  TypePtr type;
};
struct FnDecl {
  Name name;
  std::vector<FnParam> params;
  TypePtr result;
  ExprPtr body;
  std::string doc;
  source::Span span;
};

// `host fn`: of the program that embeds the rules.
struct HostFnDecl {
  Name name;
  std::vector<FnParam> params;
  TypePtr result;
  ExprPtr cost;
  std::string doc;
  source::Span span;
};

// `severity CODE = x`, `off CODE`, `set p = EXPR`
struct ProfileItem {
  enum class Kind : uint8_t { kSeverity, kOff, kSet };
  Kind kind = Kind::kOff;
  Name target;
  Name severity;
  ExprPtr value;
};
struct ProfileDecl {
  Name name;
  std::vector<ProfileItem> items;
  std::string doc;
  source::Span span;
};

struct Declaration {
  std::variant<TypeDecl, EventDecl, FnDecl, HostFnDecl, ParamDecl, RuleDecl, StateDecl, HandlerDecl, ScopeDecl, LifecycleDecl,
               AtEndDecl, ProfileDecl, DocumentDecl, WindowDecl, TimerDecl, TestDecl>
      item;
};

struct File {
  uint32_t file_id = 0;
  bool imported = false;        // not asked for itself: its tests are not run
  std::optional<Name> package;  // dotted
  std::string version;
  std::vector<ImportDecl> imports;
  std::vector<std::unique_ptr<Declaration>> declarations;
};

}  // namespace edict::ast

#endif  // EDICT_COMPILER_AST_AST_H_
