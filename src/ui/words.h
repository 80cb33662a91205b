#pragma once

#include "memrb/assessment.h"
#include "memrb/target.h"
#include "memrb/units.h"
#include "ui/style.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace memrb::ui {

/// `08:51Z`; `2026-11-20 08:51Z` on another day than `now`.
std::string clock_time(Timestamp at, Timestamp now);
/// `08:51:07Z`, and the day if it is another.
std::string exact_time(Timestamp at, Timestamp now);

/// `498 of 512 MiB`; `900 KiB of 64 MiB`.
std::string part_of(Bytes used, Bytes limit);

/// `79..94` in the unit in which `rate` is shown (`+86 MiB/h`).
std::string rate_interval(double rate, const std::array<double, 2>& interval);

/// `7..12 min`, `45 min..1h10m`, `7 min at the earliest` (no upper end), `less than 12 min`.
std::string time_to_limit(const Interval& seconds);

/// `docker · backend`.
std::string target_words(const Target& target, const Style& style);
/// `docker · backend (3f9c1d, up 2h14m)`; what is not known is left out.
std::string target_identity(const Target& target, Timestamp now, const Style& style);

/// `docker event` for a source, for people.
std::string_view words(OomSource source);
/// `in the container`; empty if not known.
std::string_view words(OomLevel level);
/// `not enough data`, `growing`.
std::string_view words(Verdict verdict);

/// `1 kill`, `3 kills`.
std::string counted(std::uint64_t count, std::string_view singular, std::string_view plural);

/// `70 %`, `99.5 %` for a threshold.
std::string threshold_percent(double ratio);

}  // namespace memrb::ui
