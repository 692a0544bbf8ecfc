#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "compiler/passes/passes.h"

namespace edict::passes {
namespace {

// Calls visit(uint32_t&) for every shape that the shape refers to.
template <typename Visit>
void VisitShapes(Shape& shape, Visit visit) {
  visit(shape.element);
  for (ShapeField& field : shape.fields) visit(field.shape);
  for (ShapeAlternative& alternative : shape.alternatives) visit(alternative.shape);
  visit(shape.otherwise);
  for (uint32_t& member : shape.members) visit(member);
}

// Everything that a shape holds; equal shapes, and only they, have equal keys.
std::string KeyOf(const Shape& shape) {
  std::string key;
  auto number = [&key](uint64_t n) { key.append(reinterpret_cast<const char*>(&n), sizeof n); };
  auto text = [&](const std::string& s) {
    number(s.size());
    key += s;
  };
  number(static_cast<uint64_t>(shape.kind) | (shape.nullable ? 256 : 0) | (shape.closed ? 512 : 0));
  text(shape.name);
  number(shape.element);
  number(shape.tag_field);
  number(shape.otherwise);
  number(shape.literals.size());
  for (uint32_t literal : shape.literals) number(literal);
  number(shape.fields.size());
  for (const ShapeField& field : shape.fields) {
    number(field.name);
    number(field.shape);
    number(field.optional ? 1 : 0);
    number(field.slot);
  }
  number(shape.alternatives.size());
  for (const ShapeAlternative& alternative : shape.alternatives) {
    number(alternative.tag);
    number(alternative.shape);
  }
  number(shape.members.size());
  for (uint32_t member : shape.members) number(member);
  for (const ShapeConstraint& constraint : shape.constraints) {
    number(constraint.condition);
    number(constraint.code);
    text(constraint.message);
  }
  return key;
}

// Refers to the first of equal shapes instead of the others. False: there was nothing to change.
bool Merge(Program& p) {
  std::map<std::string, uint32_t> first;
  std::vector<uint32_t> instead;
  bool changed = false;
  for (uint32_t i = 0; i < p.shapes.size(); ++i) instead.push_back(first.emplace(KeyOf(p.shapes[i]), i).first->second);
  auto replace = [&](uint32_t& shape) {
    if (shape == kNone || instead[shape] == shape) return;
    shape = instead[shape];
    changed = true;
  };
  for (Shape& shape : p.shapes) VisitShapes(shape, replace);
  for (EventType& event : p.events) replace(event.shape);
  return changed;
}

// Takes away what no event reaches. The others keep their order.
void DropUnused(Program& p) {
  std::vector<bool> used(p.shapes.size());
  std::vector<uint32_t> open;
  for (EventType& event : p.events) open.push_back(event.shape);
  while (!open.empty()) {
    uint32_t id = open.back();
    open.pop_back();
    if (id == kNone || used[id]) continue;
    used[id] = true;
    VisitShapes(p.shapes[id], [&open](uint32_t& shape) { open.push_back(shape); });
  }
  std::vector<uint32_t> number;
  uint32_t next = 0;
  for (bool keep : used) number.push_back(keep ? next++ : kNone);
  auto renumber = [&number](uint32_t& shape) {
    if (shape != kNone) shape = number[shape];
  };
  for (uint32_t i = 0; i < p.shapes.size(); ++i) {
    if (!used[i]) continue;
    VisitShapes(p.shapes[i], renumber);
    if (number[i] != i) p.shapes[number[i]] = std::move(p.shapes[i]);
  }
  p.shapes.resize(next);
  for (EventType& event : p.events) renumber(event.shape);
}

}  // namespace

// Each round merges one level more, from the leaves up.
Program ShareShapes(Program program) {
  while (Merge(program)) {
  }
  DropUnused(program);
  return program;
}

}  // namespace edict::passes
