# SPDX-License-Identifier: Apache-2.0
# Warnings, sanitizers, ccache and the linker: everything that is not about a room.
add_library(cad_flags INTERFACE)
target_include_directories(cad_flags INTERFACE ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR}/include)
target_compile_options(cad_flags INTERFACE -Wall -Wextra -Wconversion -Wshadow -Wno-sign-conversion
                                           -fno-math-errno)
if(CADLENS_WERROR)
  target_compile_options(cad_flags INTERFACE -Werror)
endif()
if(CADLENS_SANITIZE)
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
endif()
if(CADLENS_LIBFUZZER)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

find_program(CADLENS_CCACHE ccache)
if(CADLENS_CCACHE)
  # Paths are hashed relative to the project, so that every clone and work tree shares one cache.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}
                                  CCACHE_NOHASHDIR=1 ${CADLENS_CCACHE})
endif()
find_program(CADLENS_MOLD mold)
if(CADLENS_MOLD)
  add_link_options(-fuse-ld=mold)
endif()
