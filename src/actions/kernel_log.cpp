#include "actions/kernel_log.h"

#include "actions/ending.h"

namespace memrb::actions {

Interpretation interpret_kernel_log(const ActionContext& /*context*/, const Outcome& outcome) {
    return interpret_plain("kernel_log", outcome);
}

}  // namespace memrb::actions
