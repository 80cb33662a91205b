#pragma once

#include "memrb/reading.h"
#include "memrb/target.h"
#include "memrb/units.h"
#include "random.h"

#include <array>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace memrb::bench {

/// `tuning` may be looked at while the method is changed; `final` is for reporting only. They differ in seeds and in
/// the parameters that noise and shapes are drawn from.
enum class Split { tuning, final };

/// What is true of an incident, whatever memrb says.
struct Truth {
    bool grows = false;                     ///< without a bound: what a leak detector must name
    bool insufficient = false;              ///< no honest verdict is possible
    std::vector<std::string> causes = {};   ///< ids, each of which is right; empty: nothing is wrong
    std::vector<std::string> options = {};  ///< ids that help
};

/// An incident without its noise. Times are hours since the first sample; functions hold beyond the last one too.
struct Plan {
    std::string_view family;
    Truth truth;
    double hours = 6;
    double step = 15;                    ///< seconds
    double limit = 512;                  ///< MiB; 0: none
    double scatter = 0;                  ///< MiB, standard deviation of the noise
    double rho = 0;                      ///< lag-one autocorrelation of the noise, sample to sample
    bool heavy = false;                  ///< heavy-tailed instead of normal
    std::vector<double> starts;          ///< of the container, rising; the first lies before the window
    std::optional<std::size_t> revised;  ///< the start that brought another image
    std::function<double(double hours, double since_start)> level;  ///< MiB
    std::function<double(double hours)> load = {};                  ///< requests per second; none: not measured
    std::function<double(double hours)> file = {};                  ///< MiB of page cache inside the working set
    std::function<double(double hours)> idle_file = {};             ///< MiB of page cache outside of it
    std::function<double(double hours)> descriptors = {};           ///< open connections
    std::optional<std::string> redis_maxmemory = {};                ///< what the runbook's step captured
    double quantum = 4096;                                          ///< bytes; values are cut to it
    double lost = 0;                                                ///< share of samples that are missing at random
    double nan = 0;                                                 ///< share that is NaN
    std::optional<std::array<double, 2>> gap = {};                  ///< hours without samples
};

struct Incident {
    Plan plan;
    Target target;
    Timestamp now{};
    std::vector<Reading> readings;
    std::vector<Point> memory;       ///< what was measured of the working set, NaN left out
    std::vector<double> afterwards;  ///< MiB, sample by sample, what comes after `now`
    /// Seconds from `now` until the working set first reaches the limit, if it does while `afterwards` lasts.
    std::optional<double> seconds_to_limit;
};

/// Draws the noise, cuts and loses samples, and writes readings as the shipped runbook's steps deliver them.
/// `future_spans`: how much of the time after `now` is drawn, in lengths of the window.
Incident realise(Plan plan, Random& random, double future_spans);

/// The families by name, in the order of the table.
const std::vector<std::string_view>& families();

/// `hours`: length of the window, if the family does not need its own.
Plan make_plan(std::string_view family, Split split, Random& random, std::optional<double> hours = std::nullopt);

}  // namespace memrb::bench
