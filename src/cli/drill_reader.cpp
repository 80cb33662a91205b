#include "cli/drill_reader.h"

#include "base/text.h"
#include "cli/world.h"

#include <fmt/core.h>
#include <algorithm>

namespace memrb::cli {

namespace {

constexpr Milliseconds to_answer{15'000};  // that a person needs, where their own clock does not count
constexpr std::size_t storm = 5;           // kills of the culprit from the alert on

}  // namespace

DrillReader::DrillReader(Parts parts)
    : parts_(parts), keys_({parts.world, parts.witness.tale(), parts.clock, [this](bool by_script) {
                                if (by_script || !parts_.clock.paced()) {
                                    parts_.clock.pass(to_answer);
                                }
                            }}) {}

ui::Answer DrillReader::read(std::string_view prompt) {
    while (true) {
        tell_news();
        ui::Answer answer = keys_.next(prompt);
        const auto words = base::trim(answer.text);
        if (answer.kind != ui::Answer::Kind::line || !words.starts_with('!')) {
            return answer;
        }
        command(base::trim(words.substr(1)));
        if (turn_) {
            return {ui::Answer::Kind::end, {}};
        }
    }
}

// What a pager and a channel would bring.
void DrillReader::tell_news() {
    std::vector<std::string> news;
    std::size_t kills = 0;
    parts_.runner.with_world([&](const drill::World& world) {
        const auto& events = world.events();
        const auto culprit = world.service_named(parts_.scenario.culprit);
        for (std::size_t i = 0; i < events.size(); ++i) {
            if (!events[i].killed() || events[i].at <= world.alert_at()) {
                continue;
            }
            if (begun_ && i >= events_told_) {
                news.push_back(fmt::format("{} was OOM killed and is being restarted ({})", events[i].name,
                                           format_rfc3339(events[i].at)));
            }
            kills += events[i].service == culprit ? 1 : 0;
        }
        events_told_ = events.size();
        if (world.team_arrives() && *world.team_arrives() <= world.now() && !std::exchange(team_told_, true)) {
            news.push_back("The team that owns it has deployed a fix.");
        }
    });
    begun_ = true;
    for (const auto& line : news) {
        keys_.say_news(line);
    }
    if (kills >= storm && !keys_.gone()) {
        keys_.say_news(fmt::format("{} OOM kills since the alert: an OOM storm. The drill is over.", kills));
        parts_.witness.tale().end = "storm";
        keys_.leave();
    }
}

void DrillReader::command(std::string_view line) {
    const std::size_t space = line.find(' ');
    const std::string_view verb = line.substr(0, space);
    const std::string_view words = space == std::string_view::npos ? "" : base::trim(line.substr(space));
    if (verb == "hint") {
        hint();
    } else if (verb == "cause") {
        keys_.name_cause(words, parts_.witness.service());
    } else if (verb == "wait") {
        wait(words);
    } else if (verb == "look") {
        look(words);
    } else {
        keys_.say(
            "For the drill itself: !cause ID [SERVICE] names the cause, !hint costs points, !wait 5m lets time pass, "
            "!look SERVICE turns to another service.");
    }
}

void DrillReader::hint() {
    auto& taken = parts_.witness.tale().hints;
    if (taken == parts_.scenario.hints.size()) {
        keys_.say("There is no further hint.");
        return;
    }
    keys_.say(fmt::format("Hint {} of {}: {}", taken + 1, parts_.scenario.hints.size(), parts_.scenario.hints[taken]));
    ++taken;
}

void DrillReader::wait(std::string_view words) {
    const auto span = parse_duration(words);
    constexpr Milliseconds longest{6 * 3'600'000};
    if (!span || *span > longest) {
        keys_.say("How long? As in `!wait 5m`, at most 6h.");
        return;
    }
    (void)parts_.runner.run(Wait{*span}, RunContext{}, parts_.world.stop());
}

void DrillReader::look(std::string_view words) {
    std::vector<std::string> known;
    for (const auto& service : parts_.scenario.services) {
        known.push_back(service.name);
    }
    if (std::find(known.begin(), known.end(), words) == known.end()) {
        keys_.say(fmt::format("There is {}.", base::join(known, ", ")));
        return;
    }
    turn_ = std::string(words);
}

std::optional<std::string> DrillReader::take_turn() {
    return keys_.gone() ? std::nullopt : std::exchange(turn_, std::nullopt);
}

}  // namespace memrb::cli
