# The Python package: guichet/_core, and the plain Python beside it. Its install component is `python`: a wheel has
# nothing else.
find_package(Python COMPONENTS Interpreter Development.Module REQUIRED)
find_package(pybind11 3 CONFIG REQUIRED)

set(folder ${PROJECT_SOURCE_DIR}/bindings/python)
file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.cpp)
pybind11_add_module(_core MODULE NO_EXTRAS ${sources})
target_include_directories(_core PRIVATE ${PROJECT_SOURCE_DIR}/src) # command_line.cpp includes the program's main
target_link_libraries(_core PRIVATE guichet_cli)
target_link_options(_core PRIVATE $<$<CONFIG:Release>:-Wl,--gc-sections,--exclude-libs,ALL,-s>)
guichet_warnings(_core)
# Somebody waits for a wheel, and for the program and the test kit in it nobody will: they are compiled with less care.
foreach(part IN ITEMS guichet_cli guichet_testing)
    target_compile_options(${part} PRIVATE $<$<CONFIG:Release>:-O1>)
endforeach()

# For work without a wheel: PYTHONPATH=<build>/python.
set_target_properties(_core PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/python/guichet)
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/python/guichet)
file(GLOB plain CONFIGURE_DEPENDS ${folder}/guichet/*.py ${folder}/guichet/py.typed)
foreach(file IN LISTS plain)
    cmake_path(GET file FILENAME name)
    file(CREATE_LINK ${file} ${CMAKE_BINARY_DIR}/python/guichet/${name} SYMBOLIC)
endforeach()

# Its type hints, made from what was built.
set(hints ${CMAKE_BINARY_DIR}/python/guichet/_core.pyi)
add_custom_command(TARGET _core POST_BUILD BYPRODUCTS ${hints} VERBATIM
    COMMAND ${CMAKE_COMMAND} -E env PYTHONPATH=${CMAKE_BINARY_DIR}/python PYTHONDONTWRITEBYTECODE=1
            ${Python_EXECUTABLE} ${folder}/tools/make_stubs.py ${hints})

install(FILES ${hints} DESTINATION guichet COMPONENT python)
install(TARGETS _core DESTINATION guichet COMPONENT python)
