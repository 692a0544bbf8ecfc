// The sizes of what expressions read: constants, fields of declared shapes, state. For compiler/ir only.
#ifndef EDICT_COMPILER_IR_EXTENT_H_
#define EDICT_COMPILER_IR_EXTENT_H_

#include <string>

#include "compiler/ir/cost.h"

namespace edict::ir {

Extent UnboundedExtent();
Extent TextExtent(const Bound& bytes);
// Of an input that nothing is declared of: size(name), largest(name), total(name).
Extent Unknown(const std::string& name);
// Of anything inside such a value.
Extent Inside(const Extent& container);
// Of one of the two.
Extent Either(const Extent& a, const Extent& b);
bool IsScalar(Kind rep);

Extent ExtentOf(const Value& value);
// What a value of this shape may be: `where size(this) <= n` bounds it, other sizes are the input's, under the name.
Extent ShapeExtent(const Program& program, uint32_t shape, const std::string& name);
Extent CellValue(const Cell& cell);
Extent CellKeys(const Cell& cell);
Extent LifecycleKeys(const Lifecycle& lifecycle);
Extent KeepValue(const Keep& keep);
Extent DocumentValue(const Document& document);

}  // namespace edict::ir

#endif  // EDICT_COMPILER_IR_EXTENT_H_
