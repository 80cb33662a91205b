#include "cli/scan_flow.h"

#include "cli/exit_codes.h"
#include "cli/runbooks.h"
#include "cli/scan_options.h"
#include "cli/scan_source.h"
#include "cli/user_config.h"
#include "cli/world.h"
#include "engine/conclude.h"
#include "engine/fleet_order.h"
#include "engine/variables.h"
#include "system/terminal.h"
#include "ui/scan_view.h"

#include <fmt/core.h>
#include <unistd.h>
#include <algorithm>
#include <csignal>
#include <utility>

namespace memrb::cli {

namespace {

constexpr std::string_view default_runbook = "container-high-memory";

struct Setting {
    std::string text;     ///< empty: not known
    bool chosen = false;  ///< a person gave it, here or in the config
};

Setting setting(const std::string& key, const ScanOptions& options, const UserConfig& config, const Runbook& runbook) {
    if (const auto set = options.sets.find(key); set != options.sets.end()) {
        return {set->second, true};
    }
    if (const auto set = config.vars.find(key); set != config.vars.end()) {
        return {set->second, true};
    }
    for (const auto& variable : runbook.vars) {
        if (variable.name == key && variable.fallback) {
            return {*variable.fallback, false};
        }
    }
    return {};
}

class ScanFlow {
public:
    ScanFlow(World& world, const ScanOptions& options, UserConfig config, Runbook runbook)
        : world_(world),
          options_(options),
          config_(std::move(config)),
          runbook_(std::move(runbook)),
          programs_(runbook_.programs) {}

    int run() {
        programs_.begin();
        auto fleet = ask();
        if (!fleet) {
            const int code = world_.report(fleet.error());
            return world_.stop().requested() ? world_.exit_code_of_signal() : code;
        }
        FleetCounts counts = engine::count(fleet->rows);
        counts.left_out = fleet->left_out;
        const bool finding = std::any_of(fleet->rows.begin(), fleet->rows.end(),
                                         [](const FleetRow& row) { return row.assessment.level >= Level::warning; });
        engine::sort_worst_first(fleet->rows);
        choose(fleet->rows);
        show(*fleet, counts);
        if (counts.judged + counts.no_limit + counts.limit_unknown == 0) {
            return exit_code::no_data;
        }
        return options_.exit_code && finding ? exit_code::finding : exit_code::done;
    }

private:
    Result<Fleet> ask() {
        if (options_.platform == Platform::docker) {
            return checked(scan_docker(world_, runbook_.thresholds, finish_), Platform::docker);
        }
        const Setting address = setting("prometheus", options_, config_, runbook_);
        const Setting load = setting("load_metric", options_, config_, runbook_);
        if (address.text.empty()) {
            return fail(Fault::no_data, "the address of Prometheus is not set", "give it: --set prometheus=URL");
        }
        auto fleet = scan_prometheus(world_, options_, {address.text, load.text}, runbook_.thresholds, finish_);
        const bool must = options_.platform || address.chosen || !options_.matchers.empty();
        if (fleet || must || world_.stop().requested()) {
            return checked(std::move(fleet), Platform::prometheus);
        }
        // Nobody has named a Prometheus: the engine of this machine is as good a guess.
        auto engine = checked(scan_docker(world_, runbook_.thresholds, finish_), Platform::docker);
        if (!engine) {
            return fail(Fault::no_data,
                        "no source answered\n  " + fleet.error().message + "\n  " + engine.error().message,
                        fleet.error().hint);
        }
        engine->warnings.insert(engine->warnings.begin(), fleet.error().message);
        return engine;
    }

    // Nothing at all is no healthy fleet.
    Result<Fleet> checked(Result<Fleet> fleet, Platform platform) {
        platform_ = platform;
        if (fleet && fleet->rows.empty()) {
            return fail(Fault::no_data,
                        platform == Platform::docker
                            ? fmt::format("no container runs on the engine at {}", fleet->source)
                            : fmt::format("Prometheus at {} knows no container{} in this time", fleet->source,
                                          options_.matchers.empty() ? "" : " that matches"),
                        platform == Platform::docker ? "" : "does it scrape cAdvisor or the kubelets?");
        }
        return fleet;
    }

    void choose(std::vector<FleetRow>& rows) const {
        std::erase_if(rows, [&](const FleetRow& row) { return !wanted(row); });
        if (options_.top > 0 && rows.size() > options_.top) {
            rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(options_.top), rows.end());
        }
        rows.shrink_to_fit();
    }

    bool wanted(const FleetRow& row) const {
        return !options_.min_level || *options_.min_level == Level::unknown ||
               row.assessment.level >= *options_.min_level;
    }

    // From several threads.
    void look_for_causes(FleetRow& row, Timestamp now) const {
        static const std::vector<std::pair<std::string, std::string>> no_others;
        static const Tools no_tools;
        auto vars = engine::resolve_variables(runbook_, row.target, now, config_.vars, options_.sets);
        const engine::Variables known = vars ? *std::move(vars) : engine::Variables{};
        engine::conclude(row.assessment, {runbook_, row.target, no_others, known, no_tools, now, false}, {}, programs_);
    }

    // The table shows the first cause alone, and of a large fleet each row's words are what takes memory.
    static void keep_what_a_table_shows(FleetRow& row) {
        Assessment& known = row.assessment;
        std::exchange(known.thresholds, {});
        std::exchange(known.options, {});
        std::exchange(known.warnings, {});
        std::exchange(known.oom.evidence, {});
        std::exchange(row.target.labels, {});
        if (!known.causes.empty()) {
            RankedCause first;
            first.id = std::move(known.causes.front().id);
            known.causes = {std::move(first)};
        }
    }

    // A pipe has no width: then lines are whole, one for each container.
    ui::Style style() const {
        ui::Style style = world_.out_style();
        if (!system::is_terminal(STDOUT_FILENO) && !world_.environment().has("COLUMNS")) {
            style.width = 0;
        }
        return style;
    }

    void show(const Fleet& fleet, const FleetCounts& counts) {
        ui::ScanView view;
        view.rows = fleet.rows;
        view.counts = counts;
        view.platform = to_string(platform_);
        view.source = fleet.source;
        view.at = fleet.at;
        if (platform_ == Platform::prometheus) {
            view.range = options_.range;
            view.step = options_.step;
        }
        view.runbook_id = runbook_.id;
        view.runbook_digest = runbook_.digest;
        view.warnings = fleet.warnings;
        switch (options_.format) {
            case Format::json: ui::write_scan_json(view, world_.out()); break;
            case Format::jsonl:
                ui::write_scan_lines(view, world_.out());
                world_.err().write(ui::scan_summary(counts, fleet.rows.size()) + "\n");
                break;
            case Format::text: ui::write_scan_text(view, style(), world_.out()); break;
        }
        for (const auto& warning : fleet.warnings) {
            world_.warn(warning);
        }
    }

    World& world_;
    const ScanOptions& options_;
    UserConfig config_;
    Runbook runbook_;
    engine::Programs programs_;
    const FinishRow finish_ = [this](FleetRow& row, Timestamp now) {
        if (wanted(row) && engine::is_conspicuous(row)) {
            look_for_causes(row, now);
        }
        if (options_.format == Format::text) {
            keep_what_a_table_shows(row);
        }
    };
    Platform platform_ = Platform::prometheus;
};

}  // namespace

int run_scan(World& world, const ScanOptions& options) {
    auto config = load_user_config(world);
    if (!config) {
        return world.report(config.error());
    }
    const auto source = find_runbook(world, options.runbook.empty() ? std::string(default_runbook) : options.runbook);
    auto runbook = source ? load(world, *source) : tl::unexpected(source.error());
    if (!runbook) {
        return world.report(runbook.error());
    }
    return ScanFlow(world, options, *std::move(config), *std::move(runbook)).run();
}

}  // namespace memrb::cli
