#include "actions/ending.h"
#include "actions/fleet_labels.h"
#include "actions/json_get.h"
#include "actions/prometheus_answer.h"
#include "actions/web_address.h"
#include "base/text.h"
#include "memrb/target.h"

#include <fmt/core.h>
#include <algorithm>
#include <array>
#include <map>

namespace memrb::actions {

extern const TargetFinder prometheus_finder;

namespace {

/// A label that may carry a target's name; the first that fits wins.
struct NameLabel {
    std::string_view label;
    std::string_view found_by;
    std::string_view further;  ///< what else the series must fulfil
};

// cAdvisor: `name` is Docker's name of the container. In Kubernetes the series of the pod itself have container="" or
// "POD".
constexpr auto name_labels =
    std::to_array<NameLabel>({{"name", "prometheus label name", ""},
                              {"container", "prometheus label container", R"(,container!="POD")"},
                              {"pod", "prometheus label pod", R"(,container!="",container!="POD")"}});

constexpr std::size_t most_names = 5'000;

// Written between double quotes of PromQL.
std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
        }
        out += c;
    }
    return out;
}

std::string query_for(std::string_view name) {
    std::string query;
    for (const auto& each : name_labels) {
        query += fmt::format("{}container_memory_working_set_bytes{{{}=\"{}\"{}}}", query.empty() ? "" : " or ",
                             each.label, escaped(name), each.further);
    }
    return query;
}

std::string label_of(const SeriesReading& series, std::string_view name) {
    const auto found = std::find_if(series.labels.begin(), series.labels.end(),
                                    [&](const auto& label) { return label.first == name; });
    return found == series.labels.end() ? std::string() : found->second;
}

Target target_from(const std::vector<const SeriesReading*>& series, std::string name, std::string_view found_by) {
    Target target;
    target.name = std::move(name);
    target.platform = Platform::prometheus;
    target.found_by = found_by;
    for (const auto& label : series.front()->labels) {
        const bool common = std::all_of(series.begin(), series.end(), [&](const SeriesReading* other) {
            return label_of(*other, label.first) == label.second;
        });
        if (common) {
            target.labels.insert(label);
        }
    }
    if (const auto id = target.labels.find("id"); id != target.labels.end()) {
        target.id = container_id(id->second);
    }
    if (const auto image = target.labels.find("image"); image != target.labels.end()) {
        target.image = image->second;
    }
    return target;
}

// One target for a Docker name, though a redeploy shows two ids of it for 5 minutes. The same container of several pods
// is several targets, each named by its pod.
std::vector<Target> targets_from(const std::vector<SeriesReading>& all, const std::string& name) {
    for (const auto& each : name_labels) {
        std::map<std::string, std::vector<const SeriesReading*>> by_pod;
        for (const auto& series : all) {
            if (label_of(series, each.label) == name) {
                by_pod[label_of(series, "namespace") + "/" + label_of(series, "pod")].push_back(&series);
            }
        }
        std::vector<Target> targets;
        for (const auto& [pod, series] : by_pod) {
            targets.push_back(
                target_from(series, by_pod.size() == 1 ? name : label_of(*series.front(), "pod"), each.found_by));
        }
        if (!targets.empty()) {
            return targets;
        }
    }
    return {};
}

class Search {
public:
    Search(const FindContext& context, const Fetch& fetch) : context_(context), fetch_(fetch) {}

    Found run() {
        const auto setting = context_.vars.find("prometheus");
        if (setting == context_.vars.end() || setting->second.empty()) {
            found_.problems.push_back(
                {Fault::no_data, "Prometheus is not asked: its address is not set", "give it: --set prometheus=URL"});
            return std::move(found_);
        }
        auto address = check_base_address(setting->second);
        if (!address) {
            found_.problems.push_back(address.error());
            return std::move(found_);
        }
        address_ = *std::move(address);
        const auto answer = read_prometheus_answer(fetch_(get(fmt::format(
            "query?query={}&time={:.3f}", encode_query(query_for(context_.name)), to_unix_seconds(context_.now)))));
        if (!answer) {
            problem(answer.error());
            return std::move(found_);
        }
        found_.matches = targets_from(answer->series, context_.name);
        if (found_.matches.empty()) {
            ask_for_names();
        }
        return std::move(found_);
    }

private:
    HttpRequest get(const std::string& path) const {
        HttpRequest request;
        request.url = fmt::format("{}/api/v1/{}", address_, path);
        return request;
    }

    // Only for suggestions: what goes wrong here is no problem of its own.
    void ask_for_names() {
        for (const auto& each : name_labels) {
            const Outcome outcome = fetch_(get(fmt::format("label/{}/values?match%5B%5D={}", each.label,
                                                           encode_query("container_memory_working_set_bytes"))));
            const auto document =
                outcome.ok() && !outcome.out.truncated() ? read_json(outcome.out.text()) : std::nullopt;
            const Json* names = document ? member(*document, "data") : nullptr;
            if (names == nullptr || !names->is_array()) {
                continue;
            }
            for (const auto& name : *names) {
                if (name.is_string() && found_.known_names.size() < most_names) {
                    found_.known_names.push_back(name.get<std::string>());
                }
            }
        }
    }

    void problem(const Error& error) {
        found_.problems.push_back(
            {Fault::failed, fmt::format("Prometheus at {} cannot be asked: {}", without_login(address_), error.message),
             "is the address right? It is the variable `prometheus`"});
    }

    const FindContext& context_;
    const Fetch& fetch_;
    Found found_;
    std::string address_;
};

Found find(const FindContext& context, const Fetch& fetch) {
    return Search(context, fetch).run();
}

}  // namespace

const TargetFinder prometheus_finder{Platform::prometheus, find};

}  // namespace memrb::actions
