// The state of one lowering, shared by the files of this folder: each file lowers one kind of declaration.
#ifndef EDICT_COMPILER_LOWER_LOWERER_H_
#define EDICT_COMPILER_LOWER_LOWERER_H_

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "compiler/ir/builder.h"
#include "compiler/lower/lower.h"
#include "compiler/sema/check_expr.h"
#include "compiler/sema/env.h"
#include "compiler/sema/types.h"

namespace edict::lower {

// A declared type: how expressions read it and how events are checked against it.
struct TypeShape {
  sema::TypeRef type = nullptr;
  uint32_t shape = kNone;
};

// A declaration with the file and scope it stands in.
struct Placed {
  const ast::Declaration* declaration = nullptr;
  const ast::File* file = nullptr;
  uint32_t scope = kNone;
};

class Lowerer {
 public:
  Lowerer(const LowerInput& input, diag::Diagnostics& diagnostics);
  std::optional<Lowered> Run();

 private:
  // What is being filled while one rule, handler ... is lowered for one event type.
  struct Site {
    const ast::File* file = nullptr;
    uint32_t scope = kNone;
    std::string from;  // for the dependency graph
  };

  // lower.cc
  void Collect();
  void CollectFrom(const ast::File& file, const std::vector<std::unique_ptr<ast::Declaration>>& declarations, uint32_t scope);
  void DeclareParams();
  void DeclareFunctions();
  void CheckFunctions();
  void BreakFunction(const ast::FnDecl& fn);
  void CheckFunctionSizes(const std::map<std::string, const ast::FnDecl*>& decls);
  void ApplyProfile();
  void ResolveAfter();
  void SortChecks(std::vector<Check>& checks);
  void CheckTwoWriters();
  uint32_t AddSpan(source::Span span);
  uint32_t AddCode(const std::string& code, const std::string& title, Severity severity, const Site& site, source::Span span);
  std::optional<Severity> SeverityOf(const std::optional<ast::Name>& name, Severity otherwise);
  sema::CheckContext Context(diag::Diagnostics& diagnostics, const Site& site);
  std::optional<Value> Constant(const ast::Expr& expr, const sema::Env& env, sema::TypeRef expected, const Site& site);
  void Merge(const diag::Diagnostics& from);
  void Depend(const std::string& from, DepKind kind, const std::string& to);
  void Report(diag::Code code, source::Span span, std::string message) { diagnostics_.Report(code, span, std::move(message)); }

  // host.cc
  void DeclareHostFunctions();
  void DeclareHostFunction(const ast::HostFnDecl& decl, const Site& site);
  sema::TypeRef HostType(const ast::TypeExpr& type);
  const HostDecl* HostIn(uint32_t node) const;

  // types.cc
  TypeShape ResolveType(const ast::TypeExpr& type);
  TypeShape ResolveNamed(const ast::TypeExpr& type);
  TypeShape ResolveUnion(const ast::TypeExpr& type);
  TypeShape ResolveDecl(const ast::TypeDecl& decl);
  TypeShape ResolveTagged(const ast::TypeDecl& decl, TypeShape target);
  std::set<std::string> CommonFields(const ast::TypeDecl& decl);
  uint32_t ReportedKind(const ast::TypeDecl& decl);
  TypeShape Literals(const std::vector<const ast::TypeExpr*>& literals);
  void FillRecord(const std::vector<const ast::RecordBody*>& bodies, TypeShape target, const ast::Name* tag, bool with_slots);
  void CollectFields(const ast::RecordBody& body, std::vector<const ast::FieldDecl*>& fields, std::set<std::string>& spreading);
  void CheckAmbiguity(const std::vector<std::pair<source::Span, TypeShape>>& members);
  uint32_t JsonKinds(uint32_t shape) const;
  void CollectWhere(const ast::RecordBody& body, std::vector<const ast::WhereClause*>& where, std::set<std::string>& spreading);
  TypeShape Constrain(TypeShape base, const std::vector<ast::WhereClause>& where);
  TypeShape Constrain(TypeShape base, const std::vector<const ast::RecordBody*>& bodies);
  TypeShape ConstrainBy(TypeShape base, const std::vector<const ast::WhereClause*>& where);
  uint32_t NewShape(Shape shape);
  TypeShape Basic(ShapeKind kind, sema::TypeRef type);
  sema::TypeRef ValueType(const ast::TypeExpr& type);

  // events.cc
  void LowerEvents();
  void LowerEventType(const std::string& name, const ast::Alternative* alternative, source::Span span);
  void LowerFaults();
  bool Declares(const char* fault) const;  // with a code
  // The indices of the named event types; unknown names are reported.
  std::vector<uint32_t> EventsOf(const std::vector<ast::Name>& names, bool any);
  // The record through which a rule on these types reads an event of one of them.
  sema::TypeRef JoinedRecord(uint32_t event, const std::vector<uint32_t>& events);
  // The record of the common fields, as `on any` reads an event.
  sema::TypeRef CommonRecord(uint32_t event);
  void BindEvent(sema::Env& env, const std::string& alias, uint32_t event, const std::vector<uint32_t>& events);
  // What `on` binds: BindEvent, or the common fields if it is on any event.
  void BindOn(sema::Env& env, const ast::OnClause& on, uint32_t event, const std::vector<uint32_t>& events);

  // dependencies.cc
  // Of what is read through dyn(e), which the checker does not see as reading fields.
  void DependOnEventTree(const Site& site, uint32_t event, const Check& check);
  void DependOnEventTree(const Site& site, uint32_t event, const std::vector<Effect>& effects, size_t first);
  void DependOnEventTree(const Site& site, uint32_t event, std::vector<uint32_t> roots);

  // rules.cc
  void LowerRule(const ast::RuleDecl& rule, const Placed& placed);
  // `redacted`: nodes whose values the message must not show.
  Message LowerMessage(const ast::Template& text, const std::string& otherwise, const sema::Env& env,
                       const sema::CheckContext& context, const std::vector<uint32_t>& redacted = {});
  std::vector<uint32_t> Redacted(const ast::RuleDecl& rule, const sema::Env& env, const sema::CheckContext& context);
  bool Shows(uint32_t node, const std::vector<uint32_t>& redacted) const;
  bool PathOf(const ast::Expr& expr, const sema::Env& env, const sema::CheckContext& context, Blame& blame);
  uint32_t LowerFor(const ast::ForClause& clause, sema::Env& env, const sema::CheckContext& context, std::vector<Loop>& loops);
  uint32_t LowerWhen(const std::vector<ast::ExprPtr>& when, sema::Env& env, const sema::CheckContext& context);
  bool LowerRuleOn(const ast::RuleDecl& rule, const sema::CheckContext& context, sema::Env& env, Check& check);
  uint32_t ElseCode(const ast::ElseClause& clause, const Site& site, const std::string& rule);

  // reload.cc
  void LowerReloads();
  void LowerReload(const std::optional<ast::ReloadClause>& clause, ReloadClause out, const std::string& of, const ast::File* file);

  // state.cc
  void DeclareState(const ast::StateDecl& state, const Placed& placed);
  void DeclareScope(const ast::ScopeDecl& scope, const Placed& placed);
  void LowerScope(const ast::ScopeDecl& scope, const Placed& placed);
  void LowerHandler(const ast::HandlerDecl& handler, const Placed& placed);
  void LowerAtEnd(const ast::AtEndDecl& at_end, const Placed& placed, const ast::LifecycleDecl* lifecycle, uint32_t lifecycle_id);
  bool ReadBounds(const std::vector<ast::BoundClause>& bounds, const Site& site, uint64_t& entries, uint64_t& bytes,
                  uint32_t& code);
  // The bound of what is measured in bytes, which it must have: `missing` says so, `what` it is.
  uint64_t ByteBound(const ast::Name& name, const std::vector<ast::BoundClause>& bounds, const Site& site, const char* missing,
                     const char* what, uint32_t& code);
  struct EffectSite {
    const sema::CheckContext* context;
    std::vector<Effect>* effects;
    std::vector<Loop> loops;
    uint32_t guard = kNone;
  };
  void LowerStatements(const std::vector<ast::Statement>& body, sema::Env& env, const EffectSite& site);
  void LowerAssign(const ast::AssignStatement& statement, sema::Env& env, EffectSite site);
  void LowerErase(const ast::EraseStatement& statement, sema::Env& env, EffectSite site);
  void LowerClear(const ast::ClearStatement& statement, sema::Env& env, EffectSite site);
  void DeclareScalar(const ast::StateDecl& decl, Cell& cell, sema::Binding& binding);
  // The value of a place that may be empty: a T, or an optional of T.
  sema::Checked CheckOptionalValue(const ast::Expr& expr, const sema::Env& env, const sema::CheckContext& context,
                                   sema::TypeRef type);
  void Guard(const ast::ExprPtr& when, sema::Env& env, EffectSite& site);
  void PutEntry(const ast::Expr& target, const sema::Env& env, const EffectSite& site, Effect& effect, sema::TypeRef* value_type);

  // lifecycle.cc
  void DeclareLifecycle(const ast::LifecycleDecl& lifecycle, const Placed& placed);
  void LowerLifecycle(const ast::LifecycleDecl& lifecycle, const Placed& placed);
  void LowerGroup(const ast::LifecycleDecl& lifecycle, const Placed& placed, uint32_t event,
                  const std::vector<const ast::TransitionDecl*>& lines);
  sema::TypeRef KeyType(const ast::Expr& key, const std::vector<const ast::TransitionDecl*>& lines, const Site& site);
  bool BindKeys(const ast::LifecycleDecl& lifecycle, uint32_t id, const std::vector<uint32_t>& keys, sema::Env& env);

  // tests.cc
  struct TestClock {
    int64_t nanos = 0;                    // since 1970
    bool told = false;                    // whether it can be written has been found out
    bool written = false;                 // into each event
    const ast::TestItem* last = nullptr;  // the last step of the clock that no event has followed
  };
  void LowerTests();
  void LowerExamples(const ast::RuleDecl& rule);
  struct TestSite {
    Site site;
    bool sound = true;  // constants can be evaluated
  };
  void LowerTest(const ast::TestDecl& test, const Placed& placed, bool sound);
  void ConfigureTest(const ast::TestItem& item, const TestSite& site, TestCase& test);
  // True: it is a tick, to which the stream's deadlines answer.
  bool MoveClock(const ast::TestItem& item, TestClock& clock);
  bool TimestampIsNumber(const ast::TestItem& item);
  TestStep Tick(const ast::TestItem& item, const TestClock& clock);
  std::pair<std::string, std::string> TimeMember(const TestClock& clock) const;
  TestStep ExpectationsOf(const ast::TestItem& item);
  std::string TestEvent(const ast::TestItem& item, const TestSite& site, TestClock& clock);
  void AppendTestValue(std::string& out, const ast::TestValue& value, const TestSite& site);
  void CheckTestFields(const ast::TestValue& value, uint32_t shape_id);
  void CheckTestRecord(const ast::TestValue& value, const Shape& shape);
  // limits.cc
  bool TooManyDeclarations();
  bool TooManyChecks(const Placed& placed);
  void CheckSizes();
  // keep.cc
  void DeclareKeeps(const ast::LifecycleDecl& decl, const Site& site, Lifecycle& lifecycle, sema::Binding& binding);
  void DeclareKeep(const ast::KeepDecl& decl, const Site& site, Keep& keep, sema::Binding& binding);
  void BindKeeps(uint32_t id, const sema::Binding& lifecycle, const std::vector<uint32_t>& keys, sema::Env& env);
  // `guard`: of the event's transitions.
  void LowerKeeps(const ast::LifecycleDecl& decl, uint32_t id, uint32_t event, const std::vector<uint32_t>& keys, uint32_t guard,
                  const sema::Env& env, const sema::CheckContext& context);
  void LowerKeepStep(const ast::KeepStep& step, const sema::Binding& lifecycle, Effect effect, uint32_t event, const sema::Env& env,
                     const sema::CheckContext& context);

  // document.cc
  void DeclareDocument(const ast::DocumentDecl& decl, const Placed& placed);
  void LowerDocument(const ast::DocumentDecl& decl, const Placed& placed);
  void LowerDocumentStep(const ast::DocumentDecl& decl, const ast::DocumentStep& step, const Site& site, uint32_t id);
  Check PatchCheck(const ast::DocumentDecl& decl, const ast::DocumentStep& step, const Site& site, const Effect& effect,
                   const sema::Env& env, const sema::CheckContext& context);
  void SilencePatches();

  // time.cc
  void LowerClock();
  // In nanoseconds; reported where it is none.
  std::optional<uint64_t> SpanOf(const ast::TimeSpan& span, bool may_be_zero, const Site& site);
  bool NeedsClock(const ast::Name& name, const char* what);
  // The type of an expression that reads an event of one of these types: optional if it is so on any.
  sema::TypeRef TypeOn(const ast::Expr& expr, const std::vector<uint32_t>& events, diag::Code code, const Site& site);
  std::vector<sema::TypeRef> KeyTypesOn(const std::vector<ast::ExprPtr>& keys, const std::vector<uint32_t>& events, diag::Code code,
                                        const Site& site);
  // The keys on one event, optional where the binding's are.
  bool LowerKeys(const std::vector<ast::ExprPtr>& keys, const sema::Binding& binding, const sema::Env& env,
                 const sema::CheckContext& context, std::vector<uint32_t>& nodes);
  void BindKeyNames(const sema::Binding& binding, const std::vector<uint32_t>& nodes, sema::Env& env);
  std::vector<uint32_t> EventsOnce(const std::vector<ast::Name>& names, bool any);

  // window.cc
  void DeclareWindow(const ast::WindowDecl& window, const Placed& placed);
  void LowerWindow(const ast::WindowDecl& window, const Placed& placed);
  sema::TypeRef WindowType(const ast::WindowDecl& decl, Window& window, const std::vector<uint32_t>& events, const Site& site);
  void WindowBounds(const ast::WindowDecl& decl, Window& window, const Site& site);

  // timer.cc
  void DeclareTimer(const ast::TimerDecl& timer, const Placed& placed);
  void LowerTimer(const ast::TimerDecl& timer, const Placed& placed);
  void LowerTimerEdge(const ast::TimerDecl& timer, const Placed& placed, const ast::ScopeEdge& edge, EffectKind kind);
  void LowerSequenceCheck(const ast::TimerDecl& timer, const sema::CheckContext& context, const sema::Env& env, uint32_t event,
                          uint32_t guard, const std::vector<uint32_t>& keys);
  void LowerExpiry(const ast::TimerDecl& timer, const Placed& placed);

  // warnings.cc
  void WarnUnusedLets(const ast::RuleDecl& rule);
  void WarnUnreadState();
  void WarnDeadTransitions(const ast::LifecycleDecl& lifecycle);
  void WarnShadowedTransitions(const ast::LifecycleDecl& lifecycle);
  void WarnEndless(const ast::LifecycleDecl& lifecycle, uint32_t scope);
  bool AlwaysTrue(uint32_t node);
  bool MentionsParam(const ast::RuleDecl& rule) const;

  const LowerInput& input_;
  diag::Diagnostics& diagnostics_;
  sema::TypeTable types_;
  ir::Builder b_;
  Program& p_;
  sema::Env root_;
  std::vector<Placed> placed_;
  std::map<std::string, const ast::TypeDecl*> type_decls_;
  std::map<std::string, TypeShape> resolved_;
  std::set<std::string> resolving_;
  std::map<std::string, source::Span> declared_;  // every global name
  const ast::EventDecl* event_decl_ = nullptr;
  const ast::File* event_file_ = nullptr;
  std::vector<sema::TypeRef> event_records_;  // by Program::events
  std::set<std::string> common_fields_;
  std::map<uint32_t, sema::TypeRef> common_records_;
  std::map<std::pair<std::vector<uint32_t>, uint32_t>, sema::TypeRef> joined_records_;
  std::map<std::string, uint32_t> event_by_name_;
  std::map<std::string, uint32_t> codes_;
  std::map<const ast::Declaration*, uint32_t> ids_;  // scope, lifecycle
  std::map<std::string, const ast::ScopeDecl*> scope_decls_;
  std::map<std::string, uint32_t> scope_ids_;
  std::set<std::string> off_;
  std::map<std::string, std::vector<ast::Name>> after_;  // by code
  std::set<std::tuple<std::string, DepKind, std::string>> dependencies_;
  std::vector<std::unique_ptr<ast::FnDecl>> broken_functions_;  // stand in for functions that call themselves
  uint32_t order_ = 0;
  TestPlan tests_;
  CoverPlan cover_;
  uint64_t planned_ = 0;  // rules, handlers and transitions, for each of their event types
};

}  // namespace edict::lower

#endif  // EDICT_COMPILER_LOWER_LOWERER_H_
