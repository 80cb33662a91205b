#include "actions/docker_list.h"
#include "actions/docker_state.h"
#include "actions/ending.h"
#include "actions/engine_api.h"
#include "actions/json_get.h"
#include "actions/memory_sample.h"
#include "actions/registry.h"
#include "base/text.h"
#include "cli/scan_source.h"
#include "cli/world.h"
#include "engine/fleet_judge.h"
#include "system/live_runner.h"
#include "system/tools.h"

#include <fmt/core.h>
#include <algorithm>
#include <atomic>
#include <map>
#include <optional>
#include <thread>

namespace memrb::cli {

namespace {

constexpr Milliseconds longest_read{10'000};
constexpr std::size_t side_by_side = 16;  // the engine answers each statistics read after a second only

template <class Work>
void for_each_index(std::size_t count, const Work& work) {
    std::atomic<std::size_t> next = 0;
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < std::min(count, side_by_side); ++i) {
        threads.emplace_back([&] {
            for (std::size_t index = next++; index < count; index = next++) {
                work(index);
            }
        });
    }
}

class Scan {
public:
    Scan(World& world, Tools tools, const std::vector<Threshold>& thresholds, const FinishRow& finish)
        : world_(world),
          tools_(std::move(tools)),
          thresholds_(thresholds),
          finish_(finish),
          runner_(world.clock(), &world.log()) {}

    Result<Fleet> run() {
        const auto containers = list();
        if (!containers) {
            return tl::unexpected(containers.error());
        }
        std::vector<std::optional<FleetRow>> rows(containers->size());
        for_each_index(rows.size(), [&](std::size_t i) { rows[i] = read((*containers)[i]); });
        if (world_.stop().requested()) {
            return fail(Fault::interrupted, "interrupted while the Docker engine was asked");
        }
        Fleet fleet;
        for (auto& row : rows) {
            if (row) {
                fleet.rows.push_back(*std::move(row));
            }
        }
        fleet.source = actions::describe_engine(tools_.docker);
        fleet.at = world_.clock().now();
        return fleet;
    }

private:
    Outcome ask(const Request& request) {
        RunContext context;
        context.timeout = longest_read;
        return runner_.run(request, context, world_.stop());
    }

    tl::unexpected<Error> problem(const std::string& why) const {
        return fail(
            Fault::no_data,
            fmt::format("the Docker engine at {} cannot be asked: {}", actions::describe_engine(tools_.docker), why),
            "is it running? Another engine is chosen by DOCKER_HOST or `docker context use`");
    }

    Result<std::vector<actions::ListedContainer>> list() {
        const auto request = actions::engine_get(tools_.docker, "/containers/json?all=1");
        if (!request) {
            return problem("it is reached by the docker CLI only, which a scan does not use");
        }
        const Outcome outcome = ask(*request);
        if (world_.stop().requested()) {
            return fail(Fault::interrupted, "interrupted while the Docker engine was asked");
        }
        if (const auto why = actions::failure_of(outcome, "it")) {
            return problem(*why);
        }
        auto all = outcome.out.truncated() ? std::nullopt : actions::read_engine_list(outcome.out.text());
        if (!all) {
            return problem("what answers there is no Docker engine");
        }
        return *std::move(all);
    }

    // Nothing: it has ended, and not by the OOM killer as far as the engine tells.
    std::optional<FleetRow> read(const actions::ListedContainer& listed) {
        FleetMember member;
        member.target.name = listed.name;
        member.target.id = listed.id;
        member.target.running = listed.running;
        member.target.found_by = "docker container";
        inspect(listed, member);
        if (!member.target.running && !ended_by_oom(member)) {
            return std::nullopt;
        }
        if (member.target.running) {
            measure(member);
        }
        const Timestamp now = world_.clock().now();
        FleetRow row = engine::judge(std::move(member), thresholds_, now);
        finish_(row, now);
        return row;
    }

    void inspect(const actions::ListedContainer& listed, FleetMember& member) {
        const auto request = actions::engine_get(tools_.docker, fmt::format("/containers/{}/json", listed.id));
        const Outcome outcome = ask(*request);
        const auto nothing = [&](std::string why) {
            member.readings.emplace_back(NoData{"container state", std::move(why)});
        };
        if (const auto why = actions::failure_of(outcome, "the engine")) {
            return nothing(*why);
        }
        const auto document = outcome.out.truncated() ? std::nullopt : actions::read_json(outcome.out.text());
        auto target =
            document ? actions::target_from_inspect(*document, tools_.docker.local, "docker container") : std::nullopt;
        if (!target || target->id != listed.id) {
            return nothing("what the engine tells is not understood");
        }
        member.target = *std::move(target);
        if (auto state = actions::read_state(*actions::member(*document, "State"))) {
            state->restarts = actions::get_count(*document, "RestartCount");
            member.readings.emplace_back(*std::move(state));
        }
    }

    static bool ended_by_oom(const FleetMember& member) {
        constexpr int killed = 137;
        return std::any_of(member.readings.begin(), member.readings.end(), [&](const Reading& reading) {
            const auto* state = std::get_if<StateReading>(&reading);
            return state != nullptr && (state->oom_killed == true || state->exit_code == killed);
        });
    }

    // As the step `memory:` of a runbook does it: the kernel's files, the engine, its CLI.
    void measure(FleetMember& member) {
        static const std::vector<std::pair<std::string, std::string>> no_others;
        static const std::map<std::string, std::string> no_vars;
        const ActionContext context{member.target, no_others, no_vars, tools_, world_.clock().now(), false};
        const auto types = actions::action_types();
        const auto memory =
            std::find_if(types.begin(), types.end(), [](const ActionType* type) { return type->name == "memory"; });
        const auto request = (*memory)->plan(Params{}, context);
        if (!request) {
            member.readings.emplace_back(NoData{"memory", request.error().message});
            return;
        }
        Interpretation read = (*memory)->interpret(Params{}, context, ask(*request));
        std::move(read.readings.begin(), read.readings.end(), std::back_inserter(member.readings));
    }

    World& world_;
    Tools tools_;
    const std::vector<Threshold>& thresholds_;
    const FinishRow& finish_;
    system::LiveRunner runner_;
};

}  // namespace

Result<Fleet> scan_docker(World& world, const std::vector<Threshold>& thresholds, const FinishRow& finish) {
    auto docker = system::find_docker_endpoint(world.environment());
    if (!docker) {
        return tl::unexpected(docker.error());
    }
    Tools tools = system::find_tools(world.environment(), *docker);
    return Scan(world, std::move(tools), thresholds, finish).run();
}

}  // namespace memrb::cli
