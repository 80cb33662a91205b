#include "actions/ending.h"

#include "base/describe.h"
#include "base/text.h"

#include <fmt/core.h>

namespace memrb::actions {

namespace {

constexpr std::size_t longest_words = 300;  // of a tool's complaint: what fits a few lines of a terminal

bool holds(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

// What the docker CLI says when the engine cannot be asked, in fewer words; else nothing.
std::optional<std::string> docker_complaint(std::string_view words) {
    if (holds(words, "Cannot connect to the Docker daemon")) {
        const std::size_t at = words.find(" at ");
        const std::size_t end = words.find(". Is the docker daemon running");
        const bool told = at != std::string_view::npos && end != std::string_view::npos && at + 4 < end;
        return told ? fmt::format("the Docker engine does not answer at {}", words.substr(at + 4, end - at - 4))
                    : std::string("the Docker engine does not answer");
    }
    if (holds(words, "docker") && holds(words, "permission denied")) {
        return "no permission to use the Docker socket: join the group `docker` or use sudo";
    }
    return std::nullopt;
}

std::string command_failure(const Outcome& outcome) {
    std::string words = last_words(outcome.err);
    if (words.empty()) {
        words = last_words(outcome.out);
    }
    if (auto complaint = docker_complaint(words)) {
        return *std::move(complaint);
    }
    for (const std::string_view prefix : {"Error response from daemon: ", "Error: ", "ERROR: "}) {
        if (words.starts_with(prefix)) {
            words.erase(0, prefix.size());
        }
    }
    const std::string ended = base::describe(outcome.ending);
    return words.empty() ? ended : fmt::format("{} ({})", words, ended);
}

}  // namespace

std::string last_words(const Output& output) {
    const std::string& newest = output.tail.empty() ? output.head : output.tail;
    const auto all = base::lines(newest);
    for (auto line = all.rbegin(); line != all.rend(); ++line) {
        if (const auto words = base::trim(*line); !words.empty()) {
            return base::printable(words.substr(0, longest_words));
        }
    }
    return {};
}

bool speaks_of_permission(std::string_view words) {
    return holds(words, "Operation not permitted") || holds(words, "ermission denied");
}

std::optional<std::string> failure_of(const Outcome& outcome, std::string_view what_answers) {
    if (outcome.ok()) {
        return std::nullopt;
    }
    if (std::holds_alternative<Exited>(outcome.ending) || std::holds_alternative<Signalled>(outcome.ending)) {
        return command_failure(outcome);
    }
    if (const auto* status = std::get_if<HttpStatus>(&outcome.ending)) {
        const std::string words = last_words(outcome.out);
        const bool shown = !words.empty() && words.front() != '<' && words.size() < longest_words;
        return fmt::format("{} answers HTTP {}{}", what_answers, status->code, shown ? ": " + words : "");
    }
    return base::printable(base::describe(outcome.ending));
}

Interpretation no_data(std::string what, std::string why) {
    Interpretation nothing;
    nothing.readings.emplace_back(NoData{std::move(what), std::move(why)});
    return nothing;
}

Interpretation interpret_plain(std::string what, const Outcome& outcome, std::string_view what_answers) {
    if (auto why = failure_of(outcome, what_answers)) {
        return no_data(std::move(what), *std::move(why));
    }
    return {};
}

}  // namespace memrb::actions
