#include "actions/pod_metrics.h"

#include "actions/ending.h"
#include "actions/memory_counters.h"
#include "base/text.h"

#include <fmt/core.h>
#include <algorithm>

namespace memrb::actions {

namespace {

constexpr std::string_view source = "metrics.k8s.io";

struct Measured {
    const Pod* pod;
    const PodContainer* container;
    Bytes used;
    Timestamp at;
};

bool is_metrics(const Json& object) {
    return get_text(object, "kind") == "PodMetrics" ||
           (member(object, "usage") == nullptr && member(object, "window") != nullptr &&
            member(object, "containers") != nullptr);
}

std::vector<const Json*> metrics_in(const Json& document) {
    std::vector<const Json*> found;
    if (is_metrics(document)) {
        found.push_back(&document);
    }
    if (const Json* items = member(document, "items"); items != nullptr && items->is_array()) {
        for (const auto& item : *items) {
            if (is_metrics(item)) {
                found.push_back(&item);
            }
        }
    }
    return found;
}

std::optional<Bytes> memory_used(const Json& container) {
    const Json* usage = member(container, "usage");
    const auto text = usage == nullptr ? std::nullopt : get_text(*usage, "memory");
    const auto bytes = text ? parse_quantity(*text) : Result<Bytes>(fail(Fault::no_data, ""));
    return bytes ? std::optional(*bytes) : std::nullopt;
}

// The measured containers of one pod.
std::vector<Measured> measured_in(const Json& metrics, const Pod& pod) {
    std::vector<Measured> all;
    const Json* meta = member(metrics, "metadata");
    const auto at = get_time(metrics, "timestamp");
    const Json* containers = member(metrics, "containers");
    const bool of_pod = meta != nullptr && get_text(*meta, "name") == pod.name &&
                        get_text(*meta, "namespace").value_or(pod.name_space) == pod.name_space;
    if (!of_pod || !at || containers == nullptr || !containers->is_array()) {
        return all;
    }
    for (const auto& one : *containers) {
        const auto known =
            std::find_if(pod.containers.begin(), pod.containers.end(),
                         [&](const PodContainer& container) { return get_text(one, "name") == container.name; });
        if (const auto used = memory_used(one); used && known != pod.containers.end()) {
            all.push_back({&pod, &*known, *used, *at});
        }
    }
    return all;
}

std::optional<double> ratio_of(const Measured& one) {
    const auto* limit = std::get_if<Bytes>(&one.container->limit);
    return limit == nullptr ? std::nullopt : std::optional(static_cast<double>(one.used) / static_cast<double>(*limit));
}

// nullopt stands before every number: with limits the fullest, without them the largest.
bool is_nearer(const Measured& a, const Measured& b) {
    const auto ra = ratio_of(a);
    const auto rb = ratio_of(b);
    return ra != rb ? ra > rb : a.used > b.used;
}

MemoryReading reading_of(const Measured& one) {
    MemoryReading reading;
    reading.at = one.at;
    reading.used = one.used;
    reading.limit = one.container->limit;
    reading.source = fmt::format("{} {}/{}", source, one.pod->name, one.container->name);
    return reading;
}

// The words of one line of a table, which are separated by blanks.
std::vector<std::string_view> cells(std::string_view line) {
    std::vector<std::string_view> words;
    for (const auto word : base::split(line, ' ')) {
        if (!base::trim(word).empty()) {
            words.push_back(base::trim(word));
        }
    }
    return words;
}

// Index of the column whose heading begins so.
std::optional<std::size_t> column(const std::vector<std::string_view>& header, std::string_view name) {
    const auto found =
        std::find_if(header.begin(), header.end(), [&](std::string_view cell) { return cell.starts_with(name); });
    return found == header.end() ? std::nullopt : std::optional(static_cast<std::size_t>(found - header.begin()));
}

}  // namespace

bool has_pod_metrics(const Json& document) {
    const auto kind = get_text(document, "kind");
    return kind == "PodMetricsList" || !metrics_in(document).empty();
}

Interpretation interpret_pod_metrics(const Json& document, const ActionContext& context) {
    const auto pods = read_pods(document);
    const auto metrics = metrics_in(document);
    std::vector<Measured> all;
    Interpretation result;
    std::size_t own = 0;
    for (const auto& pod : pods) {
        if (!is_of_target(pod, context.target) || pod.deleted) {
            continue;
        }
        ++own;
        const std::size_t before = all.size();
        for (const Json* one : metrics) {
            const auto measured = measured_in(*one, pod);
            all.insert(all.end(), measured.begin(), measured.end());
        }
        if (all.size() == before) {
            result.warnings.push_back(
                fmt::format("metrics-server has no measurement of {} yet", base::printable(pod.name)));
        }
    }
    const std::string name = base::printable(context.target.name);
    if (own == 0) {
        return no_data("memory", fmt::format("{} has no pod", name));
    }
    if (all.empty()) {
        return no_data("memory", fmt::format("metrics-server has no measurement of {} (a new pod has none for about "
                                             "15 s)",
                                             name));
    }
    const Measured nearest = *std::min_element(all.begin(), all.end(), is_nearer);
    MemoryReading reading = reading_of(nearest);
    result.note = fmt::format("{}/{}: {}", base::printable(nearest.pod->name), base::printable(nearest.container->name),
                              describe_memory(reading));
    if (all.size() > 1) {
        result.note += fmt::format(", the nearest to its limit of {}", all.size());
    }
    result.readings.emplace_back(std::move(reading));
    return result;
}

Interpretation interpret_top_pods(const ActionContext& /*context*/, Timestamp at, std::string_view text) {
    Interpretation result;
    FleetReading fleet;
    const auto lines = base::lines(text);
    const auto header = lines.empty() ? std::vector<std::string_view>() : cells(lines.front());
    const auto memory = column(header, "MEMORY");
    const auto pod = column(header, "POD");
    const auto name = column(header, "NAME");
    if (!memory || !name) {
        return result;
    }
    for (std::size_t i = 1; i < lines.size(); ++i) {
        const auto row = cells(lines[i]);
        const auto used = row.size() == header.size() ? parse_quantity(row[*memory]) : fail(Fault::no_data, "");
        if (!used) {
            continue;
        }
        MemoryReading reading;
        reading.at = at;
        reading.used = *used;
        reading.source = "kubectl top";
        fleet.rows.push_back(
            {pod ? fmt::format("{}/{}", row[*pod], row[*name]) : std::string(row[*name]), std::move(reading)});
    }
    if (fleet.rows.empty()) {
        return no_data("kubectl top", "metrics-server has no measurement");
    }
    const auto most = std::max_element(fleet.rows.begin(), fleet.rows.end(),
                                       [](const auto& a, const auto& b) { return a.memory.used < b.memory.used; });
    result.note = fmt::format("{} measured, most: {} with {}", fleet.rows.size(), base::printable(most->name),
                              format_bytes(most->memory.used));
    result.readings.emplace_back(std::move(fleet));
    return result;
}

Interpretation interpret_top_nodes(std::string_view text) {
    constexpr int nearly_full = 90;
    Interpretation result;
    const auto lines = base::lines(text);
    const auto header = lines.empty() ? std::vector<std::string_view>() : cells(lines.front());
    const auto share = column(header, "MEMORY%") ? column(header, "MEMORY%") : column(header, "MEMORY(%)");
    int most = -1;
    std::size_t nodes = 0;
    for (std::size_t i = 1; share && i < lines.size(); ++i) {
        const auto row = cells(lines[i]);
        if (row.size() != header.size() || !row[*share].ends_with('%') || row[*share].size() > 4) {
            continue;  // `<unknown>`: a node that is not measured
        }
        const auto percent = parse_quantity(row[*share].substr(0, row[*share].size() - 1));
        if (!percent) {
            continue;
        }
        ++nodes;
        most = std::max(most, static_cast<int>(*percent));
        if (static_cast<int>(*percent) >= nearly_full) {
            result.warnings.push_back(fmt::format("node {} uses {} of its memory", base::printable(row.front()),
                                                  base::printable(row[*share])));
        }
    }
    result.note = nodes == 0 ? "" : fmt::format("{} node{}, fullest {} %", nodes, nodes == 1 ? "" : "s", most);
    return result;
}

}  // namespace memrb::actions
