#include "actions/distribution.h"

#include "base/number.h"

#include <cmath>
#include <vector>

namespace memrb::actions {

namespace {

constexpr std::size_t most_buckets = 10'000;

// Numbers of 64 bits are written as text.
std::optional<double> number_of(const Json& value) {
    if (value.is_number()) {
        return value.get<double>();
    }
    if (!value.is_string()) {
        return std::nullopt;
    }
    return base::number<double>(value.get_ref<const std::string&>());
}

double number_at(const Json& object, std::string_view key) {
    const Json* value = member(object, key);
    return value == nullptr ? 0 : number_of(*value).value_or(0);
}

/// The bounds between the buckets: bucket i lies between bounds i - 1 and i.
std::vector<double> bounds_of(const Json& options) {
    std::vector<double> bounds;
    if (const Json* explicit_ones = member(options, "explicitBuckets")) {
        const Json* list = member(*explicit_ones, "bounds");
        for (std::size_t i = 0; list != nullptr && list->is_array() && i < list->size() && i < most_buckets; ++i) {
            bounds.push_back(number_of((*list)[i]).value_or(0));
        }
    } else if (const Json* linear = member(options, "linearBuckets")) {
        const auto count =
            static_cast<std::size_t>(std::min(number_at(*linear, "numFiniteBuckets"), double{most_buckets}));
        for (std::size_t i = 0; i <= count; ++i) {
            bounds.push_back(number_at(*linear, "offset") + number_at(*linear, "width") * static_cast<double>(i));
        }
    } else if (const Json* exponential = member(options, "exponentialBuckets")) {
        const auto count =
            static_cast<std::size_t>(std::min(number_at(*exponential, "numFiniteBuckets"), double{most_buckets}));
        for (std::size_t i = 0; i <= count; ++i) {
            bounds.push_back(number_at(*exponential, "scale") *
                             std::pow(number_at(*exponential, "growthFactor"), static_cast<double>(i)));
        }
    }
    return bounds;
}

}  // namespace

std::optional<double> distribution_percentile(const Json& distribution, double share) {
    const Json* options = member(distribution, "bucketOptions");
    const Json* list = member(distribution, "bucketCounts");
    if (options == nullptr || list == nullptr || !list->is_array() || list->size() > most_buckets) {
        return std::nullopt;
    }
    const std::vector<double> bounds = bounds_of(*options);
    double total = 0;
    std::vector<double> counts;
    for (const auto& one : *list) {
        const auto count = number_of(one);
        if (!count || *count < 0) {
            return std::nullopt;
        }
        counts.push_back(*count);
        total += *count;
    }
    if (bounds.empty() || total <= 0) {
        return std::nullopt;
    }
    double before = 0;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        if (counts[i] > 0 && before + counts[i] >= share * total) {
            const double low = i == 0 ? 0 : bounds[std::min(i - 1, bounds.size() - 1)];
            const double high = bounds[std::min(i, bounds.size() - 1)];
            return low + (high - low) * (share * total - before) / counts[i];
        }
        before += counts[i];
    }
    return bounds.back();
}

}  // namespace memrb::actions
