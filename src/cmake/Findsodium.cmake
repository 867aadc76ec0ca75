include(${CMAKE_CURRENT_LIST_DIR}/find_by_pkg_config.cmake)
find_by_pkg_config(sodium libsodium sodium.h sodium)
