// Which files are compiled together. A folder may hold several packages that do not go together (two versions of one
// protocol), so each package of a folder is a rule set of its own, and so is each file of tests (NAME.test.rules).
#ifndef EDICT_COMPILER_RULE_SETS_H_
#define EDICT_COMPILER_RULE_SETS_H_

#include <string>
#include <vector>

#include "compiler/compiler.h"

namespace edict::compiler {

struct RuleSet {
  std::vector<std::string> files;  // or names of packages; to be the roots of a compilation
  std::string package;             // of a folder's files; may be empty
  bool tests = false;              // a file of tests, which imports what it tests
  std::string folder;              // where it was found: the folder asked for, or that of the file
  bool whole_folder = false;       // the folder was asked for
};

// True for NAME.test.rules.
bool IsTestFile(const std::string& path);

// The rule sets of `options.roots`: all that are no folders together, then each package of each folder, then files of tests,
// which are those in the folders, and NAME.test.rules beside a root NAME.rules. A name of a package counts as what it stands
// for. What does not exist is left for the compilation to say.
std::vector<RuleSet> RuleSets(const CompileOptions& options);

}  // namespace edict::compiler

#endif  // EDICT_COMPILER_RULE_SETS_H_
