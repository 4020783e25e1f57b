# SPDX-License-Identifier: Apache-2.0
# cmake --install: the three programs side by side, as they look for each other beside themselves,
# and a link for the command line. The container image and the Debian package are made from it.
set(programs cadlens cadlens-worker)
if(CADLENS_SERVICE)
  list(APPEND programs cadlens-service)
endif()
install(TARGETS ${programs} RUNTIME DESTINATION lib/cadlens)
install(CODE [[
  file(MAKE_DIRECTORY "$ENV{DESTDIR}${CMAKE_INSTALL_PREFIX}/bin")
  file(CREATE_LINK ../lib/cadlens/cadlens "$ENV{DESTDIR}${CMAKE_INSTALL_PREFIX}/bin/cadlens" SYMBOLIC)
]])
