#include "incident/helped.h"

#include <algorithm>

namespace memrb::incident {

namespace {

/// A mean of times that are added one by one.
class Mean {
public:
    void add(Milliseconds time) {
        sum_ += time;
        ++count_;
    }
    [[nodiscard]] std::optional<Milliseconds> value() const {
        return count_ == 0 ? std::nullopt : std::optional(sum_ / count_);
    }

private:
    Milliseconds sum_{};
    std::int64_t count_ = 0;
};

struct Tally {
    PastHelp help;
    Mean lasted;
    Mean until_recovery;
};

}  // namespace

std::vector<PastHelp> what_helped(std::span<const Summary> incidents, std::string_view target,
                                  std::string_view platform, std::optional<Timestamp> now) {
    std::vector<Tally> tallies;
    std::optional<Timestamp> next = now;  ///< the finding that came after the incident at hand
    for (const auto& incident : incidents) {
        if (incident.target != target || (!platform.empty() && incident.platform != platform)) {
            continue;
        }
        if (!incident.option.empty() && incident.changed_at) {
            auto found = std::find_if(tallies.begin(), tallies.end(),
                                      [&](const Tally& one) { return one.help.option == incident.option; });
            if (found == tallies.end()) {
                found = tallies.insert(tallies.end(), Tally{});
                found->help.option = incident.option;
                found->help.last = *incident.changed_at;
            }
            ++found->help.tried;
            if (incident.helped == std::optional(true)) {
                ++found->help.helped;
                if (next && *next > *incident.changed_at) {
                    found->lasted.add(std::chrono::duration_cast<Milliseconds>(*next - *incident.changed_at));
                }
                if (incident.until_recovery) {
                    found->until_recovery.add(*incident.until_recovery);
                }
            }
        }
        if (incident.level >= Level::warning || (!incident.option.empty() && incident.changed_at)) {
            next = incident.at;
        }
    }
    std::vector<PastHelp> all;
    for (auto& tally : tallies) {
        tally.help.lasted = tally.lasted.value();
        tally.help.until_recovery = tally.until_recovery.value();
        all.push_back(std::move(tally.help));
    }
    std::stable_sort(all.begin(), all.end(), [](const PastHelp& a, const PastHelp& b) { return a.helped > b.helped; });
    return all;
}

}  // namespace memrb::incident
