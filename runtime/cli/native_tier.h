// The native code of a command that judges streams, as its --tier wants it.
#ifndef EDICT_RUNTIME_CLI_NATIVE_TIER_H_
#define EDICT_RUNTIME_CLI_NATIVE_TIER_H_

#include <cstdint>
#include <string>

#include "compiler/native.h"
#include "runtime/artefact/artefact.h"
#include "runtime/base/result.h"
#include "runtime/cli/native_options.h"
#include "runtime/engine.h"

namespace edict::cli {

// `interp`: nothing is made, opened or mapped. `native`: made before the first event. `auto`: taken from the object cache, else
// made beside the work once there is much of it; if that fails, the interpreter goes on. An artefact's object code, where it fits,
// is taken first of all.
class NativeTier {
 public:
  // `artefact`: that the rules are from, or null; not used after Begin.
  // `tier_up_bytes`: of input that are much.
  NativeTier(Engine& engine, const std::string& tier, const NativeArguments& arguments, uint64_t tier_up_bytes,
             const Artefact* artefact = nullptr);

  // Before the first event. An Error where native code is demanded and cannot be had.
  Status Begin();
  // So many bytes of input have been read in all.
  void OnInput(uint64_t bytes);
  // Still being made: nobody needs to wait for it.
  bool running() const { return background_.running(); }
  // What became of it, on standard error.
  void PrintStats() const;

 private:
  enum class Wanted { kNever, kWhenItPays, kAtOnce };

  bool UseArtefact();

  Engine& engine_;
  const Wanted wanted_;
  const uint64_t tier_up_bytes_;
  const Artefact* const artefact_;
  compiler::NativeOptions options_;
  bool in_use_ = false;     // from the start
  std::string from_;        // where it was found; empty: it was made
  Status artefact_status_;  // why the artefact's could not be taken
  Status cache_status_;     // why what is in the cache could not be taken
  compiler::NativeInBackground background_;
};

}  // namespace edict::cli

#endif  // EDICT_RUNTIME_CLI_NATIVE_TIER_H_
