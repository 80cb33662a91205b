#include "actions/docker_state.h"

#include "actions/ending.h"
#include "base/text.h"

#include <fmt/format.h>
#include <algorithm>
#include <charconv>

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

std::string describe_state(const StateReading& state) {
    std::string text = base::printable(state.status);
    if (state.exit_code) {
        text += fmt::format(" with {}", *state.exit_code);
    }
    if (state.oom_killed.value_or(false)) {
        text += ", OOM killed";
    }
    if (state.restarts.value_or(0) > 0) {
        text += fmt::format(", {} restart{}", *state.restarts, *state.restarts == 1 ? "" : "s");
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

bool is_target(const Json& container, const Target& target) {
    const auto id = get_text(container, "Id");
    return id && (target.id.empty() || *id == target.id);
}

Interpretation read_container(const Json& container, const ActionContext& context) {
    const Target& target = context.target;
    if (!is_target(container, target)) {
        const std::string name = get_text(container, "Name").value_or("");
        if (name == "/" + target.name) {
            return no_data(std::string(what),
                           fmt::format("{} is another container now ({}): the pinned one is gone", target.name,
                                       get_text(container, "Id").value_or("?").substr(0, 12)));
        }
        return {};
    }
    const Json* state_json = member(container, "State");
    auto state = state_json == nullptr ? std::nullopt : read_state(*state_json);
    if (!state) {
        return no_data(std::string(what), "the answer holds no container's state");
    }
    Interpretation result;
    state->restarts = get_count(container, "RestartCount");
    add_state(*std::move(state), result);
    const Json* host_config = member(container, "HostConfig");
    if (const std::string limit = host_config == nullptr ? "" : describe_limit(read_limit(*host_config));
        !limit.empty()) {
        result.note += ", " + limit;
    }
    return result;
}

Interpretation read_whole(const Json& document, const ActionContext& context) {
    if (document.is_object()) {
        return read_container(document, context);
    }
    if (!document.is_array() || document.empty()) {
        return no_data(std::string(what), "the answer is no list of containers");
    }
    const auto found = std::find_if(document.begin(), document.end(),
                                    [&](const Json& container) { return is_target(container, context.target); });
    return read_container(found == document.end() ? document.front() : *found, context);
}

Interpretation read_part(std::string_view format, std::string_view text) {
    Interpretation result;
    if (format == "{{.State.OOMKilled}}") {
        if (text != "true" && text != "false") {
            return no_data(std::string(what),
                           fmt::format("`{}` is neither true nor false", base::printable(text.substr(0, 80))));
        }
        StateReading only_this;
        only_this.oom_killed = text == "true";
        result.readings.emplace_back(oom_check_of(only_this));
        result.note = *only_this.oom_killed ? "OOM killed" : "not OOM killed";
        return result;
    }
    if (format == "{{.HostConfig.Memory}}") {
        Bytes bytes = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bytes);
        if (error != std::errc{} || end != text.data() + text.size()) {
            return no_data(std::string(what),
                           fmt::format("`{}` is no number of bytes", base::printable(text.substr(0, 80))));
        }
        result.note = describe_limit(bytes == 0 ? Limit(NoLimit{}) : Limit(bytes));
        return result;
    }
    const bool wants_state = format == "{{json .State}}";
    const auto document = read_json(text);
    if (!document || !document->is_object()) {
        return no_data(std::string(what), "the answer is not JSON");
    }
    if (!wants_state) {
        result.note = describe_limit(read_limit(*document));
        return result;
    }
    auto state = read_state(*document);
    if (!state) {
        return no_data(std::string(what), "the answer holds no container's state");
    }
    add_state(*std::move(state), result);
    return result;
}

std::optional<std::string> format_of(const CommandLine& line) {
    auto format = option_value(line.rest, "--format");
    return format ? format : option_value(line.rest, "-f");
}

// A part of an answer does not tell whose it is, but the command does.
bool asks_for_target(const CommandLine& line, const Target& target) {
    constexpr std::size_t short_id = 12;
    return std::any_of(line.rest.begin(), line.rest.end(), [&](const std::string& word) {
        return word == target.name || (word.size() >= short_id && target.id.starts_with(word));
    });
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
    const auto format = format_of(line);
    const std::string_view text = base::trim(out);
    if (!format || *format == "{{json .}}" || *format == "json") {
        const auto document = read_json(text);
        return document ? read_whole(*document, context)
                        : no_data(std::string(what), "the answer is not JSON, or only a part of it");
    }
    const bool known = *format == "{{json .State}}" || *format == "{{json .HostConfig}}" ||
                       *format == "{{.HostConfig.Memory}}" || *format == "{{.State.OOMKilled}}";
    return known && asks_for_target(line, context.target) ? read_part(*format, text) : Interpretation{};
}

}  // namespace memrb::actions
