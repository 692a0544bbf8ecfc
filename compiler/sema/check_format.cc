#include "compiler/sema/check_format.h"

namespace edict::sema {
namespace {

bool IsInteger(Kind kind) { return kind == Kind::kInt || kind == Kind::kUint; }

// Whether a clause takes values of the kind. %d takes the doubles that are no numbers.
bool Takes(char verb, Kind kind) {
  switch (verb) {
    case 's':
      return true;
    case 'd':
    case 'f':
    case 'e':
      return IsInteger(kind) || kind == Kind::kDouble;
    case 'b':
      return IsInteger(kind) || kind == Kind::kBool;
    case 'o':
      return IsInteger(kind);
    default:
      return IsInteger(kind) || kind == Kind::kString || kind == Kind::kBytes;
  }
}

// Reads a clause such as ".3f" at `at`, just behind the '%'; 0: it is none.
char ReadClause(std::string_view text, size_t& at) {
  if (at < text.size() && text[at] == '.') {
    size_t digits = at + 1;
    while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') ++digits;
    if (digits == at + 1) return 0;
    at = digits;
  }
  if (at >= text.size() || std::string_view("sdfeboxX%").find(text[at]) == std::string_view::npos) return 0;
  return text[at++];
}

}  // namespace

std::optional<FormatFault> FindFormatFault(std::string_view text, const std::vector<Kind>& arguments) {
  size_t used = 0;
  for (size_t at = text.find('%'); at != std::string_view::npos; at = text.find('%', at)) {
    size_t begin = at++;
    char verb = ReadClause(text, at);
    if (verb == 0) {
      std::string clause(text.substr(begin, at + 1 - begin));
      return FormatFault{"\"" + clause + "\" is no clause of format: there are %s %d %f %e %b %o %x %X and %%", FormatFault::kText};
    }
    if (verb == '%') continue;
    if (used == arguments.size()) {
      return FormatFault{"the text has more clauses than there are arguments", FormatFault::kText};
    }
    Kind kind = arguments[used];
    if (kind != Kind::kAbsent && !Takes(verb, kind)) {
      return FormatFault{std::string("%") + verb + " does not take a value of type " + KindName(kind), used};
    }
    ++used;
  }
  return std::nullopt;
}

}  // namespace edict::sema
