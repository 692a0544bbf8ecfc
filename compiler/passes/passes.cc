#include "compiler/passes/passes.h"

#include <string>
#include <utility>

#include "compiler/ir/verify.h"

namespace edict::passes {

const std::vector<Pass>& AllPasses() {
  static const std::vector<Pass> all = {
      {"event_fields", EventFields}, {"specialise", Specialise},    {"fold", Fold},  {"event_fields_again", EventFields},
      {"keep_ranges", KeepRanges},   {"share_shapes", ShareShapes}, {"prune", Prune}};
  return all;
}

Result<Program> RunPasses(Program program, const PassOptions& options) {
  Status sound = ir::Verify(program);
  if (!sound.ok()) return Error{"lowering: " + sound.error().message};
  for (const Pass& pass : AllPasses()) {
    program = pass.run(std::move(program));
    sound = ir::Verify(program);
    if (!sound.ok()) return Error{"pass " + std::string(pass.name) + ": " + sound.error().message};
  }
  if (!options.order_checks) return program;
  program = OrderChecks(std::move(program), options.profile);
  sound = ir::Verify(program);
  if (!sound.ok()) return Error{"pass order_checks: " + sound.error().message};
  return program;
}

}  // namespace edict::passes
