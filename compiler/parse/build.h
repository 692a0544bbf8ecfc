// From ANTLR's parse tree to the AST. One method for each rule of the grammar; parts with a syntax error are
// left out.
#ifndef EDICT_COMPILER_PARSE_BUILD_H_
#define EDICT_COMPILER_PARSE_BUILD_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/ast/expr.h"
#include "compiler/diag/diagnostic.h"
#include "compiler/parse/antlr.h"
#include "compiler/parse/literal.h"
#include "compiler/parse/parse.h"
#include "compiler/parse/scan.h"

namespace edict::parse {

class Builder {
 public:
  Builder(const Scan& scan, const ParseLimits& limits, diag::Diagnostics& diagnostics)
      : scan_(scan), limits_(limits), diagnostics_(diagnostics) {}

  ast::File File(Grammar::FileContext* context);
  // Never null: what is too deep or has a faulty literal is reported and replaced.
  ast::ExprPtr Expr(Grammar::ExprContext* context);

 private:
  using Context = antlr4::ParserRuleContext;
  using Token = antlr4::Token;

  // ---- build.cc: names, texts, spans, the file ----
  source::Span SpanOf(const Context* context) const;
  source::Span SpanOf(const Token* token) const { return scan_.SpanOf(*token); }
  std::string Text(const Token* token) const { return std::string(scan_.TextOf(*token)); }
  ast::Name Name(Grammar::NameContext* context) const;
  ast::Name Selector(Grammar::SelectorContext* context) const;
  ast::Name Label(Grammar::LabelContext* context);
  ast::Name FieldName(Grammar::FieldNameContext* context);
  ast::Name DottedName(Grammar::DottedNameContext* context) const;
  std::vector<ast::Name> Names(const std::vector<Grammar::NameContext*>& contexts) const;
  std::vector<ast::Name> Labels(const std::vector<Grammar::LabelContext*>& contexts);
  // The value of a STRING or BYTES token; reports bad escapes. The second gives file offsets of the bytes.
  std::string String(antlr4::tree::TerminalNode* node);
  DecodedText Decode(const Token* token);
  // The doc comment right before a token.
  std::string Doc(const Token* token) const;
  // Whether a part of the tree is whole; a null child of a broken one must not be touched.
  static bool Whole(const Context* context) { return context != nullptr && context->exception == nullptr; }
  diag::Diagnostic& Report(diag::Code code, source::Span span, std::string message) {
    return diagnostics_.Report(code, span, std::move(message));
  }
  // Reports a second occurrence of a clause. Returns whether it is the first.
  bool Once(source::Span* seen, source::Span now, std::string_view what);
  void Import(Grammar::ImportDeclContext* context, ast::File& file);
  void Package(Grammar::PackageDeclContext* context, ast::File& file);
  std::unique_ptr<ast::Declaration> Declaration(Grammar::DeclarationContext* context);

  // ---- build_expr.cc ----
  ast::ExprPtr New(ast::ExprKind kind, source::Span span) const;
  // Sets span-independent facts of a node whose children are complete, and enforces the depth limit.
  ast::ExprPtr Finish(ast::ExprPtr expr);
  ast::ExprPtr Operator(const char* name, source::Span at, ast::ExprPtr left, ast::ExprPtr right);
  ast::ExprPtr Balanced(const char* name, std::vector<ast::ExprPtr>& operands, const std::vector<Token*>& ops, size_t begin,
                        size_t end);
  ast::ExprPtr Disjunction(Grammar::DisjunctionContext* context);
  ast::ExprPtr Conjunction(Grammar::ConjunctionContext* context);
  ast::ExprPtr Relation(Grammar::RelationContext* context);
  ast::ExprPtr Addition(Grammar::AdditionContext* context);
  ast::ExprPtr Multiplication(Grammar::MultiplicationContext* context);
  ast::ExprPtr Unary(Grammar::UnaryContext* context);
  ast::ExprPtr Member(Grammar::Member_Context* context, const Token* minus);
  ast::ExprPtr SelectSuffix(ast::ExprPtr target, Grammar::SelectSuffixContext* context);
  ast::ExprPtr MessageSuffix(ast::ExprPtr target, Grammar::MessageSuffixContext* context);
  ast::ExprPtr Primary(Grammar::PrimaryContext* context, const Token* minus);
  ast::ExprPtr NamePrimary(Grammar::NamePrimaryContext* context);
  ast::ExprPtr List(Grammar::ListPrimaryContext* context);
  ast::ExprPtr Map(Grammar::MapPrimaryContext* context);
  ast::ExprPtr Literal(Grammar::LiteralContext* context, const Token* minus);
  ast::ExprPtr IntLiteral(const Token* token, const Token* minus);
  ast::ExprPtr DoubleLiteral(const Token* token, const Token* minus);
  ast::ExprPtr Constant(Grammar::ConstantContext* context);
  void AddArguments(Grammar::ArgumentsContext* context, ast::Expr& call);

  // ---- build_template.cc ----
  ast::Template Template(antlr4::tree::TerminalNode* node);
  ast::ExprPtr TemplateExpr(const DecodedText& text, const Token* token, size_t begin, size_t end);

  // ---- build_types.cc ----
  ast::TypePtr Type(Grammar::TypeExprContext* context);
  ast::TypePtr PostfixType(Grammar::PostfixTypeContext* context);
  ast::TypePtr PrimaryType(Grammar::PrimaryTypeContext* context);
  ast::TypePtr NamedType(Grammar::NamedTypeContext* context);
  ast::TypePtr LiteralType(Context* context, ast::ExprPtr literal);
  std::unique_ptr<ast::RecordBody> Record(Grammar::RecordBodyContext* context, Grammar::OpennessContext* openness);
  static std::optional<bool> Closed(Grammar::OpennessContext* openness);
  ast::WhereClause Where(Grammar::WhereClauseContext* context);
  // Adds members to a record; `field_is_last` tells whether a `where` now would belong to the last field.
  void AddMember(Grammar::MemberContext* context, ast::RecordBody& body, bool* field_is_last);
  struct TaggedBody;
  void Tagged(Grammar::TaggedBodyContext* context, TaggedBody& body);
  void SetOtherwise(Grammar::OtherwiseClauseContext* context, TaggedBody& body);
  ast::FaultDecl Fault(Grammar::FaultClauseContext* context);
  ast::Alternative Alternative(Grammar::AlternativeContext* context);
  ast::TypeDecl TypeDecl(Grammar::TypeDeclContext* context);
  ast::EventDecl EventDecl(Grammar::EventDeclContext* context);
  ast::FnDecl FnDecl(Grammar::FnDeclContext* context);
  ast::HostFnDecl HostFnDecl(Grammar::HostFnDeclContext* context);
  ast::ParamDecl ParamDecl(Grammar::ParamDeclContext* context);
  ast::ProfileDecl ProfileDecl(Grammar::ProfileDeclContext* context);

  // ---- build_rule.cc ----
  struct SeenClauses;
  ast::RuleDecl RuleDecl(Grammar::RuleDeclContext* context);
  void AddClause(Grammar::RuleClauseContext* context, ast::RuleDecl& rule, SeenClauses& seen);
  bool AddHeadClause(Grammar::RuleClauseContext* context, ast::RuleDecl& rule, SeenClauses& seen);
  bool AddTextClause(Grammar::RuleClauseContext* context, ast::RuleDecl& rule, SeenClauses& seen);
  ast::RequireClause Require(Grammar::ExprContext* condition, bool deny, Grammar::AtPathContext* at,
                             antlr4::tree::TerminalNode* message, source::Span span);
  ast::ExprPtr Path(Grammar::AtPathContext* context);
  ast::OnClause On(Grammar::OnClauseContext* context);
  void Events(Grammar::EventListContext* context, std::vector<ast::Name>* types, bool* any);
  ast::ForClause For(Grammar::ForHeadContext* context);

  // ---- build_state.cc ----
  ast::StateDecl StateDecl(Grammar::StateDeclContext* context);
  ast::BoundClause Bound(Grammar::BoundClauseContext* context);
  std::optional<ast::ReloadClause> Reload(Grammar::ReloadClauseContext* context);  // none where it is null
  ast::ElseClause Else(Grammar::ElseClauseContext* context);
  ast::HandlerDecl Handler(Grammar::HandlerDeclContext* context);
  std::vector<ast::Statement> Block(Grammar::BlockContext* context);
  void AddStatement(Grammar::StatementContext* context, std::vector<ast::Statement>& body, bool may_guard);
  void GuardLast(ast::ExprPtr condition, source::Span span, std::vector<ast::Statement>& body, bool may_guard);
  ast::ExprPtr Target(Grammar::TargetContext* context);
  ast::ScopeDecl Scope(Grammar::ScopeDeclContext* context);
  ast::ScopeEdge Edge(Grammar::ScopeEdgeContext* context);
  // A declaration that may stand in a file as well as in a scope. False: it is none.
  template <typename AnyContext>
  bool AlsoInScope(AnyContext* context, ast::Declaration& out) {
    if (context->stateDecl() != nullptr)
      out.item = StateDecl(context->stateDecl());
    else if (context->handlerDecl() != nullptr)
      out.item = Handler(context->handlerDecl());
    else if (context->ruleDecl() != nullptr)
      out.item = RuleDecl(context->ruleDecl());
    else if (context->lifecycleDecl() != nullptr)
      out.item = Lifecycle(context->lifecycleDecl());
    else if (context->scopeDecl() != nullptr)
      out.item = Scope(context->scopeDecl());
    else if (context->documentDecl() != nullptr)
      out.item = Document(context->documentDecl());
    else if (context->atEndDecl() != nullptr)
      out.item = AtEnd(context->atEndDecl());
    else if (context->windowDecl() != nullptr)
      out.item = Window(context->windowDecl());
    else if (context->sequenceDecl() != nullptr)
      out.item = Sequence(context->sequenceDecl());
    else if (context->deadlineDecl() != nullptr)
      out.item = Deadline(context->deadlineDecl());
    else
      return false;
    return true;
  }
  std::unique_ptr<ast::Declaration> ScopeItem(Grammar::ScopeItemContext* context);
  ast::AtEndDecl AtEnd(Grammar::AtEndDeclContext* context);
  ast::LifecycleDecl Lifecycle(Grammar::LifecycleDeclContext* context);
  ast::TransitionDecl Transition(Grammar::TransitionContext* context);

  // ---- build_test.cc ----
  ast::JsonText Json(Grammar::JsonContext* context);
  ast::TestDecl TestDecl(Grammar::TestDeclContext* context);
  ast::TestItem TestItem(Grammar::TestItemContext* context);
  void AddExpectation(Grammar::ExpectationContext* context, ast::TestItem& item);
  ast::ExpectedFinding Expected(Grammar::ExpectFindingContext* context);
  ast::TestValue TestObject(Grammar::TestObjectContext* context);
  ast::TestValue TestArray(Grammar::TestArrayContext* context);
  ast::TestValue TestValue(Grammar::TestValueContext* context);
  // ---- build_document.cc ----
  ast::KeepDecl KeepDecl(Grammar::KeepClauseContext* context);
  ast::KeepStep KeepStep(Grammar::KeepStepContext* context);
  ast::DocumentDecl Document(Grammar::DocumentDeclContext* context);
  ast::DocumentStep DocumentStep(Grammar::DocumentItemContext* context);

  // ---- build_time.cc ----
  ast::ClockDecl Clock(Grammar::TimeClauseContext* context);
  ast::TimeSpan TimeSpan(Grammar::TimeSpanContext* context);
  std::vector<ast::ExprPtr> Keys(Grammar::KeyListContext* context);
  ast::WindowDecl Window(Grammar::WindowDeclContext* context);
  ast::TimerDecl Sequence(Grammar::SequenceDeclContext* context);
  ast::TimerDecl Deadline(Grammar::DeadlineDeclContext* context);

  const Scan& scan_;
  const ParseLimits& limits_;
  diag::Diagnostics& diagnostics_;
  bool too_deep_ = false;  // reported for the expression being built
};

// Parses one expression, alone in its fragment. Null if it had an error.
ast::ExprPtr ParseFragment(const Fragment& fragment, const ParseLimits& limits, diag::Diagnostics& diagnostics);

}  // namespace edict::parse

#endif  // EDICT_COMPILER_PARSE_BUILD_H_
