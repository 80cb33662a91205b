#include "actions/docker_verbs.h"

#include <array>

namespace memrb::actions {

namespace {

constexpr auto read = Risk::read;
constexpr auto reversible = Risk::reversible;
constexpr auto disruptive = Risk::disruptive;
constexpr auto irreversible = Risk::irreversible;

constexpr auto docker_options = std::to_array<GlobalOption>({{"--config", "", true, true},
                                                             {"--context", "-c", true, true},
                                                             {"--host", "-H", true, true},
                                                             {"--tls", "", false, true},
                                                             {"--tlscacert", "", true, true},
                                                             {"--tlscert", "", true, true},
                                                             {"--tlskey", "", true, true},
                                                             {"--tlsverify", "", false, true},
                                                             {"--debug", "-D", false, false},
                                                             {"--log-level", "-l", true, false},
                                                             {"--version", "-v", false, false},
                                                             {"--help", "", false, false}});

// Deleting a container takes its logs and its file system with it: irreversible. `exec`, `run`, `cp`, `commit` and all
// that is missing here may do anything: disruptive.
constexpr auto docker_verbs = std::to_array<VerbRisk>({{"ps", read},
                                                       {"inspect", read},
                                                       {"logs", read},
                                                       {"events", read},
                                                       {"stats", read},
                                                       {"top", read},
                                                       {"version", read},
                                                       {"info", read},
                                                       {"port", read},
                                                       {"diff", read},
                                                       {"images", read},
                                                       {"history", read},
                                                       {"search", read},
                                                       {"wait", read},
                                                       {"image inspect", read},
                                                       {"system df", read},
                                                       {"volume ls", read},
                                                       {"volume list", read},
                                                       {"volume inspect", read},
                                                       {"network ls", read},
                                                       {"network list", read},
                                                       {"network inspect", read},
                                                       {"context ls", read},
                                                       {"context list", read},
                                                       {"context show", read},
                                                       {"context inspect", read},
                                                       {"node ls", read},
                                                       {"node list", read},
                                                       {"node ps", read},
                                                       {"node inspect", read},
                                                       {"service ls", read},
                                                       {"service list", read},
                                                       {"service ps", read},
                                                       {"service logs", read},
                                                       {"service inspect", read},
                                                       {"stack ls", read},
                                                       {"stack list", read},
                                                       {"stack ps", read},
                                                       {"stack services", read},
                                                       {"stack config", read},
                                                       {"secret ls", read},
                                                       {"secret list", read},
                                                       {"secret inspect", read},
                                                       {"config ls", read},
                                                       {"config list", read},
                                                       {"config inspect", read},
                                                       {"plugin ls", read},
                                                       {"plugin list", read},
                                                       {"plugin inspect", read},
                                                       {"manifest inspect", read},
                                                       {"buildx ls", read},
                                                       {"buildx du", read},
                                                       {"buildx inspect", read},
                                                       {"start", reversible},
                                                       {"unpause", reversible},
                                                       {"update", reversible},
                                                       {"rename", reversible},
                                                       {"create", reversible},
                                                       {"pull", reversible},
                                                       {"tag", reversible},
                                                       {"volume create", reversible},
                                                       {"network create", reversible},
                                                       {"network connect", reversible},
                                                       {"restart", disruptive},
                                                       {"stop", disruptive},
                                                       {"kill", disruptive},
                                                       {"pause", disruptive},
                                                       {"exec", disruptive},
                                                       {"run", disruptive},
                                                       {"service update", disruptive},
                                                       {"service scale", disruptive},
                                                       {"service rollback", disruptive},
                                                       {"network disconnect", disruptive},
                                                       {"rm", irreversible},
                                                       {"rmi", irreversible},
                                                       {"container prune", irreversible},
                                                       {"image prune", irreversible},
                                                       {"system prune", irreversible},
                                                       {"builder prune", irreversible},
                                                       {"buildx prune", irreversible},
                                                       {"buildx rm", irreversible},
                                                       {"volume rm", irreversible},
                                                       {"volume prune", irreversible},
                                                       {"network rm", irreversible},
                                                       {"network prune", irreversible},
                                                       {"service rm", irreversible},
                                                       {"stack rm", irreversible},
                                                       {"secret rm", irreversible},
                                                       {"config rm", irreversible},
                                                       {"node rm", irreversible},
                                                       {"plugin rm", irreversible},
                                                       {"context rm", irreversible},
                                                       {"swarm leave", irreversible}});

constexpr auto docker_aliases = std::to_array<VerbAlias>({{"container ls", "ps"},
                                                          {"container list", "ps"},
                                                          {"container ps", "ps"},
                                                          {"container inspect", "inspect"},
                                                          {"container logs", "logs"},
                                                          {"container stats", "stats"},
                                                          {"container top", "top"},
                                                          {"container port", "port"},
                                                          {"container diff", "diff"},
                                                          {"container wait", "wait"},
                                                          {"container exec", "exec"},
                                                          {"container run", "run"},
                                                          {"container create", "create"},
                                                          {"container start", "start"},
                                                          {"container stop", "stop"},
                                                          {"container restart", "restart"},
                                                          {"container kill", "kill"},
                                                          {"container pause", "pause"},
                                                          {"container unpause", "unpause"},
                                                          {"container update", "update"},
                                                          {"container rename", "rename"},
                                                          {"container attach", "attach"},
                                                          {"container rm", "rm"},
                                                          {"container remove", "rm"},
                                                          {"image ls", "images"},
                                                          {"image list", "images"},
                                                          {"image history", "history"},
                                                          {"image pull", "pull"},
                                                          {"image tag", "tag"},
                                                          {"image rm", "rmi"},
                                                          {"image remove", "rmi"},
                                                          {"system events", "events"},
                                                          {"system info", "info"},
                                                          {"volume remove", "volume rm"},
                                                          {"network remove", "network rm"},
                                                          {"service remove", "service rm"},
                                                          {"stack remove", "stack rm"},
                                                          {"stack down", "stack rm"},
                                                          {"secret remove", "secret rm"},
                                                          {"config remove", "config rm"},
                                                          {"node remove", "node rm"},
                                                          {"plugin remove", "plugin rm"},
                                                          {"context remove", "context rm"},
                                                          {"builder du", "buildx du"},
                                                          {"remove", "rm"}});

constexpr auto docker_groups = std::to_array<std::string_view>(
    {"container", "image", "system", "volume", "network", "context", "node", "service", "stack", "secret", "config",
     "plugin", "manifest", "buildx", "builder", "swarm", "trust", "checkpoint"});

constexpr auto compose_options = std::to_array<GlobalOption>({{"--project-name", "-p", true, true},
                                                              {"--file", "-f", true, true},
                                                              {"--project-directory", "", true, true},
                                                              {"--workdir", "", true, true},
                                                              {"--env-file", "", true, true},
                                                              {"--host", "-H", true, true},
                                                              {"--context", "-c", true, true},
                                                              {"--profile", "", true, false},
                                                              {"--ansi", "", true, false},
                                                              {"--no-ansi", "", false, false},
                                                              {"--progress", "", true, false},
                                                              {"--parallel", "", true, false},
                                                              {"--compatibility", "", false, false},
                                                              {"--verbose", "", false, false},
                                                              {"--log-level", "", true, false},
                                                              {"--dry-run", "", false, false}});

// `up` and `scale` may replace or end containers, so they are not merely reversible; `down` and `rm` delete them.
constexpr auto compose_verbs = std::to_array<VerbRisk>(
    {{"ps", read},          {"logs", read},          {"config", read},        {"images", read},
     {"top", read},         {"port", read},          {"version", read},       {"ls", read},
     {"stats", read},       {"volumes", read},       {"events", read},        {"wait", read},
     {"start", reversible}, {"unpause", reversible}, {"pull", reversible},    {"create", disruptive},
     {"up", disruptive},    {"scale", disruptive},   {"restart", disruptive}, {"stop", disruptive},
     {"kill", disruptive},  {"pause", disruptive},   {"exec", disruptive},    {"run", disruptive},
     {"build", disruptive}, {"down", irreversible},  {"rm", irreversible}});

constexpr auto compose_aliases = std::to_array<VerbAlias>({{"convert", "config"}});

constexpr Grammar docker_tool{"docker", docker_options, docker_verbs, docker_aliases, docker_groups};
constexpr Grammar compose_tool{"compose", compose_options, compose_verbs, compose_aliases, {}};

}  // namespace

const Grammar& docker_grammar() {
    return docker_tool;
}

const Grammar& compose_grammar() {
    return compose_tool;
}

}  // namespace memrb::actions
