#include <algorithm>

#include "compiler/parse/build.h"

namespace edict::parse {
namespace {

using ast::ExprKind;
using ast::ExprPtr;
using source::Span;

const char* OperatorName(size_t type) {
  switch (type) {
    case Grammar::LESS:
      return "_<_";
    case Grammar::LESS_EQUAL:
      return "_<=_";
    case Grammar::GREATER:
      return "_>_";
    case Grammar::GREATER_EQUAL:
      return "_>=_";
    case Grammar::EQUAL:
      return "_==_";
    case Grammar::NOT_EQUAL:
      return "_!=_";
    case Grammar::IN:
      return "@in";
    case Grammar::PLUS:
      return "_+_";
    case Grammar::MINUS:
      return "_-_";
    case Grammar::STAR:
      return "_*_";
    case Grammar::SLASH:
      return "_/_";
    default:
      return "_%_";
  }
}

Span WithPrefix(Span span, Span prefix) { return source::Join(prefix, span); }

}  // namespace

ExprPtr Builder::New(ExprKind kind, Span span) const {
  auto expr = std::make_unique<ast::Expr>();
  expr->kind = kind;
  expr->span = span;
  expr->name_span = span;
  return expr;
}

ExprPtr Builder::Finish(ExprPtr expr) {
  uint32_t height = 0;
  for (const ExprPtr& arg : expr->args) height = std::max(height, arg->height);
  expr->height = height + 1;
  if (expr->height <= limits_.expression_depth) return expr;
  if (!too_deep_) {
    too_deep_ = true;
    Report(diag::Code::kExpressionTooDeep, expr->name_span,
           "the expression is more than " + std::to_string(limits_.expression_depth) +
               " operations deep here; split it, with let or a list");
  }
  return New(ExprKind::kNull, expr->span);
}

ExprPtr Builder::Operator(const char* name, Span at, ExprPtr left, ExprPtr right) {
  ExprPtr expr = New(ExprKind::kCall, source::Join(left->span, right->span));
  expr->text = name;
  expr->name_span = at;
  expr->args.push_back(std::move(left));
  expr->args.push_back(std::move(right));
  return Finish(std::move(expr));
}

// A chain of one associative operator as a balanced tree over operands [begin, end).
ExprPtr Builder::Balanced(const char* name, std::vector<ExprPtr>& operands, const std::vector<Token*>& ops, size_t begin,
                          size_t end) {
  if (end - begin == 1) return std::move(operands[begin]);
  const size_t middle = begin + (end - begin + 1) / 2;
  ExprPtr left = Balanced(name, operands, ops, begin, middle);
  ExprPtr right = Balanced(name, operands, ops, middle, end);
  return Operator(name, SpanOf(ops[middle - 1]), std::move(left), std::move(right));
}

ExprPtr Builder::Expr(Grammar::ExprContext* context) {
  const bool outer_too_deep = std::exchange(too_deep_, false);
  std::vector<ExprPtr> operands;
  for (auto* operand : context->operands) operands.push_back(Disjunction(operand));
  ExprPtr expr = std::move(operands.back());
  for (size_t i = operands.size() - 1; i >= 2; i -= 2) {
    ExprPtr conditional = New(ExprKind::kCall, source::Join(operands[i - 2]->span, expr->span));
    conditional->text = "_?_:_";
    conditional->name_span = SpanOf(context->marks[(i - 2) / 2]);
    conditional->args.push_back(std::move(operands[i - 2]));
    conditional->args.push_back(std::move(operands[i - 1]));
    conditional->args.push_back(std::move(expr));
    expr = Finish(std::move(conditional));
  }
  too_deep_ |= outer_too_deep;
  return expr;
}

ExprPtr Builder::Disjunction(Grammar::DisjunctionContext* context) {
  std::vector<ExprPtr> operands;
  for (auto* operand : context->conjunction()) operands.push_back(Conjunction(operand));
  return Balanced("_||_", operands, context->ops, 0, operands.size());
}

ExprPtr Builder::Conjunction(Grammar::ConjunctionContext* context) {
  std::vector<ExprPtr> operands;
  for (auto* operand : context->relation()) operands.push_back(Relation(operand));
  return Balanced("_&&_", operands, context->ops, 0, operands.size());
}

ExprPtr Builder::Relation(Grammar::RelationContext* context) {
  const auto operands = context->addition();
  ExprPtr left = Addition(operands[0]);
  for (size_t i = 1; i < operands.size(); ++i) {
    const Token* op = context->ops[i - 1];
    left = Operator(OperatorName(op->getType()), SpanOf(op), std::move(left), Addition(operands[i]));
  }
  return left;
}

ExprPtr Builder::Addition(Grammar::AdditionContext* context) {
  const auto operands = context->multiplication();
  ExprPtr left = Multiplication(operands[0]);
  for (size_t i = 1; i < operands.size(); ++i) {
    const Token* op = context->ops[i - 1];
    left = Operator(OperatorName(op->getType()), SpanOf(op), std::move(left), Multiplication(operands[i]));
  }
  return left;
}

ExprPtr Builder::Multiplication(Grammar::MultiplicationContext* context) {
  const auto operands = context->unary();
  ExprPtr left = Unary(operands[0]);
  for (size_t i = 1; i < operands.size(); ++i) {
    const Token* op = context->ops[i - 1];
    left = Operator(OperatorName(op->getType()), SpanOf(op), std::move(left), Unary(operands[i]));
  }
  return left;
}

// CEL has `!` or `-` before an operand, not both, but a number takes its own sign: !-1 parses, !-x does not.
ExprPtr Builder::Unary(Grammar::UnaryContext* context) {
  std::vector<Token*> ops = context->nots;
  auto* literal = dynamic_cast<Grammar::LiteralPrimaryContext*>(context->member_()->primary());
  const bool is_number = literal != nullptr && (dynamic_cast<Grammar::IntLiteralContext*>(literal->literal()) != nullptr ||
                                                dynamic_cast<Grammar::DoubleLiteralContext*>(literal->literal()) != nullptr);
  const Token* sign = nullptr;
  std::vector<Token*> minuses = context->minuses;
  if (is_number && !minuses.empty()) {
    sign = minuses.back();
    minuses.pop_back();
  }
  if (!ops.empty() && !minuses.empty()) {
    Report(diag::Code::kSyntax, SpanOf(minuses.front()), "expected an expression, found '-'; parenthesise what follows the '!'");
  }
  ops.insert(ops.end(), minuses.begin(), minuses.end());

  ExprPtr expr = Member(context->member_(), sign);
  for (auto op = ops.rbegin(); op != ops.rend(); ++op) {
    ExprPtr outer = New(ExprKind::kCall, WithPrefix(expr->span, SpanOf(*op)));
    outer->text = (*op)->getType() == Grammar::NOT ? "!_" : "-_";
    outer->name_span = SpanOf(*op);
    outer->args.push_back(std::move(expr));
    expr = Finish(std::move(outer));
  }
  return expr;
}

ExprPtr Builder::Member(Grammar::Member_Context* context, const Token* minus) {
  ExprPtr expr = Primary(context->primary(), minus);
  for (auto* suffix : context->suffix()) {
    if (auto* select = dynamic_cast<Grammar::SelectSuffixContext*>(suffix)) {
      expr = SelectSuffix(std::move(expr), select);
    } else if (auto* index = dynamic_cast<Grammar::IndexSuffixContext*>(suffix)) {
      const Span bracket = SpanOf(index->start);
      const ExprKind kind = index->optionalMark != nullptr ? ExprKind::kOptIndex : ExprKind::kIndex;
      ExprPtr outer = New(kind, source::Join(expr->span, SpanOf(suffix)));
      outer->name_span = bracket;
      outer->args.push_back(std::move(expr));
      outer->args.push_back(Expr(index->expr()));
      expr = Finish(std::move(outer));
    } else {
      expr = MessageSuffix(std::move(expr), dynamic_cast<Grammar::MessageSuffixContext*>(suffix));
    }
  }
  return expr;
}

ExprPtr Builder::SelectSuffix(ExprPtr target, Grammar::SelectSuffixContext* context) {
  const bool is_call = context->arguments() != nullptr;
  const bool is_optional = context->optionalMark != nullptr;
  const ExprKind kind = is_call ? ExprKind::kCall : is_optional ? ExprKind::kOptSelect : ExprKind::kSelect;
  ExprPtr expr = New(kind, source::Join(target->span, SpanOf(context)));
  ast::Name name = Selector(context->selector());
  expr->text = std::move(name.text);
  expr->name_span = name.span;
  expr->escaped_ident = context->selector()->QUOTED_NAME() != nullptr;
  expr->has_target = is_call;
  expr->args.push_back(std::move(target));
  if (is_call) {
    if (is_optional) Report(diag::Code::kSyntax, SpanOf(context->arguments()->start), "a method cannot be called with '.?'");
    if (expr->escaped_ident) Report(diag::Code::kSyntax, name.span, "a method's name cannot be written in backquotes");
    AddArguments(context->arguments(), *expr);
  }
  return Finish(std::move(expr));
}

// `a.b.C{f: v}`: what stands before the brace must be a dotted name.
ExprPtr Builder::MessageSuffix(ExprPtr target, Grammar::MessageSuffixContext* context) {
  ExprPtr expr = New(ExprKind::kStruct, source::Join(target->span, SpanOf(context)));
  expr->name_span = target->span;
  const ast::Expr* part = target.get();
  for (; part->kind == ExprKind::kSelect && !part->escaped_ident; part = part->args[0].get())
    expr->text = "." + part->text + expr->text;
  if (part->kind == ExprKind::kIdent) {
    expr->text = part->text + expr->text;
    expr->leading_dot = part->leading_dot;
  } else {
    Report(diag::Code::kSyntax, SpanOf(context->start), "unexpected '{'; only a dotted name may stand before it");
  }
  for (auto* field : context->messageField()) {
    expr->names.push_back(Selector(field->selector()).text);
    expr->optional.push_back(field->optionalMark != nullptr);
    expr->args.push_back(Expr(field->expr()));
  }
  return Finish(std::move(expr));
}

void Builder::AddArguments(Grammar::ArgumentsContext* context, ast::Expr& call) {
  for (auto* argument : context->expr()) call.args.push_back(Expr(argument));
}

ExprPtr Builder::Primary(Grammar::PrimaryContext* context, const Token* minus) {
  if (auto* name = dynamic_cast<Grammar::NamePrimaryContext*>(context)) return NamePrimary(name);
  if (auto* paren = dynamic_cast<Grammar::ParenPrimaryContext*>(context)) {
    ExprPtr expr = Expr(paren->expr());
    // The span takes in the parentheses, so that a select on the group marks all of it.
    expr->span = SpanOf(context);
    return expr;
  }
  if (auto* list = dynamic_cast<Grammar::ListPrimaryContext*>(context)) return List(list);
  if (auto* map = dynamic_cast<Grammar::MapPrimaryContext*>(context)) return Map(map);
  return Literal(dynamic_cast<Grammar::LiteralPrimaryContext*>(context)->literal(), minus);
}

ExprPtr Builder::NamePrimary(Grammar::NamePrimaryContext* context) {
  const bool is_call = context->arguments() != nullptr;
  ExprPtr expr = New(is_call ? ExprKind::kCall : ExprKind::kIdent, SpanOf(context));
  expr->text = Text(context->name()->start);
  expr->name_span = SpanOf(context->name());
  expr->leading_dot = context->dot != nullptr;
  if (is_call) AddArguments(context->arguments(), *expr);
  return Finish(std::move(expr));
}

ExprPtr Builder::List(Grammar::ListPrimaryContext* context) {
  ExprPtr expr = New(ExprKind::kList, SpanOf(context));
  for (auto* element : context->listElement()) {
    expr->args.push_back(Expr(element->expr()));
    expr->optional.push_back(element->optionalMark != nullptr);
  }
  return Finish(std::move(expr));
}

ExprPtr Builder::Map(Grammar::MapPrimaryContext* context) {
  ExprPtr expr = New(ExprKind::kMap, SpanOf(context));
  for (auto* entry : context->mapEntry()) {
    expr->args.push_back(Expr(entry->key));
    expr->args.push_back(Expr(entry->value));
    expr->optional.push_back(entry->optionalMark != nullptr);
  }
  return Finish(std::move(expr));
}

ExprPtr Builder::IntLiteral(const Token* token, const Token* minus) {
  const Span span = WithPrefix(SpanOf(token), minus != nullptr ? SpanOf(minus) : Span());
  ExprPtr expr = New(ExprKind::kInt, span);
  std::string digits = Text(token);
  digits.erase(std::remove(digits.begin(), digits.end(), '_'), digits.end());
  const std::optional<int64_t> value = DecodeInt(digits, minus != nullptr);
  if (!value) Report(diag::Code::kNumberRange, span, "this number does not fit in an int, which has 64 bits");
  expr->int_value = value.value_or(0);
  return expr;
}

ExprPtr Builder::DoubleLiteral(const Token* token, const Token* minus) {
  const Span span = WithPrefix(SpanOf(token), minus != nullptr ? SpanOf(minus) : Span());
  ExprPtr expr = New(ExprKind::kDouble, span);
  const std::optional<double> value = DecodeDouble(scan_.TextOf(*token));
  if (!value) Report(diag::Code::kNumberRange, span, "this number is too large for a double");
  expr->double_value = minus != nullptr ? -value.value_or(0) : value.value_or(0);
  return expr;
}

ExprPtr Builder::Literal(Grammar::LiteralContext* context, const Token* minus) {
  const Token* token = context->start;
  const Span span = SpanOf(token);
  ExprPtr expr;
  switch (token->getType()) {
    case Grammar::INT:
      return IntLiteral(token, minus);
    case Grammar::FLOAT:
      return DoubleLiteral(token, minus);
    case Grammar::UINT: {
      expr = New(ExprKind::kUint, span);
      const std::optional<uint64_t> value = DecodeUint(scan_.TextOf(*token));
      if (!value) Report(diag::Code::kNumberRange, span, "this number does not fit in a uint, which has 64 bits");
      expr->uint_value = value.value_or(0);
      return expr;
    }
    case Grammar::STRING:
    case Grammar::BYTES:
      expr = New(token->getType() == Grammar::STRING ? ExprKind::kString : ExprKind::kBytes, span);
      expr->text = Decode(token).value;
      return expr;
    case Grammar::NULL_:
      return New(ExprKind::kNull, span);
    default:
      expr = New(ExprKind::kBool, span);
      expr->bool_value = token->getType() == Grammar::TRUE;
      return expr;
  }
}

ExprPtr Builder::Constant(Grammar::ConstantContext* context) {
  if (context->GROUPED_INT() != nullptr) return IntLiteral(context->GROUPED_INT()->getSymbol(), nullptr);
  return Expr(context->expr());
}

}  // namespace edict::parse
