#pragma once

#include "memrb/recovery.h"
#include "ui/style.h"

#include <string>
#include <string_view>

namespace memrb::ui {

/// `not recovered`, `relapsed`.
std::string_view words(Recovery recovery);

/// One sample of a watch in a line: `312 of 512 MiB = 61 %, all criteria hold for 3 min`.
std::string watch_words(const WatchSample& sample, const Style& style);

/// The criteria that do not hold or are not known, `memory below 80 %: 83 %; ...`; empty: all hold.
std::string open_criteria(const WatchSample& sample, const Style& style);

/// `312 of 512 MiB = 61 %`, `312 MiB, no limit is set`; empty: not known.
std::string used_words(const WatchSample& sample);

}  // namespace memrb::ui
