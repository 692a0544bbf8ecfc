#include "runtime/cli/deps_text.h"

#include <algorithm>
#include <map>
#include <vector>

#include "runtime/cli/output.h"

namespace edict::cli {
namespace {

const char* Verb(DepKind kind) {
  switch (kind) {
    case DepKind::kReadsField:
      return "reads field";
    case DepKind::kCalls:
      return "calls";
    case DepKind::kReadsState:
      return "reads state";
    case DepKind::kWritesState:
      return "writes state";
    case DepKind::kAfter:
      return "after";
  }
  return "";
}

// The names, each once, in the order in which they first came.
class Names {
 public:
  void Add(const std::string& name) {
    if (std::find(names_.begin(), names_.end(), name) == names_.end()) names_.push_back(name);
  }
  std::string Line(const std::string& head) const {
    if (names_.empty()) return "";
    std::string line = "  " + head;
    for (const std::string& name : names_) line += (&name == &names_.front() ? " " : ", ") + name;
    return line + "\n";
  }

 private:
  std::vector<std::string> names_;
};

// "TEXT_MESSAGE_START.messageId", for several events: "messageId of TEXT_MESSAGE_START, TEXT_MESSAGE_END".
std::string FieldLines(const std::vector<const Dependency*>& edges) {
  std::vector<std::string> fields;
  std::map<std::string, Names> events;
  for (const Dependency* edge : edges) {
    if (edge->kind != DepKind::kReadsField) continue;
    size_t dot = edge->to.find('.');
    std::string field = edge->to.substr(dot + 1);
    if (events.find(field) == events.end()) fields.push_back(field);
    events[field].Add(edge->to.substr(0, dot));
  }
  std::string text;
  for (const std::string& field : fields) text += events[field].Line("reads field " + field + " of");
  return text;
}

// The entities in the order in which the edges first name them, each with its edges.
template <typename NameOf>
std::vector<std::pair<std::string, std::vector<const Dependency*>>> Grouped(const Program& program, NameOf name_of) {
  std::vector<std::pair<std::string, std::vector<const Dependency*>>> groups;
  std::map<std::string, size_t> index;
  for (const Dependency& edge : program.dependencies) {
    const std::string* name = name_of(edge);
    if (name == nullptr) continue;
    auto [found, added] = index.emplace(*name, groups.size());
    if (added) groups.emplace_back(*name, std::vector<const Dependency*>{});
    groups[found->second].second.push_back(&edge);
  }
  return groups;
}

}  // namespace

std::string DepsText(const Program& program) {
  std::string text;
  for (const auto& [from, edges] : Grouped(program, [](const Dependency& edge) { return &edge.from; })) {
    text += from + "\n" + FieldLines(edges);
    for (auto [kind, head] : {std::pair(DepKind::kReadsState, "reads"), std::pair(DepKind::kWritesState, "writes"),
                              std::pair(DepKind::kCalls, "calls"), std::pair(DepKind::kAfter, "after")}) {
      Names names;
      for (const Dependency* edge : edges) {
        if (edge->kind == kind) names.Add(edge->to);
      }
      text += names.Line(head);
    }
  }
  auto state_of = [](const Dependency& edge) {
    return edge.kind == DepKind::kReadsState || edge.kind == DepKind::kWritesState ? &edge.to : nullptr;
  };
  for (const auto& [state, edges] : Grouped(program, state_of)) {
    Names writers;
    Names readers;
    for (const Dependency* edge : edges) (edge->kind == DepKind::kWritesState ? writers : readers).Add(edge->from);
    text += "\n" + state + "\n" + writers.Line("written by") + readers.Line("read by");
  }
  return text;
}

std::string DepsJson(const Program& program) {
  std::string text = "{\"version\": 1, \"dependencies\": [";
  const char* separator = "\n  ";
  for (const Dependency& dependency : program.dependencies) {
    text += separator;
    separator = ",\n  ";
    text += "{\"from\": ";
    AppendJsonString(text, dependency.from);
    text += ", \"kind\": ";
    AppendJsonString(text, Verb(dependency.kind));
    text += ", \"to\": ";
    AppendJsonString(text, dependency.to);
    text += "}";
  }
  return text + "\n]}\n";
}

std::string DepsDot(const Program& program) {
  std::string text = "digraph dependencies {\n  rankdir=LR;\n  node [shape=box];\n";
  for (const Dependency& dependency : program.dependencies) {
    text += "  ";
    AppendJsonString(text, dependency.from);
    text += " -> ";
    AppendJsonString(text, dependency.to);
    text += " [label=";
    AppendJsonString(text, Verb(dependency.kind));
    text += "];\n";
  }
  return text + "}\n";
}

}  // namespace edict::cli
