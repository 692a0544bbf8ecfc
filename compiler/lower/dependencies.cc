// What rules read through dyn(e): fields of the event that need not be declared.
#include <algorithm>

#include "compiler/ir/roots.h"
#include "compiler/lower/lowerer.h"

namespace edict::lower {

void Lowerer::DependOnEventTree(const Site& site, uint32_t event, const Check& check) {
  std::vector<uint32_t> roots;
  ir::VisitRoots(check, [&roots](uint32_t node) { roots.push_back(node); });
  DependOnEventTree(site, event, std::move(roots));
}

void Lowerer::DependOnEventTree(const Site& site, uint32_t event, const std::vector<Effect>& effects, size_t first) {
  std::vector<uint32_t> roots;
  for (size_t i = first; i < effects.size(); ++i) ir::VisitRoots(effects[i], [&roots](uint32_t node) { roots.push_back(node); });
  DependOnEventTree(site, event, std::move(roots));
}

void Lowerer::DependOnEventTree(const Site& site, uint32_t event, std::vector<uint32_t> roots) {
  std::set<uint32_t> seen;
  const std::string& name = p_.events[event].name;
  while (!roots.empty()) {
    uint32_t id = roots.back();
    roots.pop_back();
    if (!seen.insert(id).second) continue;
    const Node& node = p_.nodes[id];
    bool selects = node.op == Op::kField || node.op == Op::kHasField || node.op == Op::kOptField;
    for (uint32_t i = 0; i < node.arg_count; ++i) {
      uint32_t arg = p_.args[node.args + i];
      if (p_.nodes[arg].op != Op::kEvent) {
        roots.push_back(arg);
      } else if (selects) {
        Depend(site.from, DepKind::kReadsField, name + "." + std::string(p_.constants[node.imm].text()));
      } else {
        Depend(site.from, DepKind::kReadsField, name + ".*");
      }
    }
  }
}

}  // namespace edict::lower
