#include "runtime/cli/inspect_state.h"

#include <algorithm>
#include <map>
#include <utility>

#include "runtime/cli/output.h"
#include "runtime/engine.h"
#include "runtime/state/document.h"
#include "runtime/state/table.h"
#include "runtime/state/text_keep.h"
#include "runtime/state/timer.h"
#include "runtime/state/window.h"

namespace edict::cli {
namespace {

// One declaration of state.
struct Part {
  std::string kind;
  std::string name;
  uint32_t scope = kNone;
  uint64_t entries = 0;  // 0: a scalar
  uint64_t each = 0;     // bytes of one entry, or of the scalar, at most
  uint32_t beyond = kNone;
  std::string states;  // of a lifecycle, separated by spaces

  uint64_t bytes() const {
    const uint64_t n = std::max<uint64_t>(entries, 1);
    return each > ~0ull / n ? ~0ull : each * n;
  }
};

uint64_t TextBytes(Kind rep, uint64_t declared, const EngineOptions& options) {
  const bool text = rep == Kind::kString || rep == Kind::kBytes || rep == Node::kAny;
  if (!text) return 0;
  return declared == 0 ? options.max_state_string_bytes : std::min(declared, options.max_state_string_bytes);
}

uint64_t KeyBytes(Kind rep, uint64_t declared, const EngineOptions& options) {
  const uint64_t text = TextBytes(rep, declared, options);
  return text == 0 ? KeyTable::kScalarBytes : KeyTable::kStringBytes + text;
}

template <typename Declared>
Part PartOf(const char* kind, const Declared& declared, uint64_t entries) {
  Part part;
  part.kind = kind;
  part.name = declared.name;
  part.scope = declared.scope;
  part.beyond = declared.bound_code;
  part.entries = entries;
  return part;
}

Part KeepPart(const Lifecycle& lifecycle, const Keep& keep) {
  Part part;
  part.kind = "keep";
  part.name = lifecycle.name + "." + keep.name;
  part.scope = lifecycle.scope;
  part.beyond = keep.bound_code;
  part.entries = lifecycle.bound;
  part.each = 2 * KeepStore::kSlotBytes + (keep.rep == Kind::kString ? keep.bound : 0);  // the records grow by doubling
  return part;
}

// Windows, sequences and deadlines. Each text is held up to four times over, in growing memory: by the table, and beside it.
void AddTimed(const Program& program, const EngineOptions& options, std::vector<Part>& parts) {
  const uint64_t text = 4 * options.max_state_string_bytes;
  for (const Window& window : program.windows) {
    Part part = PartOf("window", window, window.bound_entries);
    // Its keys are as many as its entries at most, and only then does each entry have one of its own.
    part.each = WindowState::MostBytes(window) / window.bound_entries + 1 + window.key_count * text;
    if (window.function == WindowFunction::kDistinct) part.each += text;
    parts.push_back(std::move(part));
  }
  for (const Timer& timer : program.timers) {
    Part part = PartOf(TimerWord(timer), timer, timer.bound);
    part.each = TimerState::MostBytes(timer) / timer.bound + 1 + timer.key_count * text;
    parts.push_back(std::move(part));
  }
}

std::vector<Part> Parts(const Program& program) {
  const EngineOptions options;
  std::vector<Part> parts;
  for (const Cell& cell : program.cells) {
    const bool scalar = cell.kind == CellKind::kScalar;
    const char* kind = scalar ? "cell" : cell.kind == CellKind::kMap ? "map" : "set";
    Part part = PartOf(kind, cell, scalar ? 0 : cell.bound);
    if (scalar) {
      part.each = sizeof(Value) + TextBytes(cell.rep, cell.bound != 0 ? cell.bound : cell.bound_bytes, options);
    } else {
      part.each = KeyTable::kEntryBytes + KeyBytes(cell.key_rep, cell.bound_bytes, options);
      if (cell.kind == CellKind::kMap) part.each += TextBytes(cell.rep, cell.bound_bytes, options);
    }
    parts.push_back(std::move(part));
  }
  for (const Lifecycle& lifecycle : program.lifecycles) {
    Part part = PartOf("lifecycle", lifecycle, lifecycle.bound);
    // The kinds of its keys are not kept: any may be a string.
    part.each = KeyTable::kEntryBytes + lifecycle.key_count * KeyBytes(Node::kAny, 0, options);
    for (const std::string& state : program.enums[lifecycle.states].names) part.states += (part.states.empty() ? "" : " ") + state;
    parts.push_back(std::move(part));
    for (const Keep& keep : lifecycle.keeps) parts.push_back(KeepPart(lifecycle, keep));
  }
  for (const Document& document : program.documents) {
    Part part = PartOf("document", document, 0);
    part.each = JsonDocument::MostBytes(document.bound);
    parts.push_back(std::move(part));
  }
  AddTimed(program, options, parts);
  return parts;
}

uint64_t Sum(const std::vector<Part>& parts) {
  uint64_t sum = 0;
  for (const Part& part : parts) sum = part.bytes() > ~0ull - sum ? ~0ull : sum + part.bytes();
  return sum;
}

std::string Scope(const Program& program, uint32_t scope) {
  return scope == kNone ? "per stream" : "in scope " + program.scopes[scope].name;
}

// A line of the graph: FROM -> TO under all its labels.
using Edges = std::map<std::pair<std::string, std::string>, std::string>;

void AddEdges(const ast::LifecycleDecl& lifecycle, const std::vector<std::string>& states, Edges& edges) {
  for (const ast::TransitionDecl& line : lifecycle.transitions) {
    for (const std::string& state : states) {
      const bool from = std::any_of(line.from.begin(), line.from.end(),
                                    [&](const ast::Name& name) { return name.text == "*" || name.text == state; });
      if (!from) continue;
      std::string& label = edges[{state, line.to.text == "same" ? state : line.to.text}];
      for (const ast::Name& event : line.events) label += (label.empty() ? "" : "\n") + event.text;
      if (line.when != nullptr) label += " (when)";
    }
  }
}

std::string LifecycleDot(const ast::LifecycleDecl& lifecycle) {
  std::vector<std::string> states = {"absent"};
  const auto add = [&](const std::string& name) {
    if (name != "*" && name != "same" && std::count(states.begin(), states.end(), name) == 0) states.push_back(name);
  };
  for (const ast::TransitionDecl& line : lifecycle.transitions) {
    for (const ast::Name& from : line.from) add(from.text);
    add(line.to.text);
    if (line.recover) add(line.recover->text);
  }
  const auto node = [&](const std::string& state) {
    std::string text;
    AppendJsonString(text, lifecycle.name.text + "." + state);
    return text;
  };
  std::string text = "  subgraph ";
  AppendJsonString(text, "cluster_" + lifecycle.name.text);
  text += " {\n    label=";
  AppendJsonString(text, lifecycle.name.text);
  text += ";\n";
  for (const std::string& state : states) {
    text += "    " + node(state) + " [label=";
    AppendJsonString(text, state);
    text += state == "absent" ? ", shape=circle];\n" : "];\n";
  }
  Edges edges;
  AddEdges(lifecycle, states, edges);
  for (const auto& [ends, label] : edges) {
    text += "    " + node(ends.first) + " -> " + node(ends.second) + " [label=";
    AppendJsonString(text, label);
    text += "];\n";
  }
  return text + "  }\n";
}

void AddLifecycles(const std::vector<std::unique_ptr<ast::Declaration>>& declarations, std::string& text) {
  for (const auto& declaration : declarations) {
    if (const auto* lifecycle = std::get_if<ast::LifecycleDecl>(&declaration->item)) text += LifecycleDot(*lifecycle);
    if (const auto* scope = std::get_if<ast::ScopeDecl>(&declaration->item)) AddLifecycles(scope->body, text);
  }
}

}  // namespace

std::string StateText(const Program& program) {
  std::string text;
  const std::vector<Part> parts = Parts(program);
  for (const Part& part : parts) {
    text += part.kind + " " + part.name + ", " + Scope(program, part.scope) + ": at most ";
    if (part.entries != 0) text += std::to_string(part.entries) + " entries of " + std::to_string(part.each) + " bytes, ";
    text += std::to_string(part.bytes()) + " bytes";
    if (part.beyond != kNone) text += "; beyond: " + program.codes[part.beyond].code;
    if (!part.states.empty()) text += "; states: " + part.states;
    text += "\n";
  }
  for (const edict::Scope& scope : program.scopes) {
    text += "scope " + scope.name + (scope.parent == kNone ? "" : ", " + Scope(program, scope.parent)) + "\n";
  }
  return text + "in total at most " + std::to_string(Sum(parts)) + " bytes a stream; the engine's limit is " +
         std::to_string(EngineOptions{}.max_state_bytes) + "\n";
}

std::string StateJson(const Program& program) {
  std::string text = "{\"version\": 1, \"state\": [";
  const char* separator = "\n  ";
  const std::vector<Part> parts = Parts(program);
  for (const Part& part : parts) {
    text += separator;
    separator = ",\n  ";
    text += "{\"kind\": \"" + part.kind + "\", \"name\": ";
    AppendJsonString(text, part.name);
    text += ", \"scope\": ";
    AppendJsonString(text, part.scope == kNone ? "" : program.scopes[part.scope].name);
    text += ", \"entries\": " + std::to_string(part.entries) + ", \"bytes\": " + std::to_string(part.bytes());
    text += ", \"beyond\": ";
    AppendJsonString(text, part.beyond == kNone ? "" : program.codes[part.beyond].code);
    if (!part.states.empty()) {
      text += ", \"states\": ";
      AppendJsonString(text, part.states);
    }
    text += "}";
  }
  return text + "\n], \"bytes\": " + std::to_string(Sum(parts)) +
         ", \"limit\": " + std::to_string(EngineOptions{}.max_state_bytes) + "}\n";
}

std::string LifecyclesDot(const std::vector<ast::File>& files) {
  std::string text = "digraph lifecycles {\n  rankdir=LR;\n";
  for (const ast::File& file : files) AddLifecycles(file.declarations, text);
  return text + "}\n";
}

}  // namespace edict::cli
