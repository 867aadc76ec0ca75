#pragma once
#include <cstdio>
#include <string>

/// What every benchmark prints: one JSON object a row on standard output. `ratio` is how this compares with the peer;
/// 0 where there is none.
inline void print_row(std::string const& name, double value, char const* unit, std::string const& peer, double ratio,
                      std::string const& goal, bool met) {
    std::printf(
        "{\"name\":\"%s\",\"value\":%.6g,\"unit\":\"%s\",\"peer\":\"%s\",\"ratio\":%.4g,\"goal\":\"%s\",\"met\":%s}\n",
        name.c_str(), value, unit, peer.c_str(), ratio, goal.c_str(), met ? "true" : "false");
    std::fflush(stdout);
}
