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
if(CADLENS_SERVICE AND CADLENS_WEB)
  # The notices that come with the web app, for who looks for them beside those of the other parts.
  install(FILES ${CMAKE_SOURCE_DIR}/web/dist/licenses.txt DESTINATION share/doc/cadlens
          RENAME web-licenses.txt)
endif()
