#include "memory/oom_witness.h"

#include "base/text.h"

#include <fmt/core.h>
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

namespace memrb::memory {

namespace {

using namespace std::chrono_literals;

using Finding = OomWitness::Finding;

struct SourceWords {
    OomSource source;
    OomOrigin origin;
    std::string_view name;
    std::array<std::string_view, 3> known_as;  // how NoData names it; empty: not used
};

constexpr std::array<SourceWords, 7> sources{{
    {OomSource::container_state,
     OomOrigin::engine_notice,
     "container state",
     {"container state", "docker inspect", ""}},
    {OomSource::docker_event, OomOrigin::engine_notice, "docker events", {"docker event", "", ""}},
    {OomSource::kernel_log, OomOrigin::kernel_log, "kernel log", {"kernel", "dmesg", "journalctl"}},
    {OomSource::cgroup_counter, OomOrigin::cgroup, "cgroup counter", {"cgroup", "", ""}},
    {OomSource::pod_status, OomOrigin::kubelet, "pod status", {"pod status", "", ""}},
    {OomSource::cloud_log, OomOrigin::cloud, "cloud log", {"cloud log", "", ""}},
    {OomSource::metric, OomOrigin::kernel_log, "metric", {"oom_events", "", ""}},
}};

const SourceWords& words_of(OomSource source) {
    return *std::find_if(sources.begin(), sources.end(),
                         [&](const SourceWords& words) { return words.source == source; });
}

bool expected_on(Platform platform, OomSource source) {
    switch (platform) {
        case Platform::docker:
            return source == OomSource::container_state || source == OomSource::docker_event ||
                   source == OomSource::kernel_log || source == OomSource::cgroup_counter;
        case Platform::prometheus: return source == OomSource::metric;
        case Platform::kubernetes: return source == OomSource::pod_status;
        case Platform::cloud_run: return source == OomSource::cloud_log;
    }
    return false;
}

std::string counted_kills(std::uint64_t count) {
    return fmt::format("{} OOM kill{}", count, count == 1 ? "" : "s");
}

std::string last_text(std::optional<Timestamp> at) {
    return at ? fmt::format(", last {}", format_rfc3339(std::chrono::floor<std::chrono::seconds>(*at))) : "";
}

std::string since_text(std::optional<Timestamp> at) {
    return at ? fmt::format(" since {}", format_rfc3339(std::chrono::floor<std::chrono::seconds>(*at))) : "";
}

// A kill that the container outlived hit a process inside it, whatever the source made of it.
OomLevel corrected(const OomSighting& sighting, const StateReading* state) {
    constexpr Milliseconds outlived = 10s;
    if (state == nullptr || !sighting.at || sighting.level == OomLevel::node || sighting.level == OomLevel::pod) {
        return sighting.level;
    }
    const bool same_life = state->started_at && *state->started_at <= *sighting.at;
    const bool runs = state->running && !state->exit_code;
    const bool ended_later = !runs && state->finished_at && *state->finished_at > *sighting.at + outlived;
    return same_life && (runs || ended_later) ? OomLevel::process : sighting.level;
}

OomWitness of_state(const StateReading& state) {
    OomWitness witness{.source = OomSource::container_state, .reliable = true};
    const std::string exit = state.exit_code ? fmt::format("exit {}", *state.exit_code) : base::printable(state.status);
    if (!state.oom_killed) {
        witness.says = fmt::format("{}; the engine does not tell OOMKilled", exit);
        return witness;
    }
    if (!*state.oom_killed) {
        witness.finding = Finding::nothing;
        witness.says = fmt::format("OOMKilled is false, {}", exit);
        return witness;
    }
    witness.finding = Finding::seen;
    witness.count = 1;
    if (state.exit_code == killed_exit) {
        witness.proves = true;
        witness.origin = OomOrigin::wait_status;
        witness.level = OomLevel::container;
        witness.last_at = state.finished_at;
        witness.says = fmt::format("OOMKilled and exit 137{}: the main process was killed", last_text(witness.last_at));
    } else if (state.exit_code) {
        witness.level = OomLevel::process;
        witness.says =
            fmt::format("OOMKilled, but {}: a process inside was killed, the main one ended otherwise", exit);
    } else {
        witness.says = fmt::format("OOMKilled, {}: a process inside was killed, or the run before this one", exit);
    }
    return witness;
}

OomWitness of_check(const OomCheck& check, const OomEvidence& evidence) {
    OomWitness witness{.source = check.source, .origin = words_of(check.source).origin};
    witness.reliable = check.source != OomSource::metric;
    std::string detail;
    for (const OomSighting& sighting : check.sightings) {
        if (sighting.count == 0 || (sighting.at && *sighting.at > evidence.now)) {
            continue;
        }
        witness.count += sighting.count;
        witness.level = std::max(witness.level, corrected(sighting, evidence.state));
        if (detail.empty() || (sighting.at && (!witness.last_at || *sighting.at >= *witness.last_at))) {
            detail = sighting.detail;
        }
        if (sighting.at && (!witness.last_at || *sighting.at > *witness.last_at)) {
            witness.last_at = sighting.at;
        }
    }
    if (witness.count == 0) {
        witness.finding = Finding::nothing;
        witness.says = fmt::format("no OOM kill{}", since_text(check.since));
        return witness;
    }
    witness.finding = Finding::seen;
    // The engine's flag comes here only when its state was not read; then it proves as much as it would there.
    const bool is_flag = check.source == OomSource::container_state;
    witness.proves = !is_flag || witness.level == OomLevel::container;
    witness.origin = is_flag && witness.proves ? OomOrigin::wait_status : witness.origin;
    witness.says = fmt::format("{}{}{}{}", counted_kills(witness.count), since_text(check.since),
                               last_text(witness.last_at), detail.empty() ? "" : ": " + base::printable(detail));
    return witness;
}

// Kills that a counter has counted inside the series, and those from before it.
OomWitness of_counter(const Series& counter) {
    OomWitness witness{.source = OomSource::metric, .origin = OomOrigin::kernel_log};
    double inside = 0;
    double before = counter.points.front().value;
    for (std::size_t i = 1; i < counter.points.size(); ++i) {
        const double value = counter.points[i].value;
        const double last = counter.points[i - 1].value;
        const double more = value >= last ? value - last : value;  // a reset begins again at zero
        if (more > 0) {
            inside += more;
            witness.last_at = counter.points[i].at;
        }
    }
    before = inside > 0 ? 0 : before;
    witness.count = static_cast<std::uint64_t>(std::llround(std::min(inside + before, 1e15)));
    witness.finding = witness.count > 0 ? Finding::seen : Finding::nothing;
    witness.proves = witness.count > 0;
    const std::string metric = base::printable(counter.metric);
    witness.says =
        witness.count == 0 ? fmt::format("{} counts no OOM kill, which proves nothing", metric)
        : before > 0 ? fmt::format("{} counts {}, all before the first sample", metric, counted_kills(witness.count))
                     : fmt::format("{} counts {}{}", metric, counted_kills(witness.count), last_text(witness.last_at));
    return witness;
}

// Of several checks of one source the one that has seen most, else the one that looks back furthest.
const OomCheck* best_check(const std::vector<Reading>& readings, OomSource source) {
    const OomCheck* best = nullptr;
    for (const Reading& reading : readings) {
        const auto* check = std::get_if<OomCheck>(&reading);
        if (check == nullptr || check->source != source) {
            continue;
        }
        const bool better = best == nullptr || check->sightings.size() > best->sightings.size() ||
                            (check->sightings.size() == best->sightings.size() && check->since && best->since &&
                             *check->since < *best->since);
        best = better ? check : best;
    }
    return best;
}

std::optional<std::string> why_unread(const std::vector<Reading>& readings, OomSource source) {
    for (const Reading& reading : readings) {
        const auto* nothing = std::get_if<NoData>(&reading);
        if (nothing != nullptr && source_named(nothing->what) == source) {
            return base::printable(nothing->why);
        }
    }
    return std::nullopt;
}

}  // namespace

std::string_view name_of(OomSource source) {
    return words_of(source).name;
}

std::optional<OomSource> source_named(std::string_view what) {
    for (const SourceWords& words : sources) {
        for (const std::string_view known : words.known_as) {
            if (!known.empty() && what.find(known) != std::string_view::npos) {
                return words.source;
            }
        }
    }
    return std::nullopt;
}

std::vector<OomWitness> hear_witnesses(const OomEvidence& evidence) {
    std::vector<OomWitness> witnesses;
    for (const SourceWords& words : sources) {
        const OomCheck* check = best_check(evidence.readings, words.source);
        const auto unread = why_unread(evidence.readings, words.source);
        // Where the flag is none of the state's, as in Kubernetes, the state has nothing to say here.
        const bool tells = evidence.state != nullptr &&
                           (evidence.state->oom_killed.has_value() || expected_on(evidence.platform, words.source));
        if (words.source == OomSource::container_state && tells) {
            witnesses.push_back(of_state(*evidence.state));
        } else if (check != nullptr) {
            witnesses.push_back(of_check(*check, evidence));
        } else if (words.source == OomSource::metric && !evidence.oom_events.points.empty()) {
            witnesses.push_back(of_counter(evidence.oom_events));
        } else if (unread || expected_on(evidence.platform, words.source)) {
            OomWitness witness{.source = words.source, .origin = words.origin};
            witness.says = unread ? fmt::format("could not be read: {}", *unread) : "not looked at";
            witnesses.push_back(std::move(witness));
        }
    }
    return witnesses;
}

}  // namespace memrb::memory
