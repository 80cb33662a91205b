#pragma once

#include "drill/past.h"
#include "incident/replay_source.h"
#include "memrb/ports.h"
#include "memrb/target.h"
#include "ui/line_reader.h"

#include <memory>

namespace memrb::cli {

/// What stands in for the machine and the person while an incident is only played. All of it outlives its use.
struct Stage {
    const Clock& clock;
    Runner& runner;
    const Tools& tools;
    ui::LineReader& keys;
    Observer& witness;  ///< sees every event
    /// A record that is decided anew, and where it stands. Null: a world.
    std::shared_ptr<const incident::ReplaySource> record{};
    drill::Past* past = nullptr;
};

}  // namespace memrb::cli
