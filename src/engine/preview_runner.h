#pragma once

#include "memrb/ports.h"

namespace memrb::engine {

/// Dry run: starts nothing, connects to nothing, whatever it is asked. The one place where `--dry-run` is enforced.
class PreviewRunner : public Runner {
public:
    Outcome run(const Request& request, const RunContext& context, const Stop& stop) override;
};

}  // namespace memrb::engine
