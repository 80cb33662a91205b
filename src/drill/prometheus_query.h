#pragma once

#include "drill/world.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace memrb::drill {

/// The PromQL that the drill's Prometheus understands: `NAME{a="b",c=~"d"}`, with `[6h]`, or inside `rate()`.
struct PromQuery {
    struct Matcher {
        std::string label;
        std::string op;  ///< =, !=, =~, !~
        std::string value;
    };
    std::string metric;
    std::vector<Matcher> matchers;
    std::optional<Milliseconds> range;
    bool rate = false;
};

struct PromSeries {
    std::vector<std::pair<std::string, std::string>> labels;
    std::vector<std::pair<Timestamp, double>> points;
};

/// Nothing: the drill does not understand it.
std::optional<PromQuery> read_query(std::string_view text);

/// An instant query: of a range all samples in it, else the newest sample of the last 5 minutes.
std::vector<PromSeries> ask_at(const World& world, const PromQuery& query, Timestamp at);

/// A range query, of a rate or of a metric.
std::vector<PromSeries> ask_range(const World& world, const PromQuery& query, Timestamp start, Timestamp end,
                                  Milliseconds step);

}  // namespace memrb::drill
