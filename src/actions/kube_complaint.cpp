#include "actions/kube_complaint.h"

#include "actions/ending.h"
#include "base/text.h"

#include <fmt/core.h>
#include <algorithm>
#include <array>

namespace memrb::actions {

namespace {

bool holds(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

/// Words of kubectl's, of all versions since 1.20, and what they mean.
struct Complaint {
    std::string_view words, meaning;
};

constexpr auto complaints = std::to_array<Complaint>({
    {"pods.metrics.k8s.io \"", "metrics-server has no measurement of it yet (a new pod has none for about 15 s)"},
    {"Metrics API not available", "metrics-server is not installed or not ready, so there are no measurements"},
    {"resource=pods\": the server could not find", "metrics-server is not installed or not ready"},
    {"Resource=pods\": the server could not find", "metrics-server is not installed or not ready"},
    {"Unable to find \"metrics.k8s.io", "metrics-server is not installed or not ready"},
    {"doesn't have a resource type \"pods\"", "metrics-server is not installed or not ready"},
    {"Unauthorized", "the cluster does not accept the login (401): sign in again"},
    {"provide credentials", "the cluster does not accept the login (401): sign in again"},
    {"has been modified", "it has been changed by somebody else meanwhile (409): look again, then decide"},
    {"(Conflict)", "it has been changed by somebody else meanwhile (409): look again, then decide"},
    {"ServiceUnavailable", "the API server is not able to answer now (503)"},
    {"currently unable to handle the request", "the API server is not able to answer now (503)"},
    {"(TooManyRequests)", "the API server has too much to do (429)"},
    {"deadline exceeded", "the API server does not answer in time"},
    {"Client.Timeout exceeded", "the API server does not answer in time"},
    {"i/o timeout", "the API server does not answer in time"},
    {"TLS handshake timeout", "the API server does not answer in time"},
    {"in the time allotted", "the API server does not answer in time"},
    {"connection reset", "the connection to the API server broke off"},
    {": EOF", "the connection to the API server broke off"},
    {"unexpected EOF", "the connection to the API server broke off"},
    {"was refused", "the API server cannot be reached: nothing listens at its address"},
    {"no such host", "the API server cannot be reached: its name is not known"},
    {"no rollout history found", "it has no earlier revision to go back to"},
    {"xpected replicas to be", "it has another number of replicas now than was seen: look again, then decide"},
    {"certificate", "the API server's certificate is not accepted"},
});

// What stands behind `is forbidden: ` tells who may not do what.
std::optional<std::string> forbidden(std::string_view words) {
    constexpr std::string_view mark = " is forbidden: ";
    const std::size_t at = words.find(mark);
    if (at == std::string_view::npos) {
        return holds(words, "(Forbidden)") ? std::optional<std::string>("not permitted (403)") : std::nullopt;
    }
    return fmt::format("not permitted (403): {}", base::printable(words.substr(at + mark.size())));
}

}  // namespace

std::optional<std::string> kube_complaint(std::string_view words) {
    if (auto text = forbidden(words)) {
        return text;
    }
    for (const auto& complaint : complaints) {
        if (holds(words, complaint.words)) {
            return std::string(complaint.meaning);
        }
    }
    return std::nullopt;
}

bool leaves_open(std::string_view words) {
    constexpr auto unanswered =
        std::to_array<std::string_view>({"deadline exceeded", "Client.Timeout exceeded", "i/o timeout",
                                         "in the time allotted", "connection reset", ": EOF", "unexpected EOF"});
    // `Get "http://...": EOF` tells that it was still looking.
    return !holds(words, "Get \"") &&
           std::any_of(unanswered.begin(), unanswered.end(), [&](std::string_view part) { return holds(words, part); });
}

std::optional<std::string> kube_failure_of(const Outcome& outcome) {
    auto why = failure_of(outcome);
    if (!why) {
        return why;
    }
    if (std::holds_alternative<TimedOut>(outcome.ending)) {
        return fmt::format("the API server does not answer in time ({})", *why);
    }
    // Of a source that did not answer only the reason is left, with the tool's words in it.
    auto complaint = kube_complaint(std::holds_alternative<Exited>(outcome.ending) ? last_words(outcome.err) : *why);
    return complaint ? complaint : why;
}

}  // namespace memrb::actions
