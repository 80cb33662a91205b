#pragma once

#include "memrb/action.h"
#include "memrb/reading.h"
#include "memrb/units.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace memrb {

/// How bad it is: the highest threshold that holds. `unknown`: there is no ratio to judge by.
enum class Level { unknown, ok, watch, warning, high, critical, oom };
std::string_view to_string(Level level);
Result<Level> parse_level(std::string_view text);

/// "Above `at` of the limit for `for_`". A threshold at 1.0 is proven by an OOM event or a full limit, not by a ratio.
struct Threshold {
    double at = 0;  ///< ratio, 0..1
    Milliseconds for_{};
    Level level = Level::unknown;
};

struct ThresholdState {
    enum class State { clear, pending, breached, unknown };
    Threshold threshold;
    State state = State::unknown;
    std::optional<Timestamp> since;  ///< when the present run above it began
    std::string why;                 ///< for pending and unknown: what is missing
};
std::string_view to_string(ThresholdState::State state);

enum class Verdict { growing, flat, falling, saturating, sawtooth, spiky, step, insufficient_data };
std::string_view to_string(Verdict verdict);

struct Interval {
    double low = 0, mid = 0, high = 0;
};

struct Trend {
    Verdict verdict = Verdict::insufficient_data;
    std::string reason;                          ///< one line; for insufficient_data also how much longer to wait
    std::optional<double> slope_bytes_per_hour;  ///< robust, of the present segment
    std::optional<std::array<double, 2>> slope_ci90;
    std::optional<Interval> seconds_to_limit;  ///< `high` is infinite if the lower slope bound is not positive
    std::size_t samples = 0;
    Milliseconds span{};
    std::optional<double> asymptote_bytes;  ///< saturating: where it is heading
    std::size_t restarts_seen = 0;          ///< cuts at restarts inside the series
};

struct OomAssessment {
    enum class Verdict { unknown, none, probable, confirmed };
    Verdict verdict = Verdict::unknown;
    std::uint64_t count = 0;  ///< kills seen in the window looked at, as the best single source counts them
    std::optional<Timestamp> last_at;
    OomLevel level = OomLevel::unknown;
    std::vector<std::string> evidence;    ///< one line for each source, also for those that saw nothing
    std::vector<OomSource> confirmed_by;  ///< independent sources
};
std::string_view to_string(OomAssessment::Verdict verdict);

struct RankedCause {
    enum class Confidence { high, medium, low };
    std::string id;
    std::string title;
    int score = 0;
    Confidence confidence = Confidence::low;
    std::vector<std::string> evidence;  ///< signs that hold, for it; `against: ` begins those that speak against it
    std::vector<std::string> unknown;   ///< signs that could not be judged
    std::vector<std::string> options;
};
std::string_view to_string(RankedCause::Confidence confidence);

struct OfferedOption {
    std::string id;
    std::string title;
    bool suggested = false;
    Risk risk = Risk::disruptive;  ///< the highest of its steps
    std::string why;
    std::string costs;
};

struct RightSize {
    Bytes limit = 0;
    std::string why;
};

/// Features of the series that signs look at, each only if it could be computed.
struct Features {
    std::optional<double> anon_share_of_growth;  ///< 0..1
    std::optional<double> file_share_of_growth;
    std::optional<double> load_correlation;     ///< Spearman rho between load and memory
    std::optional<double> retention;            ///< share of memory kept after load went away, 0..1
    std::optional<double> p95_to_limit;         ///< p95 of the working set / limit
    std::optional<bool> peak_soon_after_start;  ///< near the limit within 5 min of each start
    std::optional<bool> sawtooth_same_slope;    ///< same base and slope after each restart
    std::optional<bool> growth_slows;           ///< it grows, slower and slower, without coming to rest
    std::optional<bool> descriptors_grow;
    std::optional<double> minutes_after_change;  ///< from the last image or revision change to the onset of growth
};

/// How many requests the limit carries: memory as a base and a part for each. Each count is at most a billion.
struct Capacity {
    double base = 0;             ///< bytes without any request
    double each = 0;             ///< bytes for one more, above 0
    std::uint64_t safe = 0;      ///< with so many memory stays at or below 70 % of the limit
    std::uint64_t risky = 0;     ///< with so many and more it is above 85 %
    std::uint64_t critical = 0;  ///< with so many and more it is above 95 %
    bool seen = true;            ///< false: `safe` lies beyond twice the load that was seen, so it is a guess
    bool given = false;          ///< base and part are somebody's word; else they were fitted
    bool per_second = false;     ///< it counts requests per second; else requests at once
};

/// What is known of the target's memory at one moment.
struct Assessment {
    std::optional<MemoryReading> memory;
    std::string no_memory_why;    ///< why `memory` is absent
    std::optional<double> ratio;  ///< used / limit
    Level level = Level::unknown;
    std::string level_why;
    std::vector<ThresholdState> thresholds;
    Trend trend;
    OomAssessment oom;
    std::optional<std::uint64_t> restarts;
    Features features;
    std::vector<RankedCause> causes;
    bool cause_clear = false;  ///< false: name the top two
    std::vector<OfferedOption> options;
    std::optional<RightSize> right_size;
    std::optional<Capacity> capacity;
    std::vector<Point> series;  ///< the working set that was judged, thinned for drawing; gaps as NaN
    std::vector<std::string> warnings;
};

}  // namespace memrb
