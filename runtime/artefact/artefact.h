// A built rule set: one file with the Program and, for any number of CPUs, the object code of its rules, so that a program that has
// neither rules nor compiler can judge by it. `edict build` writes it.
//
//   Result<Artefact> artefact = ReadArtefact("my.edict");
//   Engine engine(artefact.value().program);
//   Result<LoadedObjectCode> native = LoadObjectCode(artefact.value());  // if you trust whoever built it
//   if (native.ok()) engine.UseNative(native.value().code);              // else the engine interprets, and finds the same
//
// The file: magic "EDICTART", format version, XXH3-128 of what follows, the Program (runtime/program/serialize.h), and object code
// with what it needs. Numbers are little-endian. The same rules, CPUs and build of Edict give the same bytes. Bytes that are
// damaged, cut short or of another format are an Error, never a crash.
//
// A checksum tells damage, not malice: object code is run as it is. Take that of an artefact only from whom you would take a
// program; the Program itself is checked wherever it comes from.
#ifndef EDICT_RUNTIME_ARTEFACT_ARTEFACT_H_
#define EDICT_RUNTIME_ARTEFACT_ARTEFACT_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/result.h"
#include "runtime/jit/native_code.h"
#include "runtime/program/program.h"

namespace edict {

inline constexpr uint32_t kArtefactFormat = 1;
// Of one file, in bytes: reading it takes so much memory.
inline constexpr uint64_t kMaxArtefactBytes = 1ull << 30;

// For one CPU.
struct ObjectCode {
  std::string cpu;                    // as LLVM names it
  std::string build;                  // kBuildIdentity (runtime/jit/build_identity.h) of the Edict that made it
  std::vector<std::string> features;  // that it needs (runtime/jit/cpu_features.h)
  std::string bytes;                  // for LoadNativeCode
};

struct Artefact {
  std::shared_ptr<const Program> program;  // never null
  std::vector<ObjectCode> objects;
};

// Whether the bytes, or the first of a regular file, are those of an artefact, sound or not.
bool IsArtefact(std::string_view bytes);
bool IsArtefactFile(const std::string& path);

std::string EncodeArtefact(const Artefact& artefact);
Result<Artefact> DecodeArtefact(std::string_view bytes);

// The Error names the file.
Result<Artefact> ReadArtefact(const std::string& path);
// All of it or nothing: other processes see the file as it was, or as it is. Returns its bytes.
Result<uint64_t> WriteArtefact(const std::string& path, const Artefact& artefact);

// Nothing: the object code can run here, in this build. Otherwise why not.
Status Fits(const ObjectCode& object);

struct LoadedObjectCode {
  std::shared_ptr<const NativeCode> code;
  std::string cpu;
};
// The object code that fits and needs the most of this machine. An Error says why there is none. `load`: in place of
// LoadNativeCode.
using ObjectLoader = std::function<Result<std::shared_ptr<const NativeCode>>(std::string_view object, size_t event_count)>;
Result<LoadedObjectCode> LoadObjectCode(const Artefact& artefact, const ObjectLoader& load = {});

}  // namespace edict

#endif  // EDICT_RUNTIME_ARTEFACT_ARTEFACT_H_
