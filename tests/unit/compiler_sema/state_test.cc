// Reading cells, sets, maps, lifecycles and scopes; states by their bare names.
#include <gtest/gtest.h>

#include "tests/unit/compiler_sema/testing.h"

namespace edict::sema {
namespace {

struct StateCase {
  const char* expr;
  const char* type;
  const char* ir;
};

TEST(State, IsReadByItsOperations) {
  for (const StateCase& c : std::initializer_list<StateCase>{
           {"total + 1", "int", "(_+_ (cell total) 1)"},
           {"e.id in seen", "bool", "(entry_has seen slot 0)"},
           {"size(seen)", "int", "(cell_size seen)"},
           {"seen.size()", "int", "(cell_size seen)"},
           {"seen.keys()", "list(string)", "(cell_keys seen)"},
           {"counts[e.id]", "int", "(entry counts slot 0)"},
           {"counts[?e.id]", "optional(int)", "(entry_opt counts slot 0)"},
           {"e.id in counts", "bool", "(entry_has counts slot 0)"},
           {"owner[e.id]", "optional(string)", "(entry_opt owner slot 0)"},
           {"owner[?e.id]", "optional(string)", "(entry_opt owner slot 0)"},
           {"message[e.id].state", "message", "(life_state message slot 0)"},
           {"message.state(e.id) == open", "bool", "(_==_ (life_state message slot 0) 1)"},
           {"open == message[e.id].state", "bool", "(_==_ 1 (life_state message slot 0))"},
           {"message.count(open)", "int", "(life_count message open)"},
           {"message.count()", "int", "(life_count message)"},
           {"message.keys(open)", "list(string)", "(life_keys message open)"},
           {"pair.keys()", "list(list(dyn))", "(life_keys pair)"},
           {"e.id in message", "bool", "(_!=_ (life_state message slot 0) 0)"},
           {"pair.state(e.id, e.?tag) == open", "bool", "(_==_ (life_state pair slot 0 (opt slot 1)) 1)"},
           {"pair.state(e.id, e.id) == open", "bool", "(_==_ (life_state pair slot 0 (optional.of slot 0)) 1)"},
           {"run.open", "bool", "(open run)"},
       }) {
    EXPECT_EQ(TypeOf(c.expr), c.type) << c.expr;
    EXPECT_EQ(IrOf(c.expr), c.ir) << c.expr;
  }
}

TEST(State, IsRefusedWhereItHasNoValue) {
  EXPECT_EQ(TypeOf("seen"), "E0301 \"seen\" is state with keys and no value by itself; read one of its entries");
  EXPECT_EQ(TypeOf("run"), "E0301 \"run\" is state with keys and no value by itself; read one of its entries");
  EXPECT_EQ(TypeOf("e.n in seen"), "E0301 the key is string, this is int");
  EXPECT_EQ(TypeOf("counts[e.?tag]"), "E0301 the key is string, this is optional(string)");
  EXPECT_EQ(TypeOf("pair.state(e.id)"), "E0302 this lifecycle has 2 keys, not 1");
  EXPECT_EQ(TypeOf("pair[e.id].state"), "E0302 this lifecycle has 2 keys, not 1");
  EXPECT_EQ(TypeOf("message[e.id].stat"), "E0202 a lifecycle is read as message[key].state");
  EXPECT_EQ(TypeOf("run.opn"), "E0202 a scope is read as run.open");
  EXPECT_EQ(TypeOf("message.count(total)"), "E0301 expected the name of a state");
  EXPECT_EQ(TypeOf("total.count()"), "E0203 there is no function \"count\"");
}

TEST(Enum, BareNamesAreItsStates) {
  EXPECT_EQ(IrOf("phase == active"), "(_==_ (cell phase) 1)");
  EXPECT_EQ(IrOf("active == phase"), "(_==_ 1 (cell phase))");
  EXPECT_EQ(TypeOf("phase == actve"), "E0201 there is no \"actve\" here; did you mean active?");
  EXPECT_EQ(TypeOf("active"), "E0201 there is no \"active\" here");
  // A state's name goes before a variable of that name, on either side.
  EXPECT_EQ(World().Variable("active", TypeKind::kString).Ir("phase == active"), "(_==_ (cell phase) 1)");
  EXPECT_EQ(World().Variable("active", TypeKind::kString).Ir("active == phase"), "(_==_ 1 (cell phase))");
  EXPECT_EQ(TypeOf("active == message[e.id].state"), "E0201 there is no \"active\" here");
}

TEST(Enum, IsAStringElsewhere) {
  EXPECT_EQ(IrOf("'is ' + phase"), "(_+_ \"is \" (enum_name phase (cell phase)))");
  EXPECT_EQ(IrOf("phase == 'active'"), "(_==_ (enum_name phase (cell phase)) \"active\")");
  EXPECT_EQ(TypeOf("phase == 'actve'"), "E0301 this value never occurs here; did you mean active?");
  EXPECT_EQ(TypeOf("[phase, 'x']"), "list(string)");
  EXPECT_EQ(TypeOf("size(phase)"), "int");
}

}  // namespace
}  // namespace edict::sema
