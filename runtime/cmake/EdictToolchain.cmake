# Language level, warnings, sanitizers, linker and compiler cache: what every target of the tree shares.

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib)

# -Wrestrict of g++ 12 misfires on std::string concatenation (GCC PR 105651).
add_compile_options(-Wall -Wextra -Werror -Wno-restrict)

if(EDICT_SANITIZE)
  add_compile_options(-fsanitize=${EDICT_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${EDICT_SANITIZE})
endif()

find_program(EDICT_MOLD mold)
if(EDICT_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

find_program(EDICT_CCACHE ccache)
if(EDICT_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${EDICT_CCACHE})
endif()
