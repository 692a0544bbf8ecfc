# edict_library(<folder> [CXX17] [DEPS <folder>...] [LIBS <lib>...] [SYSTEM_INCLUDES <dir>...] [DEFINES <def>...]
#               [EXCLUDE <file>...])
#
# Makes the folder's *.cc the static library `edict_<folder with _ for />`, e.g. runtime/base -> edict_runtime_base.
# A folder that has no .cc yet becomes an INTERFACE library, so that the tree always configures. Includes are written
# from the repository root. DEPS are folders of this tree (what a folder may depend on is ruled by
# tests/layering/layers.txt); LIBS, SYSTEM_INCLUDES and DEFINES stay private to the folder. CXX17 compiles the folder
# as C++17; everything that it includes must then be C++17 as well.
function(edict_library folder)
  cmake_parse_arguments(PARSE_ARGV 1 arg "CXX17" "" "DEPS;LIBS;SYSTEM_INCLUDES;DEFINES;EXCLUDE")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "edict_library(${folder}): unknown arguments ${arg_UNPARSED_ARGUMENTS}")
  endif()

  edict_target_name(${folder} target)
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.cc)
  list(TRANSFORM arg_EXCLUDE PREPEND ${PROJECT_SOURCE_DIR}/${folder}/)
  list(REMOVE_ITEM sources ${arg_EXCLUDE} "")

  set(public PUBLIC)
  set(private PRIVATE)
  if(sources)
    add_library(${target} STATIC ${sources})
  else()
    add_library(${target} INTERFACE)
    set(public INTERFACE)
    set(private INTERFACE)
  endif()
  add_library(Edict::${target} ALIAS ${target})
  set_property(GLOBAL APPEND PROPERTY EDICT_LIBRARIES ${target})

  target_include_directories(${target} ${public} $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>
                                                 $<INSTALL_INTERFACE:include/edict>)
  foreach(dep IN LISTS arg_DEPS)
    edict_target_name(${dep} dep_target)
    target_link_libraries(${target} ${public} Edict::${dep_target})
  endforeach()
  target_link_libraries(${target} ${private} ${arg_LIBS})
  if(sources)
    target_include_directories(${target} SYSTEM PRIVATE ${arg_SYSTEM_INCLUDES})
    target_compile_definitions(${target} PRIVATE ${arg_DEFINES})
    if(EDICT_FUZZ)
      # What the coverage shim of tests/fuzz counts.
      target_compile_options(${target} PRIVATE -fsanitize-coverage=trace-pc,trace-cmp)
    endif()
    if(arg_CXX17)
      set_target_properties(${target} PROPERTIES CXX_STANDARD 17)
    endif()
  endif()
endfunction()

# runtime/base -> edict_runtime_base
function(edict_target_name folder out)
  string(REPLACE "/" "_" name ${folder})
  set(${out} edict_${name} PARENT_SCOPE)
endfunction()

# edict_use_allocator(<executable>): oneTBB's allocator takes the place of the C library's. That one lets the memory of a second thread
# grow page by page, each of which is a call of the system that stops the other threads' page faults, and threads that free what others
# took wait for each other. A sanitizer has an allocator of its own.
function(edict_use_allocator target)
  if(NOT EDICT_SANITIZE)
    # --no-as-needed: no symbol of it is named anywhere.
    target_link_libraries(${target} PRIVATE -Wl,--push-state,--no-as-needed TBB::tbbmalloc_proxy -Wl,--pop-state)
  endif()
endfunction()
