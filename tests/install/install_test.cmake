# cmake -DBUILD=<build tree> -DSOURCE=<repository> -DCXX=<compiler> -P install_test.cmake
set(work ${BUILD}/install_test)
file(REMOVE_RECURSE ${work})

function(run)
  execute_process(COMMAND ${ARGV} RESULT_VARIABLE code OUTPUT_VARIABLE out ERROR_VARIABLE out)
  if(NOT code EQUAL 0)
    message(FATAL_ERROR "${ARGV}\n${out}\nexit ${code}")
  endif()
endfunction()

run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${work}/prefix)
file(COPY ${SOURCE}/examples/embed.cc ${SOURCE}/examples/judge_artefact.cc DESTINATION ${work}/user)
file(WRITE ${work}/user/CMakeLists.txt [[
cmake_minimum_required(VERSION 3.25)
project(User LANGUAGES C CXX)
find_package(Edict REQUIRED)
add_executable(embed embed.cc)
target_link_libraries(embed PRIVATE Edict::edict)
add_executable(judge_artefact judge_artefact.cc)
target_link_libraries(judge_artefact PRIVATE Edict::runtime)
file(WRITE ${CMAKE_BINARY_DIR}/stdlib "${Edict_STDLIB_DIR}")
]])
run(${CMAKE_COMMAND} -S ${work}/user -B ${work}/build -G Ninja -DCMAKE_CXX_COMPILER=${CXX} -DCMAKE_PREFIX_PATH=${work}/prefix)
run(${CMAKE_COMMAND} --build ${work}/build)
file(READ ${work}/build/stdlib stdlib)
run(${work}/build/embed ${stdlib})
# The installed program finds the installed packages.
run(${CMAKE_COMMAND} -E env --unset=EDICT_PATH ${work}/prefix/bin/edict check agui.verify)
# What it builds, a program without the compiler judges by.
file(WRITE ${work}/events.ndjson [[{"type": "RUN_STARTED", "threadId": "t", "runId": "r"}
{"type": "RUN_FINISHED", "threadId": "t", "runId": "r"}
]])
run(${work}/prefix/bin/edict build -r agui.verify -o ${work}/agui.edict --portable)
run(${work}/build/judge_artefact ${work}/agui.edict ${work}/events.ndjson)
