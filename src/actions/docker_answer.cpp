#include "actions/docker_answer.h"

#include "actions/docker_events.h"
#include "actions/docker_state.h"
#include "actions/docker_stats.h"
#include "actions/docker_verbs.h"
#include "actions/ending.h"
#include "actions/redis_info.h"

#include <fmt/core.h>

namespace memrb::actions {

Interpretation interpret_docker(const Params& params, const ActionContext& context, const Outcome& outcome) {
    const CommandLine line = parse_command_line(params.list("args"), docker_grammar());
    if (auto redis = interpret_redis(line, outcome)) {
        return *std::move(redis);
    }
    std::string what = fmt::format("docker {}", line.written);
    if (auto why = failure_of(outcome)) {
        return no_data(std::move(what), *std::move(why));
    }
    if (line.verb == "events") {
        return interpret_events(context, outcome.out);
    }
    const bool understood = line.verb == "inspect" || line.verb == "stats";
    if (understood && outcome.out.truncated()) {
        return no_data(std::move(what),
                       fmt::format("the answer of {} is too long to be kept whole", format_bytes(outcome.out.total)));
    }
    if (line.verb == "inspect") {
        return interpret_inspect(line, context, outcome.out.text());
    }
    if (line.verb == "stats") {
        return interpret_stats(context, outcome.started, outcome.out.text());
    }
    return {};
}

}  // namespace memrb::actions
