#include "actions/pod_state.h"

#include "actions/ending.h"
#include "base/text.h"

#include <fmt/core.h>
#include <algorithm>

namespace memrb::actions {

namespace {

constexpr std::string_view what = "pod status";
constexpr int killed = 137;  // 128 + SIGKILL

struct Place {
    const Pod* pod = nullptr;
    const PodContainer* container = nullptr;
};

bool oom_killed(const PodContainer& container) {
    return container.last && container.last->reason == "OOMKilled";
}

std::string label(const Place& place) {
    return base::printable(fmt::format("{}/{}", place.pod->name, place.container->name));
}

// Of two containers the one that tells more of a memory incident: killed later, else restarted more often.
bool tells_more(const Place& a, const Place& b) {
    if (oom_killed(*a.container) != oom_killed(*b.container)) {
        return oom_killed(*a.container);
    }
    if (oom_killed(*a.container) && a.container->last->finished_at != b.container->last->finished_at) {
        return a.container->last->finished_at > b.container->last->finished_at;
    }
    return a.container->restarts.value_or(0) > b.container->restarts.value_or(0);
}

OomSighting sighting_of(const Place& place) {
    const Termination& last = *place.container->last;
    OomSighting sighting;
    sighting.level = last.exit_code == killed ? OomLevel::container : OomLevel::process;
    sighting.at = last.finished_at;
    sighting.detail = fmt::format("{} ended OOMKilled{}", label(place),
                                  last.exit_code ? fmt::format(", exit {}", *last.exit_code) : "");
    if (last.exit_code != killed) {
        sighting.detail += ": a process inside was killed";
    }
    return sighting;
}

class PodsView {
public:
    PodsView(const std::vector<Pod>& pods, const ActionContext& context) : context_(context) {
        for (const auto& pod : pods) {
            if (!is_of_target(pod, context.target)) {
                continue;
            }
            own_.push_back(&pod);
            for (const auto& container : pod.containers) {
                places_.push_back({&pod, &container});
            }
        }
    }

    [[nodiscard]] Interpretation read() const {
        if (own_.empty() || places_.empty()) {
            return no_data(std::string(what),
                           fmt::format("{} has no pod in this answer", base::printable(context_.target.name)));
        }
        Interpretation result;
        const Place most = *std::min_element(places_.begin(), places_.end(), tells_more);
        result.readings.emplace_back(state_of(most));
        add_kills(result);
        add_warnings(result);
        result.note = note(most);
        return result;
    }

private:
    [[nodiscard]] std::optional<std::uint64_t> restarts() const {
        std::optional<std::uint64_t> sum;
        for (const auto& place : places_) {
            if (place.container->restarts) {
                sum = sum.value_or(0) + *place.container->restarts;
            }
        }
        return sum;
    }

    [[nodiscard]] bool any_runs() const {
        return std::any_of(places_.begin(), places_.end(),
                           [](const Place& place) { return place.container->running(); });
    }

    [[nodiscard]] StateReading state_of(const Place& place) const {
        const PodContainer& container = *place.container;
        StateReading state;
        state.running = any_runs();
        state.status = container.running() || container.state.empty() ? place.pod->phase : container.state;
        if (state.running && !container.running()) {
            state.status = "running, one container " + container.state;
        }
        state.restarts = restarts();
        if (container.running()) {
            state.started_at = container.started_at;
        }
        if (container.last) {
            state.finished_at = container.last->finished_at;
            if (!state.running) {
                state.exit_code = container.last->exit_code;
                state.started_at = container.last->started_at;
            }
        }
        return state;
    }

    // Exit 137 with the reason OOMKilled is the end of the main process; with another exit only the flag of a kill
    // inside.
    void add_kills(Interpretation& result) const {
        OomCheck kills{OomSource::pod_status, {}, std::nullopt};
        OomCheck flags{OomSource::container_state, {}, std::nullopt};
        for (const auto& place : places_) {
            const auto& container = *place.container;
            // What it tells reaches back to the begin of the run before this one, else to that of the pod.
            const auto since = container.last ? container.last->started_at : place.pod->created;
            if (since && (!kills.since || *since > *kills.since)) {
                kills.since = since;
            }
            if (oom_killed(container)) {
                (container.last->exit_code == killed ? kills : flags).sightings.push_back(sighting_of(place));
            }
        }
        result.readings.emplace_back(std::move(kills));
        if (!flags.sightings.empty()) {
            result.readings.emplace_back(std::move(flags));
        }
    }

    void add_warnings(Interpretation& result) const {
        std::vector<std::string> evicted;
        std::vector<std::string> unlimited;
        for (const Pod* pod : own_) {
            if (pod->reason == "Evicted") {
                evicted.push_back(base::printable(pod->name));
            }
        }
        for (const auto& place : places_) {
            const std::string name = base::printable(place.container->name);
            if (std::holds_alternative<NoLimit>(place.container->limit) &&
                std::find(unlimited.begin(), unlimited.end(), name) == unlimited.end()) {
                unlimited.push_back(name);
            }
        }
        if (!evicted.empty()) {
            result.warnings.push_back(
                fmt::format("evicted by its node, which is not an OOM kill: {}", base::join(evicted, ", ")));
        }
        if (!unlimited.empty()) {
            result.warnings.push_back(fmt::format("no memory limit: container {}", base::join(unlimited, ", ")));
        }
    }

    [[nodiscard]] std::string note(const Place& most) const {
        std::string text = fmt::format("{} pod{}", own_.size(), own_.size() == 1 ? "" : "s");
        if (const auto count = restarts()) {
            text += fmt::format(", {} restart{}", *count, *count == 1 ? "" : "s");
        }
        if (most.container->last) {
            const Termination& last = *most.container->last;
            text += fmt::format(", {} ended {}", label(most), base::printable(last.reason));
            if (last.exit_code) {
                text += fmt::format(" with {}", *last.exit_code);
            }
            if (last.finished_at && *last.finished_at <= context_.now) {
                text += fmt::format(" {} ago", format_duration(context_.now - *last.finished_at));
            }
        }
        const auto* limit = std::get_if<Bytes>(&most.container->limit);
        text += limit != nullptr                                         ? ", limit " + format_bytes(*limit)
                : std::holds_alternative<NoLimit>(most.container->limit) ? ", no limit"
                                                                         : "";
        if (most.container->request) {
            text += fmt::format(", request {}", format_bytes(*most.container->request));
        }
        return text;
    }

    const ActionContext& context_;
    std::vector<const Pod*> own_;
    std::vector<Place> places_;
};

}  // namespace

Interpretation interpret_pods(const std::vector<Pod>& pods, const ActionContext& context) {
    return PodsView(pods, context).read();
}

}  // namespace memrb::actions
