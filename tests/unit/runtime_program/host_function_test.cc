#include "runtime/program/host_function.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "runtime/program/serialize.h"

namespace edict {
namespace {

std::string ReadBack(std::string_view text) {
  const Result<HostDecl> decl = ReadSignature(text);
  return decl.ok() ? SignatureText(decl.value()) : "no: " + decl.error().message;
}

TEST(HostSignature, ReadsBack) {
  EXPECT_EQ(ReadBack("f(): bool"), "f(): bool");
  EXPECT_EQ(ReadBack(" is_x2 ( tool:string,int ,\n u : uint ) : double "), "is_x2(string, int, uint): double");
  EXPECT_EQ(ReadBack("f(bytes, timestamp, duration): string"), "f(bytes, timestamp, duration): string");
}

TEST(HostSignature, SaysWhatIsWrong) {
  EXPECT_EQ(ReadBack(""), "no: it begins with no name");
  EXPECT_EQ(ReadBack("2f(): bool"), "no: it begins with no name");
  EXPECT_EQ(ReadBack("f: bool"), "no: a ( is missing after the name");
  EXPECT_EQ(ReadBack("f(int int): bool"), "no: a , or ) is missing after a parameter");
  EXPECT_EQ(ReadBack("f(int,): bool"), "no: a type is missing");
  EXPECT_EQ(ReadBack("f("), "no: a type is missing");
  EXPECT_EQ(ReadBack("f(int)"), "no: the : of its result is missing");
  EXPECT_EQ(ReadBack("f(int): bool cost 5"), "no: something follows it");
  EXPECT_EQ(ReadBack("f(list): bool"),
            "no: \"list\" is no type that it may have: there are bool, int, uint, double, string, bytes, timestamp, duration");
  std::string many = "f(int";
  for (uint32_t i = 0; i < kMaxHostParams; ++i) many += ", int";
  EXPECT_EQ(ReadBack(many + "): int"), "no: it has more than 16 parameters");
}

Program Calls(std::vector<HostDecl> functions) {
  Program program;
  program.host_functions = std::move(functions);
  return program;
}

HostDecl IsAllowed() {
  HostDecl decl;
  decl.name = "is_allowed";
  decl.params = {Kind::kString};
  decl.cost = 5;
  return decl;
}

void Yes(HostCall& call) { call.Return(Value::Bool(true)); }

TEST(HostBinding, GivesEachItsFunction) {
  HostDecl other = IsAllowed();
  other.name = "other";
  const Program program = Calls({IsAllowed(), other});
  const std::vector<HostFunction> given = {
      {"unused(int): int", Yes}, {"other(string): bool", Yes}, {"is_allowed(string): bool", Yes}};
  const HostBinding binding = BindHostFunctions(program, given);
  EXPECT_EQ(binding.fault, "");
  ASSERT_EQ(binding.functions.size(), 2u);
  EXPECT_EQ(binding.functions[0], &given[2]);
  EXPECT_EQ(binding.functions[1], &given[1]);
}

TEST(HostBinding, NamesTheFault) {
  const Program program = Calls({IsAllowed()});
  const auto fault = [&](const std::vector<HostFunction>& given) {
    const HostBinding binding = BindHostFunctions(program, given);
    EXPECT_EQ(binding.functions.size(), 1u);
    return binding.fault;
  };
  EXPECT_EQ(fault({}), "the rules call the host function is_allowed(string): bool, which the engine is not given");
  EXPECT_EQ(fault({{"is_allowed(string, string): bool", Yes}}),
            "the rules declare the host function is_allowed(string): bool, the engine is given is_allowed(string, string): bool");
  EXPECT_EQ(fault({{"is_allowed(string): int", Yes}}),
            "the rules declare the host function is_allowed(string): bool, the engine is given is_allowed(string): int");
  EXPECT_EQ(fault({{"is_allowed(string): bool", nullptr}}),
            "the host function is_allowed(string): bool is given without anything to call");
  EXPECT_EQ(fault({{"is_allowed(string): bool", Yes}, {"is_allowed(string): bool", Yes}}),
            "the host function is_allowed is given twice");
  EXPECT_EQ(fault({{"is_allowed(string) bool", Yes}}),
            "the signature \"is_allowed(string) bool\" of a host function: the : of its result is missing");
}

// A call in a Program that may be damaged.
Status Checked(HostDecl decl, uint32_t function, Kind rep, uint32_t args) {
  Program program = Calls({std::move(decl)});
  program.constants.push_back(Value::String("x"));
  Node constant;
  constant.rep = Kind::kString;
  constant.imm = 0;
  program.nodes.push_back(constant);
  Node call;
  call.op = Op::kCallHost;
  call.rep = rep;
  call.imm = function;
  call.arg_count = args;
  program.args.assign(args, 0);
  program.nodes.push_back(call);
  return CheckProgram(program);
}

TEST(HostFunctions, DamagedProgramsAreErrors) {
  EXPECT_TRUE(Checked(IsAllowed(), 0, Kind::kBool, 1).ok());
  EXPECT_FALSE(Checked(IsAllowed(), 1, Kind::kBool, 1).ok());
  EXPECT_FALSE(Checked(IsAllowed(), 0, Kind::kInt, 1).ok());
  EXPECT_FALSE(Checked(IsAllowed(), 0, Kind::kBool, 2).ok());
  const auto with = [](auto change) {
    HostDecl decl = IsAllowed();
    change(decl);
    return Checked(std::move(decl), 0, Kind::kBool, 1);
  };
  EXPECT_FALSE(with([](HostDecl& d) { d.cost = 0; }).ok());
  EXPECT_FALSE(with([](HostDecl& d) { d.cost = kMaxHostCost + 1; }).ok());
  EXPECT_FALSE(with([](HostDecl& d) { d.params = {Kind::kList}; }).ok());
  EXPECT_FALSE(with([](HostDecl& d) { d.params = {static_cast<Kind>(77)}; }).ok());
  EXPECT_FALSE(with([](HostDecl& d) { d.name.clear(); }).ok());
  EXPECT_FALSE(with([](HostDecl& d) { d.span = 3; }).ok());
}

TEST(HostFunctions, SerialisedAndHashed) {
  HostDecl decl = IsAllowed();
  decl.result = Kind::kTimestamp;
  Program program = Calls({decl});
  const Result<Program> back = Deserialize(Serialize(program));
  ASSERT_TRUE(back.ok()) << back.error().message;
  ASSERT_EQ(back.value().host_functions.size(), 1u);
  EXPECT_EQ(SignatureText(back.value().host_functions[0]), "is_allowed(string): timestamp");
  EXPECT_EQ(back.value().host_functions[0].cost, 5u);
  const Hash128 hash = ContentHashOf(program);
  program.host_functions[0].cost = 6;
  EXPECT_FALSE(ContentHashOf(program) == hash);
  program.host_functions[0].cost = 5;
  program.host_functions[0].params.push_back(Kind::kInt);
  EXPECT_FALSE(ContentHashOf(program) == hash);
}

}  // namespace
}  // namespace edict
