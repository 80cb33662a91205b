#pragma once

#include "incident/history.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace memrb::incident {

/// What an option did for one target in past incidents.
struct PastHelp {
    std::string option;
    std::size_t tried = 0;   ///< incidents in which it was the last one that changed something
    std::size_t helped = 0;  ///< of them: a watch saw the recovery, or a later diagnosis a lower level
    Timestamp last{};        ///< when it was last done
    /// On average, over those after which there was another incident with a finding: until that.
    std::optional<Milliseconds> lasted;
    std::optional<Milliseconds> until_recovery;  ///< on average, over those that were watched
};

/// Of all options that were tried, the one that helped most often first. `incidents` newest first, of any targets;
/// `now` is the time of a new finding, if there is one.
std::vector<PastHelp> what_helped(std::span<const Summary> incidents, std::string_view target,
                                  std::string_view platform, std::optional<Timestamp> now);

}  // namespace memrb::incident
