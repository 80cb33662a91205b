#include "actions/docker_events.h"

#include "actions/ending.h"
#include "actions/json_get.h"
#include "base/text.h"

#include <fmt/core.h>
#include <algorithm>
#include <array>

namespace memrb::actions {

namespace {

constexpr std::string_view what = "docker events";
constexpr int killed = 137;                      // 128 + SIGKILL
constexpr Milliseconds same_kill{100};           // cgroup v1 tells one kill up to twice, milliseconds apart
constexpr Milliseconds from_kill_to_end{2'000};  // the engine notices the end of a killed container well within that

struct Event {
    Timestamp at{};
    std::string action;  // `oom`, `die`, `start`, ...
    std::string id;
    std::string name;
    std::optional<int> exit_code;
};

std::optional<Timestamp> time_of(const Json& event) {
    constexpr std::uint64_t nanoseconds_in_ms = 1'000'000;
    constexpr std::uint64_t latest = 253'402'300'800;  // the year 10000
    if (const auto nano = get_count(event, "timeNano")) {
        return Timestamp(Milliseconds(static_cast<std::int64_t>(*nano / nanoseconds_in_ms)));
    }
    const auto seconds = get_count(event, "time");
    return seconds && *seconds < latest ? std::optional(from_unix_seconds(static_cast<double>(*seconds)))
                                        : std::nullopt;
}

std::optional<int> small_number(const std::string& text) {
    const auto json = read_json(text);
    return json && json->is_number_unsigned() && json->get<std::uint64_t>() < 256
               ? std::optional(static_cast<int>(json->get<std::uint64_t>()))
               : std::nullopt;
}

std::optional<Event> read_json_event(std::string_view line) {
    const auto json = read_json(line);
    const Json* actor = json ? member(*json, "Actor") : nullptr;
    if (actor == nullptr) {
        return std::nullopt;
    }
    const auto action = get_text(*json, "Action");
    const auto id = get_text(*actor, "ID");
    const auto at = time_of(*json);
    if (!action || !id || !at) {
        return std::nullopt;
    }
    Event event{*at, *action, *id, {}, {}};
    if (const Json* attributes = member(*actor, "Attributes"); attributes != nullptr) {
        event.name = get_text(*attributes, "name").value_or("");
        event.exit_code = small_number(get_text(*attributes, "exitCode").value_or(""));
    }
    return event;
}

// `TIME container oom ID (image=..., name=...)`. What stands in the brackets are labels, which anybody may write.
std::optional<Event> read_text_event(std::string_view line) {
    const auto words = base::split(line, ' ');
    if (words.size() < 4) {
        return std::nullopt;
    }
    const auto at = parse_rfc3339(words[0]);
    return at ? std::optional(Event{*at, std::string(words[2]), std::string(words[3]), {}, {}}) : std::nullopt;
}

struct Events {
    std::vector<Event> all;
    std::size_t unread = 0;
};

Events read_events(const Output& out) {
    Events events;
    const std::string text = out.text();
    for (const auto line : base::lines(text)) {
        const std::string_view words = base::trim(line);
        if (words.empty()) {
            continue;
        }
        auto event = words.front() == '{' ? read_json_event(words) : read_text_event(words);
        if (event) {
            events.all.push_back(*std::move(event));
        } else {
            ++events.unread;
        }
    }
    std::stable_sort(events.all.begin(), events.all.end(), [](const Event& a, const Event& b) { return a.at < b.at; });
    return events;
}

bool is_of_target(const Event& event, const Target& target) {
    return target.id.empty() ? event.name == target.name : event.id == target.id;
}

// The end that this kill brought about, if the container did end of it.
const Event* end_after(const Event& kill, const std::vector<Event>& events) {
    const auto found = std::find_if(events.begin(), events.end(), [&](const Event& event) {
        return event.action == "die" && event.id == kill.id && event.at >= kill.at &&
               event.at - kill.at < from_kill_to_end;
    });
    return found == events.end() ? nullptr : &*found;
}

OomSighting sighting_of(const Event& kill, const std::vector<Event>& events) {
    const Event* end = end_after(kill, events);
    OomSighting sighting{OomLevel::container, kill.at, 1, "docker event `oom`"};
    if (end != nullptr && end->exit_code) {
        sighting.detail += fmt::format(", then exit {}", *end->exit_code);
        sighting.level = *end->exit_code == killed ? OomLevel::container : OomLevel::process;
    }
    return sighting;
}

struct Tally {
    OomCheck check{OomSource::docker_event, {}, {}};
    std::size_t of_namesakes = 0;
};

Tally count_kills(const std::vector<Event>& events, const Target& target) {
    Tally tally;
    std::optional<Timestamp> last;
    for (const auto& event : events) {
        if (event.action != "oom") {
            continue;
        }
        if (!is_of_target(event, target)) {
            tally.of_namesakes += event.name == target.name ? 1 : 0;
            continue;
        }
        if (!last || event.at - *last > same_kill) {
            tally.check.sightings.push_back(sighting_of(event, events));
        }
        last = event.at;
    }
    if (!events.empty()) {
        tally.check.since = events.front().at;
    }
    return tally;
}

}  // namespace

Interpretation interpret_events(const ActionContext& context, const Output& out) {
    const Events events = read_events(out);
    if (events.all.empty() && events.unread > 0) {
        return no_data(std::string(what), "the output is not the list of events that docker prints");
    }
    Tally tally = count_kills(events.all, context.target);
    Interpretation result;
    if (out.truncated()) {
        result.warnings.push_back(fmt::format("partial: {} of the events are missing", format_bytes(out.dropped)));
        if (tally.check.sightings.empty()) {
            result.readings.emplace_back(
                NoData{std::string(what), "too many events to keep, and no OOM event among those kept"});
            return result;
        }
    } else if (events.unread > 0) {
        result.warnings.push_back(fmt::format("partial: {} lines of the events cannot be read", events.unread));
    }
    if (tally.of_namesakes > 0) {
        result.warnings.push_back(fmt::format("{} OOM event{} of an earlier container called {}", tally.of_namesakes,
                                              tally.of_namesakes == 1 ? "" : "s", context.target.name));
    }
    const std::size_t kills = tally.check.sightings.size();
    result.note = kills == 0 ? "no kills" : fmt::format("{} kill{}", kills, kills == 1 ? "" : "s");
    result.readings.emplace_back(std::move(tally.check));
    return result;
}

}  // namespace memrb::actions
