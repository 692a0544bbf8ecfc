// Upper bounds that are known before the input is: sums of products of sizes, such as 12 + 3 * size(e.items).
#ifndef EDICT_COMPILER_IR_BOUND_H_
#define EDICT_COMPILER_IR_BOUND_H_

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace edict::ir {

// Never negative. Arithmetic is in doubles: exact up to 2^53, then a bound of its magnitude.
class Bound {
 public:
  Bound() = default;
  Bound(double constant);  // NOLINT(google-explicit-constructor)
  // A size that only the input tells, under the name that users see.
  static Bound Of(const std::string& symbol);
  // No bound at all is known.
  static Bound Unbounded();

  bool unbounded() const { return unbounded_; }
  bool constant() const { return !unbounded_ && (terms_.empty() || (terms_.size() == 1 && terms_.begin()->first.empty())); }
  // Where the sizes are these. A symbol that is not there, and no bound: infinity.
  double At(const std::map<std::string, double>& sizes) const;
  // Where the sizes are what `size` says of their symbols. No bound: infinity.
  double With(const std::function<double(const std::string& symbol)>& size) const;
  // "12 + 3 * size(e.items)", numbers rounded up; "not bounded".
  std::string Text() const;

  friend Bound operator+(const Bound& a, const Bound& b);
  friend Bound operator*(const Bound& a, const Bound& b);
  // Not less than either: the larger of the coefficients, term by term.
  friend Bound Max(const Bound& a, const Bound& b);

 private:
  // Products of symbols, sorted, with their coefficients. Beyond some dozens nothing is known any more.
  std::map<std::vector<std::string>, double> terms_;
  bool unbounded_ = false;

  Bound Checked() const;
};

}  // namespace edict::ir

#endif  // EDICT_COMPILER_IR_BOUND_H_
