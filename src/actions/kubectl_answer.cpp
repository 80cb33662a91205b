#include "actions/kubectl_answer.h"

#include "actions/ending.h"
#include "actions/json_get.h"
#include "actions/kube_complaint.h"
#include "actions/kubectl_rules.h"
#include "actions/kubectl_verbs.h"
#include "actions/pod_metrics.h"
#include "actions/pod_state.h"
#include "base/text.h"

#include <fmt/core.h>
#include <algorithm>
#include <map>

namespace memrb::actions {

namespace {

// What a failed step would have told: it names the source for the verdict on OOM kills, and for the memory.
std::string what_of(const CommandLine& line) {
    const bool pods = line.verb == "get" && !line.rest.empty() &&
                      std::any_of(line.rest.begin(), line.rest.end(), [](const std::string& word) {
                          return word == "pods" || word == "pod" || word == "po" || word.starts_with("pod/");
                      });
    return pods ? "pod status" : fmt::format("kubectl {}", base::printable(line.written));
}

// Reasons that speak of memory stand first; the newest 24 h are what a cluster keeps of events, mostly 1 h.
Interpretation interpret_events(const Json& items) {
    std::map<std::string, std::uint64_t> reasons;
    Interpretation result;
    for (const auto& event : items) {
        const std::string reason = get_text(event, "reason").value_or("");
        const std::string message = get_text(event, "message").value_or("");
        if (get_text(event, "type") == "Warning") {
            reasons[base::printable(reason)] += std::max<std::uint64_t>(get_count(event, "count").value_or(1), 1);
        }
        if (reason == "OOMKilling" || reason == "SystemOOM" || reason == "Evicted") {
            result.warnings.push_back(
                fmt::format("event {}: {}", base::printable(reason), base::printable(message.substr(0, 200))));
        }
    }
    std::string note;
    for (const auto& [reason, count] : reasons) {
        note += fmt::format("{}{} {}x", note.empty() ? "" : ", ", reason, count);
    }
    result.note = note.empty() ? "no warning" : note;
    return result;
}

// A Deployment or StatefulSet: is it still the one that is pinned?
Interpretation interpret_workload(const Json& object, const Target& target) {
    const Json* meta = member(object, "metadata");
    if (meta == nullptr || get_text(*meta, "name") != target.name || target.id.empty()) {
        return {};
    }
    if (get_text(*meta, "uid") != target.id) {
        return no_data("kubectl get", fmt::format("{} is another {} now: the pinned one is gone",
                                                  base::printable(target.name), target.kube->kind));
    }
    Interpretation result;
    const Json* spec = member(object, "spec");
    const Json* status = member(object, "status");
    const auto wanted = spec == nullptr ? std::nullopt : get_count(*spec, "replicas");
    const auto ready = status == nullptr ? std::nullopt : get_count(*status, "readyReplicas");
    if (wanted) {
        result.note = fmt::format("{} of {} replicas are ready", ready.value_or(0), *wanted);
    }
    return result;
}

bool all_are(const Json& items, std::string_view kind) {
    return !items.empty() &&
           std::all_of(items.begin(), items.end(), [&](const Json& item) { return get_text(item, "kind") == kind; });
}

Interpretation interpret_document(const CommandLine& line, const ActionContext& context, const Json& document) {
    if (has_pod_metrics(document)) {
        return interpret_pod_metrics(document, context);
    }
    const std::string kind = get_text(document, "kind").value_or("");
    const Json* items = member(document, "items");
    if (items != nullptr && items->is_array()) {
        if (kind == "EventList" || all_are(*items, "Event")) {
            return interpret_events(*items);
        }
        const auto pods = read_pods(document);
        const bool asked_for_pods = what_of(line) == "pod status";
        return pods.empty() && !asked_for_pods ? Interpretation{} : interpret_pods(pods, context);
    }
    if (kind == "Pod") {
        const auto pods = read_pods(document);
        const bool own = !pods.empty() && is_of_target(pods.front(), context.target);
        return own ? interpret_pods(pods, context) : Interpretation{};
    }
    return kind == "Deployment" || kind == "StatefulSet" ? interpret_workload(document, context.target)
                                                         : Interpretation{};
}

}  // namespace

Interpretation interpret_kubectl(const Params& params, const ActionContext& context, const Outcome& outcome) {
    const CommandLine line = parse_command_line(params.list("args"), kubectl_grammar());
    if (auto why = kube_failure_of(outcome)) {
        Interpretation failed = no_data(what_of(line), *std::move(why));
        failed.unclear = leaves_open(last_words(outcome.err));
        return failed;
    }
    const std::string text = outcome.out.text();
    if (risk_of(line, kubectl_grammar()) != Risk::read || line.verb == "rollout status") {
        Interpretation done;
        done.note = last_words(outcome.out);  // `deployment.apps/backend restarted`
        return done;
    }
    if (line.verb == "top pod" || line.verb == "top node") {
        if (base::trim(text).empty()) {
            return no_data("kubectl top", "metrics-server has no measurement");
        }
        return line.verb == "top pod" ? interpret_top_pods(context, outcome.started, text) : interpret_top_nodes(text);
    }
    const auto words = kubectl_words(line);
    const auto format = option_value(words, "-o") ? option_value(words, "-o") : option_value(words, "--output");
    const bool is_json =
        line.verb == "get" && (format == "json" || std::find(words.begin(), words.end(), "-ojson") != words.end());
    if (!is_json || !context.target.kube) {
        return {};
    }
    if (outcome.out.truncated()) {
        return no_data(what_of(line),
                       fmt::format("the answer of {} is too long to be kept whole", format_bytes(outcome.out.total)));
    }
    const auto document = read_json(text);
    return document && document->is_object() ? interpret_document(line, context, *document)
                                             : no_data(what_of(line), "the answer is not JSON, or only a part of it");
}

}  // namespace memrb::actions
