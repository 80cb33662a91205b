#pragma once

#include "engine/condition.h"
#include "memrb/assessment.h"
#include "memrb/recovery.h"

#include <optional>
#include <string>
#include <vector>

namespace memrb::engine {

/// What is asked of a watch.
struct RecoveryTerms {
    Milliseconds every{60'000};
    Milliseconds lasts{600'000};    ///< how long all criteria must hold without a break
    std::optional<double> ceiling;  ///< the ratio that counts as high; above it nothing is ever recovered
    bool show_ceiling = true;       ///< false: one of the runbook's own criteria says it already
    bool judges_trend = false;
    Timestamp began{};        ///< kills after it are new
    bool starts_told = true;  ///< false: nobody tells whether instances run or have restarted, as on Cloud Run
};

/// What one look has found.
struct Look {
    /// Since the beginning of the watch, by a clock that nobody sets.
    Milliseconds begin{};
    Milliseconds end{};
    Timestamp at{};  ///< the time of day at `begin`
    Assessment assessment;
    Truth until = Truth::unknown;         ///< of the runbook's whole condition; without one: yes
    std::vector<Criterion> parts;         ///< of it, for showing; `held` is filled in by the watch
    std::optional<Timestamp> started_at;  ///< of the container
    bool started_by_metric = false;       ///< Prometheus tells it, not the engine or the API server
    std::optional<bool> running;
};

/// Decides whether a service has recovered. Pure: it is fed with looks and asks no clock.
/// - Recovered: from one look to another that is `lasts` later all criteria held at each look, and no time without data
///   in between was longer than `tolerated` intervals. The last look has data itself.
/// - Relapsed: a new restart or a new OOM kill since the first look; at once, whatever else holds.
/// - Otherwise the watch is over after `lasts`; but a run of good looks that has begun by then may become complete.
class RecoveryWatch {
public:
    static constexpr int tolerated = 3;

    explicit RecoveryWatch(RecoveryTerms terms) : terms_(terms) {}

    WatchSample feed(const Look& look);

    [[nodiscard]] bool over() const { return over_; }
    /// When a run of good looks is complete, or the time is over: there is to be a look then.
    [[nodiscard]] Milliseconds due() const;
    /// Of a watch that is over; else as if it were stopped now.
    [[nodiscard]] WatchResult result() const;

private:
    /// Looks at which all criteria held.
    struct Run {
        Milliseconds since{};
        Timestamp data_since{};  ///< the time of its first measurement
    };

    void look_for_relapse(const Look& look);
    void note_baseline(const Look& look);
    std::string why_missing(const Look& look);
    Criterion below_ceiling(const Look& look) const;
    std::vector<Criterion> criteria(const Look& look) const;
    void add_starts(const Look& look, std::vector<Criterion>& all) const;
    void keep_times(const Look& look, std::vector<Criterion>& criteria);
    void count_run(const Look& look, const WatchSample& sample);
    void forget_times(const std::string& why);
    void end(Recovery recovery, std::string why);
    std::vector<std::string> caveats() const;

    RecoveryTerms terms_;
    bool over_ = false;
    Recovery recovery_ = Recovery::unknown;
    std::string why_;

    std::size_t looks_ = 0, whole_ = 0;
    std::optional<Run> run_;
    Milliseconds held_{};
    std::vector<std::optional<Milliseconds>> since_;  ///< of each criterion
    std::optional<Look> last_;                        ///< its times and its trend are looked at
    WatchSample shown_;
    std::optional<Milliseconds> data_end_;  ///< when the last look with data ended
    std::optional<Timestamp> newest_;       ///< time of the newest measurement
    Milliseconds newest_since_{};           ///< the first look that had it
    std::vector<std::string> breaks_;       ///< what has broken runs, oldest first

    // What there was before: more than that is new.
    std::optional<std::uint64_t> restarts_, kills_;
    std::optional<Timestamp> started_at_, last_kill_;
    bool started_by_metric_ = false;
    std::string restarted_, killed_;  ///< not empty: what a relapse was seen by
};

}  // namespace memrb::engine
