# cmake -DSOURCES="a;b" -DSALT=text -DROOT=dir -DOUT=file -P build_identity.cmake: writes a source file that defines kBuildIdentity, the
# SHA-256 of the names and contents of the sources and of the salt.
set(text "${SALT}\n")
foreach(source IN LISTS SOURCES)
  file(SHA256 ${source} hash)
  file(RELATIVE_PATH name ${ROOT} ${source})
  string(APPEND text "${name} ${hash}\n")
endforeach()
string(SHA256 identity "${text}")
file(CONFIGURE OUTPUT ${OUT} @ONLY CONTENT [[
#include "runtime/jit/build_identity.h"
namespace edict {
const char* const kBuildIdentity = "@identity@";
}
]])
