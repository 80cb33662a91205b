#pragma once

#include "memrb/outcome.h"
#include "memrb/reading.h"
#include "memrb/request.h"
#include "memrb/result.h"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace memrb {

enum class Platform { docker, prometheus, kubernetes, cloud_run };

/// `docker`, `prometheus`, `kubernetes`, `cloud-run`: as written in runbooks, flags and JSON.
std::string_view to_string(Platform platform);
Result<Platform> parse_platform(std::string_view text);

/// Where a Compose service lives, from the labels that Compose puts on its containers.
struct ComposeRef {
    std::string project;
    std::string service;
    std::string working_dir;
    std::vector<std::string> files;
};

/// Where a workload or pod lives in Kubernetes. Its uid is Target::id.
struct KubeRef {
    std::string context;           ///< of the kubeconfig; empty: memrb runs inside the cluster
    std::string name_space;        ///< each call names both
    std::string kind;              ///< `deployment`, `statefulset`, `pod`
    std::string selector;          ///< of its pods, as `kubectl -l` takes it; empty for a pod
    std::string container;         ///< the main one: by annotation, by the workload's name, or the first
    std::string resource_version;  ///< grows with each change, of the status too
    int generation = 0;            ///< grows with each change of the spec; 0: not told, as of a pod
};

/// A Cloud Run service. The revision that gets most of its traffic is Target::id.
struct CloudRunRef {
    std::string project;  ///< each call names project, region and service
    std::string region;
    std::string service;
    std::string latest_ready;  ///< the newest revision that is ready; it may get no traffic
    int generation = 0;        ///< grows with each change of the spec, traffic included; 0: not told
    double cpu = 0;            ///< of its template; 0: not told
};

/// The one thing that an incident is about, pinned: what is shown and changed is this, or nothing.
struct Target {
    std::string name;
    Platform platform = Platform::docker;
    std::string id;  ///< container id (64 hex digits), uid, or revision; empty if the platform has none
    std::optional<Timestamp> started_at;
    std::string image;
    bool running = true;
    int pid = 0;  ///< first process on this machine, 0 if not known or not local
    Limit limit;
    std::optional<ComposeRef> compose;
    std::optional<KubeRef> kube;
    std::optional<CloudRunRef> cloud_run;
    std::map<std::string, std::string> labels;
    std::map<std::string, std::string> vars;  ///< settings for runbook variables that come with the target (config)
    std::string found_by;  ///< `docker container`, `compose service`, `config`, `prometheus label name`
};

/// How the Docker engine is reached, after DOCKER_HOST and the docker context.
struct DockerEndpoint {
    enum class Kind { unix_socket, tcp, ssh };
    Kind kind = Kind::unix_socket;
    std::string address;  ///< socket path, or http(s)://host:port, or ssh://...
    std::string ca_file, cert_file, key_file;
    std::string origin;  ///< `DOCKER_HOST`, `docker context NAME`, `default`: for messages
    bool local = true;   ///< its containers' cgroup files are on this machine
};

/// The tools of this machine, found once at start by looking, not by running anything.
struct Tools {
    DockerEndpoint docker;
    std::vector<std::string> docker_command;   ///< {"docker"}; empty: not installed
    std::vector<std::string> compose_command;  ///< {"docker","compose"} or {"docker-compose"}; empty: neither
    std::vector<std::string> kubectl_command;  ///< {"kubectl"}; empty: not installed
    bool has_kubeconfig = false;               ///< there is a cluster that kubectl could ask
    std::vector<std::string> gcloud_command;   ///< {"gcloud"}; empty: not installed
};

/// A target as one finder knows it; several are an ambiguity that is shown, never guessed.
struct Found {
    std::vector<Target> matches;
    std::vector<std::string> known_names;                              ///< for "did you mean"
    std::vector<std::pair<std::string, std::string>> host_containers;  ///< running containers: id, name
    std::vector<Error> problems;  ///< what could not be asked (engine down, ...): no answer is not "no"
    bool absent = false;          ///< there is no such place on this machine: only news to who has asked for it
};

/// Does a request of a lookup; given by the engine so that finders stay free of I/O.
using Fetch = std::function<Outcome(const Request&)>;

struct FindContext {
    std::string name;
    const Tools& tools;
    const std::map<std::string, std::string>& vars;  ///< e.g. `prometheus`
    Timestamp now{};
};

/// One place where targets are looked up. Registered in actions/registry.cpp like action types.
struct TargetFinder {
    Platform platform;
    Found (*find)(const FindContext&, const Fetch&);
    Milliseconds patience{5'000};  ///< for each request: a place that takes longer does not answer
};

/// A name that may be handed to tools: 1-253 characters of [A-Za-z0-9_.-/:], beginning with a letter or digit.
Result<std::string> check_target_name(std::string_view name);

}  // namespace memrb
