#pragma once

#include "drill/clock.h"
#include "drill/tools.h"
#include "drill/world.h"
#include "memrb/ports.h"

#include <mutex>

namespace memrb::drill {

/// Does requests in the world: starts nothing, connects to nothing. Reads take none of the drill's time, so what they
/// say does not depend on which of them came first; changes and waits take theirs.
class DrillRunner final : public Runner {
public:
    /// Both must outlive it. `world` is used under `mutex` only.
    DrillRunner(World& world, DrillClock& clock) : world_(world), clock_(clock) {}

    Outcome run(const Request& request, const RunContext& context, const Stop& stop) override;

    /// The world as it is now, or as it is changed; never while a request is answered.
    template <class Use>
    auto with_world(const Use& use) {
        const std::lock_guard lock(mutex_);
        world_.advance(clock_.now());
        return use(world_);
    }

private:
    Outcome answer(const Request& request, const RunContext& context, const Stop& stop);
    Outcome sample(const SampleMemory& request, const RunContext& context, const Stop& stop);

    World& world_;
    DrillClock& clock_;
    std::mutex mutex_;
};

}  // namespace memrb::drill
