// The expression checker's class, shared by the files check_*.cc of this folder; users call CheckExpr.
#ifndef EDICT_COMPILER_SEMA_CHECKER_H_
#define EDICT_COMPILER_SEMA_CHECKER_H_

#include <map>
#include <string>
#include <vector>

#include "compiler/sema/check_expr.h"
#include "compiler/sema/signatures.h"

namespace edict::sema {

// What a name may mean in a container, in order: in a.b, the name x is a.b.x, a.x, x. With a leading dot only x.
std::vector<std::string> NameCandidates(const std::string& path, std::string container);

class Checker {
 public:
  explicit Checker(const CheckContext& context) : c_(context), types_(*context.types), b_(*context.builder) {}

  Checked Check(const ast::Expr& expr, const Env& env, TypeRef expected = nullptr);
  // A bool is wanted.
  Checked CheckCondition(const ast::Expr& expr, const Env& env);
  // Whether a value of type `from` may stand where `to` is wanted.
  bool Assignable(TypeRef to, TypeRef from);
  // The type as others see it: what stayed open is dyn.
  TypeRef Settle(TypeRef type);

 private:
  using Bindings = std::map<std::string, TypeRef>;

  // check_expr.cc
  Checked Literal(Value value, TypeKind kind);
  Checked Dispatch(const ast::Expr& expr, const Env& env, TypeRef expected);
  Checked Ident(const ast::Expr& expr, const Env& env, TypeRef expected);
  Checked FromBinding(const ast::Expr& expr, const Binding& binding, const std::string& name, const Env& env);
  Checked List(const ast::Expr& expr, const Env& env);
  Checked Map(const ast::Expr& expr, const Env& env);
  const Binding* Qualified(const ast::Expr& expr, const Env& env, std::string* name) const;
  bool WellKnown(const ast::Expr& expr, const Env& env, Checked& result);  // names of types, NullValue.NULL_VALUE
  Checked Fail(diag::Code code, source::Span span, std::string message);
  Checked Error() { return {kNone, types_.Basic(TypeKind::kError)}; }
  Checked Failing(const std::string& what, std::vector<ir::NodeId> args, bool member);  // unchecked: an error at run time
  TypeRef Join(TypeRef a, TypeRef b);
  bool Comparable(TypeRef a, TypeRef b);  // whether == of them is allowed
  Checked AsValue(Checked value);         // enums become strings
  static bool IsNumber(TypeRef type) {
    return type->kind == TypeKind::kInt || type->kind == TypeKind::kUint || type->kind == TypeKind::kDouble;
  }
  bool Indexes(TypeRef container, const Checked& index, source::Span span);
  Checked NotIndexed(const ast::Expr& base, TypeRef type);
  void Depends(DepKind kind, const std::string& what) {
    if (c_.on_dependency) c_.on_dependency(kind, what);
  }

  // check_select.cc
  Checked Select(const ast::Expr& expr, const Env& env);
  Checked OptSelect(const ast::Expr& expr, const Env& env);
  Checked Has(const ast::Expr& expr, const Env& env);
  Checked Index(const ast::Expr& expr, const Env& env);
  Checked OptIndex(const ast::Expr& expr, const Env& env);
  const RecordField* FieldOf(TypeRef record, const ast::Expr& expr);
  Checked Narrow(Checked value, const ast::Expr& expr, const Env& env);
  bool LifecycleKeys(const Binding& lifecycle, const std::vector<const ast::Expr*>& keys, const Env& env, source::Span span,
                     std::vector<ir::NodeId>& nodes);
  Checked StateMember(const ast::Expr& expr, const Binding& binding, const Env& env);  // lc[k].state, run.open
  bool Key(const ast::Expr& expr, TypeRef type, const Env& env, ir::NodeId& node);

  // check_document.cc
  bool KeepComplete(const ast::Expr& expr, const Env& env, Checked& result);  // lc[k].text.complete
  bool KeepMember(const Binding& lifecycle, const std::string& life, const std::string& keep,
                  const std::vector<const ast::Expr*>& keys, const Env& env, source::Span span, bool complete, Checked& result);
  Checked ReadDocument(const ast::Expr& expr, const Binding& binding, const std::string& name, const Env& env);
  Checked DocumentCall(const ast::Expr& expr, const Binding& binding, const Env& env);
  // A document where an optional value may stand: none while it is not known. False: the expression is something else.
  bool OptionalDocument(const ast::Expr& expr, const Env& env, Checked& result);

  // check_call.cc
  Checked Call(const ast::Expr& expr, const Env& env, TypeRef expected);
  Checked Logic(const ast::Expr& expr, const Env& env);
  Checked Conditional(const ast::Expr& expr, const Env& env, TypeRef expected);
  Checked Equality(const ast::Expr& expr, const Env& env);
  Checked In(const ast::Expr& expr, const Env& env);
  Checked StateCall(const ast::Expr& expr, const Binding& binding, const Env& env);
  bool CheckRegex(const ast::Expr& expr, ir::NodeId pattern);
  Checked UserFunction(const ast::Expr& expr, const Function& fn, const Env& env);
  Checked DeclaredFunction(const ast::Expr& expr, const Function& fn, bool member, const Env& env);
  const Function* FindDeclared(const ast::Expr& expr, const Env& env, bool* member) const;
  Checked Builtin(const ast::Expr& expr, const std::string& function, bool member, std::vector<Checked> args, const Env& env);
  bool CheckFormat(const ast::Expr& expr, ir::NodeId list);
  Checked OptionalOp(const ast::Expr& expr, const Env& env);
  void Open(TypeRef param, Bindings& bindings);
  bool Fits(TypeRef param, TypeRef arg, Bindings& bindings, bool& dynamic);
  TypeRef Substitute(TypeRef type, const Bindings& bindings);

  // check_host.cc
  Checked HostFunction(const ast::Expr& expr, const Function& fn, const Env& env);

  // check_time.cc: burst[key], burst.value(k1, k2), answer.armed(k1, k2).
  Checked ReadTimed(const Binding& binding, const std::vector<const ast::Expr*>& keys, const Env& env, source::Span span);
  bool TimedCall(const ast::Expr& expr, const Env& env, Checked& result);

  // check_macro.cc
  bool Macro(const ast::Expr& expr, const Env& env, Checked& result);
  Checked Comprehension(const ast::Expr& expr, const Env& env);
  Checked ComprehensionIn(const ast::Expr& expr, const Env& env);  // the same; its depth is within the limit
  Checked Bind(const ast::Expr& expr, const Env& env);
  Checked OptMap(const ast::Expr& expr, const Env& env, bool flat);
  Checked Extreme(const ast::Expr& expr, const Env& env, const char* function);
  Checked Block(const ast::Expr& expr, const Env& env);
  Checked Bound(const std::string& name, const ast::Expr& expr, const Env& env);
  Checked MapEntries(const ast::Expr& body, const Env& env, ir::NodeId accu, TypeRef& map);

  // check_message.cc
  Checked Message(const ast::Expr& expr, const Env& env);
  bool IsCertainly(const Checked& value, TypeKind kind);
  Checked WrappedValue(const ast::Expr& expr, const Env& env, TypeKind kind, double low, double high, bool is_float);
  Checked HeldValue(const ast::Expr& expr, const Env& env, const std::string& message);
  Checked TimeMessage(const ast::Expr& expr, const Env& env, bool timestamp);
  ir::NodeId CallNode(BuiltinId id, TypeRef result, std::vector<ir::NodeId> args);

  const CheckContext& c_;
  TypeTable& types_;
  ir::Builder& b_;
  uint32_t depth_ = 0;
  uint32_t size_ = 0;            // operations checked so far, those of inlined functions at each call
  bool too_large_ = false;       // and reported
  uint32_t comprehensions_ = 0;  // in whose bodies the walk is
};

}  // namespace edict::sema

#endif  // EDICT_COMPILER_SEMA_CHECKER_H_
