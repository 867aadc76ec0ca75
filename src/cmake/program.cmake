# The command line program: build/<preset>/bin/guichet. All but its main function is a library, which the Python package
# links too.
find_package(CLI11 REQUIRED)
find_package(fmt REQUIRED)
find_package(ZLIB REQUIRED)

file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/cli/*.cpp)
list(FILTER sources EXCLUDE REGEX "/main[.]cpp$")
add_library(guichet_cli STATIC ${sources})
# Most of compiling a command is reading what all of them include: a quarter of them at a time, unless
# CMAKE_UNITY_BUILD says otherwise.
set_target_properties(guichet_cli PROPERTIES UNITY_BUILD_MODE GROUP)
if(NOT DEFINED CMAKE_UNITY_BUILD)
    set_target_properties(guichet_cli PROPERTIES UNITY_BUILD ON)
endif()
list(FILTER sources INCLUDE REGEX "/commands_")
set(batch 0)
foreach(source IN LISTS sources)
    math(EXPR batch "(${batch} + 1) % 4")
    set_source_files_properties(${source} PROPERTIES UNITY_GROUP commands_${batch})
endforeach()
target_link_libraries(guichet_cli PUBLIC guichet_all CLI11::CLI11 fmt::fmt ZLIB::ZLIB)
guichet_warnings(guichet_cli)
set_target_properties(guichet_cli PROPERTIES POSITION_INDEPENDENT_CODE ON)

if(GUICHET_PROGRAM)
    add_executable(guichet ${PROJECT_SOURCE_DIR}/src/cli/main.cpp)
    target_link_libraries(guichet PRIVATE guichet_cli)
    guichet_warnings(guichet)
endif()
