#include "compiler/codegen/codegen.h"

#include <llvm/IR/LegacyPassManager.h>
#include <llvm/IR/Verifier.h>
#include <llvm/MC/TargetRegistry.h>
#include <llvm/Passes/PassBuilder.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/Support/raw_ostream.h>
#include <llvm/Target/TargetMachine.h>
#include <llvm/TargetParser/Host.h>

#include <memory>
#include <mutex>

#include "compiler/codegen/emit_node.h"

namespace edict::codegen {
namespace {

Result<std::unique_ptr<llvm::TargetMachine>> MakeTargetMachine(const CodegenOptions& options) {
  static std::once_flag once;
  std::call_once(once, [] {
    llvm::InitializeNativeTarget();
    llvm::InitializeNativeTargetAsmPrinter();
  });
  std::string triple = llvm::sys::getDefaultTargetTriple();
  std::string error;
  const llvm::Target* target = llvm::TargetRegistry::lookupTarget(triple, error);
  if (target == nullptr) return Error{"no native code for " + triple + ": " + error};
  std::string features;
  for (const auto& feature : llvm::sys::getHostCPUFeatures()) {
    if (!features.empty()) features += ',';
    features += (feature.second ? "+" : "-") + feature.first().str();
  }
  auto level = options.optimization == 0 ? llvm::CodeGenOptLevel::None : llvm::CodeGenOptLevel::Default;
  std::unique_ptr<llvm::TargetMachine> machine(target->createTargetMachine(
      triple, llvm::sys::getHostCPUName(), features, llvm::TargetOptions(), llvm::Reloc::PIC_, std::nullopt, level));
  if (machine == nullptr) return Error{"no native code for " + triple};
  return machine;
}

ModuleContext Declare(llvm::Module& module, const Program& program) {
  llvm::LLVMContext& c = module.getContext();
  llvm::Type* none = llvm::Type::getVoidTy(c);
  llvm::Type* pointer = llvm::PointerType::getUnqual(c);
  llvm::Type* word = llvm::Type::getInt64Ty(c);
  llvm::Type* half = llvm::Type::getInt32Ty(c);
  return ModuleContext{
      module, program,
      module.getOrInsertFunction("edict_native_evaluate", llvm::FunctionType::get(none, {pointer, pointer, half}, false)),
      module.getOrInsertFunction("edict_native_apply", llvm::FunctionType::get(none, {pointer, pointer, half, pointer}, false)),
      module.getOrInsertFunction("edict_native_equal",
                                 llvm::FunctionType::get(llvm::Type::getInt1Ty(c), {word, word, word, word}, false))};
}

// bool edict_verdict_N(const Frame*): each check without loops either does not apply or passes. False says only "look".
void EmitVerdict(ModuleContext& context, uint32_t event) {
  llvm::LLVMContext& c = context.module.getContext();
  auto* type = llvm::FunctionType::get(llvm::Type::getInt1Ty(c), {llvm::PointerType::getUnqual(c)}, false);
  auto* function =
      llvm::Function::Create(type, llvm::Function::ExternalLinkage, "edict_verdict_" + std::to_string(event), context.module);
  function->addRetAttr(llvm::Attribute::ZExt);
  llvm::IRBuilder<> b(llvm::BasicBlock::Create(c, "entry", function));
  llvm::BasicBlock* fail = llvm::BasicBlock::Create(c, "fail", function);
  NodeEmitter emitter(context, *function, b);
  for (const Check& check : context.program.events[event].checks) {
    llvm::BasicBlock* next = llvm::BasicBlock::Create(c, "next", function);
    if (check.guard != kNone) {
      // Only the bools decide here; a guard that is an error fails the verdict, and the interpreter reports it.
      Pair guard = emitter.Emit(check.guard);
      llvm::BasicBlock* applies = llvm::BasicBlock::Create(c, "applies", function);
      llvm::BasicBlock* not_true = llvm::BasicBlock::Create(c, "not_true", function);
      llvm::Value* is_bool =
          b.CreateICmpEQ(b.CreateAnd(guard.header, b.getInt64(0xff)), b.getInt64(static_cast<uint64_t>(Kind::kBool)));
      b.CreateCondBr(b.CreateAnd(is_bool, b.CreateICmpNE(guard.payload, b.getInt64(0))), applies, not_true);
      b.SetInsertPoint(not_true);
      b.CreateCondBr(is_bool, next, fail);
      b.SetInsertPoint(applies);
    }
    for (const Clause& clause : check.clauses) {
      if (!clause.loops.empty()) continue;
      llvm::BasicBlock* passed = llvm::BasicBlock::Create(c, "passed", function);
      b.CreateCondBr(emitter.EmitIsTrue(clause.condition), passed, fail);
      b.SetInsertPoint(passed);
    }
    b.CreateBr(next);
    b.SetInsertPoint(next);
  }
  b.CreateRet(b.getInt1(true));
  b.SetInsertPoint(fail);
  b.CreateRet(b.getInt1(false));
}

// void edict_value_N(const Frame*, Value*): the node's value.
void EmitValue(ModuleContext& context, uint32_t position, uint32_t node) {
  llvm::LLVMContext& c = context.module.getContext();
  llvm::Type* pointer = llvm::PointerType::getUnqual(c);
  auto* type = llvm::FunctionType::get(llvm::Type::getVoidTy(c), {pointer, pointer}, false);
  auto* function =
      llvm::Function::Create(type, llvm::Function::ExternalLinkage, "edict_value_" + std::to_string(position), context.module);
  llvm::IRBuilder<> b(llvm::BasicBlock::Create(c, "entry", function));
  Pair value = NodeEmitter(context, *function, b).Emit(node);
  b.CreateStore(value.header, function->getArg(1));
  b.CreateStore(value.payload, b.CreateConstInBoundsGEP1_64(b.getInt64Ty(), function->getArg(1), 1));
  b.CreateRetVoid();
}

void Optimize(llvm::Module& module, llvm::TargetMachine& machine, int level) {
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
  auto manager = level == 0 ? passes.buildO0DefaultPipeline(llvm::OptimizationLevel::O0)
                            : passes.buildPerModuleDefaultPipeline(llvm::OptimizationLevel::O2);
  manager.run(module, modules);
}

}  // namespace

Result<std::string> Generate(const Program& program, const CodegenOptions& options, CodegenOutput output) {
  Result<std::unique_ptr<llvm::TargetMachine>> machine = MakeTargetMachine(options);
  if (!machine.ok()) return machine.error();
  llvm::LLVMContext context;
  llvm::Module module("edict", context);
  module.setDataLayout(machine.value()->createDataLayout());
  module.setTargetTriple(machine.value()->getTargetTriple().str());
  ModuleContext shared = Declare(module, program);
  for (uint32_t event = 0; event < program.events.size(); ++event) EmitVerdict(shared, event);
  for (uint32_t i = 0; i < options.values.size(); ++i) EmitValue(shared, i, options.values[i]);

  std::string faults;
  llvm::raw_string_ostream fault_stream(faults);
  if (llvm::verifyModule(module, &fault_stream)) return Error{"generated code is not valid: " + faults};
  Optimize(module, *machine.value(), options.optimization);

  llvm::SmallVector<char, 0> bytes;
  llvm::raw_svector_ostream stream(bytes);
  if (output == CodegenOutput::kLlvm) {
    module.print(stream, nullptr);
  } else {
    llvm::legacy::PassManager emit;
    auto kind = output == CodegenOutput::kObject ? llvm::CodeGenFileType::ObjectFile : llvm::CodeGenFileType::AssemblyFile;
    if (machine.value()->addPassesToEmitFile(emit, stream, nullptr, kind)) return Error{"this target writes no such file"};
    emit.run(module);
  }
  return std::string(bytes.data(), bytes.size());
}

}  // namespace edict::codegen
