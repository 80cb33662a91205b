#include "cli/command.h"
#include "cli/diagnose_options.h"
#include "cli/preview_flow.h"
#include "cli/watch_flow.h"
#include "cli/world.h"

#include "base/text.h"

#include <fmt/core.h>
#include <CLI/CLI.hpp>
#include <memory>

namespace memrb::cli {

namespace {

struct WatchFlags {
    DiagnoseFlags common;
    std::string every;
    std::string lasts;
    bool dry_run = false;
};

Result<std::optional<Milliseconds>> parse_span(std::string_view flag, const std::string& text) {
    constexpr Milliseconds shortest{1'000};
    constexpr Milliseconds longest = std::chrono::hours(24 * 7);
    if (text.empty()) {
        return std::nullopt;
    }
    const auto span = parse_duration(text);
    if (!span || *span < shortest || *span > longest) {
        return fail(
            Fault::usage,
            fmt::format("{}: `{}` is {}", flag, base::printable(text), span ? "not within 1s and 7d" : "no duration"),
            "for example 10s, 5m or 1h30m");
    }
    return *span;
}

int run(World& world, const WatchFlags& flags) {
    auto options = check(flags.common, world.clock().now());
    if (!options) {
        return world.report(options.error());
    }
    options->diagnoses = false;
    options->dry_run = flags.dry_run;
    WatchSettings settings;
    settings.format = options->format;
    settings.jobs = options->jobs;
    const auto every = parse_span("--every", flags.every);
    const auto lasts = parse_span("--for", flags.lasts);
    if (!every || !lasts) {
        return world.report(every ? lasts.error() : every.error());
    }
    settings.every = *every;
    settings.lasts = *lasts;
    return options->dry_run ? preview_watch(world, *options, settings)
                            : run_watch(world, *options, std::move(settings));
}

void add(CLI::App& command, Job& job) {
    auto flags = std::make_shared<WatchFlags>();
    command
        .add_option("target", flags->common.target,
                    "A container, a Compose service, a name in Prometheus or in your config")
        ->required();
    command.add_option("-r,--runbook", flags->common.runbook,
                       "A runbook's id, or a file: `recover` says what must hold");
    command.add_option("--every", flags->every, "How often to look, as 10s; else as the runbook says");
    command.add_option("--for", flags->lasts, "How long all criteria must hold, as 10m; else as the runbook says");
    command.add_option("--platform", flags->common.platform,
                       "Look only there: docker, kubernetes, cloud-run or prometheus");
    command.add_option("-n,--namespace", flags->common.name_space, "Look in this Kubernetes namespace");
    command.add_option("--context", flags->common.context, "Look in the cluster of this kubeconfig context");
    command.add_option("--set", flags->common.sets, "Give a variable of the runbook a value: NAME=VALUE")
        ->allow_extra_args(false);
    command.add_flag("--dry-run", flags->dry_run, "Show what each look would ask; ask nothing");
    command.add_option("-o,--output", flags->common.format, "text, json (one document) or jsonl (events as they come)")
        ->check(CLI::IsMember({"text", "json", "jsonl"}));
    command.add_option("-j,--jobs", flags->common.jobs, "How many reads run side by side")->check(CLI::Range(1, 64));
    command.callback([&job, flags] { job = [flags](World& world) { return run(world, *flags); }; });
}

}  // namespace

extern const CommandSpec watch_command;
const CommandSpec watch_command{"watch", "Watch whether a container recovers: exit 0 if it has, 1 relapsed, 6 if not",
                                add};

}  // namespace memrb::cli
