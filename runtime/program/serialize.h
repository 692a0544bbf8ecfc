// A Program as bytes and back: magic "EDICTPRG", format version, XXH3-128 of the body, body. The same Program always
// gives the same bytes. Bytes that are damaged, cut short or of a newer format are an Error, never a crash: every index
// is checked on load, so that whoever runs a loaded Program need not check again.
#ifndef EDICT_RUNTIME_PROGRAM_SERIALIZE_H_
#define EDICT_RUNTIME_PROGRAM_SERIALIZE_H_

#include <string>
#include <string_view>

#include "runtime/base/hash.h"
#include "runtime/base/result.h"
#include "runtime/program/program.h"

namespace edict {

inline constexpr uint32_t kProgramFormat = 5;

std::string Serialize(const Program& program);
Result<Program> Deserialize(std::string_view bytes);

// Of the serialised body: equal for Programs that mean and print the same.
Hash128 ContentHashOf(const Program& program);

// Every index of the Program is in range, children precede parents, constants have kinds that a Program may hold.
Status CheckProgram(const Program& program);

}  // namespace edict

#endif  // EDICT_RUNTIME_PROGRAM_SERIALIZE_H_
