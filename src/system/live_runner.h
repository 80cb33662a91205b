#pragma once

#include "memrb/ports.h"

namespace memrb::system {

/// The Runner that touches the world.
class LiveRunner final : public Runner {
public:
    explicit LiveRunner(const Clock& clock) : clock_(clock) {}
    Outcome run(const Request& request, const RunContext& context, const Stop& stop) override;

private:
    Outcome sample(const SampleMemory& request, const RunContext& context, const Stop& stop);

    const Clock& clock_;
};

}  // namespace memrb::system
