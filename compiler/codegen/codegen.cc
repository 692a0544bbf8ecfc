#include "compiler/codegen/codegen.h"

#include <llvm/IR/LegacyPassManager.h>
#include <llvm/IR/Verifier.h>
#include <llvm/Support/raw_ostream.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>
#include <thread>

#include "compiler/codegen/archive.h"
#include "compiler/codegen/batches.h"
#include "compiler/codegen/emit_effects.h"
#include "compiler/codegen/emit_scan.h"
#include "compiler/codegen/node_emitter.h"
#include "compiler/codegen/optimize.h"
#include "compiler/codegen/profiler_names.h"
#include "compiler/codegen/rule_lines.h"
#include "compiler/codegen/target.h"

namespace edict::codegen {
namespace {

// What a node costs at each level is some 600, 500 and 80 microseconds: the larger the module, the less is optimised.
constexpr uint64_t kMaxNodesAtLevel2 = 1500;
constexpr uint64_t kMaxNodesAtLevel1 = 3000;

int LevelFor(uint64_t nodes, int wanted) {
  int most = nodes <= kMaxNodesAtLevel2 ? 2 : nodes <= kMaxNodesAtLevel1 ? 1 : 0;
  return std::min(wanted, most);
}

llvm::CodeGenOptLevel CodeGenLevel(int level) {
  return level == 0 ? llvm::CodeGenOptLevel::None : level == 1 ? llvm::CodeGenOptLevel::Less : llvm::CodeGenOptLevel::Default;
}

llvm::Function* Declare(ModuleContext& context, const std::string& name, llvm::Type* result, unsigned pointers) {
  std::vector<llvm::Type*> params(pointers, llvm::PointerType::getUnqual(context.module.getContext()));
  auto* type = llvm::FunctionType::get(result, params, false);
  auto* function = llvm::Function::Create(type, llvm::Function::ExternalLinkage, name, context.module);
  function->setDoesNotThrow();
  return function;
}

// The clauses of a check that may be known to pass: then it goes on at `next`. The fuel that they take.
class KnownCheck {
 public:
  KnownCheck(FunctionBuilder& f, uint32_t projection, llvm::BasicBlock* next) : f_(f), projection_(projection) {
    if (projection == kNone) return;
    llvm::IRBuilder<>& b = f.b();
    asked_ = b.CreateIsNotNull(f.checks());
    llvm::BasicBlock* ask = f.NewBlock("ask");
    llvm::BasicBlock* unknown = f.NewBlock("unknown");
    b.CreateCondBr(asked_, ask, unknown);
    f.Enter(ask);
    b.CreateCondBr(f.CallForBit("edict_native_known_check", {f.frame(), b.getInt32(projection)}, Effects::kFuel), next, unknown);
    f.Enter(unknown);
    before_ = f.Fuel();
  }
  // They pass.
  void Keep(llvm::BasicBlock* next) {
    if (projection_ == kNone) return;
    llvm::IRBuilder<>& b = f_.b();
    llvm::BasicBlock* keep = f_.NewBlock("keep");
    b.CreateCondBr(asked_, keep, next);
    f_.Enter(keep);
    llvm::Value* fuel = b.CreateSub(before_, f_.Fuel());
    f_.Call("edict_native_keep_check", b.getVoidTy(), {f_.frame(), b.getInt32(projection_), fuel}, Effects::kAny);
  }

 private:
  FunctionBuilder& f_;
  const uint32_t projection_;
  llvm::Value* asked_ = nullptr;
  llvm::Value* before_ = nullptr;
};

// Goes on where the check does not apply or passes; else leaves to f.again().
void EmitCheck(FunctionBuilder& f, NodeEmitter& emitter, uint32_t event, uint32_t number) {
  llvm::IRBuilder<>& b = f.b();
  const Check& check = f.program().events[event].checks[number];
  RuleLines* lines = f.context().lines;
  llvm::BasicBlock* next = f.NewBlock("next_check");
  if (check.guard != kNone) {
    if (lines != nullptr) lines->AtCheck(b, check);
    llvm::BasicBlock* applies = f.NewBlock("applies");
    b.CreateCondBr(emitter.EmitBool(check.guard), applies, next);
    f.Enter(applies);
  }
  KnownCheck known(f, f.context().ProjectionOf(event, number), next);
  for (uint32_t i = 0; i < check.clauses.size(); ++i) {
    const Clause& clause = check.clauses[i];
    if (lines != nullptr) lines->AtClause(b, check, clause);
    const auto holds = [&] { f.AgainIf(b.CreateNot(emitter.EmitBool(clause.condition))); };
    emitter.EmitLoops(clause.loops, holds, f.context().ElementLoopOf({event, number, i, kNone}));
  }
  known.Keep(next);
  b.CreateBr(next);
  f.Enter(next);
}

// bool edict_verdict_N(const Frame*): each check either does not apply or passes, the effects' writes are queued, and the
// fuel that this takes is taken. False says only "look", and takes none.
void EmitVerdict(ModuleContext& context, uint32_t event) {
  llvm::Type* bit = llvm::Type::getInt1Ty(context.module.getContext());
  llvm::Function* function = Declare(context, "edict_verdict_" + std::to_string(event), bit, 1);
  function->addRetAttr(llvm::Attribute::ZExt);
  FunctionBuilder f(context, *function);
  llvm::IRBuilder<>& b = f.b();
  NodeEmitter emitter(f);
  const EventType& type = context.program.events[event];
  RuleLines* lines = context.lines;
  if (lines != nullptr) lines->EnterVerdict(*function, b, event);
  for (const Check& check : type.checks) {
    if (type.shape == kNone || check.guard != kNone || !check.clauses[0].loops.empty()) continue;
    emitter.LookUpFirst(check.clauses[0].condition, context.program.shapes[type.shape]);
  }
  for (uint32_t i = 0; i < type.checks.size(); ++i) EmitCheck(f, emitter, event, i);
  EmitEffects(f, emitter, event);
  if (lines != nullptr) lines->AtEvent(b);
  f.Settle();
  b.CreateRet(b.getTrue());
  f.Enter(f.again());
  f.GiveFuelBack();
  b.CreateRet(b.getFalse());
}

// void edict_value_N(const Frame*, Value*): the node's value.
void EmitValue(ModuleContext& context, uint32_t position, uint32_t node) {
  llvm::Type* none = llvm::Type::getVoidTy(context.module.getContext());
  llvm::Function* function = Declare(context, "edict_value_" + std::to_string(position), none, 2);
  FunctionBuilder f(context, *function);
  llvm::IRBuilder<>& b = f.b();
  Operand value = NodeEmitter(f).Emit(node);
  f.Settle();
  f.Store(value, function->getArg(1));
  b.CreateRetVoid();
  f.Enter(f.again());
  f.GiveFuelBack();
  f.Call("edict_native_evaluate", b.getVoidTy(), {function->getArg(1), f.frame(), b.getInt32(node)}, Effects::kAny);
  b.CreateRetVoid();
}

// What the cache can remember of the Program, the same for all modules.
struct KnownParts {
  explicit KnownParts(const Program& program) : element_loops(FindElementLoops(program)), projections(FindProjections(program)) {}

  const std::vector<ElementLoop> element_loops;
  const std::vector<Projection> projections;
};

// The text or bytes of one module.
Result<std::string> GenerateBatch(const Program& program, const KnownParts& known, const CodegenOptions& options,
                                  const Batch& batch, CodegenOutput output) {
  const Result<Target> target = TargetFor(options.cpu);
  if (!target.ok()) return target.error();
  Result<std::unique_ptr<llvm::TargetMachine>> machine = MakeTargetMachine(target.value());
  if (!machine.ok()) return machine.error();
  llvm::LLVMContext context;
  llvm::Module module("edict", context);
  module.setDataLayout(machine.value()->createDataLayout());
  module.setTargetTriple(machine.value()->getTargetTriple().str());
  ModuleContext shared{module, program, {}, 0, known.element_loops, known.projections};
  std::optional<RuleLines> lines;
  if (options.lines) shared.lines = &lines.emplace(module, program);
  ScanEmitter scans(shared);
  for (uint32_t event : batch.events) {
    EmitVerdict(shared, event);
    scans.EmitEvent(event);
    AddProfilerNames(module, program, event);
  }
  for (uint32_t shape : batch.shapes) scans.EmitShape(shape);
  for (uint32_t i : batch.values) EmitValue(shared, i, options.values[i]);
  if (lines) lines->Finish();

  std::string faults;
  llvm::raw_string_ostream fault_stream(faults);
  if (llvm::verifyModule(module, &fault_stream)) return Error{"generated code is not valid: " + faults};
  const int level = LevelFor(shared.nodes, options.optimization);
  machine.value()->setOptLevel(CodeGenLevel(level));
  Status optimized = Optimize(module, *machine.value(), level);
  if (!optimized.ok()) return optimized.error();

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

unsigned ThreadsFor(const CodegenOptions& options, size_t batches) {
  const unsigned wanted = options.threads != 0 ? options.threads : std::max(1u, std::thread::hardware_concurrency());
  return static_cast<unsigned>(std::min<size_t>(wanted, batches));
}

}  // namespace

Result<std::string> Generate(const Program& program, const CodegenOptions& options, CodegenOutput output) {
  const KnownParts known(program);
  const std::vector<Batch> batches = MakeBatches(program, static_cast<uint32_t>(options.values.size()));
  std::vector<std::string> parts(batches.size());
  std::vector<Status> faults(batches.size());
  std::atomic<size_t> next{0};
  const auto work = [&] {
    for (size_t i; (i = next.fetch_add(1)) < batches.size();) {
      Result<std::string> part = GenerateBatch(program, known, options, batches[i], output);
      if (part.ok()) {
        parts[i] = std::move(part.value());
      } else {
        faults[i] = part.error();
      }
    }
  };
  std::vector<std::thread> helpers;
  for (unsigned i = 1; i < ThreadsFor(options, batches.size()); ++i) helpers.emplace_back(work);
  work();
  for (std::thread& helper : helpers) helper.join();
  for (const Status& fault : faults) {
    if (!fault.ok()) return fault.error();
  }
  if (output == CodegenOutput::kObject) return JoinObjects(std::move(parts));
  std::string text;
  for (const std::string& part : parts) text += part;
  return text;
}

}  // namespace edict::codegen
