#pragma once

#include "baselines.h"
#include "incident.h"
#include "memrb/assessment.h"

#include <map>
#include <string>
#include <vector>

namespace memrb::bench {

/// k of n.
struct Share {
    std::size_t hits = 0;
    std::size_t of = 0;

    void add(bool hit) {
        hits += hit ? 1 : 0;
        ++of;
    }
    void add(const Share& other) {
        hits += other.hits;
        of += other.of;
    }
    [[nodiscard]] double value() const { return of > 0 ? static_cast<double>(hits) / static_cast<double>(of) : 0; }
};

/// 95 % interval of a share, after Wilson.
std::array<double, 2> wilson(const Share& share);

/// `0.973 [0.960, 0.982]`
std::string with_interval(const Share& share);

struct Detector {
    Share found;   ///< of what grows
    Share alarms;  ///< of what does not
    [[nodiscard]] Share precision() const { return {found.hits, found.hits + alarms.hits}; }
    [[nodiscard]] double f1() const;
};

/// One family's results, or those of all.
struct Tally {
    Detector memrb;
    std::array<Detector, baseline_names.size()> baselines{};
    Share insufficient_said;  ///< where it is true
    Share insufficient_kept;  ///< not said where it is not
    Share first;              ///< the first cause is right
    Share first_two;
    Share option;     ///< the suggested option helps
    Share let_alone;  ///< where nothing is wrong: no option is suggested
    std::map<std::string, std::size_t> verdicts;

    void add(const Tally& other);
};

struct Forecasts {
    std::vector<double> errors;  ///< |mid - true| / true
    Share covered;               ///< true within low..high
    std::size_t below = 0;       ///< true before low
    std::size_t open = 0;        ///< high is infinite
    std::size_t missing = 0;     ///< the limit was reached, but no time was given
};

struct Scores {
    std::map<std::string_view, Tally> by_family;
    Forecasts forecasts;
};

/// True if memrb reports growth that does not end by itself: in one life, or again after each restart.
bool reports_growth(const Assessment& assessment);

void score(const Incident& incident, const Assessment& assessment, Scores& scores);

void print(const Scores& scores);

}  // namespace memrb::bench
