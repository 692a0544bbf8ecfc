#include "compiler/lower/lower.h"

#include <algorithm>

#include "compiler/ir/exclusive.h"
#include "compiler/lower/lowerer.h"
#include "compiler/sema/suggest.h"
#include "runtime/interp/interp.h"

namespace edict::lower {

Lowerer::Lowerer(const LowerInput& input, diag::Diagnostics& diagnostics)
    : input_(input), diagnostics_(diagnostics), p_(b_.program()) {}

uint32_t Lowerer::AddSpan(source::Span span) {
  if (!span.valid()) return kNone;
  source::LineColumn at = input_.sources->file(span.file).At(span.begin);
  p_.spans.push_back({span.file, span.begin, span.end, at.line, at.column});
  return static_cast<uint32_t>(p_.spans.size() - 1);
}

uint32_t Lowerer::AddCode(const std::string& code, const std::string& title, Severity severity, const Site& site,
                          source::Span span) {
  auto found = codes_.find(code);
  if (found != codes_.end()) return found->second;
  Code entry;
  entry.code = code;
  entry.title = title;
  entry.severity = severity;
  entry.rule = code;
  if (site.file != nullptr && site.file->package) entry.package = site.file->package->text;
  entry.span = AddSpan(span);
  auto id = static_cast<uint32_t>(p_.codes.size());
  p_.codes.push_back(std::move(entry));
  codes_[code] = id;
  return id;
}

std::optional<Severity> Lowerer::SeverityOf(const std::optional<ast::Name>& name, Severity otherwise) {
  if (!name) return otherwise;
  if (name->text == "critical") return Severity::kCritical;
  if (name->text == "error") return Severity::kError;
  if (name->text == "warning") return Severity::kWarning;
  if (name->text == "info") return Severity::kInfo;
  Report(diag::Code::kBadSeverity, name->span, "a severity is critical, error, warning or info, not \"" + name->text + "\"");
  return std::nullopt;
}

sema::CheckContext Lowerer::Context(diag::Diagnostics& diagnostics, const Site& site) {
  sema::CheckContext context;
  context.types = &types_;
  context.builder = &b_;
  context.diagnostics = &diagnostics;
  context.limits = input_.limits;
  std::string from = site.from;
  context.on_dependency = [this, from](DepKind kind, const std::string& to) { Depend(from, kind, to); };
  return context;
}

void Lowerer::Depend(const std::string& from, DepKind kind, const std::string& to) {
  if (dependencies_.emplace(from, kind, to).second) p_.dependencies.push_back({from, kind, to});
}

// Rules are lowered once for each event type: what was said of one is not said again for the next.
void Lowerer::Merge(const diag::Diagnostics& from) {
  for (const diag::Diagnostic& d : from.items()) {
    bool known = false;
    for (const diag::Diagnostic& said : diagnostics_.items()) {
      known = known || (said.code == d.code && said.span.file == d.span.file && said.span.begin == d.span.begin &&
                        said.span.end == d.span.end);
    }
    if (known) continue;
    diag::Diagnostic& copy = diagnostics_.Report(d.code, d.span, d.message);
    copy.labels = d.labels;
    copy.fixes = d.fixes;
  }
}

std::optional<Value> Lowerer::Constant(const ast::Expr& expr, const sema::Env& env, sema::TypeRef expected, const Site& site) {
  sema::CheckContext context = Context(diagnostics_, site);
  sema::Checked checked = sema::CheckExpr(context, expr, env, expected);
  if (!checked.ok()) return std::nullopt;
  if (const HostDecl* host = HostIn(checked.node)) {
    Report(diag::Code::kNotConstant, expr.span, "this must not depend on what the host function " + host->name + " says");
    return std::nullopt;
  }
  Arena arena;
  EvalContext eval;
  eval.arena = &arena;
  eval.program = &p_;
  eval.fuel = 1'000'000;
  std::vector<Value> locals(p_.local_count + 1);
  Frame frame;
  frame.program = &p_;
  frame.locals = locals.data();
  frame.context = &eval;
  if ((p_.nodes[checked.node].flags & (Node::kReadsState | Node::kReadsLocal)) != 0) {
    Report(diag::Code::kNotConstant, expr.span, "this must not depend on state");
    return std::nullopt;
  }
  Value value = Evaluate(frame, checked.node);
  if (value.is_error()) {
    Report(diag::Code::kNotConstant, expr.span, std::string(value.error->detail));
    return std::nullopt;
  }
  return p_.constants[b_.Constant(value)];
}

void Lowerer::CollectFrom(const ast::File& file, const std::vector<std::unique_ptr<ast::Declaration>>& declarations,
                          uint32_t scope) {
  auto declare = [&](const ast::Name& name) {
    auto [known, fresh] = declared_.emplace(name.text, name.span);
    if (fresh) return true;
    diag::Diagnostic& d = diagnostics_.Report(diag::Code::kDuplicateName, name.span, "\"" + name.text + "\" is declared twice");
    d.labels.push_back({known->second, "first declared here"});
    return false;
  };
  for (const auto& declaration : declarations) {
    placed_.push_back({declaration.get(), &file, scope});
    if (const auto* type = std::get_if<ast::TypeDecl>(&declaration->item)) {
      if (declare(type->name)) type_decls_[type->name.text] = type;
    } else if (const auto* event = std::get_if<ast::EventDecl>(&declaration->item)) {
      if (event_decl_ != nullptr) {
        diag::Diagnostic& d =
            diagnostics_.Report(diag::Code::kDuplicateName, event->span, "there is one event family to a rule set");
        d.labels.push_back({event_decl_->name.span, "the first is declared here"});
      } else {
        event_decl_ = event;
        event_file_ = &file;
      }
    } else if (const auto* fn = std::get_if<ast::FnDecl>(&declaration->item)) {
      declare(fn->name);
    } else if (const auto* host = std::get_if<ast::HostFnDecl>(&declaration->item)) {
      if (!declare(host->name)) placed_.pop_back();
    } else if (const auto* param = std::get_if<ast::ParamDecl>(&declaration->item)) {
      declare(param->name);
    } else if (const auto* rule = std::get_if<ast::RuleDecl>(&declaration->item)) {
      declare(rule->code);
    } else if (const auto* state = std::get_if<ast::StateDecl>(&declaration->item)) {
      declare(state->name);
    } else if (const auto* lifecycle = std::get_if<ast::LifecycleDecl>(&declaration->item)) {
      declare(lifecycle->name);
    } else if (const auto* document = std::get_if<ast::DocumentDecl>(&declaration->item)) {
      declare(document->name);
    } else if (const auto* window = std::get_if<ast::WindowDecl>(&declaration->item)) {
      declare(window->name);
    } else if (const auto* timer = std::get_if<ast::TimerDecl>(&declaration->item)) {
      declare(timer->name);
    } else if (const auto* nested = std::get_if<ast::ScopeDecl>(&declaration->item)) {
      if (!declare(nested->name)) continue;
      auto id = static_cast<uint32_t>(p_.scopes.size());
      p_.scopes.push_back({nested->name.text, scope});
      scope_ids_[nested->name.text] = id;
      scope_decls_[nested->name.text] = nested;
      ids_[declaration.get()] = id;
      CollectFrom(file, nested->body, id);
    }
  }
}

void Lowerer::Collect() {
  for (const ast::File& file : *input_.files) {
    if (file.package && &file == &input_.files->back()) {
      p_.package = file.package->text;
      p_.version = file.version;
    }
    CollectFrom(file, file.declarations, kNone);
  }
  for (uint32_t i = 0; i < input_.sources->size(); ++i) p_.files.push_back(input_.sources->file(i).name());
  if (event_file_ == nullptr && !input_.files->empty()) event_file_ = &input_.files->back();
}

void Lowerer::DeclareParams() {
  std::map<std::string, const ast::Expr*> values;
  std::set<std::string> params;
  for (const Placed& placed : placed_) {
    if (const auto* param = std::get_if<ast::ParamDecl>(&placed.declaration->item)) params.insert(param->name.text);
  }
  std::vector<std::string> names(params.begin(), params.end());
  for (const Placed& placed : placed_) {
    const auto* profile = std::get_if<ast::ProfileDecl>(&placed.declaration->item);
    if (profile == nullptr) continue;
    for (const ast::ProfileItem& item : profile->items) {
      if (item.kind != ast::ProfileItem::Kind::kSet) continue;
      if (params.count(item.target.text) == 0) {
        Report(diag::Code::kUnknownName, item.target.span,
               "there is no param \"" + item.target.text + "\"" + sema::DidYouMean(item.target.text, names));
      } else if (profile->name.text == input_.profile) {
        values[item.target.text] = item.value.get();
      }
    }
  }
  for (const auto& param : input_.params) values[param.first] = param.second.get();
  for (const Placed& placed : placed_) {
    const auto* param = std::get_if<ast::ParamDecl>(&placed.declaration->item);
    if (param == nullptr) continue;
    Site site{placed.file, kNone, "param " + param->name.text};
    auto value = values.find(param->name.text);
    sema::Binding binding;
    binding.type = ValueType(*param->type);
    std::optional<Value> constant = Constant(value == values.end() ? *param->initial : *value->second, root_, binding.type, site);
    if (value != values.end()) values.erase(value);
    binding.node = b_.Const(constant.value_or(Value::Null()));
    binding.declared = param->name.span;
    root_.Bind(param->name.text, binding);
  }
  for (const auto& unknown : values)
    Report(diag::Code::kUnknownName, unknown.second->span, "there is no param \"" + unknown.first + "\"");
}

namespace {

void CalledNames(const ast::Expr& expr, std::set<std::string>& names) {
  if (expr.kind == ast::ExprKind::kCall && !expr.has_target) names.insert(expr.text);
  for (const ast::ExprPtr& arg : expr.args) CalledNames(*arg, names);
}

// Depth-first over `edges`; the first cycle found, as the names along it, or nothing.
std::vector<std::string> FindCycle(const std::map<std::string, std::set<std::string>>& edges) {
  std::map<std::string, int> colour;
  std::vector<std::string> path;
  std::function<bool(const std::string&)> visit = [&](const std::string& name) {
    colour[name] = 1;
    path.push_back(name);
    auto next = edges.find(name);
    if (next != edges.end()) {
      for (const std::string& to : next->second) {
        if (edges.count(to) == 0 || colour[to] == 2) continue;
        if (colour[to] == 1) {
          path.erase(path.begin(), std::find(path.begin(), path.end(), to));
          path.push_back(to);
          return true;
        }
        if (visit(to)) return true;
      }
    }
    colour[name] = 2;
    path.pop_back();
    return false;
  };
  for (const auto& item : edges) {
    if (colour[item.first] == 0 && visit(item.first)) return path;
  }
  return {};
}

std::string Chain(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : " -> ") + name;
  return text;
}

}  // namespace

void Lowerer::DeclareFunctions() {
  std::map<std::string, std::set<std::string>> calls;
  std::map<std::string, const ast::FnDecl*> decls;
  for (const Placed& placed : placed_) {
    const auto* fn = std::get_if<ast::FnDecl>(&placed.declaration->item);
    if (fn == nullptr) continue;
    CalledNames(*fn->body, calls[fn->name.text]);
    decls[fn->name.text] = fn;
  }
  for (std::vector<std::string> cycle = FindCycle(calls); !cycle.empty(); cycle = FindCycle(calls)) {
    Report(diag::Code::kCycle, decls[cycle[0]]->name.span, "functions call each other in a cycle: " + Chain(cycle));
    for (const std::string& name : cycle) {
      calls.erase(name);
      auto decl = decls.find(name);
      if (decl == decls.end()) continue;
      BreakFunction(*decl->second);
      decls.erase(decl);
    }
  }
  for (const auto& [name, fn] : decls) {
    sema::Function function;
    function.decl = fn;
    for (const ast::FnParam& param : fn->params) function.params.push_back(ValueType(*param.type));
    function.result = ValueType(*fn->result);
    root_.AddFunction(name, std::move(function));
  }
  CheckFunctionSizes(decls);
}

namespace {

// Functions are inlined: more nodes than this in one, with all that it calls, is refused.
constexpr size_t kMaxFunctionNodes = 100'000;

// The size of a function's body with all that it calls; where that is too much it is noted, and counted no further.
class InlinedSizes {
 public:
  explicit InlinedSizes(const std::map<std::string, const ast::FnDecl*>& decls) : decls_(decls) {}

  size_t Of(const std::string& name) {
    auto known = sizes_.find(name);
    if (known != sizes_.end()) return known->second;
    size_t size = Of(*decls_.at(name)->body);
    if (size > kMaxFunctionNodes) {
      too_large_.push_back(name);
      size = 1;
    }
    return sizes_[name] = size;
  }
  const std::vector<std::string>& too_large() const { return too_large_; }

 private:
  size_t Of(const ast::Expr& expr) {
    size_t size = 1;
    if (expr.kind == ast::ExprKind::kCall && !expr.has_target && decls_.count(expr.text) != 0) size += Of(expr.text);
    for (const ast::ExprPtr& arg : expr.args) size = std::min(size + Of(*arg), kMaxFunctionNodes + 1);
    return size;
  }

  const std::map<std::string, const ast::FnDecl*>& decls_;
  std::map<std::string, size_t> sizes_;
  std::vector<std::string> too_large_;
};

}  // namespace

void Lowerer::CheckFunctionSizes(const std::map<std::string, const ast::FnDecl*>& decls) {
  InlinedSizes sizes(decls);
  for (const auto& item : decls) sizes.Of(item.first);
  for (const std::string& name : sizes.too_large()) {
    const ast::FnDecl& fn = *decls.at(name);
    Report(diag::Code::kTooLarge, fn.name.span,
           "with all the functions that it calls, \"" + name + "\" has more than " + std::to_string(kMaxFunctionNodes) + " parts");
    BreakFunction(fn);
  }
}

// A stand-in without a body, that agrees with everything, so that the callers of a faulty function are not blamed.
void Lowerer::BreakFunction(const ast::FnDecl& fn) {
  auto broken = std::make_unique<ast::FnDecl>();
  for (const ast::FnParam& param : fn.params) broken->params.push_back({param.name, nullptr});
  broken->body = std::make_unique<ast::Expr>();
  sema::Function function;
  function.decl = broken.get();
  function.params.assign(fn.params.size(), types_.Basic(sema::TypeKind::kError));
  function.result = types_.Basic(sema::TypeKind::kError);
  root_.AddFunction(fn.name.text, std::move(function));
  broken_functions_.push_back(std::move(broken));
}

// Every body once by itself, so that what no rule calls is checked as well, and that each gives what it declares.
void Lowerer::CheckFunctions() {
  for (const Placed& placed : placed_) {
    const auto* fn = std::get_if<ast::FnDecl>(&placed.declaration->item);
    const sema::Function* function = fn == nullptr ? nullptr : root_.FindFunction(fn->name.text);
    if (function == nullptr || function->decl != fn) continue;
    Site site{placed.file, placed.scope, "fn " + fn->name.text};
    sema::Env env(&root_);
    uint32_t first_local = kNone;
    for (size_t i = 0; i < fn->params.size(); ++i) {
      uint32_t local = b_.OpenLocal();
      if (first_local == kNone) first_local = local;
      sema::Binding binding;
      binding.type = function->params[i];
      binding.node = b_.Make(Op::kLocal, sema::RepOf(binding.type), local, {});
      env.Bind(fn->params[i].name.text, binding);
    }
    sema::CheckExpr(Context(diagnostics_, site), *fn->body, env, function->result);
    if (first_local != kNone) b_.CloseLocal(first_local);
  }
}

void Lowerer::ApplyProfile() {
  bool found = input_.profile.empty();
  std::vector<std::string> codes;
  for (const auto& item : codes_) codes.push_back(item.first);
  for (const Placed& placed : placed_) {
    const auto* profile = std::get_if<ast::ProfileDecl>(&placed.declaration->item);
    if (profile == nullptr) continue;
    bool chosen = profile->name.text == input_.profile;
    found = found || chosen;
    for (const ast::ProfileItem& item : profile->items) {
      if (item.kind == ast::ProfileItem::Kind::kSet) continue;
      auto code = codes_.find(item.target.text);
      if (code == codes_.end()) {
        Report(diag::Code::kUnknownCode, item.target.span,
               "there is no code \"" + item.target.text + "\"" + sema::DidYouMean(item.target.text, codes));
      } else if (chosen && item.kind == ast::ProfileItem::Kind::kOff) {
        off_.insert(item.target.text);
      } else if (item.kind == ast::ProfileItem::Kind::kSeverity) {
        std::optional<Severity> severity = SeverityOf(item.severity, Severity::kError);
        if (chosen && severity) p_.codes[code->second].severity = *severity;
      }
    }
  }
  if (!found) {
    source::Span place{input_.files->back().file_id, 0, 0};
    Report(diag::Code::kUnknownName, place, "there is no profile \"" + input_.profile + "\"");
  }
}

void Lowerer::ResolveAfter() {
  std::map<std::string, std::set<std::string>> edges;
  for (const auto& [code, names] : after_) {
    for (const ast::Name& name : names) {
      if (codes_.count(name.text) == 0) {
        std::vector<std::string> known;
        for (const auto& item : codes_) known.push_back(item.first);
        Report(diag::Code::kUnknownCode, name.span, "there is no rule \"" + name.text + "\"" + sema::DidYouMean(name.text, known));
      }
      edges[code].insert(name.text);
      Depend("rule " + code, DepKind::kAfter, "rule " + name.text);
    }
  }
  bool cyclic = false;
  for (std::vector<std::string> cycle = FindCycle(edges); !cycle.empty(); cycle = FindCycle(edges)) {
    Report(diag::Code::kCycle, after_[cycle[0]][0].span, "rules wait for each other in a cycle: " + Chain(cycle));
    for (const std::string& code : cycle) edges.erase(code);
    cyclic = true;
  }
  if (cyclic) return;
  for (EventType& event : p_.events) SortChecks(event.checks);
  SortChecks(p_.end_checks);
  for (Timer& timer : p_.timers) SortChecks(timer.expiry);
}

// Checks in an order in which each follows those it waits for; otherwise as written. Drops what a profile switched off.
void Lowerer::SortChecks(std::vector<Check>& checks) {
  std::vector<Check> sorted;
  for (Check& check : checks) {
    auto names = after_.find(p_.codes[check.code].code);
    if (names == after_.end()) continue;
    for (const ast::Name& name : names->second) {
      auto code = codes_.find(name.text);
      if (code != codes_.end()) check.after.push_back(code->second);
    }
  }
  std::vector<bool> done(checks.size(), false);
  std::vector<uint32_t> open(p_.codes.size(), 0);  // checks of each code that are not placed yet
  for (const Check& check : checks) ++open[check.code];
  for (size_t placed = 0; placed < checks.size();) {
    size_t before = placed;
    for (size_t i = 0; i < checks.size(); ++i) {
      if (done[i]) continue;
      const std::vector<uint32_t>& after = checks[i].after;
      if (std::any_of(after.begin(), after.end(), [&](uint32_t code) { return open[code] != 0; })) continue;
      done[i] = true;
      --open[checks[i].code];
      ++placed;
      if (off_.count(p_.codes[checks[i].code].code) == 0) sorted.push_back(std::move(checks[i]));
    }
    if (placed == before) break;
  }
  checks = std::move(sorted);
}

namespace {

// Whether both set the same place: a cell, or one entry of a map or set. Of a loop's writes the last counts.
bool WriteOnePlace(const Effect& a, const Effect& b) {
  auto writes = [](const Effect& e) {
    return e.kind == EffectKind::kSet || e.kind == EffectKind::kPut || e.kind == EffectKind::kErase ||
           e.kind == EffectKind::kInsert;
  };
  if (a.kind == EffectKind::kKeep || b.kind == EffectKind::kKeep) {
    return a.kind == b.kind && a.target == b.target && a.member == b.member && a.keys == b.keys;
  }
  auto changes_document = [](const Effect& e) { return e.kind >= EffectKind::kDocumentSet; };
  if (changes_document(a) || changes_document(b)) return changes_document(a) && changes_document(b) && a.target == b.target;
  if (!writes(a) || !writes(b) || a.target != b.target || a.keys != b.keys) return false;
  // The same element put in twice, or taken out twice, comes to the same.
  return a.kind != b.kind || (a.kind != EffectKind::kInsert && a.kind != EffectKind::kErase);
}

const std::string& TargetName(const Program& p, const Effect& effect) {
  if (effect.kind == EffectKind::kKeep) return p.lifecycles[effect.target].keeps[effect.member].name;
  return effect.kind >= EffectKind::kDocumentSet ? p.documents[effect.target].name : p.cells[effect.target].name;
}

}  // namespace

void Lowerer::CheckTwoWriters() {
  for (const EventType& event : p_.events) {
    for (size_t i = 0; i < event.effects.size(); ++i) {
      const Effect& a = event.effects[i];
      for (size_t j = i + 1; j < event.effects.size(); ++j) {
        const Effect& b = event.effects[j];
        if (!WriteOnePlace(a, b)) continue;
        auto guard = [this](const Effect& effect) { return effect.guard == kNone ? b_.Bool(true) : effect.guard; };
        if (ir::Exclusive(p_, guard(a), guard(b))) continue;
        const Span& span = p_.spans[b.span];
        diag::Diagnostic& d = diagnostics_.Report(
            diag::Code::kTwoWriters, {span.file, span.begin, span.end},
            "\"" + TargetName(p_, a) + "\" is written twice on " + event.name + ": nothing says that only one of the two happens");
        const Span& first = p_.spans[a.span];
        d.labels.push_back({{first.file, first.begin, first.end}, "also written here"});
      }
    }
  }
}

std::optional<Lowered> Lowerer::Run() {
  Collect();
  if (TooManyDeclarations()) return std::nullopt;
  DeclareParams();
  DeclareHostFunctions();
  DeclareFunctions();
  LowerEvents();
  for (const Placed& placed : placed_) {
    const ast::Declaration& d = *placed.declaration;
    if (const auto* type = std::get_if<ast::TypeDecl>(&d.item)) {
      ast::TypeExpr reference;
      reference.name = type->name;
      if (resolved_.count(type->name.text) == 0) ResolveNamed(reference);
    } else if (const auto* state = std::get_if<ast::StateDecl>(&d.item)) {
      DeclareState(*state, placed);
    } else if (const auto* scope = std::get_if<ast::ScopeDecl>(&d.item)) {
      DeclareScope(*scope, placed);
    } else if (const auto* document = std::get_if<ast::DocumentDecl>(&d.item)) {
      DeclareDocument(*document, placed);
    }
  }
  for (const Placed& placed : placed_) {
    if (const auto* lifecycle = std::get_if<ast::LifecycleDecl>(&placed.declaration->item)) DeclareLifecycle(*lifecycle, placed);
    if (const auto* window = std::get_if<ast::WindowDecl>(&placed.declaration->item)) DeclareWindow(*window, placed);
    if (const auto* timer = std::get_if<ast::TimerDecl>(&placed.declaration->item)) DeclareTimer(*timer, placed);
  }
  CheckFunctions();
  LowerReloads();
  for (const Placed& placed : placed_) {
    const ast::Declaration& d = *placed.declaration;
    if (const auto* rule = std::get_if<ast::RuleDecl>(&d.item)) LowerRule(*rule, placed);
    if (const auto* handler = std::get_if<ast::HandlerDecl>(&d.item)) LowerHandler(*handler, placed);
    if (const auto* scope = std::get_if<ast::ScopeDecl>(&d.item)) LowerScope(*scope, placed);
    if (const auto* lifecycle = std::get_if<ast::LifecycleDecl>(&d.item)) LowerLifecycle(*lifecycle, placed);
    if (const auto* document = std::get_if<ast::DocumentDecl>(&d.item)) LowerDocument(*document, placed);
    if (const auto* at_end = std::get_if<ast::AtEndDecl>(&d.item)) LowerAtEnd(*at_end, placed, nullptr, kNone);
    if (const auto* window = std::get_if<ast::WindowDecl>(&d.item)) LowerWindow(*window, placed);
    if (const auto* timer = std::get_if<ast::TimerDecl>(&d.item)) LowerTimer(*timer, placed);
    if (TooManyChecks(placed)) return std::nullopt;
  }
  CheckSizes();
  ApplyProfile();
  SilencePatches();
  ResolveAfter();
  CheckTwoWriters();
  WarnUnreadState();
  LowerTests();
  if (diagnostics_.has_errors()) return std::nullopt;
  return Lowered{b_.Take(), std::move(tests_), std::move(cover_)};
}

std::optional<Lowered> Lower(const LowerInput& input, diag::Diagnostics& diagnostics) { return Lowerer(input, diagnostics).Run(); }

}  // namespace edict::lower
