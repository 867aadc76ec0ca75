# guichet::headers      the headers and what they need; for a unit that includes <guichet/src.hpp> itself
# guichet::core         the engine, compiled
# guichet::header_only  the engine, compiled wherever it is included
# guichet::sqlite       the SQLite store, compiled
# guichet::testing      the test kit: vectors, scenarios, the conformance suite that any store passes

include(warnings)
include(dependencies)

add_library(guichet_headers INTERFACE)
target_include_directories(guichet_headers INTERFACE
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
target_compile_features(guichet_headers INTERFACE cxx_std_20)
target_link_libraries(guichet_headers INTERFACE ${guichet_core_dependencies})

set(library ${PROJECT_SOURCE_DIR}/src/library)
add_library(guichet_core
    ${library}/foundations.cpp ${library}/domain.cpp ${library}/search.cpp ${library}/engine.cpp)
target_link_libraries(guichet_core PUBLIC guichet_headers)
guichet_warnings(guichet_core)

add_library(guichet_header_only INTERFACE)
target_compile_definitions(guichet_header_only INTERFACE GUICHET_HEADER_ONLY)
target_link_libraries(guichet_header_only INTERFACE guichet_headers)

add_library(guichet_testing ${library}/testing.cpp)
target_link_libraries(guichet_testing PUBLIC guichet_core)
guichet_warnings(guichet_testing)

set(guichet_libraries guichet_headers guichet_core guichet_header_only guichet_testing)

if(GUICHET_SQLITE)
    add_library(guichet_sqlite ${library}/sqlite.cpp)
    target_link_libraries(guichet_sqlite PUBLIC guichet_core SQLite::SQLite3)
    guichet_warnings(guichet_sqlite)
    list(APPEND guichet_libraries guichet_sqlite)
endif()

# They may become parts of a shared library (C, Python), and keep inlining as if they did not.
foreach(library IN ITEMS guichet_core guichet_sqlite guichet_testing)
    if(TARGET ${library})
        set_target_properties(${library} PROPERTIES POSITION_INDEPENDENT_CODE ON)
    endif()
endforeach()
foreach(library IN ITEMS guichet_core guichet_sqlite)
    if(TARGET ${library})
        target_compile_options(${library} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fno-semantic-interposition>)
    endif()
endforeach()

foreach(library IN LISTS guichet_libraries)
    string(REGEX REPLACE "^guichet_" "" short ${library})
    add_library(guichet::${short} ALIAS ${library})
    set_target_properties(${library} PROPERTIES EXPORT_NAME ${short})
endforeach()

# What our own programs link: the engine, the test kit, and the database where it is built.
add_library(guichet_all INTERFACE)
target_link_libraries(guichet_all INTERFACE guichet_testing $<TARGET_NAME_IF_EXISTS:guichet_sqlite>)
