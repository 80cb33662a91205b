#include "actions/cloud_rollback.h"
#include "actions/command_line.h"
#include "actions/gcloud_answer.h"
#include "actions/gcloud_command.h"
#include "actions/gcloud_rules.h"
#include "actions/gcloud_verbs.h"
#include "base/text.h"
#include "memrb/action.h"

#include <fmt/core.h>
#include <algorithm>

namespace memrb::actions {

extern const ActionType gcloud_action;

namespace {

Json parsed(const std::string& text) {
    return read_json(text).value_or(Json());
}

// The revision to go back to, from what the diagnosis has captured.
Result<std::vector<std::string>> with_revision_chosen(const Params& params, const Target& target) {
    auto words = params.list("args");
    const auto names_it = [](const std::string& word) { return word.find(last_healthy) != std::string::npos; };
    if (std::none_of(words.begin(), words.end(), names_it)) {
        return words;
    }
    if (!params.has("revisions")) {
        return fail(Fault::usage, "LAST_HEALTHY needs `revisions`",
                    "and `utilization`, `killed` as far as they are known");
    }
    if (params.text("revisions").starts_with("${")) {
        return words;  // in a dry run nothing has been captured
    }
    const auto chosen = choose_rollback(read_revisions(parsed(params.text("revisions"))), target.id,
                                        read_health(parsed(params.text("utilization")), parsed(params.text("killed"))));
    if (!chosen) {
        return fail(Fault::failed, chosen.error().message);  // a rollback that is wanted and cannot be is no `skipped`
    }
    for (auto& word : words) {
        word = base::replace_all(std::move(word), last_healthy, chosen->revision);
    }
    return words;
}

Result<Request> plan(const Params& params, const ActionContext& context) {
    if (context.past && parse_gcloud(params.list("args")).verb != "logging read") {
        return fail(Fault::no_data, "not possible for a past moment: gcloud shows the present");
    }
    if (!context.target.cloud_run) {
        return fail(Fault::no_data, fmt::format("{} is not on Cloud Run", base::printable(context.target.name)));
    }
    auto again = check_gcloud_words(params);  // a variable may have brought in more
    if (!again) {
        return tl::unexpected(again.error());
    }
    const auto words = with_revision_chosen(params, context.target);
    if (!words) {
        return tl::unexpected(words.error());
    }
    if (auto own = check_is_own(parse_gcloud(*words), *context.target.cloud_run); !own) {
        return tl::unexpected(own.error());
    }
    if (context.tools.gcloud_command.empty()) {
        return fail(Fault::missing_tool, "gcloud is not installed", "https://cloud.google.com/sdk/docs/install");
    }
    return gcloud_command(context.tools, *context.target.cloud_run, *words);
}

Risk risk(const Params& params) {
    return risk_of(parse_gcloud(params.list("args")));
}

bool has_option(const GcloudLine& line, std::string_view name) {
    return std::any_of(line.rest.begin(), line.rest.end(), [&](const std::string& word) {
        return word == name || (word.starts_with(name) && word.size() > name.size() && word[name.size()] == '=');
    });
}

std::string filter_of_service(const CloudRunRef& where, const std::string& filter) {
    const std::string own = fmt::format(
        R"(resource.type="cloud_run_revision" AND resource.labels.service_name="{}" AND resource.labels.location="{}")",
        where.service, where.region);
    return base::trim(filter).empty() ? own : fmt::format("{} AND ({})", own, base::trim(filter));
}

}  // namespace

Command gcloud_command(const Tools& tools, const CloudRunRef& where, std::span<const std::string> words) {
    const GcloudLine line = parse_gcloud(words);
    const bool reads = risk_of(line) == Risk::read;
    Command command;
    command.argv = tools.gcloud_command;
    command.argv.insert(command.argv.end(), words.begin(), words.end());
    if (line.verb == "logging read" && !line.rest.empty()) {
        auto& filter = command.argv[command.argv.size() - line.rest.size()];
        filter = filter_of_service(where, filter);
    }
    if (line.verb == "run revisions list" && !has_option(line, "--service")) {
        command.argv.push_back("--service=" + where.service);
    }
    command.argv.push_back("--project=" + where.project);
    if (line.verb.starts_with("run ")) {
        command.argv.push_back("--region=" + where.region);
    }
    if (reads && line.verb != "version" && !has_option(line, "--format")) {
        command.argv.emplace_back("--format=json");
    }
    command.argv.emplace_back("--quiet");
    // A read that hangs is told before the step's own time is over; a change gets the time that a change may take.
    // What it prints would else stand in its own log files too, whatever secrets that has in it.
    command.env = {{"CLOUDSDK_CORE_HTTP_TIMEOUT", reads ? "20" : "60"},
                   {"CLOUDSDK_CORE_DISABLE_COLOR", "1"},
                   {"CLOUDSDK_CORE_DISABLE_FILE_LOGGING", "1"}};
    return command;
}

const ActionType gcloud_action{
    .name = "gcloud",
    .help = "Run gcloud in the target's project and region",
    .body = "args",
    .params = {{.name = "args", .kind = ParamKind::argv, .required = true, .help = "what follows `gcloud`"},
               {.name = "revisions",
                .help = "a list of revisions: LAST_HEALTHY in a word is then the last one that was healthy"},
               {.name = "utilization", .help = "for that, a list of {name, peak, early, late}, shares of the limit"},
               {.name = "killed", .help = "for that, a list of the revisions that were out of memory"}},
    .check = check_gcloud_words,
    .risk = risk,
    .starts_program = true,
    .plan = plan,
    .interpret = interpret_gcloud,
};

}  // namespace memrb::actions
