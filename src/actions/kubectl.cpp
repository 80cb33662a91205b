#include "actions/docker_rules.h"
#include "actions/kube_command.h"
#include "actions/kubectl_answer.h"
#include "actions/kubectl_rules.h"
#include "actions/kubectl_verbs.h"
#include "base/text.h"
#include "memrb/action.h"

#include <fmt/core.h>
#include <algorithm>
#include <chrono>

namespace memrb::actions {

extern const ActionType kubectl_action;

namespace {

Result<Request> plan(const Params& params, const ActionContext& context) {
    if (context.past) {
        return fail(Fault::no_data, "not possible for a past moment: kubectl shows the present");
    }
    if (!context.target.kube) {
        return fail(Fault::no_data, fmt::format("{} is not in Kubernetes", base::printable(context.target.name)));
    }
    if (auto again = check_kubectl_words(params); !again) {  // a variable may have brought in more
        return tl::unexpected(again.error());
    }
    if (context.tools.kubectl_command.empty()) {
        return fail(Fault::missing_tool, "kubectl is not installed", "install kubectl, for example kubernetes-client");
    }
    return kube_command(context.tools, *context.target.kube, params.list("args"));
}

// A change that was given up too early leaves open whether it took effect, and admission webhooks take their time.
std::chrono::seconds patience_with(const CommandLine& line) {
    const bool waits = line.verb == "rollout status" || line.verb == "wait" || line.verb == "delete";
    return std::chrono::seconds(waits ? 30 : risk_of(line, kubectl_grammar()) == Risk::read ? 5 : 15);
}

}  // namespace

Command kube_command(const Tools& tools, const KubeRef& where, std::span<const std::string> words) {
    Command command;
    command.argv = tools.kubectl_command;
    if (!where.context.empty()) {
        command.argv.push_back("--context=" + where.context);
    }
    command.argv.push_back("--namespace=" + where.name_space);
    const std::vector<std::string> all(words.begin(), words.end());
    const CommandLine line = parse_command_line(all, kubectl_grammar());
    const auto before = std::span(all).first(std::min(line.verb_end, all.size()));
    if (!option_value(before, "--request-timeout") && !option_value(kubectl_words(line), "--request-timeout")) {
        command.argv.emplace_back(fmt::format("--request-timeout={}s", patience_with(line).count()));
    }
    command.argv.insert(command.argv.end(), all.begin(), all.end());
    return command;
}

const ActionType kubectl_action{
    .name = "kubectl",
    .help = "Run kubectl in the target's context and namespace",
    .body = "args",
    .params = {{.name = "args", .kind = ParamKind::argv, .required = true, .help = "what follows `kubectl`"},
               reads_param()},
    .check = check_kubectl_words,
    .risk = kubectl_risk,
    .starts_program = true,
    .plan = plan,
    .interpret = interpret_kubectl,
    .rehearse = rehearse_kubectl,
};

}  // namespace memrb::actions
