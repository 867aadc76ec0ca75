# Finds a library that ships no CMake package, by pkg-config where there is one, and defines <name>::<name>.
include(FindPackageHandleStandardArgs)
macro(find_by_pkg_config name module header library)
    find_package(PkgConfig QUIET)
    if(PKG_CONFIG_FOUND)
        pkg_check_modules(PC_${name} QUIET ${module})
    endif()
    find_path(${name}_INCLUDE_DIR ${header} HINTS ${PC_${name}_INCLUDE_DIRS})
    find_library(${name}_LIBRARY ${library} HINTS ${PC_${name}_LIBRARY_DIRS})
    mark_as_advanced(${name}_INCLUDE_DIR ${name}_LIBRARY)
    find_package_handle_standard_args(${name} REQUIRED_VARS ${name}_LIBRARY ${name}_INCLUDE_DIR
                                      VERSION_VAR PC_${name}_VERSION)
    if(${name}_FOUND AND NOT TARGET ${name}::${name})
        add_library(${name}::${name} UNKNOWN IMPORTED)
        set_target_properties(${name}::${name} PROPERTIES
            IMPORTED_LOCATION ${${name}_LIBRARY} INTERFACE_INCLUDE_DIRECTORIES ${${name}_INCLUDE_DIR})
    endif()
endmacro()
