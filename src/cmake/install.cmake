# What find_package(guichet) needs: headers, libraries, the targets and how to find what they link.
include(CMakePackageConfigHelpers)
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/guichet)

install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/guichet DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
        FILES_MATCHING PATTERN "*.hpp" PATTERN "*.ipp" PATTERN "*.def")
install(TARGETS ${guichet_libraries} EXPORT guichet)
install(EXPORT guichet NAMESPACE guichet:: FILE guichet-targets.cmake DESTINATION ${package})

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/guichet-config.cmake.in
    ${PROJECT_BINARY_DIR}/guichet-config.cmake INSTALL_DESTINATION ${package})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/guichet-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/guichet-config.cmake ${PROJECT_BINARY_DIR}/guichet-config-version.cmake
              ${CMAKE_CURRENT_LIST_DIR}/Findsodium.cmake ${CMAKE_CURRENT_LIST_DIR}/Findgumbo.cmake
              ${CMAKE_CURRENT_LIST_DIR}/Findmd4c.cmake ${CMAKE_CURRENT_LIST_DIR}/Findre2.cmake
              ${CMAKE_CURRENT_LIST_DIR}/Findstemmer.cmake
              ${CMAKE_CURRENT_LIST_DIR}/find_by_pkg_config.cmake
        DESTINATION ${package})
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
if(TARGET guichet)
    install(TARGETS guichet)
endif()
# By itself: who links the C library needs none of what the others are made with.
if(TARGET guichet_c)
    install(FILES ${PROJECT_SOURCE_DIR}/bindings/c/guichet.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
    install(TARGETS guichet_c EXPORT guichet_c)
    install(EXPORT guichet_c NAMESPACE guichet:: FILE guichet-c-targets.cmake DESTINATION ${package})
    file(RELATIVE_PATH guichet_up /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
    configure_file(${CMAKE_CURRENT_LIST_DIR}/guichet.pc.in ${PROJECT_BINARY_DIR}/guichet.pc @ONLY)
    install(FILES ${PROJECT_BINARY_DIR}/guichet.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endif()
