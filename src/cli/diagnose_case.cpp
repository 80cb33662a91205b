#include "cli/diagnose_case.h"

#include "actions/cloud_run_finder.h"
#include "actions/registry.h"
#include "cli/lookup_notice.h"
#include "cli/open_runner.h"
#include "cli/recording.h"
#include "cli/runbooks.h"
#include "cli/user_config.h"
#include "cli/world.h"
#include "engine/early_reads.h"
#include "engine/find_target.h"
#include "engine/preview_runner.h"
#include "engine/replay_runner.h"
#include "incident/replay_source.h"
#include "system/curl_library.h"
#include "system/tools.h"

#include <fmt/core.h>
#include <optional>
#include <thread>

namespace memrb::cli {

namespace {

constexpr std::string_view default_runbook = "container-high-memory";

// What lookups may use before the target, and with it the variables, are known.
std::map<std::string, std::string> lookup_vars(const Runbook& runbook, const UserConfig& config,
                                               const DiagnoseOptions& options) {
    std::map<std::string, std::string> vars;
    for (const auto name : engine::lookup_settings()) {
        const std::string key(name);
        for (const auto& variable : runbook.vars) {
            if (variable.name == key && variable.fallback) {
                vars[key] = *variable.fallback;
            }
        }
        if (const auto set = config.vars.find(key); set != config.vars.end()) {
            vars[key] = set->second;
        }
        if (const auto set = options.sets.find(key); set != options.sets.end()) {
            vars[key] = set->second;
        }
    }
    return vars;
}

Result<Runbook> load_by_name(World& world, const std::string& name) {
    auto source = find_runbook(world, name);
    return source ? load(world, *source) : tl::unexpected(source.error());
}

// The runbook is loaded, and its programs begin to compile, before the target is known: that time is then not waited
// for. Only a target of a platform that it is not for makes it give way.
Result<void> settle_runbook(World& world, const DiagnoseOptions& options, const UserConfig& config, Platform platform,
                            DiagnoseCase& the_case) {
    if (serves(the_case.runbook, platform)) {
        return {};
    }
    if (!options.runbook.empty()) {
        return fail(Fault::usage, fmt::format("runbook {} is not for {}", the_case.runbook.id, to_string(platform)));
    }
    auto fitting = config.runbook_of(options.target).empty() ? runbook_for(world, platform)
                                                             : load_by_name(world, config.runbook_of(options.target));
    if (!fitting) {
        return tl::unexpected(fitting.error());
    }
    the_case.runbook = std::move(*fitting);
    the_case.programs = std::make_unique<engine::Programs>(the_case.runbook.programs);
    return {};
}

Result<void> find_tools_for(World& world, DiagnoseCase& the_case) {
    if (const Stage* stage = world.stage()) {
        the_case.tools = stage->tools;
        return {};
    }
    auto docker = system::find_docker_endpoint(world.environment());
    if (!docker) {
        return tl::unexpected(docker.error());
    }
    the_case.tools = system::find_tools(world.environment(), *docker);
    return {};
}

// All of them before the first program runs: it may print one.
void learn_secrets(World& world, const Runbook& runbook, const engine::Variables& vars) {
    for (const auto& variable : runbook.vars) {
        const auto value = vars.find(variable.name);
        if (variable.secret && value != vars.end()) {
            world.secrets().add(value->second);
        }
    }
}

engine::FindOptions find_options(const DiagnoseOptions& options, const UserConfig& config,
                                 const DiagnoseCase& the_case) {
    engine::FindOptions find{options.target, options.platform, config.targets,
                             lookup_vars(the_case.runbook, config, options), the_case.now};
    if (options.at && !find.platform) {
        find.platform = Platform::prometheus;  // the past is known to metrics only
    }
    return find;
}

// A lookup on Cloud Run takes as long as the diagnosis. What the config says of the target is enough for most of the
// reads, so they begin at once. What is wrong with the target or the runbook is told by and after its lookup.
void begin_early(World& world, const DiagnoseOptions& options, const UserConfig& config, DiagnoseCase& the_case) {
    const engine::FindOptions find = find_options(options, config, the_case);
    const engine::Sought sought = engine::sought(find);
    if (sought.platform != Platform::cloud_run || !check_target_name(sought.name)) {
        return;
    }
    auto likely = actions::likely_cloud_run_service({sought.name, the_case.tools, sought.vars, the_case.now});
    if (!likely) {
        return;
    }
    if (!settle_runbook(world, options, config, *sought.platform, the_case)) {
        return;
    }
    if (sought.configured != nullptr) {
        likely->vars = sought.configured->vars;
    }
    const auto vars = engine::resolve_variables(the_case.runbook, *likely, the_case.now, config.vars, options.sets);
    if (!vars) {
        return;
    }
    const engine::Session session{the_case.runbook, *likely,      the_case.host_containers, *vars, the_case.tools,
                                  the_case.now,     the_case.past};
    std::vector<system::HeadStart::Early> reads;
    for (auto& read : engine::early_reads(session)) {
        reads.push_back({std::move(read.step), std::move(read.request), read.timeout});
    }
    if (reads.size() > options.jobs) {
        return;  // so many were not to run side by side
    }
    learn_secrets(world, the_case.runbook, *vars);
    auto runner = std::make_unique<system::HeadStart>(std::move(the_case.runner), world.stop(), &world.secrets());
    the_case.head_start = runner.get();
    the_case.runner = std::move(runner);
    the_case.head_start->begin(std::move(reads));
}

Result<void> find_live_target(World& world, const DiagnoseOptions& options, const UserConfig& config,
                              DiagnoseCase& the_case) {
    // A dry run looks for its target too: without one there is nothing to preview. It is the only thing that it does.
    const auto alone = open_runner(world);
    Runner& lookups = the_case.head_start != nullptr ? the_case.head_start->lookups() : *alone;
    engine::FindOptions find = find_options(options, config, the_case);
    std::optional<LookupNotice> notice;
    if (the_case.head_start != nullptr) {
        notice.emplace(world, options.target);
    }
    auto found = engine::find_target(find, actions::target_finders(), the_case.tools, lookups, world.stop());
    if (!found) {
        return tl::unexpected(found.error());
    }
    the_case.find = std::move(find);
    the_case.find.platform = found->target.platform;
    the_case.read_only = config.read_only;
    the_case.contacts = config.contacts;
    the_case.target = std::move(found->target);
    if (the_case.target.kube) {  // another context may be made the current one meanwhile: it is not asked then
        the_case.find.vars["kube_context"] = the_case.target.kube->context;
        the_case.find.vars["kube_namespace"] = the_case.target.kube->name_space;
    }
    if (the_case.target.cloud_run) {
        the_case.find.vars["project"] = the_case.target.cloud_run->project;
        the_case.find.vars["region"] = the_case.target.cloud_run->region;
    }
    the_case.host_containers = std::move(found->host_containers);
    the_case.warnings = std::move(found->warnings);
    return {};
}

Result<void> resolve_vars(const DiagnoseOptions& options, const UserConfig& config, DiagnoseCase& the_case) {
    auto vars = engine::resolve_variables(the_case.runbook, the_case.target, the_case.now, config.vars, options.sets);
    if (!vars) {
        return tl::unexpected(vars.error());
    }
    the_case.vars = std::move(*vars);
    return {};
}

Result<DiagnoseCase> open_live(World& world, const DiagnoseOptions& options) {
    // Loading libcurl with all that it needs takes as long as reading the runbook: both at once.
    const std::jthread early(world.stage() != nullptr ? std::jthread()
                                                      : std::jthread([] { (void)system::CurlLibrary::get(); }));
    // A drill is about services that the user's config does not know.
    auto config = world.stage() != nullptr ? Result<UserConfig>(UserConfig{}) : load_user_config(world);
    if (!config) {
        return tl::unexpected(config.error());
    }
    DiagnoseCase the_case;
    const std::string configured = config->runbook_of(options.target);
    auto runbook = load_by_name(world, !options.runbook.empty() ? options.runbook
                                       : !configured.empty()    ? configured
                                                                : std::string(default_runbook));
    if (!runbook) {
        return tl::unexpected(runbook.error());
    }
    the_case.runbook = std::move(*runbook);
    the_case.programs = std::make_unique<engine::Programs>(the_case.runbook.programs);
    the_case.now = options.at.value_or(world.clock().now());
    the_case.past = options.at.has_value();
    the_case.mode = options.dry_run ? "dry-run" : world.stage() != nullptr ? "drill" : "live";
    if (options.dry_run) {
        the_case.runner = std::make_unique<engine::PreviewRunner>();
    } else {
        the_case.runner = open_runner(world, &world.secrets());
    }
    auto ready =
        find_tools_for(world, the_case)
            .map([&] {
                if (options.diagnoses && !options.dry_run && !options.at && world.stage() == nullptr) {
                    begin_early(world, options, *config, the_case);
                }
            })
            .and_then([&] { return find_live_target(world, options, *config, the_case); })
            .and_then([&] { return settle_runbook(world, options, *config, the_case.target.platform, the_case); })
            .and_then([&] { return resolve_vars(options, *config, the_case); });
    if (!ready) {
        return tl::unexpected(ready.error());
    }
    return the_case;
}

// By now the store may be that of the drills: a record that is decided anew was read before.
Result<std::shared_ptr<const incident::ReplaySource>> record_of(const World& world, const std::string& replay) {
    const Stage* stage = world.stage();
    return stage != nullptr && stage->record != nullptr ? stage->record : open_recording(world, replay);
}

Result<DiagnoseCase> open_replay(World& world, const DiagnoseOptions& options) {
    const auto source = record_of(world, options.replay);
    if (!source) {
        return tl::unexpected(source.error());
    }
    const auto& record = *source;
    const TargetPinned& pinned = record->pinned();
    if (pinned.target.name != options.target) {
        return fail(Fault::usage,
                    fmt::format("this record is about {}, not about {}", record->target().name, options.target),
                    fmt::format("memrb diagnose {} --replay {}", record->target().name, options.replay));
    }
    DiagnoseCase the_case;
    the_case.mode = world.stage() != nullptr ? "drill" : "replay";
    the_case.incident = record->opened().incident;
    auto runbook = load_by_name(world, options.runbook.empty() ? record->opened().runbook_id : options.runbook);
    if (!runbook) {
        return tl::unexpected(runbook.error());
    }
    the_case.runbook = std::move(*runbook);
    const bool kept_in_step = options.replay == "demo";  // a test sees to that
    if (!kept_in_step && the_case.runbook.digest != record->opened().runbook_digest) {
        the_case.warnings.push_back(fmt::format(
            "runbook {} has changed since this was recorded: steps that are new have no output", the_case.runbook.id));
    }
    the_case.programs = std::make_unique<engine::Programs>(the_case.runbook.programs);
    the_case.target = pinned.target;
    the_case.host_containers.emplace_back(the_case.target.id, the_case.target.name);
    the_case.now = pinned.moment.value_or(record->opened_at());
    the_case.past = pinned.past;
    the_case.tools = system::tools_by_name();
    if (world.stage() != nullptr) {
        the_case.runner = open_runner(world);
    } else {
        the_case.runner = std::make_unique<engine::ReplayRunner>(
            [record = record](const std::string& step) { return record->outcome_of(step); });
    }
    const UserConfig recorded{{}, {}, pinned.vars, false};
    if (auto vars = resolve_vars(options, recorded, the_case); !vars) {
        return tl::unexpected(vars.error());
    }
    return the_case;
}

}  // namespace

Result<Target> look_again(World& world, const DiagnoseCase& the_case) {
    if (const drill::Past* past = world.past()) {
        return past->target();
    }
    const auto runner = open_runner(world);
    Runner& lookups = *runner;
    engine::FindOptions find = the_case.find;
    find.now = world.clock().now();
    if (!the_case.target.id.empty() && !the_case.target.cloud_run) {
        find.name = the_case.target.id;
        if (auto same = engine::find_target(find, actions::target_finders(), the_case.tools, lookups, world.stop())) {
            return std::move(same->target);
        }
        find.name = the_case.find.name;
    }
    auto found = engine::find_target(find, actions::target_finders(), the_case.tools, lookups, world.stop());
    return found ? Result<Target>(std::move(found->target)) : tl::unexpected(found.error());
}

Result<DiagnoseCase> open_case(World& world, const DiagnoseOptions& options) {
    auto the_case = options.replay.empty() ? open_live(world, options) : open_replay(world, options);
    if (the_case && the_case->head_start == nullptr) {
        learn_secrets(world, the_case->runbook, the_case->vars);
    }
    return the_case;
}

}  // namespace memrb::cli
