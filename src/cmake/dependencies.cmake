# The third-party libraries of the engine; guichet-config.cmake.in finds the same ones for a consumer.

find_package(Boost 1.81 REQUIRED COMPONENTS json)
find_package(ICU REQUIRED COMPONENTS uc i18n)
find_package(sodium REQUIRED)
find_package(gumbo REQUIRED)
find_package(md4c REQUIRED)
find_package(re2 REQUIRED)
find_package(stemmer REQUIRED)
set(guichet_core_dependencies Boost::headers Boost::json ICU::uc ICU::i18n sodium::sodium gumbo::gumbo
    md4c::md4c re2::re2 stemmer::stemmer)
if(GUICHET_SQLITE)
    find_package(SQLite3 3.40 REQUIRED)
endif()
