#include "compiler/ir/bound.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

namespace edict::ir {
namespace {

constexpr size_t kMaxTerms = 60;
constexpr size_t kMaxFactors = 12;

// Rounded up, with three digits where it is no small whole number.
std::string NumberText(double number) {
  if (number >= 1e6) {
    char text[32];
    std::snprintf(text, sizeof text, "%.3g", number * 1.001);
    return text;
  }
  if (std::ceil(number) - number < 1e-9 || number >= 1000) return std::to_string(static_cast<long long>(std::ceil(number)));
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", std::ceil(number * 100) / 100);
  std::string digits = text;
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.back() == '.') digits.pop_back();
  return digits;
}

}  // namespace

Bound::Bound(double constant) {
  if (constant > 0) terms_[{}] = constant;
}

Bound Bound::Of(const std::string& symbol) {
  Bound bound;
  bound.terms_[{symbol}] = 1;
  return bound;
}

Bound Bound::Unbounded() {
  Bound bound;
  bound.unbounded_ = true;
  return bound;
}

Bound Bound::Checked() const {
  if (terms_.size() > kMaxTerms) return Unbounded();
  for (const auto& [symbols, factor] : terms_) {
    if (symbols.size() > kMaxFactors || !std::isfinite(factor)) return Unbounded();
  }
  return *this;
}

Bound operator+(const Bound& a, const Bound& b) {
  if (a.unbounded_ || b.unbounded_) return Bound::Unbounded();
  Bound sum = a;
  for (const auto& [symbols, factor] : b.terms_) sum.terms_[symbols] += factor;
  return sum.Checked();
}

Bound operator*(const Bound& a, const Bound& b) {
  Bound product;
  if ((a.terms_.empty() && !a.unbounded_) || (b.terms_.empty() && !b.unbounded_)) return product;
  if (a.unbounded_ || b.unbounded_) return Bound::Unbounded();
  for (const auto& [left, x] : a.terms_) {
    for (const auto& [right, y] : b.terms_) {
      std::vector<std::string> symbols;
      std::merge(left.begin(), left.end(), right.begin(), right.end(), std::back_inserter(symbols));
      product.terms_[symbols] += x * y;
    }
  }
  return product.Checked();
}

Bound Max(const Bound& a, const Bound& b) {
  if (a.unbounded_ || b.unbounded_) return Bound::Unbounded();
  Bound larger = a;
  for (const auto& [symbols, factor] : b.terms_) {
    double& known = larger.terms_[symbols];
    known = std::max(known, factor);
  }
  return larger.Checked();
}

double Bound::At(const std::map<std::string, double>& sizes) const {
  return With([&](const std::string& symbol) {
    const auto size = sizes.find(symbol);
    return size == sizes.end() ? std::numeric_limits<double>::infinity() : size->second;
  });
}

double Bound::With(const std::function<double(const std::string& symbol)>& size) const {
  if (unbounded_) return std::numeric_limits<double>::infinity();
  double sum = 0;
  for (const auto& [symbols, factor] : terms_) {
    double product = factor;
    for (const std::string& symbol : symbols) product *= size(symbol);
    sum += product;
  }
  return sum;
}

std::string Bound::Text() const {
  if (unbounded_) return "not bounded";
  std::string text;
  for (const auto& [symbols, factor] : terms_) {
    if (!text.empty()) text += " + ";
    std::string number = NumberText(factor);
    if (symbols.empty() || number != "1") text += number + (symbols.empty() ? "" : " * ");
    for (size_t i = 0; i < symbols.size(); ++i) text += (i == 0 ? "" : " * ") + symbols[i];
  }
  return text.empty() ? "0" : text;
}

}  // namespace edict::ir
