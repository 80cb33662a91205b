#include "cli/command.h"
#include "cli/scan_flow.h"
#include "cli/scan_options.h"
#include "cli/world.h"

#include <CLI/CLI.hpp>
#include <memory>

namespace memrb::cli {

namespace {

void add(CLI::App& command, Job& job) {
    auto flags = std::make_shared<ScanFlags>();
    command.add_option("--platform", flags->platform,
                       "prometheus or docker; else Prometheus, and the engine if that is not there");
    command
        .add_option("--match", flags->matchers,
                    "Only containers whose labels fit, as in PromQL: 'namespace=\"prod\"'; may be repeated")
        ->allow_extra_args(false);
    command.add_option("--set", flags->sets, "Give a variable of the runbook a value: NAME=VALUE")
        ->allow_extra_args(false);
    command.add_option("-r,--runbook", flags->runbook, "A runbook's id, or a file: its thresholds and causes count");
    command.add_option("--range", flags->range, "How far back to look, as 1h");
    command.add_option("--step", flags->step, "The distance of samples, as 15s; else about 240 samples");
    command.add_option("--min-level", flags->min_level, "Show only this level and worse: ok, watch, warning, ...");
    command.add_option("--top", flags->top, "Show only so many, the worst")->check(CLI::Range(1, 1'000'000));
    command.add_option("-o,--output", flags->format, "text, json (one document) or jsonl (a line for each container)")
        ->check(CLI::IsMember({"text", "json", "jsonl"}));
    command.add_flag("--exit-code", flags->exit_code, "Exit 10 if the level of any container is warning or worse");
    command.callback([&job, flags] {
        job = [flags](World& world) {
            const auto options = check(*flags);
            return options ? run_scan(world, *options) : world.report(options.error());
        };
    });
}

}  // namespace

extern const CommandSpec scan_command;
const CommandSpec scan_command{"scan", "Judge all containers at once, worst first", add};

}  // namespace memrb::cli
