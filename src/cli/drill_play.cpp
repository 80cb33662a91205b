#include "cli/drill_play.h"

#include "cli/diagnose_flow.h"
#include "cli/diagnose_options.h"
#include "cli/drill_debrief.h"
#include "cli/drill_reader.h"
#include "cli/exit_codes.h"
#include "cli/incident_command.h"
#include "cli/remedy_flow.h"
#include "cli/runbooks.h"
#include "cli/world.h"
#include "drill/clock.h"
#include "drill/runner.h"
#include "drill/score.h"
#include "drill/witness.h"
#include "system/pause.h"
#include "system/terminal_guard.h"
#include "system/tools.h"
#include "ui/diagnosis_json.h"
#include "ui/layout.h"

#include <fmt/core.h>
#include <unistd.h>
#include <algorithm>
#include <chrono>

namespace memrb::cli {

namespace {

drill::Pace pace_of(double speed) {
    if (speed <= 0) {
        return {};
    }
    const auto began = std::chrono::steady_clock::now();
    return {[began, speed] {
                const std::chrono::duration<double, std::milli> real = std::chrono::steady_clock::now() - began;
                return Milliseconds(static_cast<std::int64_t>(real.count() * speed));
            },
            [speed](Milliseconds time, const Stop& stop) {
                system::pause_for(Milliseconds(static_cast<std::int64_t>(static_cast<double>(time.count()) / speed)),
                                  stop);
            }};
}

Tools tools_of_drill() {
    Tools tools = system::tools_by_name();
    tools.docker.address = "/run/drill/docker.sock";
    tools.docker.origin = "drill";
    tools.docker.local = false;  // there are no files of its containers here
    tools.has_kubeconfig = true;
    return tools;
}

class Play {
public:
    Play(World& world, const DrillOptions& options)
        : world_(world),
          options_(options),
          simulated_(options.scenario, options.seed),
          clock_(simulated_.alert_at(), pace_of(options.speed)),
          runner_(simulated_, clock_),
          witness_(runner_, clock_),
          reader_({world, runner_, clock_, witness_, options.scenario}),
          stage_{clock_, runner_, tools_, reader_, witness_} {}

    int run() {
        if (auto ready = prepare(); !ready) {
            return world_.report(ready.error());
        }
        begin();
        std::optional<std::string> service = options_.scenario.target;
        int code = exit_code::done;
        while (service) {
            code = diagnose(*service);
            service = reader_.take_turn();
        }
        if (by_choice(code)) {
            reader_.keys().ask_verdict(witness_.service());
        }
        end();
        return code > exit_code::signal_base ? code : exit_code::done;
    }

private:
    // Before the stage is set: a person's prompt and the causes that can be named.
    Result<void> prepare() {
        const auto source =
            find_runbook(world_, options_.scenario.runbook.empty() ? default_runbook() : options_.scenario.runbook);
        const auto runbook = source ? load(world_, *source) : Result<Runbook>(tl::unexpected(source.error()));
        if (!runbook) {
            return tl::unexpected(runbook.error());
        }
        DrillKeys& keys = reader_.keys();
        keys.take_causes(causes_of(*runbook));
        if (options_.answers) {
            keys.take_script(*options_.answers);
        } else {
            guard_.emplace(STDIN_FILENO);
            keys.take_person(open_line_reader(world_));
        }
        return {};
    }

    [[nodiscard]] std::string default_runbook() const {
        return options_.scenario.platform == Platform::cloud_run ? "cloud-run-out-of-memory" : "container-high-memory";
    }

    void begin() {
        world_.play(stage_, drills_folder(world_), options_.json);
        const ui::Style& style = world_.err_style();
        const Scenario& scenario = options_.scenario;
        world_.err().write(fmt::format(
            "{}\n", ui::paint(style, ui::Paint::strong, fmt::format("Drill {}, seed {}", scenario.id, options_.seed))));
        world_.err().write(ui::wrapped(
            "Nothing here is real. Lines that begin with ! are for the drill: !cause ID names the cause, !hint costs "
            "points, !wait 5m lets time pass, !look SERVICE turns to another service. q ends it.",
            style, "", ""));
        world_.err().write("\n" +
                           ui::wrapped(fmt::format("{}  {}", format_rfc3339(simulated_.alert_at()),
                                                   ui::safe_lines(style, scenario.alert)),
                                       style, "ALERT  ", "       ") +
                           "\n");
    }

    int diagnose(const std::string& service) {
        DiagnoseOptions options;
        options.platform = options_.scenario.platform;
        options.runbook = options_.scenario.runbook;
        options.sets = options_.scenario.vars;
        options.target = runner_.with_world([&](const drill::World& world) {
            const auto number = world.service_named(service);
            const auto there = number ? world.containers_of(*number) : std::vector<const drill::Container*>();
            return there.empty() || options_.scenario.platform != Platform::docker ? service : there.front()->name;
        });
        return run_diagnose(world_, options);
    }

    void end() {
        auto& tale = witness_.tale();
        tale.ended = clock_.now();
        tale.end = tale.end.empty() ? "left" : tale.end;
        const drill::World last = runner_.with_world([](const drill::World& world) { return world; });
        const auto after = drill::look_ahead(last);
        const auto score = drill::judge(last, tale, after);
        const Debrief debrief{last, tale, after, score, options_.seed};
        if (options_.json) {
            world_.document().write(ui::to_text(drill_json(debrief)));
        } else {
            world_.out().write(render(debrief, world_.out_style()));
        }
    }

    World& world_;
    const DrillOptions& options_;
    const Tools tools_ = tools_of_drill();
    drill::World simulated_;
    drill::DrillClock clock_;
    drill::DrillRunner runner_;
    drill::Witness witness_;
    DrillReader reader_;
    Stage stage_;
    std::optional<system::TerminalGuard> guard_;
};

}  // namespace

int play(World& world, const DrillOptions& options) {
    Play drill(world, options);
    const int code = drill.run();
    world.leave_stage();
    return code;
}

}  // namespace memrb::cli
