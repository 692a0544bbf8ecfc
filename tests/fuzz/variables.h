// Values for Variables() from the members of a JSON object.
#ifndef EDICT_TESTS_FUZZ_VARIABLES_H_
#define EDICT_TESTS_FUZZ_VARIABLES_H_

#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/arena.h"
#include "runtime/json/document.h"
#include "runtime/value/value.h"

namespace edict::fuzz {

class BoundVariables {
 public:
  // A variable without a member, or whose member is of another type, has a fixed value; x is by default the whole text, null
  // if that is no JSON.
  explicit BoundVariables(std::string_view json);

  // In the order of Variables(); they live as long as this.
  const std::vector<Value>& values() const { return values_; }

 private:
  JsonParser parser_;
  JsonParser defaults_;
  Arena arena_;
  std::vector<Value> values_;
};

}  // namespace edict::fuzz

#endif  // EDICT_TESTS_FUZZ_VARIABLES_H_
