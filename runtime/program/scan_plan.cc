#include "runtime/program/scan_plan.h"

namespace edict {

std::vector<uint32_t> HintOffsets(const Program& program) {
  std::vector<uint32_t> offsets;
  offsets.reserve(program.shapes.size() + 1);
  uint32_t next = 0;
  for (const Shape& shape : program.shapes) {
    offsets.push_back(next);
    if (shape.kind == ShapeKind::kRecord) next += static_cast<uint32_t>(shape.fields.size()) + 1;
  }
  offsets.push_back(next);
  return offsets;
}

}  // namespace edict
