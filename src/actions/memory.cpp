#include "actions/cloud_memory.h"
#include "actions/engine_api.h"
#include "actions/kube_command.h"
#include "actions/memory_sample.h"
#include "memrb/action.h"

#include <fmt/core.h>
#include <algorithm>

namespace memrb::actions {

extern const ActionType memory_action;

namespace {

Result<void> check(const Params& /*params*/) {
    return {};
}

Risk risk(const Params& /*params*/) {
    return Risk::read;
}

Result<void> can_be_sampled(const ActionContext& context) {
    if (context.past && context.target.platform != Platform::cloud_run) {
        return fail(Fault::no_data, "not possible for a past moment: it would measure the present");
    }
    switch (context.target.platform) {
        case Platform::docker:
        case Platform::kubernetes: return {};
        case Platform::prometheus:
            return fail(Fault::no_data, "known from Prometheus only: its samples come from the promql steps");
        case Platform::cloud_run: return {};
    }
    return {};
}

bool wants(const Params& params, std::string_view source) {
    const std::string& chosen = params.text("source");
    return chosen.empty() || chosen == "auto" || chosen == source;
}

void add_cli(const Tools& tools, const std::string& container, SampleMemory& sample) {
    if (tools.docker_command.empty()) {
        return;
    }
    Command command;
    command.argv = tools.docker_command;
    command.argv.insert(command.argv.end(), {"stats", "--no-stream", "--format", "{{json .}}"});
    if (!container.empty()) {
        command.argv.push_back(container);
    }
    sample.sources.emplace_back(std::move(command));
}

// Exact and at once: the kernel's files. Exact: the engine. Rounded, and 2 s late: the CLI.
void add_target_sources(const Params& params, const ActionContext& context, SampleMemory& sample) {
    const Target& target = context.target;
    if (wants(params, "cgroup") && context.tools.docker.local && is_container_id(target.id)) {
        sample.sources.emplace_back(ReadCgroup{{{target.id, target.pid}}});
    }
    if (wants(params, "engine") && is_container_id(target.id)) {
        const std::string path = fmt::format("/containers/{}/stats?stream=false&one-shot=true", target.id);
        if (auto request = engine_get(context.tools.docker, path)) {
            sample.sources.emplace_back(*std::move(request));
        }
    }
    if (wants(params, "cli")) {
        add_cli(context.tools, target.id.empty() ? target.name : target.id, sample);
    }
}

void add_host_sources(const Params& params, const ActionContext& context, SampleMemory& sample) {
    if (wants(params, "cgroup") && context.tools.docker.local) {
        ReadCgroup all;
        for (const auto& [id, name] : context.host_containers) {
            if (is_container_id(id)) {
                all.containers.push_back({id, 0});
            }
        }
        if (!all.containers.empty()) {
            sample.sources.emplace_back(std::move(all));
        }
    }
    if (wants(params, "cli")) {
        add_cli(context.tools, {}, sample);
    }
}

// Measurements and limits by one command, so that both are of the same pods. By their API and not by `top`, which
// rounds down to MiB; not by a raw path, which a gateway's address may not have.
Result<Request> plan_for_pods(const ActionContext& context) {
    if (!context.target.kube) {
        return fail(Fault::no_data, fmt::format("it is not known where {} is", context.target.name));
    }
    if (context.tools.kubectl_command.empty()) {
        return fail(Fault::missing_tool, "kubectl is not installed", "install kubectl, for example kubernetes-client");
    }
    const KubeRef& kube = *context.target.kube;
    const std::string metrics = "pods.v1beta1.metrics.k8s.io";
    std::vector<std::string> words{"get"};
    if (kube.kind == "pod") {
        words.insert(words.end(), {"pods/" + context.target.name, metrics + "/" + context.target.name});
    } else {
        words.insert(words.end(), {"pods," + metrics, "--selector=" + kube.selector});
    }
    words.insert(words.end(), {"-o", "json"});
    return SampleMemory{{kube_command(context.tools, kube, words)}};
}

Result<Request> plan(const Params& params, const ActionContext& context) {
    if (auto possible = can_be_sampled(context); !possible) {
        return tl::unexpected(possible.error());
    }
    if (context.target.platform == Platform::kubernetes && params.text("scope") != "host") {
        return plan_for_pods(context);
    }
    const bool host = params.text("scope") == "host";
    if (context.target.platform == Platform::cloud_run && !host) {
        return plan_cloud_memory(params, context);
    }
    if (!host && !context.target.running) {
        return fail(Fault::no_data, fmt::format("{} is not running: it uses no memory", context.target.name));
    }
    if (host && context.host_containers.empty()) {
        return fail(Fault::no_data, "no container is known to run on this host");
    }
    SampleMemory sample;
    if (host) {
        add_host_sources(params, context, sample);
    } else {
        add_target_sources(params, context, sample);
    }
    if (sample.sources.empty()) {
        return fail(
            Fault::no_data,
            fmt::format("the engine at {} gives no way to measure memory", describe_engine(context.tools.docker)),
            "install the docker CLI");
    }
    return sample;
}

}  // namespace

const ActionType memory_action{
    .name = "memory",
    .help =
        "Measure memory from the best source there is: the kernel's files, the Docker engine, its CLI, "
        "metrics.k8s.io, or Cloud Monitoring",
    .body = "scope",
    .params = {{.name = "scope",
                .kind = ParamKind::choice,
                .help = "the target (default), or all containers of its host",
                .choices = {"target", "host"}},
               {.name = "source",
                .kind = ParamKind::choice,
                .help = "only this source",
                .choices = {"auto", "cgroup", "engine", "cli"}},
               {.name = "range",
                .kind = ParamKind::duration,
                .help = "on Cloud Run: how far back; without it only the newest sample"},
               {.name = "revisions",
                .help = "on Cloud Run: a list of revisions, whose limits make bytes of the samples"}},
    .check = check,
    .risk = risk,
    .plan = plan,
    .interpret = interpret_memory,
};

}  // namespace memrb::actions
