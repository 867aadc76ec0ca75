#pragma once
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <vector>

/// Median, over batches that are short enough to be interrupted rarely, of the nanoseconds of one call. `call` is given
/// the numbers from 0 to `count`.
template <class Call>
double median_ns(std::size_t count, Call&& call) {
    using clock = std::chrono::steady_clock;
    constexpr std::size_t batch = 50;
    std::vector<double> samples;
    for (std::size_t begin = 0; begin + batch <= count; begin += batch) {
        auto const start = clock::now();
        for (std::size_t i = begin; i < begin + batch; ++i)
            call(i);
        samples.push_back(std::chrono::duration<double, std::nano>(clock::now() - start).count() / double(batch));
    }
    std::nth_element(samples.begin(), samples.begin() + std::ptrdiff_t(samples.size() / 2), samples.end());
    return samples[samples.size() / 2];
}
