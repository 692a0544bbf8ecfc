# cmake --install: the `edict` program, the libraries and public headers behind find_package(Edict), the standard rules.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

# What an embedding program links: Edict::runtime runs compiled Programs, Edict::edict compiles rules as well, Edict::c is for C.
add_library(edict_runtime_sdk INTERFACE)
set_target_properties(edict_runtime_sdk PROPERTIES EXPORT_NAME runtime)
target_link_libraries(edict_runtime_sdk INTERFACE edict_runtime_load edict_runtime_schedule edict_runtime_artefact)
target_compile_features(edict_runtime_sdk INTERFACE cxx_std_20)
add_library(Edict::runtime ALIAS edict_runtime_sdk)

# The C interface, which compiles rules where the compiler is built.
add_library(edict_c_sdk INTERFACE)
set_target_properties(edict_c_sdk PROPERTIES EXPORT_NAME c)
target_link_libraries(edict_c_sdk INTERFACE edict_runtime_capi)
add_library(Edict::c ALIAS edict_c_sdk)

set(sdk_targets edict_runtime_sdk edict_c_sdk)
set(header_folders runtime)
if(EDICT_WITH_COMPILER)
  add_library(edict_sdk INTERFACE)
  set_target_properties(edict_sdk PROPERTIES EXPORT_NAME edict)
  target_link_libraries(edict_sdk INTERFACE edict_compiler edict_runtime_sdk)
  add_library(Edict::edict ALIAS edict_sdk)
  list(APPEND sdk_targets edict_sdk edict_grammar)
  list(APPEND header_folders compiler)
endif()

get_property(libraries GLOBAL PROPERTY EDICT_LIBRARIES)
list(REMOVE_ITEM libraries edict_runtime_cli)
install(TARGETS ${libraries} ${sdk_targets} EXPORT EdictTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT EdictTargets NAMESPACE Edict:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/Edict)
if(TARGET edict)
  install(TARGETS edict RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()

# The public headers (compiler.h, engine.h) and those that they include; headers that show LLVM, ANTLR, simdjson or
# command-line parts stay here.
foreach(folder IN LISTS header_folders)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/${folder} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/edict
    FILES_MATCHING PATTERN "*.h" PATTERN "*.def"
    PATTERN "cmake" EXCLUDE PATTERN "cli" EXCLUDE PATTERN "perf_map.h" EXCLUDE PATTERN "json" EXCLUDE
    PATTERN "codegen" EXCLUDE PATTERN "parse" EXCLUDE PATTERN "lowerer.h" EXCLUDE PATTERN "passes" EXCLUDE)
endforeach()

# Cutting SSE and other bytes into records is for embedding programs as well.
install(FILES ${PROJECT_SOURCE_DIR}/runtime/json/framing.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/edict/runtime/json)

install(DIRECTORY ${PROJECT_SOURCE_DIR}/stdlib-rules DESTINATION ${CMAKE_INSTALL_DATADIR}/edict)

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/EdictConfig.cmake.in ${PROJECT_BINARY_DIR}/EdictConfig.cmake
  INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/Edict
  PATH_VARS CMAKE_INSTALL_DATADIR)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/EdictConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/EdictConfig.cmake ${PROJECT_BINARY_DIR}/EdictConfigVersion.cmake
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/Edict)
