#include "compiler/codegen/optimize.h"

#include <llvm/Passes/PassBuilder.h>

namespace edict::codegen {
namespace {

// With instruction selection for level 0, half of what mem2reg alone comes to in size.
constexpr const char* kFewestPasses = "function(sroa,early-cse,simplifycfg)";

// For large modules: what registers, repeated loads and dead branches gain, in time that grows with the size only.
constexpr const char* kLightPasses =
    "function(sroa,early-cse,simplifycfg,instcombine<max-iterations=1;no-verify-fixpoint>,simplifycfg)";

// What of LLVM's -O2 does something for this code, in a quarter of its time. There is nothing to inline and nothing to be found
// out about callees. Loops want all of rotation, invariant code, induction variables and unrolling: bench/README.md, all_100.
constexpr const char* kFullPasses =
    "function(sroa,early-cse<memssa>,simplifycfg,instcombine<max-iterations=1;no-verify-fixpoint>,jump-threading,"
    "loop-mssa(loop-rotate,licm),loop(indvars),gvn,dse,simplifycfg<sink-common-insts;hoist-common-insts>,"
    "instcombine<max-iterations=1;no-verify-fixpoint>,loop-unroll<O2>,instcombine<max-iterations=1;no-verify-fixpoint>)";

}  // namespace

Status Optimize(llvm::Module& module, llvm::TargetMachine& machine, int level) {
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager graph;
  llvm::ModuleAnalysisManager modules;
  llvm::PassBuilder passes(&machine);
  passes.registerModuleAnalyses(modules);
  passes.registerCGSCCAnalyses(graph);
  passes.registerFunctionAnalyses(functions);
  passes.registerLoopAnalyses(loops);
  passes.crossRegisterProxies(loops, functions, graph, modules);
  llvm::ModulePassManager manager;
  llvm::Error error = passes.parsePassPipeline(manager, level >= 2 ? kFullPasses : level == 1 ? kLightPasses : kFewestPasses);
  if (error) return Error{"no such optimisation: " + llvm::toString(std::move(error))};
  manager.run(module, modules);
  return {};
}

}  // namespace edict::codegen
