# guichet::c   the C library: libguichet, guichet.h; nothing else of it can be seen from outside
if(NOT GUICHET_SQLITE)
    message(FATAL_ERROR "GUICHET_C needs the SQLite store: set GUICHET_SQLITE, or leave GUICHET_C out")
endif()

set(folder ${PROJECT_SOURCE_DIR}/bindings/c)
add_library(guichet_c SHARED ${folder}/guichet.cpp)
add_library(guichet::c ALIAS guichet_c)
target_link_libraries(guichet_c PRIVATE guichet_sqlite)
target_link_options(guichet_c PRIVATE -Wl,--version-script=${folder}/guichet.map)
target_include_directories(guichet_c INTERFACE
    $<BUILD_INTERFACE:${folder}> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
set_target_properties(guichet_c PROPERTIES OUTPUT_NAME guichet EXPORT_NAME c
    VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR}
    CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON LINK_DEPENDS ${folder}/guichet.map)
guichet_warnings(guichet_c)
