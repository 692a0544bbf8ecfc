#include "compiler/codegen/rule_lines.h"

#include <llvm/BinaryFormat/Dwarf.h>
#include <llvm/IR/DebugInfoMetadata.h>

#include "compiler/codegen/profiler_names.h"

namespace edict::codegen {

RuleLines::RuleLines(llvm::Module& module, const Program& program)
    : builder_(module), program_(program), files_(program.files.size(), nullptr) {
  module.addModuleFlag(llvm::Module::Warning, "Debug Info Version", llvm::DEBUG_METADATA_VERSION);
  module.addModuleFlag(llvm::Module::Warning, "Dwarf Version", 4);
  // Of languages that debuggers know, the one whose names may be anything.
  builder_.createCompileUnit(llvm::dwarf::DW_LANG_C, FileOf(0), "edict", /*isOptimized=*/true, "", 0);
}

llvm::DIFile* RuleLines::FileOf(uint32_t file) {
  // Names are as the user gave them, so that debuggers look from where they were started.
  if (file >= files_.size()) return builder_.createFile("(rules)", "");
  if (files_[file] == nullptr) files_[file] = builder_.createFile(program_.files[file], "");
  return files_[file];
}

llvm::DISubprogram* RuleLines::Subprogram(const std::string& name, const Span& place) {
  llvm::DIFile* file = FileOf(place.file);
  llvm::DISubroutineType* type = builder_.createSubroutineType(builder_.getOrCreateTypeArray({}));
  return builder_.createFunction(file, name, "", file, place.line, type, place.line, llvm::DINode::FlagZero,
                                 llvm::DISubprogram::SPFlagDefinition | llvm::DISubprogram::SPFlagOptimized);
}

void RuleLines::Enter(llvm::Function& function, llvm::IRBuilder<>& b, uint32_t event, const char* purpose) {
  const Span place = PlaceOf(program_.events[event].span);
  function_ = Subprogram(ProfilerName(purpose, program_, event), place);
  function.setSubprogram(function_);
  event_ = llvm::DILocation::get(b.getContext(), place.line, place.column, function_);
  AtEvent(b);
}

void RuleLines::EnterVerdict(llvm::Function& function, llvm::IRBuilder<>& b, uint32_t event) { Enter(function, b, event, "rules"); }
void RuleLines::EnterRead(llvm::Function& function, llvm::IRBuilder<>& b, uint32_t event) { Enter(function, b, event, "read"); }

llvm::DISubprogram* RuleLines::RuleOf(const Check& check) {
  const Span place = PlaceOf(check.span);
  llvm::DISubprogram*& rule = rules_[{check.code, place.file, place.line}];
  if (rule == nullptr) rule = Subprogram(program_.codes[check.code].code, place);
  return rule;
}

void RuleLines::AtCheck(llvm::IRBuilder<>& b, const Check& check) {
  const Span place = PlaceOf(check.span);
  b.SetCurrentDebugLocation(llvm::DILocation::get(b.getContext(), place.line, place.column, RuleOf(check), event_));
}

void RuleLines::AtClause(llvm::IRBuilder<>& b, const Check& check, const Clause& clause) {
  if (clause.span == kNone) return AtCheck(b, check);
  const Span place = PlaceOf(clause.span);
  b.SetCurrentDebugLocation(llvm::DILocation::get(b.getContext(), place.line, place.column, RuleOf(check), event_));
}

void RuleLines::AtEffect(llvm::IRBuilder<>& b, const Effect& effect) {
  if (effect.span == kNone) return AtEvent(b);
  const Span place = PlaceOf(effect.span);
  llvm::DIFile* file = FileOf(place.file);
  llvm::DIScope* scope = function_;
  if (file != function_->getFile()) scope = builder_.createLexicalBlockFile(function_, file);
  b.SetCurrentDebugLocation(llvm::DILocation::get(b.getContext(), place.line, place.column, scope));
}

}  // namespace edict::codegen
