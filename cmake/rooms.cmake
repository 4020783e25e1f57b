# SPDX-License-Identifier: Apache-2.0
# cad_room(<name> DEPS rooms... LINK external...): the folder's sources as static library cad_<name>;
# its *_test.cpp as the test program <name>_test; its *_fuzz.cpp as one fuzzer each. DEPS are the
# only rooms it may include (tools/check_layers.py holds the includes to it). What is in its folder
# testing/ serves the tests and fuzzers alone (writers of files that the room reads). SERVER Name: the
# tests with "OnName" in their name are one test, name_on_name, with a real server around it.
function(cad_room name)
  cmake_parse_arguments(ROOM "RECURSE" "SERVER" "DEPS;LINK;TEST_DEPS" ${ARGN})
  if(ROOM_RECURSE)
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS *.cpp)
  else()
    file(GLOB sources CONFIGURE_DEPENDS *.cpp)
  endif()
  file(GLOB helpers CONFIGURE_DEPENDS testing/*.cpp)
  list(FILTER helpers EXCLUDE REGEX "_(test|fuzz)\\.cpp$")
  list(REMOVE_ITEM sources ${helpers})
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  set(fuzzers ${sources})
  list(FILTER fuzzers INCLUDE REGEX "_fuzz\\.cpp$")
  list(FILTER sources EXCLUDE REGEX "(_test|_fuzz|_bench|main)\\.cpp$")

  set(target cad_${name})
  set(deps ${ROOM_DEPS})
  list(TRANSFORM deps PREPEND cad_)
  set(test_deps ${ROOM_TEST_DEPS})
  list(TRANSFORM test_deps PREPEND cad_)
  if(sources)
    add_library(${target} STATIC ${sources})
    target_link_libraries(${target} PUBLIC cad_flags ${deps} ${ROOM_LINK})
  else()
    add_library(${target} INTERFACE)
    target_link_libraries(${target} INTERFACE cad_flags ${deps} ${ROOM_LINK})
  endif()

  set(testing)
  if(helpers)
    set(testing ${target}_testing)
    add_library(${testing} STATIC EXCLUDE_FROM_ALL ${helpers})
    target_link_libraries(${testing} PUBLIC ${target})
  endif()

  if(tests AND CADLENS_TESTS)
    find_package(GTest REQUIRED)
    include(GoogleTest)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE ${testing} ${target} ${test_deps} GTest::gtest
                                               GTest::gmock GTest::gtest_main Threads::Threads
                                               cad_test_paths)
    if(ROOM_SERVER)
      # Those that need a real server share one; alone each of them would start its own.
      set(filter TEST_FILTER "-*On${ROOM_SERVER}*")
      string(TOLOWER ${ROOM_SERVER} server)
      add_test(NAME ${name}_on_${server}
               COMMAND /usr/bin/python3 ${CMAKE_SOURCE_DIR}/tests/support/servers/${server}.py --run
                       $<TARGET_FILE:${name}_test> --gtest_filter=*On${ROOM_SERVER}*)
      set_tests_properties(${name}_on_${server} PROPERTIES LABELS unit SKIP_RETURN_CODE 77)
    endif()
    gtest_discover_tests(${name}_test DISCOVERY_MODE PRE_TEST ${filter} PROPERTIES LABELS unit)
  endif()

  if(NOT CADLENS_LIBFUZZER AND NOT CADLENS_TESTS)
    return()
  endif()
  foreach(source ${fuzzers})
    get_filename_component(fuzzer ${source} NAME_WE)
    add_executable(${fuzzer} ${source})
    target_link_libraries(${fuzzer} PRIVATE ${testing} ${target} ${test_deps})
    if(CADLENS_LIBFUZZER)
      target_link_options(${fuzzer} PRIVATE -fsanitize=fuzzer)
    else()
      target_sources(${fuzzer} PRIVATE ${CMAKE_SOURCE_DIR}/fuzz/replay_main.cpp)
      add_test(NAME ${fuzzer}_replay
               COMMAND ${fuzzer} ${CMAKE_SOURCE_DIR}/fuzz/regressions/${fuzzer})
      set_tests_properties(${fuzzer}_replay PROPERTIES LABELS fuzz)
    endif()
  endforeach()
endfunction()
