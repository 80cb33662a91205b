#pragma once

#include "memrb/assessment.h"
#include "memrb/fleet.h"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace memrb::engine {

/// What is done with each row as soon as it is judged. Called from several threads at once.
using OnJudged = std::function<void(FleetRow&)>;

/// Judges containers while more of them arrive. A few wait in a queue for the helping threads; when it is full, add()
/// judges one itself, so that memory stays bounded and no core idles.
class FleetJudge {
public:
    /// `thresholds` rise, as in a runbook, and must outlive it.
    FleetJudge(const std::vector<Threshold>& thresholds, Timestamp now, std::size_t helpers, OnJudged on_judged = {});
    FleetJudge(const FleetJudge&) = delete;
    FleetJudge& operator=(const FleetJudge&) = delete;
    FleetJudge(FleetJudge&&) = delete;
    FleetJudge& operator=(FleetJudge&&) = delete;
    ~FleetJudge();

    /// From one thread only.
    void add(FleetMember&& member);
    /// Waits for all of them; in any order.
    std::vector<FleetRow> finish();

private:
    FleetRow finished(FleetMember&& member) const;

    const std::vector<Threshold>& thresholds_;
    Timestamp now_;
    OnJudged on_judged_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<FleetMember> waiting_;
    bool closed_ = false;
    std::vector<std::vector<FleetRow>> judged_;  ///< by thread, the last of them that of add()
    std::vector<std::jthread> helpers_;
};

/// One container, without causes and options: these need the runbook's signs (conclude.h). What is known of one whose
/// newest sample is not of the present is no level.
FleetRow judge(FleetMember&& member, const std::vector<Threshold>& thresholds, Timestamp now);

}  // namespace memrb::engine
