# Each benchmarks/<name>.cpp is one program, bin/bench-<name>; `./dev bench` runs them.
file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/benchmarks/*.cpp)
foreach(source IN LISTS sources)
    find_package(fmt REQUIRED)
    find_package(SQLite3 REQUIRED)
    find_package(ZLIB REQUIRED)
    cmake_path(GET source STEM name)
    add_executable(bench-${name} ${source})
    target_include_directories(bench-${name} PRIVATE ${PROJECT_SOURCE_DIR}/benchmarks ${PROJECT_SOURCE_DIR}/src)
    target_link_libraries(bench-${name} PRIVATE guichet_all SQLite::SQLite3 fmt::fmt ZLIB::ZLIB)
    guichet_warnings(bench-${name})
endforeach()

# The trend detector is measured on the incident log, which is read as the program reads it.
target_sources(bench-trends PRIVATE ${PROJECT_SOURCE_DIR}/src/cli/csv.cpp ${PROJECT_SOURCE_DIR}/src/cli/incident_log.cpp
    ${PROJECT_SOURCE_DIR}/src/cli/messages.cpp)
