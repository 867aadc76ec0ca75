# Warnings for our own targets, private to them: nobody who links Guichet inherits a flag.
function(guichet_warnings target)
    target_compile_features(${target} PRIVATE cxx_std_20)
    set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF)
    if(NOT GUICHET_DEVELOPER OR MSVC)
        return()
    endif()
    # An aggregate may leave members to their defaults; that is what defaults are for.
    target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wconversion -Wnon-virtual-dtor
        -Wno-missing-field-initializers -Werror)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # A parameter may carry the name of its type, and a trailing underscore keeps members apart: locals matter.
        target_compile_options(${target} PRIVATE -Wshadow=local)
        # GCC 12 sees overlaps, overflows and unset members in inlined standard strings and variants that are none.
        target_compile_options(${target} PRIVATE -Wno-restrict -Wno-maybe-uninitialized -Wno-array-bounds
            -Wno-stringop-overflow -Wno-stringop-overread -Wno-free-nonheap-object)
    else()
        target_compile_options(${target} PRIVATE -Wshadow)
    endif()
endfunction()
