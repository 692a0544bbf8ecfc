// Debug information: which line of the rules an instruction is made of, as DWARF for debuggers and profilers.
#ifndef EDICT_COMPILER_CODEGEN_RULE_LINES_H_
#define EDICT_COMPILER_CODEGEN_RULE_LINES_H_

#include <llvm/IR/DIBuilder.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/Module.h>

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "runtime/program/program.h"

namespace edict::codegen {

// Of one module. An event type's functions are subprograms, called as for profilers (profiler_names.h) and standing where the type
// is declared; in the verdict each rule is a function in line, of its code's name, in which every clause has its own line. What
// belongs to no rule, and what is written after the checks, stands in the function itself.
// An instruction has the place of the clause it is of: nodes, which many rules may share, have none.
class RuleLines {
 public:
  RuleLines(llvm::Module& module, const Program& program);

  // The function is that event type's; what is emitted from here on, too.
  void EnterVerdict(llvm::Function& function, llvm::IRBuilder<>& b, uint32_t event);
  void EnterRead(llvm::Function& function, llvm::IRBuilder<>& b, uint32_t event);
  // What is emitted into the verdict from here on is of no rule; of the check's guard; of its clause; of the effect.
  void AtEvent(llvm::IRBuilder<>& b) { b.SetCurrentDebugLocation(event_); }
  void AtCheck(llvm::IRBuilder<>& b, const Check& check);
  void AtClause(llvm::IRBuilder<>& b, const Check& check, const Clause& clause);
  void AtEffect(llvm::IRBuilder<>& b, const Effect& effect);
  // Once, after the last function.
  void Finish() { builder_.finalize(); }

 private:
  // Where nothing is known: line 0, which DWARF has for it, of some file.
  Span PlaceOf(uint32_t span) const { return span == kNone ? Span{} : program_.spans[span]; }
  llvm::DIFile* FileOf(uint32_t file);
  llvm::DISubprogram* Subprogram(const std::string& name, const Span& place);
  void Enter(llvm::Function& function, llvm::IRBuilder<>& b, uint32_t event, const char* purpose);
  llvm::DISubprogram* RuleOf(const Check& check);

  llvm::DIBuilder builder_;
  const Program& program_;
  std::vector<llvm::DIFile*> files_;
  // By code, file and line: a lifecycle's code may stand at several.
  std::map<std::tuple<uint32_t, uint32_t, uint32_t>, llvm::DISubprogram*> rules_;
  llvm::DISubprogram* function_ = nullptr;
  llvm::DILocation* event_ = nullptr;
};

}  // namespace edict::codegen

#endif  // EDICT_COMPILER_CODEGEN_RULE_LINES_H_
