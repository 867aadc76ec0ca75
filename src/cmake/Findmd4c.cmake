include(${CMAKE_CURRENT_LIST_DIR}/find_by_pkg_config.cmake)
find_by_pkg_config(md4c md4c md4c.h md4c)
