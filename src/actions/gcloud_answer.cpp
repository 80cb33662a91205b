#include "actions/gcloud_answer.h"

#include "actions/cloud_log.h"
#include "actions/cloud_run_service.h"
#include "actions/command_line.h"
#include "actions/ending.h"
#include "actions/gcloud_verbs.h"
#include "actions/google_complaint.h"
#include "base/text.h"

#include <fmt/core.h>
#include <algorithm>
#include <charconv>

namespace memrb::actions {

namespace {

bool holds(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

// Only who has looked for kills may say that there were none.
bool looks_for_kills(const GcloudLine& line) {
    const std::string filter = line.verb == "logging read" && !line.rest.empty() ? line.rest.front() : "";
    return holds(filter, "emory limit of") || holds(filter, "OUT_OF_MEMORY");
}

// What a failed step would have told: it names the source for the verdict on OOM kills.
std::string what_of(const GcloudLine& line) {
    return looks_for_kills(line) ? "cloud log" : fmt::format("gcloud {}", base::printable(line.written));
}

std::string limit_text(const Limit& limit) {
    const auto* bytes = std::get_if<Bytes>(&limit);
    return bytes == nullptr ? "no limit known" : format_bytes(*bytes);
}

std::string counted(std::size_t count, std::string_view what) {
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

Interpretation interpret_service(const GcloudLine& line, const Json& document, const CloudRunRef& own) {
    const auto service = read_service(document, own.project, own.region);
    if (!service || service->target.name != own.service) {
        return no_data(what_of(line), "gcloud printed no service: the API has answered with nothing");
    }
    Interpretation result;
    const auto& newest = service->target.cloud_run->latest_ready;
    result.note = fmt::format("{} gets {} % of the traffic", base::printable(service->target.id), service->share);
    if (service->target.id != newest && !newest.empty()) {
        result.warnings.push_back(
            fmt::format("{} is newer and gets none or less: what is deployed from now on gets no traffic either, until "
                        "`update-traffic --to-latest`",
                        base::printable(newest)));
    }
    return result;
}

Interpretation interpret_revisions(const GcloudLine& line, const Json& document, const Target& target) {
    const auto revisions = read_revisions(document);
    if (revisions.empty()) {
        return no_data(what_of(line), "gcloud printed no revision: a service has at least one");
    }
    Interpretation result;
    result.note = counted(revisions.size(), "revision");
    for (const auto& revision : revisions) {
        if (revision.name == target.id) {
            result.note += fmt::format(", {} has {}", base::printable(revision.name), limit_text(revision.limit));
        }
    }
    return result;
}

Interpretation interpret_revision(const GcloudLine& line, const Json& document) {
    const auto revision = read_revision(document);
    if (!revision) {
        return no_data(what_of(line), "gcloud printed no revision: the API has answered with nothing");
    }
    Interpretation result;
    result.note = fmt::format(
        "{}{}, {}", base::printable(revision->name),
        revision->created ? ", made " + format_rfc3339(std::chrono::floor<std::chrono::seconds>(*revision->created))
                          : "",
        limit_text(revision->limit));
    return result;
}

// How far back the log was read; gcloud's own default is a day.
Milliseconds freshness_of(const GcloudLine& line) {
    const auto written = option_value(line.rest, "--freshness");
    const auto span = written ? parse_duration(*written) : Result<Milliseconds>(std::chrono::hours(24));
    return span.value_or(std::chrono::hours(24));
}

bool is_cut_off(const GcloudLine& line, std::size_t entries) {
    const std::string limit = option_value(line.rest, "--limit").value_or("");
    std::size_t most = 0;
    std::from_chars(limit.data(), limit.data() + limit.size(), most);
    return most > 0 && entries >= most;
}

Interpretation interpret_log(const GcloudLine& line, const ActionContext& context, const Outcome& outcome,
                             const Json& document) {
    CloudKills kills = find_kills(document);
    Interpretation result;
    const bool more = is_cut_off(line, kills.entries);
    result.note = kills.entries == 1 ? "1 entry" : fmt::format("{} entries", kills.entries);
    const std::size_t count = kills.check.sightings.size();
    if (count > 0) {
        result.note +=
            fmt::format(", {} for want of memory on {}", counted(count, "kill"),
                        kills.instances.empty() ? "unnamed instances" : counted(kills.instances.size(), "instance"));
    }
    if (more) {
        result.note += "; there may be more";
    }
    if (kills.last) {
        if (auto told = compare_limits(kills.last->limit, context.target.limit); !told.empty()) {
            result.warnings.push_back(std::move(told));
        }
    }
    if (looks_for_kills(line) || count > 0) {
        const bool whole = !more;
        kills.check.since = whole ? std::optional(outcome.started - freshness_of(line)) : std::nullopt;
        result.readings.emplace_back(std::move(kills.check));
    }
    return result;
}

// gcloud prints in bold, also where nobody has a terminal.
std::string without_bold(std::string text) {
    for (std::size_t at = text.find("\x1b["); at != std::string::npos; at = text.find("\x1b[", at)) {
        const std::size_t end = text.find_first_not_of("0123456789;", at + 2);
        if (end != std::string::npos && text[end] == 'm') {
            text.erase(at, end + 1 - at);
        } else {
            at += 2;
        }
    }
    return text;
}

// gcloud calls it done when the new revision is ready, whether it gets traffic or not.
Interpretation interpret_change(const Outcome& outcome) {
    Interpretation done;
    const std::string said = without_bold(outcome.err.text() + outcome.out.text());
    for (const auto text : base::lines(said)) {
        if (holds(text, "has been deployed")) {
            done.note = base::fit(base::printable(base::trim(text)), 160);
        }
    }
    if (holds(done.note, "serving 0 percent")) {
        done.warnings.emplace_back("the new revision gets 0 % of the traffic: the traffic is pinned to another one");
    }
    return done;
}

}  // namespace

Interpretation interpret_gcloud(const Params& params, const ActionContext& context, const Outcome& outcome) {
    const GcloudLine line = parse_gcloud(params.list("args"));
    const bool changes = risk_of(line) != Risk::read;
    if (auto why = google_failure_of(outcome)) {
        Interpretation failed = no_data(what_of(line), *std::move(why));
        failed.unclear = changes && change_may_be_live(outcome.err.text());
        return failed;
    }
    if (changes) {
        return interpret_change(outcome);
    }
    if (!context.target.cloud_run || line.verb == "version") {
        return {};
    }
    const auto format = option_value(line.rest, "--format");
    if (format && *format != "json") {
        return {};
    }
    if (outcome.out.truncated()) {
        return no_data(what_of(line),
                       fmt::format("the answer of {} is too long to be kept whole", format_bytes(outcome.out.total)));
    }
    const auto document = read_json(outcome.out.text());
    if (!document) {
        return no_data(what_of(line), "the answer is not JSON, or only a part of it");
    }
    if (line.verb == "logging read") {
        return document->is_array() ? interpret_log(line, context, outcome, *document)
                                    : no_data(what_of(line), "the answer is no list of log entries");
    }
    if (line.verb == "run services describe") {
        return interpret_service(line, *document, *context.target.cloud_run);
    }
    if (line.verb == "run revisions list") {
        return interpret_revisions(line, *document, context.target);
    }
    return line.verb == "run revisions describe" ? interpret_revision(line, *document) : Interpretation{};
}

}  // namespace memrb::actions
