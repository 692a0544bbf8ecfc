// Functions that a program gives the rules which it embeds. The rules declare one with its types and its cost,
//
//   host fn is_allowed(tool: string, tenant: string): bool cost 50
//
// and call it as any other; the program gives it to the engine by the same signature:
//
//   edict::EngineOptions options;
//   options.host_functions.push_back({"is_allowed(string, string): bool", [&](edict::HostCall& call) {
//     call.Return(edict::Value::Bool(allowed.contains({call.Text(0), call.Text(1)})));
//   }});
//   edict::Result<edict::Engine> engine = edict::MakeEngine(rules, options);
//
// A function must be pure: the same arguments give the same answer for as long as the engine lives, and nothing tells whether,
// how often or in which order it is called. Results are remembered within an engine, an expression that fails is evaluated
// again, and rules that differ in nothing else may call it at other times. It is called by every thread that feeds streams of the
// engine, several at once; what it refers to outlives the engine and its streams. It must not feed the stream that calls it, nor
// one of the same StreamSet or ParallelStreams.
#ifndef EDICT_RUNTIME_PROGRAM_HOST_FUNCTION_H_
#define EDICT_RUNTIME_PROGRAM_HOST_FUNCTION_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/arena.h"
#include "runtime/base/result.h"
#include "runtime/program/program.h"
#include "runtime/value/value.h"

namespace edict {

// Bytes of the text that a host function gives: what is longer is an error.
inline constexpr size_t kMaxHostTextBytes = 64u << 10;

// One call: the arguments, and where the answer goes. Good until the function returns.
class HostCall {
 public:
  HostCall(const Value* args, const HostDecl& decl, Arena& memory) : args_(args), decl_(decl), memory_(memory) {}
  HostCall(const HostCall&) = delete;
  HostCall& operator=(const HostCall&) = delete;

  // Argument i, from 0, is of the type that the signature says; text is not terminated.
  const Value& arg(size_t i) const { return args_[i]; }
  bool Bool(size_t i) const { return args_[i].b; }
  int64_t Int(size_t i) const { return args_[i].i; }
  uint64_t Uint(size_t i) const { return args_[i].u; }
  double Double(size_t i) const { return args_[i].d; }
  std::string_view Text(size_t i) const { return args_[i].text(); }  // of a string (UTF-8, which may hold lone surrogates) or bytes
  const HostDecl& declared() const { return decl_; }

  // The answer, of the type that the signature says; text is copied. A string is UTF-8. The last answer counts; without one, or
  // with one of another type, the call is an error.
  void Return(const Value& value);
  void ReturnText(std::string_view text);  // a string, or bytes where those are declared
  // There is none: an error of evaluation, as of a builtin that fails. `why`: for the finding, without a final stop.
  void Fail(std::string_view why);

  const Value& answer() const { return answer_; }

 private:
  void TooLong(size_t bytes);

  const Value* args_;
  const HostDecl& decl_;
  Arena& memory_;
  Value answer_;  // kAbsent: none yet
};

struct HostFunction {
  // "is_allowed(string, string): bool"; parameters may have names, as in the rules.
  std::string signature;
  // An exception is an error of evaluation. Must return: nothing stops it.
  std::function<void(HostCall&)> call;
};

// Whether host functions may take and give it.
bool IsHostKind(Kind kind);
// "is_allowed(string, string): bool"
std::string SignatureText(const HostDecl& decl);
// Name and types; the cost is the rules'.
Result<HostDecl> ReadSignature(std::string_view text);

struct HostBinding {
  std::vector<const HostFunction*> functions;  // by Program::host_functions; null: not given as declared
  std::string fault;                           // empty: all are given
};
// Refers to `given`.
HostBinding BindHostFunctions(const Program& program, const std::vector<HostFunction>& given);

}  // namespace edict

#endif  // EDICT_RUNTIME_PROGRAM_HOST_FUNCTION_H_
