#include "actions/docker_list.h"
#include "actions/ending.h"
#include "actions/engine_api.h"
#include "base/text.h"
#include "memrb/target.h"

#include <fmt/core.h>
#include <algorithm>

namespace memrb::actions {

extern const TargetFinder docker_finder;

namespace {

constexpr std::size_t most_matches = 32;  // an ambiguity that nobody reads to its end

bool is_denied(const Outcome& outcome) {
    const auto* not_started = std::get_if<NotStarted>(&outcome.ending);
    return (not_started != nullptr && not_started->denied) || speaks_of_permission(outcome.err.text());
}

class Search {
public:
    Search(const FindContext& context, const Fetch& fetch) : context_(context), fetch_(fetch) {}

    Found run() {
        const auto all = list();
        if (all) {
            look_through(*all);
        }
        return std::move(found_);
    }

private:
    using List = std::optional<std::vector<ListedContainer>>;

    // The engine's own API, and the CLI where that does not get through: over ssh, or by a setting only docker knows.
    List list() {
        auto request = engine_get(context_.tools.docker, "/containers/json?all=1");
        if (!request) {
            return list_by_cli(fmt::format("the engine at {} is reached by the docker CLI only, which is not installed",
                                           describe_engine(context_.tools.docker)));
        }
        const Outcome outcome = fetch_(*request);
        if (outcome.ok() && !outcome.out.truncated()) {
            if (auto all = read_engine_list(outcome.out.text())) {
                return all;
            }
            problem("what answers there is no Docker engine");
            return std::nullopt;
        }
        if (is_denied(outcome)) {
            found_.problems.push_back(
                {Fault::failed,
                 fmt::format("no permission to use the Docker engine at {}", describe_engine(context_.tools.docker)),
                 "join the group `docker`, or use sudo"});
            return std::nullopt;
        }
        const std::string why = failure_of(outcome, "it").value_or("its list of containers is too long");
        const bool hangs =
            std::holds_alternative<TimedOut>(outcome.ending) || std::holds_alternative<Interrupted>(outcome.ending);
        if (hangs || context_.tools.docker_command.empty()) {
            problem(why);
            return std::nullopt;
        }
        return list_by_cli(why);
    }

    List list_by_cli(const std::string& why_not_api) {
        by_cli_ = true;
        if (context_.tools.docker_command.empty()) {
            problem(why_not_api);
            return std::nullopt;
        }
        const Outcome outcome = fetch_(cli({"ps", "-a", "--no-trunc", "--format", "{{json .}}"}));
        if (auto why = failure_of(outcome)) {
            problem(is_denied(outcome) || context_.tools.docker.kind == DockerEndpoint::Kind::ssh ? *why : why_not_api);
            return std::nullopt;
        }
        auto all = outcome.out.truncated() ? std::nullopt : read_cli_list(outcome.out.text());
        if (!all) {
            problem("`docker ps` prints something else than a list of containers");
        }
        return all;
    }

    void look_through(const std::vector<ListedContainer>& all) {
        for (const auto& container : all) {
            if (container.running) {
                found_.host_containers.emplace_back(container.id, container.name);
            }
            for (const auto& name : {container.name, container.service}) {
                if (!name.empty()) {
                    found_.known_names.push_back(name);
                }
            }
        }
        std::sort(found_.known_names.begin(), found_.known_names.end());
        found_.known_names.erase(std::unique(found_.known_names.begin(), found_.known_names.end()),
                                 found_.known_names.end());
        const NameMatch match = match_name(all, context_.name);
        const std::size_t shown = std::min(match.containers.size(), most_matches);
        for (std::size_t i = 0; i < shown; ++i) {
            pin(match.containers[i], match.found_by);
        }
    }

    void pin(const ListedContainer& container, std::string_view found_by) {
        const auto request = by_cli_
                                 ? std::nullopt
                                 : engine_get(context_.tools.docker, fmt::format("/containers/{}/json", container.id));
        const Outcome outcome =
            fetch_(request ? Request(*request) : Request(cli({"container", "inspect", container.id})));
        if (auto why = failure_of(outcome, "it")) {
            problem(fmt::format("{} cannot be inspected: {}", base::printable(container.name), *why));
            return;
        }
        const auto document = outcome.out.truncated() ? std::nullopt : read_json(outcome.out.text());
        const Json* one = document && document->is_array() && !document->empty() ? &document->front()
                          : document                                             ? &*document
                                                                                 : nullptr;
        auto target = one == nullptr ? std::nullopt : target_from_inspect(*one, context_.tools.docker.local, found_by);
        if (!target || target->id != container.id) {
            problem(fmt::format("what it tells of {} is not understood", base::printable(container.name)));
            return;
        }
        found_.matches.push_back(*std::move(target));
    }

    Command cli(std::vector<std::string> words) const {
        Command command;
        command.argv = context_.tools.docker_command;
        command.argv.insert(command.argv.end(), words.begin(), words.end());
        return command;
    }

    void problem(const std::string& why) {
        found_.problems.push_back(
            {Fault::failed,
             fmt::format("the Docker engine at {} cannot be asked: {}", describe_engine(context_.tools.docker), why),
             "is it running? Another engine is chosen by DOCKER_HOST or `docker context use`"});
    }

    const FindContext& context_;
    const Fetch& fetch_;
    Found found_;
    bool by_cli_ = false;
};

Found find(const FindContext& context, const Fetch& fetch) {
    return Search(context, fetch).run();
}

}  // namespace

const TargetFinder docker_finder{Platform::docker, find};

}  // namespace memrb::actions
