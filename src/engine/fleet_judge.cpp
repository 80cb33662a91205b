#include "engine/fleet_judge.h"

#include "memory/assess.h"

#include <utility>

namespace memrb::engine {

namespace {

constexpr std::size_t most_waiting = 64;

void take_back_the_present(const std::string& why, Assessment& assessment) {
    assessment.ratio.reset();
    assessment.level = Level::unknown;
    assessment.level_why = why;
    assessment.trend.seconds_to_limit.reset();
    for (ThresholdState& threshold : assessment.thresholds) {
        threshold.state = ThresholdState::State::unknown;
        threshold.since.reset();
        threshold.why = why;
    }
    assessment.warnings.push_back("stale: " + why);
}

}  // namespace

FleetRow judge(FleetMember&& member, const std::vector<Threshold>& thresholds, Timestamp now) {
    FleetRow row;
    row.assessment = memory::assess({member.target, member.readings, thresholds, now, false});
    if (!member.outdated.empty() && row.assessment.memory) {
        row.outdated = true;
        take_back_the_present(member.outdated, row.assessment);
    }
    std::vector<Point>().swap(row.assessment.series);
    row.target = std::move(member.target);
    return row;
}

FleetJudge::FleetJudge(const std::vector<Threshold>& thresholds, Timestamp now, std::size_t helpers, OnJudged on_judged)
    : thresholds_(thresholds), now_(now), on_judged_(std::move(on_judged)), judged_(helpers + 1) {
    for (std::size_t i = 0; i < helpers; ++i) {
        helpers_.emplace_back([this, i] {
            std::unique_lock lock(mutex_);
            for (;;) {
                changed_.wait(lock, [this] { return closed_ || !waiting_.empty(); });
                if (waiting_.empty()) {
                    return;
                }
                FleetMember member = std::move(waiting_.front());
                waiting_.pop_front();
                lock.unlock();
                judged_[i].push_back(finished(std::move(member)));
                lock.lock();
            }
        });
    }
}

FleetJudge::~FleetJudge() {
    const std::lock_guard lock(mutex_);
    waiting_.clear();
    closed_ = true;
    changed_.notify_all();
}

void FleetJudge::add(FleetMember&& member) {
    {
        const std::lock_guard lock(mutex_);
        if (!helpers_.empty() && waiting_.size() < most_waiting) {
            waiting_.push_back(std::move(member));
            changed_.notify_one();
            return;
        }
    }
    judged_.back().push_back(finished(std::move(member)));
}

FleetRow FleetJudge::finished(FleetMember&& member) const {
    FleetRow row = judge(std::move(member), thresholds_, now_);
    if (on_judged_) {
        on_judged_(row);
    }
    return row;
}

std::vector<FleetRow> FleetJudge::finish() {
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
        changed_.notify_all();
    }
    helpers_.clear();  // they end when nothing waits any more
    std::vector<FleetRow> rows = std::move(judged_.back());
    for (auto& part : judged_) {
        std::move(part.begin(), part.end(), std::back_inserter(rows));
        std::vector<FleetRow>().swap(part);
    }
    return rows;
}

}  // namespace memrb::engine
