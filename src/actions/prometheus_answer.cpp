#include "actions/prometheus_answer.h"

#include "actions/ending.h"

namespace memrb::actions {

Interpretation interpret_promql(const Params& /*params*/, const ActionContext& /*context*/, const Outcome& outcome) {
    return interpret_plain("prometheus_answer", outcome);
}

}  // namespace memrb::actions
