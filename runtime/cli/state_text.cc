#include "runtime/cli/state_text.h"

#include "runtime/state/worst_case.h"

namespace edict::cli {
namespace {

std::string ScopeText(const Program& program, uint32_t scope) {
  return scope == kNone ? "per stream" : "in scope " + program.scopes[scope].name;
}

std::string Beyond(const Program& program, uint32_t code) { return code == kNone ? "" : ", beyond: " + program.codes[code].code; }

std::string Most(uint64_t bytes) { return ": at most " + std::to_string(bytes) + " bytes\n"; }

std::string CellText(const Program& program, const Cell& cell) {
  const char* kind = cell.kind == CellKind::kMap ? "map" : cell.kind == CellKind::kSet ? "set" : "cell";
  std::string text = std::string(kind) + " " + cell.name + ", " + ScopeText(program, cell.scope);
  if (cell.kind != CellKind::kScalar) text += ", at most " + std::to_string(cell.bound) + " entries";
  return text + Beyond(program, cell.bound_code);
}

std::string LifecycleText(const Program& program, const Lifecycle& lifecycle) {
  std::string text = "lifecycle " + lifecycle.name + ", " + ScopeText(program, lifecycle.scope) + ", at most " +
                     std::to_string(lifecycle.bound) + " keys" + Beyond(program, lifecycle.bound_code) + ", states";
  for (const std::string& state : program.enums[lifecycle.states].names) text += " " + state;
  return text;
}

std::string KeepText(const Program& program, const Keep& keep) {
  std::string text = "  keep " + keep.name + ", per key";
  if (keep.rep != Kind::kString) return text + "\n";
  return text + ", a text of at most " + std::to_string(keep.bound) + " bytes" + Beyond(program, keep.bound_code) + "\n";
}

}  // namespace

std::string StateText(const Program& program) {
  const StateLimits limits;
  std::string text;
  for (const Cell& cell : program.cells) text += CellText(program, cell) + Most(MostBytes(cell, limits));
  for (const Lifecycle& lifecycle : program.lifecycles) {
    text += LifecycleText(program, lifecycle) + Most(MostBytes(lifecycle, limits));
    for (const Keep& keep : lifecycle.keeps) text += KeepText(program, keep);
  }
  for (const Document& document : program.documents) {
    text += "document " + document.name + ", " + ScopeText(program, document.scope) + ", a value of at most " +
            std::to_string(document.bound) + " bytes" + Beyond(program, document.bound_code) + Most(MostBytes(document));
  }
  for (const Scope& scope : program.scopes) text += "scope " + scope.name + "\n";
  const uint64_t sum = MostBytes(program, limits);
  text += "a stream" + Most(sum);
  if (sum == limits.total_bytes) text.insert(text.size() - 1, ", the engine's limit");
  return text;
}

}  // namespace edict::cli
