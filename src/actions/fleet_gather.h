#pragma once

#include "actions/fleet_labels.h"
#include "actions/fleet_queries.h"
#include "memrb/fleet.h"

#include <cstddef>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

namespace memrb::actions {

/// Makes containers of the series of a fleet as they arrive, and hands each on as soon as nothing more of it can come:
/// a series that covers the whole range has neither predecessor nor successor. Only the others, of containers that
/// were started or ended within the range, are held until the end.
class FleetGather {
public:
    using OnMember = std::function<void(FleetMember&&)>;
    FleetGather(FleetRange range, OnMember on_member) : range_(range), on_member_(std::move(on_member)) {}

    /// A series of one of companion_queries(). All of them come before the first working set.
    void add_companion(FleetQuery query, SeriesReading series);
    void add_working_set(SeriesReading series);
    /// What was held back, and containers of which nothing but companions is known.
    void finish();

    /// Series that are no containers, as the query `left_out` counts them.
    [[nodiscard]] std::size_t left_out() const { return left_out_; }
    /// How many services have told their load, and to how many containers one of these belongs.
    [[nodiscard]] std::size_t loads() const { return loads_.size(); }
    [[nodiscard]] std::size_t loads_used() const { return loads_used_; }

private:
    /// Of one life of a container.
    struct Companions {
        std::vector<SeriesReading> series;  ///< labels as they came with the first one only
        bool oom_counted = false;
        bool used = false;
    };

    FleetMember member_of(std::vector<SeriesReading> lives);
    void add_companions_of(const SeriesLabels& labels, bool newest, FleetMember& member);
    [[nodiscard]] const std::vector<Point>* load_of(const SeriesLabels& labels) const;

    FleetRange range_;
    OnMember on_member_;
    std::unordered_map<std::string, Companions> companions_;            ///< by life_key
    std::unordered_map<std::string, std::vector<SeriesReading>> held_;  ///< by container_key
    std::unordered_map<std::string, std::vector<Point>> loads_;         ///< by service_key
    std::size_t loads_used_ = 0;
    std::size_t left_out_ = 0;
};

}  // namespace memrb::actions
