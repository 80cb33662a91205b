#include "actions/kubectl_verbs.h"

#include <array>

namespace memrb::actions {

namespace {

constexpr auto read = Risk::read;
constexpr auto reversible = Risk::reversible;
constexpr auto disruptive = Risk::disruptive;
constexpr auto irreversible = Risk::irreversible;

constexpr auto options = std::to_array<GlobalOption>({{"--context", "", true, true},
                                                      {"--namespace", "-n", true, true},
                                                      {"--cluster", "", true, true},
                                                      {"--kubeconfig", "", true, true},
                                                      {"--server", "-s", true, true},
                                                      {"--user", "", true, true},
                                                      {"--as", "", true, true},
                                                      {"--as-group", "", true, true},
                                                      {"--as-uid", "", true, true},
                                                      {"--token", "", true, true},
                                                      {"--username", "", true, true},
                                                      {"--password", "", true, true},
                                                      {"--certificate-authority", "", true, true},
                                                      {"--client-certificate", "", true, true},
                                                      {"--client-key", "", true, true},
                                                      {"--insecure-skip-tls-verify", "", false, true},
                                                      {"--tls-server-name", "", true, true},
                                                      {"--request-timeout", "", true, false},
                                                      {"--v", "-v", true, false},
                                                      {"--warnings-as-errors", "", false, false},
                                                      {"--match-server-version", "", false, false}});

// A deleted pod takes its logs and its local files with it: irreversible, and so is a drain. A changed template starts
// new pods: disruptive, as `exec`, `apply` and all that is missing here, which may do anything. Plugins are missing.
constexpr auto verbs = std::to_array<VerbRisk>({{"get", read},
                                                {"describe", read},
                                                {"logs", read},
                                                {"events", read},
                                                {"top pod", read},
                                                {"top node", read},
                                                {"explain", read},
                                                {"diff", read},
                                                {"wait", read},
                                                {"version", read},
                                                {"cluster-info", read},
                                                {"api-resources", read},
                                                {"api-versions", read},
                                                {"auth can-i", read},
                                                {"auth whoami", read},
                                                {"rollout status", read},
                                                {"rollout history", read},
                                                {"config view", read},
                                                {"config current-context", read},
                                                {"config get-contexts", read},
                                                {"rollout pause", reversible},
                                                {"rollout resume", reversible},
                                                {"cordon", reversible},
                                                {"uncordon", reversible},
                                                {"label", reversible},
                                                {"annotate", reversible},
                                                {"scale", disruptive},
                                                {"autoscale", disruptive},
                                                {"rollout restart", disruptive},
                                                {"rollout undo", disruptive},
                                                {"set resources", disruptive},
                                                {"set image", disruptive},
                                                {"set env", disruptive},
                                                {"patch", disruptive},
                                                {"apply", disruptive},
                                                {"create", disruptive},
                                                {"replace", disruptive},
                                                {"run", disruptive},
                                                {"expose", disruptive},
                                                {"exec", disruptive},
                                                {"cp", disruptive},
                                                {"debug", disruptive},
                                                {"taint", disruptive},
                                                {"delete", irreversible},
                                                {"drain", irreversible}});

constexpr auto aliases = std::to_array<VerbAlias>(
    {{"top pods", "top pod"}, {"top po", "top pod"}, {"top nodes", "top node"}, {"top no", "top node"}});

constexpr auto groups = std::to_array<std::string_view>({"config", "rollout", "set", "top", "auth", "certificate"});

}  // namespace

const Grammar& kubectl_grammar() {
    static constexpr Grammar grammar{"kubectl", options, verbs, aliases, groups};
    return grammar;
}

}  // namespace memrb::actions
