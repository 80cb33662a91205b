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
    command.add_option("target", flags->target, "As for `memrb diagnose`")->required();
    command.add_option("option", flags->option, "Id of an option of the runbook: restart, raise-limit, ...")
        ->required();
    command.add_option("-r,--runbook", flags->runbook, "A runbook's id, or a file");
    command.add_option("--platform", flags->platform, "Look only there: docker, kubernetes, cloud-run or prometheus");
    command.add_option("-n,--namespace", flags->name_space, "Look in this Kubernetes namespace");
    command.add_option("--context", flags->context, "Look in the cluster of this kubeconfig context");
    command.add_option("--set", flags->sets, "Give a variable of the runbook a value: NAME=VALUE")
        ->allow_extra_args(false);
    command.add_option("-o,--output", flags->format, "text, json or jsonl (events as they come)")
        ->check(CLI::IsMember({"text", "json", "jsonl"}));
    command.add_option("-j,--jobs", flags->jobs, "How many reads run side by side")->check(CLI::Range(1, 64));
    auto* rehearsal = command.add_flag(
        "--dry-run", flags->rehearsal,
        "Show what would be run; run nothing. --dry-run=server: have the API server check it (kubectl)");
    command.add_flag("--yes", flags->yes, "Agree to steps that can be undone");
    command.add_option("--confirm", flags->confirmed, "Agree to all steps, for the target of this name");
    command.add_option("--max-risk", flags->most, "Refuse what is riskier: read, reversible, disruptive");
    command
        .add_flag("--watch", flags->watch,
                  "Watch the recovery afterwards, as long as the runbook says: exit 0 only if it has recovered")
        ->excludes(rehearsal);
    command.callback([&job, flags] {
        job = [flags](World& world) {
            auto options = check(*flags, world.clock().now());
            return options ? run_diagnose(world, *options) : world.report(options.error());
        };
    });
}

}  // namespace

extern const CommandSpec resolve_command;
const CommandSpec resolve_command{"resolve", "Run an option of the runbook, each change under confirmation", add};

}  // namespace memrb::cli
