/// The one main() of every test program. Randomised tests take their seed from GUICHET_SEED: a number repeats a run,
/// `random` draws a new one. Without it the seed is fixed, so that a red build is the change's fault.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>

namespace {

void settle_seed() {
    auto const given = std::getenv("GUICHET_SEED");
    std::string seed = given && *given ? given : "20240229";
    if (seed == "random")
        seed = std::to_string(std::random_device{}());
    setenv("GUICHET_SEED", seed.c_str(), 1);
    setenv("RC_PARAMS", ("seed=" + seed).c_str(), 0);
    std::printf("seed: %s (repeat with GUICHET_SEED=%s)\n", seed.c_str(), seed.c_str());
}

} // namespace

int main(int argc, char** argv) {
    settle_seed();
    return doctest::Context{argc, argv}.run();
}
