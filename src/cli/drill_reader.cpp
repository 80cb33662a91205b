#include "cli/drill_reader.h"

#include "base/text.h"
#include "cli/world.h"
#include "ui/layout.h"

#include <fmt/core.h>
#include <algorithm>

namespace memrb::cli {

namespace {

constexpr Milliseconds to_answer{15'000};  // that a person needs, where their own clock does not count
constexpr std::size_t storm = 5;           // kills of the culprit from the alert on

}  // namespace

std::vector<std::string> read_answers(std::string_view text) {
    std::vector<std::string> answers;
    for (const auto line : base::lines(text)) {
        const auto words = base::trim(line);
        if (!words.empty() && !words.starts_with("//")) {
            answers.emplace_back(words);
        }
    }
    return answers;
}

void DrillReader::say(const std::string& text) {
    parts_.world.err().write(ui::wrapped(text, parts_.world.err_style(), "", "  "));
}

void DrillReader::say_news(const std::string& text) {
    const ui::Style& style = parts_.world.err_style();
    say(ui::paint(style, ui::Paint::caution, ui::safe(style, text)));
}

ui::Answer DrillReader::read(std::string_view prompt) {
    while (true) {
        tell_news();
        if (gone_) {
            return {ui::Answer::Kind::end, {}};
        }
        ui::Answer answer = next(prompt);
        if (answer.kind != ui::Answer::Kind::line) {
            gone_ = true;
            return answer;
        }
        const auto words = base::trim(answer.text);
        parts_.witness.tale().path.push_back({parts_.clock.now(), std::string(words)});
        if (!words.starts_with('!')) {
            return answer;
        }
        command(base::trim(words.substr(1)));
        if (turn_) {
            return {ui::Answer::Kind::end, {}};
        }
    }
}

ui::Answer DrillReader::next(std::string_view prompt) {
    if (!script_) {
        auto answer = person_->read(std::string(drill_mark).append(prompt));
        if (!parts_.clock.paced()) {
            parts_.clock.pass(to_answer);
        }
        return answer;
    }
    if (used_ == script_->size()) {
        parts_.world.err().write(std::string(prompt).append("\n"));
        say("The script ends here.");
        return {ui::Answer::Kind::end, {}};
    }
    parts_.clock.pass(to_answer);
    const std::string& text = (*script_)[used_++];
    parts_.world.err().write(fmt::format("{}{}\n", prompt, text));
    return {ui::Answer::Kind::line, text};
}

void DrillReader::discard_typed_ahead() {
    if (person_) {
        person_->discard_typed_ahead();
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
        say_news(line);
    }
    if (kills >= storm && !gone_) {
        say_news(fmt::format("{} OOM kills since the alert: an OOM storm. The drill is over.", kills));
        parts_.witness.tale().end = "storm";
        gone_ = true;
    }
}

void DrillReader::command(std::string_view line) {
    const std::size_t space = line.find(' ');
    const std::string_view verb = line.substr(0, space);
    const std::string_view words = space == std::string_view::npos ? "" : base::trim(line.substr(space));
    if (verb == "hint") {
        hint();
    } else if (verb == "cause") {
        name_cause(words);
    } else if (verb == "wait") {
        wait(words);
    } else if (verb == "look") {
        look(words);
    } else {
        say("For the drill itself: !cause ID [SERVICE] names the cause, !hint costs points, !wait 5m lets time pass, "
            "!look SERVICE turns to another service.");
    }
}

void DrillReader::hint() {
    auto& taken = parts_.witness.tale().hints;
    if (taken == parts_.scenario.hints.size()) {
        say("There is no further hint.");
        return;
    }
    say(fmt::format("Hint {} of {}: {}", taken + 1, parts_.scenario.hints.size(), parts_.scenario.hints[taken]));
    ++taken;
}

void DrillReader::name_cause(std::string_view words) {
    const std::size_t space = words.find(' ');
    const std::string cause(words.substr(0, space));
    const std::string& looked_at = parts_.witness.service();
    const std::string service(space == std::string_view::npos ? looked_at : base::trim(words.substr(space)));
    if (std::find(parts_.causes.begin(), parts_.causes.end(), cause) == parts_.causes.end()) {
        say(fmt::format("`{}` is none of: {}{}", base::printable(cause), base::join(parts_.causes, ", "),
                        base::did_you_mean(cause, parts_.causes)));
        return;
    }
    parts_.witness.tale().verdicts.push_back({parts_.clock.now(), cause, service});
    say(fmt::format("Your verdict: {} in {}.", cause, base::printable(service)));
}

void DrillReader::wait(std::string_view words) {
    const auto span = parse_duration(words);
    constexpr Milliseconds longest{6 * 3'600'000};
    if (!span || *span > longest) {
        say("How long? As in `!wait 5m`, at most 6h.");
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
        say(fmt::format("There is {}.", base::join(known, ", ")));
        return;
    }
    turn_ = std::string(words);
}

std::optional<std::string> DrillReader::take_turn() {
    return gone_ ? std::nullopt : std::exchange(turn_, std::nullopt);
}

void DrillReader::ask_verdict() {
    while (parts_.witness.tale().verdicts.empty() && !gone_) {
        const auto answer =
            next(fmt::format("What was the cause? [{}, Enter: no verdict]: ", base::join(parts_.causes, ", ")));
        if (answer.kind != ui::Answer::Kind::line || base::trim(answer.text).empty()) {
            return;
        }
        name_cause(base::trim(answer.text));
    }
}

}  // namespace memrb::cli
