#pragma once

#include "drill/past.h"
#include "memrb/ports.h"
#include "memrb/target.h"
#include "ui/line_reader.h"

namespace memrb::cli {

/// What stands in for the machine and the person while an incident is only played. All of it outlives its use.
struct Stage {
    const Clock& clock;
    Runner& runner;
    const Tools& tools;
    ui::LineReader& keys;
    Observer& witness;            ///< sees every event
    drill::Past* past = nullptr;  ///< a record that is decided anew; null: a world
};

}  // namespace memrb::cli
