#include "actions/docker_state.h"

#include "actions/ending.h"
#include "base/number.h"
#include "base/text.h"

#include <fmt/core.h>
#include <algorithm>

namespace memrb::actions {

namespace {

constexpr int killed = 137;  // 128 + SIGKILL
constexpr std::string_view what = "docker inspect";

std::string describe_limit(const Limit& limit) {
    const auto* bytes = std::get_if<Bytes>(&limit);
    return bytes != nullptr                         ? "limit " + format_bytes(*bytes)
           : std::holds_alternative<NoLimit>(limit) ? "no limit"
                                                    : "";
}

std::string describe_restarts(std::uint64_t restarts) {
    return fmt::format("{} restart{}", restarts, restarts == 1 ? "" : "s");
}

std::string describe_state(const StateReading& state) {
    std::string text = base::printable(state.status);
    if (state.exit_code) {
        text += fmt::format(" with {}", *state.exit_code);
    }
    if (state.oom_killed.value_or(false)) {
        text += ", OOM killed";
    }
    if (state.restarts.value_or(0) > 0) {
        text += ", " + describe_restarts(*state.restarts);
    }
    return text;
}

void add_state(StateReading state, Interpretation& result) {
    result.note = describe_state(state);
    if (state.oom_killed) {
        result.readings.emplace_back(oom_check_of(state));
    }
    result.readings.emplace_back(std::move(state));
}

// A part of an answer may not tell whose it is, but the command does.
bool asks_for_target(const CommandLine& line, const Target& target) {
    constexpr std::size_t short_id = 12;
    return std::any_of(line.rest.begin(), line.rest.end(), [&](const std::string& word) {
        return word == target.name || (word.size() >= short_id && target.id.starts_with(word));
    });
}

/// Reads what one inspection said; its parts are known by their shape, whatever format has put them together.
class Inspection {
public:
    Inspection(const CommandLine& line, const Target& target) : line_(line), target_(target) {}

    [[nodiscard]] Interpretation read(const Json& document) const {
        if (!document.is_array()) {
            return read_object(document);
        }
        if (document.empty()) {
            return no_data(std::string(what), "the answer is no list of containers");
        }
        const auto own = std::find_if(document.begin(), document.end(),
                                      [&](const Json& container) { return get_text(container, "Id") == target_.id; });
        return read_object(own == document.end() ? document.front() : *own);
    }

private:
    [[nodiscard]] Interpretation read_object(const Json& object) const {
        const auto id = get_text(object, "Id");
        if (id && !target_.id.empty() ? *id != target_.id : !asks_for_target(line_, target_)) {
            const bool namesake = id && get_text(object, "Name") == "/" + target_.name;
            return namesake ? no_data(std::string(what),
                                      fmt::format("{} is another container now ({}): the pinned one is gone",
                                                  target_.name, base::printable(id->substr(0, 12))))
                            : Interpretation{};
        }
        Interpretation result;
        const Json* nested = member(object, "State");
        auto state = read_state(nested == nullptr ? object : *nested);
        const Json* host_config = member(object, "HostConfig");
        const std::string limit = describe_limit(read_limit(host_config == nullptr ? object : *host_config));
        if (!state && (nested != nullptr || id || limit.empty())) {
            return no_data(std::string(what), "the answer holds no container's state");
        }
        if (state) {
            state->restarts = get_count(object, "RestartCount");
            add_state(*std::move(state), result);
        }
        result.note += result.note.empty() || limit.empty() ? limit : ", " + limit;
        return result;
    }

    const CommandLine& line_;
    const Target& target_;
};

// A single value, whose meaning only the format tells.
Interpretation read_value(std::string_view format, std::string_view text) {
    Interpretation result;
    const auto not_a = [&](std::string_view kind) {
        return no_data(std::string(what), fmt::format("`{}` is {}", base::printable(text.substr(0, 80)), kind));
    };
    if (format == "{{.State.OOMKilled}}") {
        if (text != "true" && text != "false") {
            return not_a("neither true nor false");
        }
        StateReading flag_only;
        flag_only.oom_killed = text == "true";
        result.readings.emplace_back(oom_check_of(flag_only));
        result.note = *flag_only.oom_killed ? "OOM killed" : "not OOM killed";
    } else if (format == "{{.HostConfig.Memory}}") {
        const auto bytes = base::number<std::uint64_t>(text);
        if (!bytes) {
            return not_a("no number of bytes");
        }
        result.note = describe_limit(*bytes == 0 ? Limit(NoLimit{}) : Limit(*bytes));
    } else if (format == "{{.RestartCount}}") {
        const auto restarts = base::number<std::uint64_t>(text);
        if (!restarts) {
            return not_a("no number of restarts");
        }
        result.note = describe_restarts(*restarts);
    }
    return result;
}

std::optional<std::string> format_of(const CommandLine& line) {
    auto format = option_value(line.rest, "--format");
    return format ? format : option_value(line.rest, "-f");
}

}  // namespace

std::optional<StateReading> read_state(const Json& state) {
    auto status = get_text(state, "Status");
    const auto running = get_flag(state, "Running");
    if (!status || !running) {
        return std::nullopt;
    }
    StateReading reading;
    reading.status = *std::move(status);
    reading.running = *running;
    reading.started_at = get_time(state, "StartedAt");
    reading.finished_at = get_time(state, "FinishedAt");
    reading.oom_killed = get_flag(state, "OOMKilled");
    // A container that waits for its restart counts as running, yet its last run has ended.
    const bool ended = !reading.running || get_flag(state, "Restarting").value_or(false);
    if (ended && reading.finished_at) {
        reading.exit_code = get_small(state, "ExitCode");
    }
    if (const Json* health = member(state, "Health"); health != nullptr) {
        reading.health = get_text(*health, "Status").value_or("");
    }
    return reading;
}

OomCheck oom_check_of(const StateReading& state) {
    OomCheck check{OomSource::container_state, {}, state.started_at};
    if (!state.oom_killed.value_or(false)) {
        return check;
    }
    OomSighting sighting;
    if (state.exit_code == killed) {
        sighting.level = OomLevel::container;
        sighting.at = state.finished_at;
        sighting.detail = "OOMKilled, exit 137";
    } else if (state.exit_code) {
        sighting.level = OomLevel::process;
        sighting.detail = fmt::format("OOMKilled, but exit {}: a process inside was killed", *state.exit_code);
    } else {
        sighting.detail = "OOMKilled: a process inside was killed, or the run before this one";
    }
    check.sightings.push_back(std::move(sighting));
    return check;
}

Limit read_limit(const Json& host_config) {
    const auto bytes = get_count(host_config, "Memory");
    return !bytes ? Limit(LimitUnknown{}) : *bytes == 0 ? Limit(NoLimit{}) : Limit(*bytes);
}

Interpretation interpret_inspect(const CommandLine& line, const ActionContext& context, const std::string& out) {
    const std::string format = format_of(line).value_or("");
    const std::string_view text = base::trim(out);
    if (const auto document = read_json(text); document && (document->is_object() || document->is_array())) {
        return Inspection(line, context.target).read(*document);
    }
    if (format.empty() || format.find("json") != std::string::npos) {
        return no_data(std::string(what), "the answer is not JSON, or only a part of it");
    }
    return asks_for_target(line, context.target) ? read_value(format, text) : Interpretation{};
}

}  // namespace memrb::actions
