#include "actions/docker_answer.h"

#include "actions/ending.h"

namespace memrb::actions {

Interpretation interpret_docker(const Params& /*params*/, const ActionContext& /*context*/, const Outcome& outcome) {
    return interpret_plain("docker_answer", outcome);
}

}  // namespace memrb::actions
