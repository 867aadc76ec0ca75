#pragma once

/// The library's version. CMake reads it from here, so there is one place to change.
#define GUICHET_VERSION_MAJOR 0
#define GUICHET_VERSION_MINOR 1
#define GUICHET_VERSION_PATCH 0
#define GUICHET_VERSION_STRING "0.1.0"
