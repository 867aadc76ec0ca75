#pragma once

/// How the library is compiled. Three ways, all tested:
///   1. link `guichet::core`;
///   2. include <guichet/src.hpp> in exactly one translation unit;
///   3. define GUICHET_HEADER_ONLY everywhere.
/// In the third, every `.hpp` includes its `.ipp`, and GUICHET_DECL makes the definitions inline.
#if defined(GUICHET_HEADER_ONLY)
#define GUICHET_DECL inline
#else
#define GUICHET_DECL
#endif
