#include "actions/gcloud_rules.h"

#include "actions/command_line.h"
#include "base/text.h"
#include "memrb/units.h"

#include <fmt/core.h>
#include <algorithm>
#include <array>
#include <charconv>

namespace memrb::actions {

namespace {

Result<void> refuse(const GcloudLine& line, std::string_view why, std::string hint = {}) {
    return fail(Fault::usage, fmt::format("`gcloud {}`: {}", line.written, why), std::move(hint));
}

// Options that would address something else, or act as somebody else. Their beginnings are refused, too, for some
// versions of gcloud complete them.
constexpr auto redirecting = std::to_array<std::string_view>({"--project",
                                                              "--region",
                                                              "--platform",
                                                              "--account",
                                                              "--configuration",
                                                              "--impersonate-service-account",
                                                              "--access-token-file",
                                                              "--billing-project",
                                                              "--billing-account",
                                                              "--universe-domain",
                                                              "--flags-file",
                                                              "--cluster",
                                                              "--cluster-location",
                                                              "--kubeconfig",
                                                              "--context",
                                                              "--namespace",
                                                              "--organization",
                                                              "--folder",
                                                              "--bucket",
                                                              "--resource-names",
                                                              "--log-http"});

Result<void> check_pinned(const GcloudLine& line) {
    constexpr std::size_t shortest = 5;
    for (const auto& word : line.rest) {
        const std::string_view name = std::string_view(word).substr(0, word.find('='));
        const bool refused = name.size() >= shortest && std::any_of(redirecting.begin(), redirecting.end(),
                                                                    [&](auto one) { return one.starts_with(name); });
        if (refused) {
            return fail(Fault::usage, fmt::format("`{}` would address something else than the target", name),
                        "memrb itself adds the target's project and region");
        }
    }
    return {};
}

/// A command that no step can use, with what is used instead.
struct Unfit {
    std::string_view beginning, why, hint;
};

constexpr auto unfit = std::to_array<Unfit>({
    {"monitoring time-series", "gcloud has no such command, in no release", "use `memory: target` or `promql:`"},
    {"logging tail", "it never ends", "use `gcloud: logging read FILTER --limit=50`"},
    {"run services logs tail", "it never ends", "use `gcloud: logging read FILTER --limit=50`"},
    {"run services proxy", "it never ends", "use an `http:` step on an address that is reachable"},
    {"auth", "it asks for a login, or prints one: that does not belong into a record", ""},
    {"config", "it may print a login, and changes settings of yours", ""},
    {"init", "it asks, and a step cannot answer", ""},
    {"interactive", "it needs a person at the keyboard", ""},
});

// What is often written in filters, and does not mean what it says.
Result<void> check_filter(const GcloudLine& line) {
    const std::string& filter = line.rest.front();
    if (filter.find("resource.service") != std::string::npos) {
        return refuse(line, "`resource.service.name` is no field of a log entry",
                      "leave it out: memrb itself asks for the target's service (resource.labels.service_name)");
    }
    if (filter.find("!=null") != std::string::npos || filter.find("!= null") != std::string::npos) {
        return refuse(line, "`!=null` is true of entries without the field, too", "write `FIELD:*`");
    }
    return {};
}

Result<void> check_fit(const GcloudLine& line) {
    for (const auto& one : unfit) {
        if (line.verb.starts_with(one.beginning) &&
            (line.verb.size() == one.beginning.size() || line.verb[one.beginning.size()] == ' ')) {
            return refuse(line, one.why, std::string(one.hint));
        }
    }
    if (line.verb == "logging read") {
        if (line.rest.empty() || line.rest.front().starts_with('-')) {
            return refuse(line, "the filter comes first",
                          "for example `gcloud: logging read 'severity>=ERROR' --limit=50`");
        }
        if (!option_value(line.rest, "--limit")) {
            return refuse(line, "without `--limit` it reads all there is");
        }
        return check_filter(line);
    }
    return {};
}

Result<void> check_memory(const GcloudLine& line) {
    constexpr Bytes least = Bytes{128} << 20U;
    const auto written = option_value(line.rest, "--memory");
    if (!written || written->find('$') != std::string::npos) {
        return {};
    }
    const auto bytes = parse_quantity(*written);
    if (!bytes) {
        return refuse(line,
                      fmt::format("`{}` is no amount of memory: {}", base::printable(*written), bytes.error().message),
                      "write for example 512Mi or 2Gi");
    }
    if (*bytes > most_cloud_run_memory || *bytes < least) {
        return refuse(
            line, fmt::format("an instance can have from 128 MiB to 32 GiB of memory, not {}", format_bytes(*bytes)));
    }
    return {};
}

std::optional<double> cpus_in(const GcloudLine& line) {
    const auto written = option_value(line.rest, "--cpu");
    double value = 0;
    if (!written) {
        return std::nullopt;
    }
    const auto [end, error] = std::from_chars(written->data(), written->data() + written->size(), value);
    if (error != std::errc{}) {
        return std::nullopt;
    }
    return end != written->data() + written->size() && *end == 'm' ? value / 1000 : value;
}

// An update keeps the CPUs that the service has.
Result<void> check_cpus(const GcloudLine& line, const CloudRunRef& own) {
    const auto written = option_value(line.rest, "--memory");
    const auto bytes = written ? parse_quantity(*written) : Result<Bytes>(Bytes{0});
    const double cpus = cpus_in(line).value_or(own.cpu);
    const int wanted = bytes ? cpus_for(*bytes) : 0;
    if (cpus > 0 && cpus < wanted) {
        return refuse(line,
                      fmt::format("{} of memory need {} CPUs, and it has {:g}", format_bytes(*bytes), wanted, cpus),
                      fmt::format("give them too: --cpu={}", wanted));
    }
    return {};
}

}  // namespace

int cpus_for(Bytes memory) {
    constexpr Bytes gibibyte = Bytes{1} << 30U;
    return memory > 24 * gibibyte   ? 8
           : memory > 16 * gibibyte ? 6
           : memory > 8 * gibibyte  ? 4
           : memory > 4 * gibibyte  ? 2
                                    : 1;
}

Result<void> check_gcloud_words(const Params& params) {
    const GcloudLine line = parse_gcloud(params.list("args"));
    if (line.verb.empty()) {
        return fail(Fault::usage, "no command: write for example `gcloud: run services describe ${target}`",
                    "options come behind the command");
    }
    return check_pinned(line).and_then([&] { return check_fit(line); }).and_then([&] { return check_memory(line); });
}

Result<void> check_is_own(const GcloudLine& line, const CloudRunRef& own) {
    const std::string first = line.rest.empty() ? std::string() : line.rest.front();
    const bool names_service =
        line.verb == "run deploy" || (line.verb.starts_with("run services ") && line.verb != "run services list");
    const bool names_revision = line.verb == "run revisions describe" || line.verb == "run revisions delete";
    if (names_service && first != own.service) {
        return refuse(line,
                      fmt::format("its first word must be the target's service, {}", base::printable(own.service)));
    }
    if (names_revision && first != last_healthy && !first.starts_with(own.service + "-")) {
        return refuse(line,
                      fmt::format("{} is no revision of {}", base::printable(first), base::printable(own.service)));
    }
    const auto service = option_value(line.rest, "--service");
    if (service && *service != own.service) {
        return refuse(line, fmt::format("`--service` must be the target's, {}", base::printable(own.service)));
    }
    if (risk_of(line) != Risk::read && !names_service && !names_revision) {
        return refuse(line, "it would change something else than the target's service");
    }
    return check_cpus(line, own);
}

}  // namespace memrb::actions
