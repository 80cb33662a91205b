#include "cli/command.h"
#include "cli/diagnose_flow.h"
#include "cli/diagnose_options.h"
#include "cli/world.h"

#include <CLI/CLI.hpp>
#include <memory>

namespace memrb::cli {

namespace {

void add(CLI::App& command, Job& job) {
    auto flags = std::make_shared<DiagnoseFlags>();
    command
        .add_option("target", flags->target, "A container, a Compose service, a name in Prometheus or in your config")
        ->required();
    command.add_option("-r,--runbook", flags->runbook, "A runbook's id, or a file");
    command.add_option("--platform", flags->platform, "Look only there: docker, kubernetes, cloud-run or prometheus");
    command.add_option("-n,--namespace", flags->name_space, "Look in this Kubernetes namespace");
    command.add_option("--context", flags->context, "Look in the cluster of this kubeconfig context");
    command.add_option("--at", flags->at, "Diagnose a past moment from metrics: a time, or how long ago (30m)");
    command.add_option("--set", flags->sets, "Give a variable of the runbook a value: NAME=VALUE")
        ->allow_extra_args(false);
    command.add_option("--replay", flags->replay, "Show a recorded incident: its id, its folder, or demo");
    command.add_option("-o,--output", flags->format, "text, json or jsonl (events as they come)")
        ->check(CLI::IsMember({"text", "json", "jsonl"}));
    command.add_option("-j,--jobs", flags->jobs, "How many reads run side by side")->check(CLI::Range(1, 64));
    command.add_flag("--dry-run", flags->rehearsal,
                     "Show each step's exact command; run nothing. --dry-run=all: every option of the runbook too");
    command.add_flag("--exit-code", flags->exit_code, "Exit 10 if the level is warning or worse");
    command.callback([&job, flags] {
        job = [flags](World& world) {
            auto options = check(*flags, world.clock().now());
            return options ? run_diagnose(world, *options) : world.report(options.error());
        };
    });
}

}  // namespace

extern const CommandSpec diagnose_command;
const CommandSpec diagnose_command{"diagnose", "Find out what the memory of a container does, and why", add};

}  // namespace memrb::cli
