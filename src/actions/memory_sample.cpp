#include "actions/memory_sample.h"

#include "actions/ending.h"

namespace memrb::actions {

Interpretation interpret_memory(const Params& /*params*/, const ActionContext& /*context*/, const Outcome& outcome) {
    return interpret_plain("memory_sample", outcome);
}

}  // namespace memrb::actions
