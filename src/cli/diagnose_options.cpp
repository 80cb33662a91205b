#include "cli/diagnose_options.h"

#include "base/text.h"

#include <fmt/core.h>
#include <algorithm>

namespace memrb::cli {

namespace {

bool is_name(std::string_view text) {
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    return !text.empty() && letter(text.front()) &&
           std::all_of(text.begin(), text.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

// Who names a cluster or a namespace means Kubernetes.
Result<void> take_cluster(const DiagnoseFlags& flags, DiagnoseOptions& options) {
    const auto take = [&](std::string_view flag, std::string_view name, const std::string& value) -> Result<void> {
        if (value.empty()) {
            return {};
        }
        if (options.platform && options.platform != Platform::kubernetes) {
            return fail(Fault::usage,
                        fmt::format("{} is for Kubernetes, --platform says {}", flag, to_string(*options.platform)));
        }
        if (!options.sets.emplace(name, value).second) {
            return fail(Fault::usage, fmt::format("{} and --set {} are the same: give one of them", flag, name));
        }
        options.platform = Platform::kubernetes;
        return {};
    };
    return take("--namespace", "kube_namespace", flags.name_space).and_then([&] {
        return take("--context", "kube_context", flags.context);
    });
}

// Without a value CLI11 says `true`.
Result<void> take_rehearsal(const DiagnoseFlags& flags, DiagnoseOptions& options) {
    const bool resolves = !flags.option.empty();
    const std::string& wanted = flags.rehearsal;
    if (!wanted.empty() && wanted != "true" && wanted != (resolves ? "server" : "all")) {
        return fail(Fault::usage, fmt::format("--dry-run: `{}` is not known", base::printable(wanted)),
                    resolves ? "--dry-run shows the commands, --dry-run=server has the API server check them"
                             : "--dry-run shows the diagnosis, --dry-run=all the whole runbook, each option of it too");
    }
    options.dry_run = wanted == "true" || wanted == "all";
    options.whole = wanted == "all";
    return {};
}

}  // namespace

Result<Timestamp> parse_moment(std::string_view flag, const std::string& text, Timestamp now) {
    if (const auto ago = parse_duration(text)) {
        return now - *ago;
    }
    const auto at = parse_rfc3339(text);
    if (!at) {
        return fail(Fault::usage, fmt::format("{}: `{}` is neither a time nor a duration", flag, base::printable(text)),
                    "for example 2026-11-21T08:51:07Z, or 30m for half an hour ago");
    }
    if (*at > now) {
        return fail(Fault::usage, fmt::format("{}: {} lies in the future", flag, format_rfc3339(*at)));
    }
    return *at;
}

Result<std::map<std::string, std::string>> parse_sets(const std::vector<std::string>& sets) {
    std::map<std::string, std::string> values;
    for (const auto& set : sets) {
        const auto equals = set.find('=');
        const std::string name = set.substr(0, equals);
        if (equals == std::string::npos || !is_name(name)) {
            return fail(Fault::usage, fmt::format("--set: `{}` is not NAME=VALUE", base::printable(set)),
                        "for example --set prometheus=http://localhost:9090");
        }
        if (!values.emplace(name, set.substr(equals + 1)).second) {
            return fail(Fault::usage, fmt::format("--set: `{}` is given twice", name));
        }
    }
    return values;
}

Result<DiagnoseOptions> check(const DiagnoseFlags& flags, Timestamp now) {
    DiagnoseOptions options;
    if (auto name = check_target_name(flags.target); !name) {
        return tl::unexpected(name.error());
    }
    options.target = flags.target;
    options.runbook = flags.runbook;
    options.replay = flags.replay;
    options.jobs = static_cast<std::size_t>(flags.jobs);
    options.exit_code = flags.exit_code;
    options.format = flags.format == "json" ? Format::json : flags.format == "jsonl" ? Format::jsonl : Format::text;
    if (!flags.platform.empty()) {
        auto platform = parse_platform(flags.platform);
        if (!platform) {
            return tl::unexpected(
                Error{Fault::usage, "--platform: " + platform.error().message, platform.error().hint});
        }
        options.platform = *platform;
    }
    if (!flags.at.empty()) {
        auto at = parse_moment("--at", flags.at, now);
        if (!at) {
            return tl::unexpected(at.error());
        }
        options.at = *at;
    }
    auto sets = parse_sets(flags.sets);
    if (!sets) {
        return tl::unexpected(sets.error());
    }
    options.sets = std::move(*sets);
    if (auto place = take_cluster(flags, options); !place) {
        return tl::unexpected(place.error());
    }
    if (auto rehearsal = take_rehearsal(flags, options); !rehearsal) {
        return tl::unexpected(rehearsal.error());
    }
    if (!flags.option.empty()) {
        ResolveOptions resolve{flags.option, {}, flags.rehearsal == "server"};
        resolve.authority.yes = flags.yes;
        resolve.watch = flags.watch;
        resolve.authority.confirmed = flags.confirmed;
        if (!flags.most.empty()) {
            auto most = parse_risk(flags.most);
            if (!most) {
                return tl::unexpected(Error{Fault::usage, "--max-risk: " + most.error().message, most.error().hint});
            }
            resolve.authority.most = *most;
        }
        options.resolve = std::move(resolve);
    }
    if (!options.replay.empty() && (options.at || options.dry_run)) {
        return fail(Fault::usage, "--replay shows what was recorded: it does not go with --at or --dry-run");
    }
    return options;
}

}  // namespace memrb::cli
