#include "memory/limit_history.h"

#include <algorithm>
#include <cmath>

namespace memrb::memory {

namespace {

constexpr double unlimited_from = 0x1p60;  // an EiB: no machine has it, so it is the kernel's word for "no limit"

}  // namespace

LimitHistory::LimitHistory(const Series& series, Limit known) {
    for (const Point& point : series.points) {
        set_from(point.at, limit_from_metric(point.value));
    }
    if (changes_.empty()) {
        set_from(Timestamp{}, known);
    }
}

void LimitHistory::set_from(Timestamp at, const Limit& limit) {
    if (std::holds_alternative<LimitUnknown>(limit)) {
        return;
    }
    while (!changes_.empty() && changes_.back().at >= at) {
        changes_.pop_back();
    }
    if (changes_.empty() || changes_.back().limit != limit) {
        changes_.push_back({at, limit});
    }
}

Limit LimitHistory::at(Timestamp at) const {
    if (changes_.empty()) {
        return LimitUnknown{};
    }
    const auto after = std::upper_bound(changes_.begin(), changes_.end(), at,
                                        [](Timestamp moment, const Change& change) { return moment < change.at; });
    return after == changes_.begin() ? after->limit : (after - 1)->limit;
}

std::vector<Timestamp> LimitHistory::changes() const {
    std::vector<Timestamp> moments;
    for (std::size_t i = 1; i < changes_.size(); ++i) {
        moments.push_back(changes_[i].at);
    }
    return moments;
}

Limit limit_from_metric(double value) {
    if (!std::isfinite(value) || value < 0) {
        return LimitUnknown{};
    }
    if (value < 1 || value >= unlimited_from) {
        return NoLimit{};
    }
    return to_bytes(value);
}

std::optional<double> bytes_of(const Limit& limit) {
    const auto* bytes = std::get_if<Bytes>(&limit);
    return bytes != nullptr && *bytes > 0 ? std::optional(static_cast<double>(*bytes)) : std::nullopt;
}

Bytes to_bytes(double value) {
    constexpr double most = 0x1p63;
    return value > 0 ? static_cast<Bytes>(std::min(value, most)) : 0;
}

}  // namespace memrb::memory
