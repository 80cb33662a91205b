#include "base/number.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/drill_from.h"
#include "cli/drill_keys.h"
#include "cli/drill_play.h"
#include "cli/drill_scenarios.h"
#include "cli/exit_codes.h"
#include "cli/world.h"
#include "drill/chance.h"
#include "system/files.h"
#include "ui/diagnosis_json.h"
#include "ui/layout.h"

#include <fmt/core.h>
#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

namespace memrb::cli {

namespace {

struct DrillFlags {
    std::string name;
    std::string from;
    std::string answers;
    std::string speed;
    std::string format = "text";
    std::optional<std::uint64_t> seed;
    bool list = false;
};

int list(World& world, bool json) {
    const auto all = shipped_scenarios(world);
    if (!all) {
        return world.report(all.error());
    }
    if (json) {
        nlohmann::ordered_json drills = nlohmann::ordered_json::array();
        for (const auto& scenario : *all) {
            drills.push_back(
                {{"id", scenario.id}, {"title", scenario.title}, {"platform", to_string(scenario.platform)}});
        }
        world.out().write(ui::to_text({{"schema", "memrb/drills/v1"}, {"drills", std::move(drills)}}));
        return exit_code::done;
    }
    for (const auto& scenario : *all) {
        world.out().write(ui::wrapped(fmt::format("{} ({})", scenario.title, to_string(scenario.platform)),
                                      world.out_style(), ui::pad(scenario.id, 26), std::string(26, ' ')));
    }
    return exit_code::done;
}

// `max` and 0.1 to 1000; nothing was said: 10 for a person, max for a script.
Result<double> speed_of(const DrillFlags& flags) {
    constexpr double usual = 10;
    if (flags.speed.empty()) {
        return flags.answers.empty() ? usual : 0;
    }
    if (flags.speed == "max") {
        return 0;
    }
    constexpr double slowest = 0.1;
    constexpr double fastest = 1000;
    const auto speed = base::number<double>(flags.speed);
    if (!speed || !(*speed >= slowest) || *speed > fastest) {
        return fail(Fault::usage, fmt::format("--speed {} is no speed", base::printable(flags.speed)),
                    "0.1 to 1000, 1 being real time, or max");
    }
    return *speed;
}

// Of the script; nothing: a person answers.
Result<std::optional<std::vector<std::string>>> answers_of(World& world, const DrillFlags& flags) {
    if (flags.answers.empty()) {
        if (!world.can_ask()) {
            return fail(Fault::answer_needed, "a drill needs somebody to answer, and nobody can be asked here",
                        "give a script of answers with --answers FILE");
        }
        return std::nullopt;
    }
    constexpr Bytes largest = Bytes{1} << 20U;
    const auto text = system::read_file(flags.answers, largest);
    if (!text) {
        return fail(Fault::usage, text.error().message, text.error().hint);
    }
    return std::optional(read_answers(*text));
}

int play_record(World& world, const DrillFlags& flags) {
    auto answers = answers_of(world, flags);
    return answers ? play_from(world, {flags.from, *std::move(answers), flags.format == "json"})
                   : world.report(answers.error());
}

Result<DrillOptions> check(World& world, const DrillFlags& flags) {
    DrillOptions options;
    options.json = flags.format == "json";
    const auto speed = speed_of(flags);
    if (!speed) {
        return tl::unexpected(speed.error());
    }
    options.speed = *speed;
    const auto by_clock = static_cast<std::uint64_t>(world.clock().now().time_since_epoch().count());
    constexpr std::uint64_t few = 100'000;  // a number that can be typed again
    options.seed = flags.seed.value_or(drill::Chance(by_clock).bits("seed", 0) % few);
    if (flags.name.empty()) {
        auto all = shipped_scenarios(world);
        if (!all) {
            return tl::unexpected(all.error());
        }
        options.scenario = (*all)[drill::Chance(options.seed).bits("drill", 0) % all->size()];
    } else if (auto scenario = find_scenario(world, flags.name)) {
        options.scenario = *std::move(scenario);
    } else {
        return tl::unexpected(scenario.error());
    }
    auto answers = answers_of(world, flags);
    if (!answers) {
        return tl::unexpected(answers.error());
    }
    options.answers = *std::move(answers);
    return options;
}

void add(CLI::App& command, Job& job) {
    auto flags = std::make_shared<DrillFlags>();
    auto* name = command.add_option("drill", flags->name, "Its id, or a file; one by chance if none is named");
    auto* from =
        command.add_option("--from", flags->from, "A recorded incident, decided anew: its id, folder or bundle");
    auto* list_all = command.add_flag("--list", flags->list, "Name the drills there are");
    auto* seed = command.add_option("--seed", flags->seed, "The same seed plays the same drill");
    auto* speed =
        command.add_option("--speed", flags->speed, "The drill's time against yours: 0.1 to 1000, or max (default 10)");
    from->excludes(name)->excludes(list_all)->excludes(seed)->excludes(speed);
    command.add_option("--answers", flags->answers, "Play this file, one answer on each line");
    command.add_option("-o,--output", flags->format, "text or json (the score)")
        ->check(CLI::IsMember({"text", "json"}));
    command.callback([&job, flags] {
        job = [flags](World& world) {
            if (flags->list) {
                return list(world, flags->format == "json");
            }
            if (!flags->from.empty()) {
                return play_record(world, *flags);
            }
            const auto options = check(world, *flags);
            return options ? play(world, *options) : world.report(options.error());
        };
    });
}

}  // namespace

extern const CommandSpec drill_command;
const CommandSpec drill_command{"drill", "Practise an incident in a simulated world", add};

}  // namespace memrb::cli
