# Third-party packages, all from Debian (tests/packages.txt). Found here once, because an imported target is visible
# only below the directory that found it; each folder's CMakeLists.txt says which of them it links.

find_package(simdjson REQUIRED)
find_package(TBB REQUIRED)
find_package(CLI11 REQUIRED)
find_package(nlohmann_json REQUIRED)
find_library(EDICT_XXHASH xxhash REQUIRED) # no CMake package: linked by name
find_library(EDICT_RE2 re2 REQUIRED)       # likewise
find_library(EDICT_DATE_TZ date-tz REQUIRED) # likewise (libhowardhinnant-date-dev)

if(EDICT_WITH_COMPILER)
  # Debian installs several LLVMs side by side; 19 is the one that the code generator is written for.
  find_package(LLVM 19.1 CONFIG REQUIRED HINTS /usr/lib/llvm-19)
  if(NOT LLVM_ENABLE_RTTI)
    message(FATAL_ERROR "LLVM in ${LLVM_INSTALL_PREFIX} is built without RTTI; Edict needs one with it")
  endif()
  find_program(EDICT_ANTLR4 antlr4 REQUIRED)
  find_library(EDICT_ANTLR4_RUNTIME antlr4-runtime REQUIRED)
  find_path(EDICT_ANTLR4_INCLUDE antlr4-runtime.h PATH_SUFFIXES antlr4-runtime REQUIRED)
endif()

if(EDICT_TESTS)
  find_package(GTest REQUIRED)
endif()
if(EDICT_BENCH)
  find_package(benchmark REQUIRED)
endif()
