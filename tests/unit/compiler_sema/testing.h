// Checks an expression in a small world of an event, state and functions, and gives back what a test compares: the type,
// the IR, or the diagnostics as short lines. The IR of every expression that is fine is verified.
#ifndef EDICT_TESTS_UNIT_COMPILER_SEMA_TESTING_H_
#define EDICT_TESTS_UNIT_COMPILER_SEMA_TESTING_H_

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "compiler/ir/print.h"
#include "compiler/ir/verify.h"
#include "compiler/parse/parse.h"
#include "compiler/sema/check_expr.h"

namespace edict::sema {

// An expression, and what a test wants of it.
struct Case {
  const char* expr;
  const char* want;
};

// e: an event {id: string, tag: string?, op: "add" | "remove", note: string | null, items: Item[], outcome: Outcome?,
//              n: int, data: any}
//   Item {id: string, name: string?}, Outcome {type: string, code: int?}
// state: phase: idle | active | done; last: string?; total: int; seen: set<string>; owner: map<string, string?>;
//   counts: map<string, int>; lifecycle message by string; lifecycle pair by string, optional string; scope run
// functions: short(s: string): bool; twice(i: int): int, which reads i two times; ids(l: list<string>): list<string>
// variables: x: int, d: dyn
class World {
 public:
  World() {
    Event();
    State();
    AddFunction("short", {{"s", Basic(TypeKind::kString)}}, Basic(TypeKind::kBool), "size(s) < 10");
    AddFunction("twice", {{"i", Basic(TypeKind::kInt)}}, Basic(TypeKind::kInt), "i + i");
    AddFunction("ids", {{"l", types_.List(Basic(TypeKind::kString))}}, types_.List(Basic(TypeKind::kString)),
                "l.filter(s, s != '')");
    Local("x", Basic(TypeKind::kInt));
    Local("d", Basic(TypeKind::kDyn));
  }

  World& Container(const std::string& name) {
    local_.container = name;
    return *this;
  }
  World& Variable(const std::string& name, TypeKind kind) {
    Binding binding;
    binding.type = Basic(kind);
    binding.node = builder_.Make(Op::kLocal, RepOf(binding.type), builder_.OpenLocal(), {});
    root_.Bind(name, binding);
    return *this;
  }
  World& Unchecked() {
    unchecked_ = true;
    return *this;
  }

  std::string Type(const std::string& text, const std::string& expected = "") {
    Checked checked = Check(text, expected);
    return checked.ok() ? ToText(checked.type) : Errors();
  }
  std::string Ir(const std::string& text) {
    Checked checked = Check(text, "");
    return checked.ok() ? ir::PrintNode(builder_.program(), checked.node) : Errors();
  }
  const diag::Diagnostics& diagnostics() const { return diagnostics_; }
  const std::set<std::string>& dependencies() const { return dependencies_; }

  // What a require after `when` with this condition sees.
  void AssumeWhen(const std::string& condition) {
    ast::ExprPtr expr = Parse(condition);
    Assume(local_, FactsWhen(*expr, true, local_));
  }

 private:
  TypeRef Basic(TypeKind kind) { return types_.Basic(kind); }
  ast::ExprPtr Parse(const std::string& text) {
    return parse::ParseExpression(sources_.Add("expr", text), sources_, parse::ParseLimits{}, diagnostics_);
  }
  std::string Errors() const {
    std::string out;
    for (const diag::Diagnostic& item : diagnostics_.Sorted()) {
      out += (out.empty() ? "" : "\n") + std::string(diag::CodeText(item.code)) + " " + item.message;
    }
    return out;
  }
  Checked Check(const std::string& text, const std::string& expected) {
    diagnostics_ = diag::Diagnostics();
    ast::ExprPtr expr = Parse(text);
    if (expr == nullptr) return {};
    CheckContext context;
    context.types = &types_;
    context.builder = &builder_;
    context.diagnostics = &diagnostics_;
    context.unchecked = unchecked_;
    context.on_dependency = [this](DepKind, const std::string& what) { dependencies_.insert(what); };
    TypeRef wanted = expected == "phase"       ? phase_
                     : expected == "bool"      ? Basic(TypeKind::kBool)
                     : expected == "list(int)" ? types_.List(Basic(TypeKind::kInt))
                                               : nullptr;
    Checked checked = CheckExpr(context, *expr, local_, wanted);
    Status sound = ir::Verify(builder_.program());
    if (!sound.ok()) diagnostics_.Report(diag::Code::kBadType, {}, "INTERNAL " + sound.error().message);
    return sound.ok() ? checked : Checked{};
  }

  void Event() {
    TypeRef string = Basic(TypeKind::kString);
    RecordInfo item{"Item", {Field("id", string), Field("name", string, true)}};
    RecordInfo outcome{"Outcome", {Field("type", string), Field("code", Basic(TypeKind::kInt), true)}};
    RecordInfo event{
        "ADDED",
        {Field("id", string), Field("tag", string, true), Field("op", types_.Literals({"add", "remove"})),
         Field("note", types_.Nullable(string)), Field("items", types_.List(types_.Record(item))),
         Field("outcome", types_.Record(outcome), true), Field("n", Basic(TypeKind::kInt)), Field("data", Basic(TypeKind::kDyn))}};
    for (uint32_t i = 0; i < event.fields.size(); ++i) event.fields[i].slot = i;
    event.fields.push_back(Field("elsewhere", string, true));
    event.fields.back().missing = true;
    Binding binding;
    binding.kind = BindingKind::kEvent;
    binding.type = types_.Record(std::move(event));
    local_.Bind("e", binding);
  }
  RecordField Field(const std::string& name, TypeRef type, bool optional = false) {
    RecordField field;
    field.name = name;
    field.type = type;
    field.optional = optional;
    field.declared = {0, 0, 1};
    return field;
  }
  void State() {
    Program& p = builder_.program();
    TypeRef string = Basic(TypeKind::kString);
    p.enums.push_back({"phase", {"idle", "active", "done"}});
    p.enums.push_back({"message", {"absent", "open", "closed"}});
    phase_ = types_.Enum({"phase", {"idle", "active", "done"}, 0});
    TypeRef states = types_.Enum({"message", {"absent", "open", "closed"}, 1});
    Cell("phase", CellKind::kScalar, BindingKind::kScalar, phase_);
    Cell("last", CellKind::kScalar, BindingKind::kScalar, string, true);
    Cell("total", CellKind::kScalar, BindingKind::kScalar, Basic(TypeKind::kInt));
    Cell("seen", CellKind::kSet, BindingKind::kSet, types_.List(string));
    Cell("owner", CellKind::kMap, BindingKind::kMap, types_.Map(string, string), false, true);
    Cell("counts", CellKind::kMap, BindingKind::kMap, types_.Map(string, Basic(TypeKind::kInt)));
    AddLifecycle("message", states, {string});
    AddLifecycle("pair", states, {string, types_.Optional(string)});
    p.scopes.push_back({"run", kNone});
    Binding run;
    run.kind = BindingKind::kScope;
    run.id = 0;
    root_.Bind("run", run);
  }
  void Cell(const std::string& name, CellKind kind, BindingKind binding_kind, TypeRef type, bool unset = false,
            bool optional_values = false) {
    Program& p = builder_.program();
    edict::Cell cell;
    cell.name = name;
    cell.kind = kind;
    Binding binding;
    binding.kind = binding_kind;
    binding.type = type;
    binding.id = static_cast<uint32_t>(p.cells.size());
    binding.maybe_unset = unset;
    binding.optional_values = optional_values;
    p.cells.push_back(cell);
    root_.Bind(name, binding);
  }
  void AddLifecycle(const std::string& name, TypeRef states, std::vector<TypeRef> keys) {
    Program& p = builder_.program();
    Lifecycle lifecycle;
    lifecycle.name = name;
    lifecycle.key_count = static_cast<uint32_t>(keys.size());
    lifecycle.states = 1;
    Binding binding;
    binding.kind = BindingKind::kLifecycle;
    binding.type = states;
    binding.id = static_cast<uint32_t>(p.lifecycles.size());
    binding.key_types = std::move(keys);
    p.lifecycles.push_back(lifecycle);
    root_.Bind(name, binding);
  }
  void Local(const std::string& name, TypeRef type) {
    Binding binding;
    binding.type = type;
    binding.node = builder_.Make(Op::kLocal, RepOf(type), builder_.OpenLocal(), {});
    local_.Bind(name, binding);
  }
  void AddFunction(const std::string& name, std::vector<std::pair<std::string, TypeRef>> params, TypeRef result,
                   const std::string& body) {
    auto decl = std::make_unique<ast::FnDecl>();
    Function function;
    decl->name.text = name;
    for (auto& [param, type] : params) {
      decl->params.push_back({{param, {}}, nullptr});
      function.params.push_back(type);
    }
    decl->body = Parse(body);
    function.decl = decl.get();
    function.result = result;
    root_.AddFunction(name, function);
    functions_.push_back(std::move(decl));
  }

  TypeTable types_;
  ir::Builder builder_;
  diag::Diagnostics diagnostics_;
  source::SourceSet sources_;
  Env root_;
  Env local_{&root_};
  TypeRef phase_ = nullptr;
  bool unchecked_ = false;
  std::set<std::string> dependencies_;
  std::vector<std::unique_ptr<ast::FnDecl>> functions_;
};

inline std::string TypeOf(const std::string& text) { return World().Type(text); }
inline std::string IrOf(const std::string& text) { return World().Ir(text); }

}  // namespace edict::sema

#endif  // EDICT_TESTS_UNIT_COMPILER_SEMA_TESTING_H_
