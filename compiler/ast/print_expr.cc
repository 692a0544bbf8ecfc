#include <charconv>
#include <cmath>

#include "compiler/ast/print.h"

namespace edict::ast {
namespace {

std::string Escape(std::string_view text, bool ascii_only) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20 || byte == 0x7f || (ascii_only && byte > 0x7f)) {
      out += "\\x";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string PrintDouble(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  char buffer[32];
  const auto [end, fault] = std::to_chars(buffer, buffer + sizeof buffer, value);
  std::string text(buffer, end);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

// The operator of a call named `_+_`, `!_`, `@in`; empty for other calls.
std::string OperatorSymbol(const std::string& name) {
  if (name == "_?_:_") return "?:";
  if (name == "@in") return "in";
  if (name == "-_") return "neg";
  if (name == "!_") return "!";
  if (name.size() > 2 && name.front() == '_' && name.back() == '_') {
    std::string symbol = name.substr(1, name.size() - 2);
    if (symbol.find_first_not_of("+-*/%<>=!&|") == std::string::npos) return symbol;
  }
  return {};
}

std::string PrintArgs(const Expr& expr, size_t first) {
  std::string out;
  for (size_t i = first; i < expr.args.size(); ++i) out += " " + Print(*expr.args[i]);
  return out;
}

std::string PrintCall(const Expr& expr) {
  if (!expr.has_target) {
    if (const std::string symbol = OperatorSymbol(expr.text); !symbol.empty()) return "(" + symbol + PrintArgs(expr, 0) + ")";
    return std::string("(call ") + (expr.leading_dot ? "." : "") + expr.text + PrintArgs(expr, 0) + ")";
  }
  return "(call " + Print(*expr.args[0]) + " ." + expr.text + PrintArgs(expr, 1) + ")";
}

std::string PrintList(const Expr& expr) {
  std::string out = "[";
  for (size_t i = 0; i < expr.args.size(); ++i) {
    if (i != 0) out += ' ';
    if (expr.optional[i]) out += '?';
    out += Print(*expr.args[i]);
  }
  return out + "]";
}

std::string PrintMap(const Expr& expr) {
  std::string out = "{";
  for (size_t i = 0; i + 1 < expr.args.size(); i += 2) {
    if (i != 0) out += ", ";
    if (expr.optional[i / 2]) out += '?';
    out += Print(*expr.args[i]) + ": " + Print(*expr.args[i + 1]);
  }
  return out + "}";
}

std::string PrintStruct(const Expr& expr) {
  std::string out = std::string("(struct ") + (expr.leading_dot ? "." : "") + expr.text;
  for (size_t i = 0; i < expr.args.size(); ++i) {
    out += ' ';
    if (expr.optional[i]) out += '?';
    out += expr.names[i] + ": " + Print(*expr.args[i]);
  }
  return out + ")";
}

}  // namespace

std::string Quote(std::string_view text) { return Escape(text, false); }

std::string Print(const Expr& expr) {
  const std::string select_name = expr.escaped_ident ? "`" + expr.text + "`" : expr.text;
  switch (expr.kind) {
    case ExprKind::kNull:
      return "null";
    case ExprKind::kBool:
      return expr.bool_value ? "true" : "false";
    case ExprKind::kInt:
      return std::to_string(expr.int_value);
    case ExprKind::kUint:
      return std::to_string(expr.uint_value) + "u";
    case ExprKind::kDouble:
      return PrintDouble(expr.double_value);
    case ExprKind::kString:
      return Escape(expr.text, false);
    case ExprKind::kBytes:
      return "b" + Escape(expr.text, true);
    case ExprKind::kIdent:
      return (expr.leading_dot ? "." : "") + expr.text;
    case ExprKind::kSelect:
      return "(. " + Print(*expr.args[0]) + " " + select_name + ")";
    case ExprKind::kOptSelect:
      return "(.? " + Print(*expr.args[0]) + " " + select_name + ")";
    case ExprKind::kIndex:
      return "([]" + PrintArgs(expr, 0) + ")";
    case ExprKind::kOptIndex:
      return "([?]" + PrintArgs(expr, 0) + ")";
    case ExprKind::kCall:
      return PrintCall(expr);
    case ExprKind::kList:
      return PrintList(expr);
    case ExprKind::kMap:
      return PrintMap(expr);
    case ExprKind::kStruct:
      return PrintStruct(expr);
  }
  return {};
}

std::string Print(const Template& text) {
  std::string out = "(text";
  for (size_t i = 0; i < text.parts.size(); ++i) {
    if (!text.parts[i].empty() || text.parts.size() == 1) out += " " + Quote(text.parts[i]);
    if (i < text.exprs.size()) out += " " + Print(*text.exprs[i]);
  }
  return out + ")";
}

}  // namespace edict::ast
