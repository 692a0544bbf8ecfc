// What object code must come from to be run here.
#ifndef EDICT_RUNTIME_JIT_BUILD_IDENTITY_H_
#define EDICT_RUNTIME_JIT_BUILD_IDENTITY_H_

namespace edict {

// Of this build of Edict: changes with every source file that code generation, or the layout of what generated code touches,
// could depend on, and with the C++ compiler and its flags; not with whether Edict's compiler is part of the build. Made by
// build_identity.cmake: 64 hex digits.
extern const char* const kBuildIdentity;

}  // namespace edict

#endif  // EDICT_RUNTIME_JIT_BUILD_IDENTITY_H_
