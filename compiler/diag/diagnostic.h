// Diagnostics: what is wrong with the user's source. Each kind is declared once in diagnostics.def (code, severity, title);
// a message is lower case without a final stop, marks the narrowest wrong source, and a second label says why.
// C++17-clean: the parser reports through it.
#ifndef EDICT_COMPILER_DIAG_DIAGNOSTIC_H_
#define EDICT_COMPILER_DIAG_DIAGNOSTIC_H_

#include <string>
#include <vector>

#include "compiler/source/source.h"

namespace edict::diag {

enum class Severity { kError, kWarning, kNote };

// One enumerator per line of diagnostics.def: EDICT_DIAGNOSTIC(kUnknownField, "E0203", kError, "unknown field").
enum class Code {
#define EDICT_DIAGNOSTIC(symbol, code, severity, title) symbol,
#include "compiler/diag/diagnostics.def"
#undef EDICT_DIAGNOSTIC
};

const char* CodeText(Code code);   // "E0203"
const char* CodeTitle(Code code);  // "unknown field"
Severity CodeSeverity(Code code);

// A second place that says why ("declared here").
struct Label {
  source::Span span;
  std::string text;
};

// Replacing `span` by `text` would mend the fault. Only given where certain.
struct FixIt {
  source::Span span;
  std::string text;
  std::string title;
};

struct Diagnostic {
  Code code;
  source::Span span;
  std::string message;  // what is wrong here, specific; the title of the code is the general part
  std::vector<Label> labels;
  std::vector<FixIt> fixes;
};

// Collects diagnostics of one compilation; keeps order of report, `Sorted` gives source order. Keeps at most `limit`
// and then counts what it drops.
class Diagnostics {
 public:
  explicit Diagnostics(size_t limit = 200) : limit_(limit) {}

  // Returns a reference to add labels and fixes to, valid until the next Report.
  Diagnostic& Report(Code code, source::Span span, std::string message);
  bool has_errors() const { return errors_ != 0; }
  size_t dropped() const { return dropped_; }
  const std::vector<Diagnostic>& items() const { return items_; }
  std::vector<Diagnostic> Sorted() const;

 private:
  size_t limit_;
  size_t errors_ = 0;
  size_t dropped_ = 0;
  std::vector<Diagnostic> items_;
  Diagnostic overflow_{};
};

// Renderers. Text: "file:line:col: error[E0203]: message" + source line + carets + labels + fixes; `color` adds ANSI.
std::string RenderText(const Diagnostics& diagnostics, const source::SourceSet& sources, bool color);
// A JSON document {"version":1,"diagnostics":[{code,severity,title,message,file,line,column,end_line,end_column,labels,fixes}]}.
std::string RenderJson(const Diagnostics& diagnostics, const source::SourceSet& sources);

}  // namespace edict::diag

#endif  // EDICT_COMPILER_DIAG_DIAGNOSTIC_H_
