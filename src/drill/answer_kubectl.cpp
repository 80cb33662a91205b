#include "base/number.h"
#include "base/text.h"
#include "drill/app_log.h"
#include "drill/kube_json.h"
#include "drill/tools.h"
#include "drill/words.h"

#include <fmt/core.h>
#include <algorithm>

namespace memrb::drill {

extern const Tool kubectl_tool;

namespace {

constexpr Milliseconds rolling{20'000};  // until new pods are ready and measured

Reply failed(std::string text) {
    Reply reply;
    reply.ending = Exited{1};
    reply.err = std::move(text);
    return reply;
}

Reply not_found(std::string_view kind, std::string_view name) {
    return failed(fmt::format("Error from server (NotFound): {} \"{}\" not found\n", kind, name));
}

Reply changed(std::string out) {
    Reply reply = says(std::move(out));
    reply.took = rolling;
    reply.changes = true;
    return reply;
}

/// What a word of kubectl's names: `pods`, `deployment/backend`.
struct Thing {
    std::string kind;
    std::string name;  ///< empty: all of them
};

Thing thing_of(std::string_view word) {
    const std::size_t slash = word.find('/');
    Thing thing{std::string(word.substr(0, slash)),
                std::string(slash == std::string_view::npos ? "" : word.substr(slash + 1))};
    if (thing.kind == "pod" || thing.kind == "po") {
        thing.kind = "pods";
    } else if (thing.kind == "deployment" || thing.kind == "deploy") {
        thing.kind = "deployments";
    }
    return thing;
}

class Kubectl {
public:
    Kubectl(const std::vector<std::string>& argv, World& world)
        : words_(argv, 1,
                 {"-o", "--output", "-l", "--selector", "--field-selector", "--tail", "-c", "--container", "-n",
                  "--namespace", "--context", "--request-timeout"}),
          world_(world) {}

    Reply run() {
        const std::string verb = word(0);
        if (verb == "config" && word(1) == "view") {
            return says(kube_config_json().dump(4) + "\n");
        }
        if (verb == "get") {
            return get();
        }
        if (verb == "describe") {
            return describe();
        }
        if (verb == "logs") {
            return logs();
        }
        if (verb == "top") {
            return word(1) == "pods" || word(1) == "pod" ? top_pods() : top_nodes();
        }
        if (verb == "rollout") {
            return rollout();
        }
        if (verb == "set" && word(1) == "resources") {
            return set_limit();
        }
        return verb == "scale" ? scale() : not_played("`kubectl " + verb + "`");
    }

private:
    [[nodiscard]] std::string word(std::size_t at) const {
        return at < words_.plain().size() ? words_.plain()[at] : std::string();
    }

    [[nodiscard]] std::string option(std::string_view name, std::string_view shorter = "") const {
        const auto value = words_.option(name);
        return value ? *value : shorter.empty() ? "" : words_.option(shorter).value_or("");
    }

    // The pods that the command is about: by selector, by name, or all of the namespace.
    [[nodiscard]] std::vector<const Container*> pods(const std::string& name) const {
        const std::string selector = option("--selector", "-l");
        std::vector<const Container*> found;
        for (const auto& container : world_.all()) {
            const bool selected = selector.empty() || selector == service_label(world_, container.service);
            if (!container.removed && selected && (name.empty() || container.name == name)) {
                found.push_back(&container);
            }
        }
        return found;
    }

    // Empty: all kinds are known, and each named object is there.
    std::string add(const Thing& thing, Json& items) const {
        const auto before = items.size();
        if (thing.kind == "deployments") {
            for (std::size_t i = 0; i < world_.service_count(); ++i) {
                if (thing.name.empty() || thing.name == world_.service(i).spec->name) {
                    items.push_back(deployment_json(world_, i));
                }
            }
        } else if (thing.kind == "pods") {
            for (const Container* pod : pods(thing.name)) {
                items.push_back(pod_json(world_, *pod));
            }
        } else if (thing.kind == "pods.v1beta1.metrics.k8s.io") {
            for (const Container* pod : pods(thing.name)) {
                if (Json metrics = pod_metrics_json(world_, *pod); !metrics.is_null()) {
                    items.push_back(std::move(metrics));
                }
            }
        } else if (thing.kind == "events") {
            for (auto& event : events_json(world_)) {
                items.push_back(event);
            }
        } else if (thing.kind != "statefulsets") {
            return fmt::format("error: the server doesn't have a resource type \"{}\"\n", thing.kind);
        }
        return !thing.name.empty() && items.size() == before
                   ? fmt::format("Error from server (NotFound): {} \"{}\" not found\n", thing.kind, thing.name)
                   : std::string();
    }

    [[nodiscard]] Reply get() const {
        Json items = Json::array();
        std::vector<Thing> things;
        for (std::size_t i = 1; i < words_.plain().size(); ++i) {
            const std::string all = word(i);
            for (const auto part : base::split(all, ',')) {
                things.push_back(thing_of(part));
            }
        }
        for (const auto& thing : things) {
            if (std::string why = add(thing, items); !why.empty()) {
                return failed(std::move(why));
            }
        }
        const std::string format = option("--output", "-o");
        const bool one = things.size() == 1 && !things.front().name.empty();
        if (format == "json") {
            return says((one ? items.front() : list_of(std::move(items))).dump(4) + "\n");
        }
        // The one path that the runbook asks for.
        if (format.starts_with("jsonpath={.spec.template.spec.containers") && one) {
            const auto& container = items.front().at("/spec/template/spec/containers/0"_json_pointer);
            const auto& limits = container.value("resources", Json::object()).value("limits", Json::object());
            return says(limits.value("memory", ""));
        }
        return not_played("this output of `kubectl get`");
    }

    [[nodiscard]] Reply describe() const {
        std::string out;
        for (const Container* pod : pods(thing_of(word(1)).name)) {
            out += fmt::format(
                "Name:             {}\nNamespace:        {}\nStart Time:       {}\nStatus:           Running\n"
                "Containers:\n  {}:\n    Image:          {}\n    Restart Count:  {}\n",
                pod->name, kube_namespace, format_rfc3339(pod->created), world_.service(pod->service).spec->name,
                pod->version.image, pod->restarts);
            if (pod->kills > 0 && pod->finished) {
                out += fmt::format(
                    "    Last State:     Terminated\n      Reason:       OOMKilled\n      Exit Code:    {}\n"
                    "      Finished:     {}\n",
                    pod->exit_code, format_rfc3339(*pod->finished));
            }
            out += pod->limit > 0 ? fmt::format("    Limits:\n      memory:  {}\n\n", quantity(pod->limit)) : "\n";
        }
        return says(std::move(out));
    }

    [[nodiscard]] Reply logs() const {
        constexpr std::size_t many = 10'000;
        const std::size_t lines = base::number<std::size_t>(option("--tail")).value_or(many);
        std::string out;
        for (const Container* pod : pods(word(1).empty() ? "" : thing_of(word(1)).name)) {
            if (words_.has("--previous")) {
                const bool killed = pod->kills > 0 && pod->finished;
                out += killed ? fmt::format("[pod/{}/{}] Killed\n", pod->name, world_.service(pod->service).spec->name)
                              : "";
                continue;
            }
            const std::string prefix =
                words_.has("--prefix") ? fmt::format("[pod/{}/{}] ", pod->name, world_.service(pod->service).spec->name)
                                       : "";
            const std::string log = log_of(world_, *pod, lines);
            for (const auto line : base::lines(log)) {
                out += line.empty() ? "" : prefix + std::string(line) + "\n";
            }
        }
        return says(std::move(out));
    }

    [[nodiscard]] Reply top_pods() const {
        std::string out;
        for (const Container* pod : pods("")) {
            const Json metrics = pod_metrics_json(world_, *pod);
            if (metrics.is_null()) {
                continue;
            }
            const Sample& sample = pod->samples.back();
            out += fmt::format("{:<32}{:<16}{:<13}{:.0f}Mi\n", pod->name, world_.service(pod->service).spec->name,
                               "12m", sample.working_set() / one_mebibyte);
        }
        return out.empty()
                   ? failed("error: metrics not available yet\n")
                   : says(fmt::format("{:<32}{:<16}{:<13}{}\n", "POD", "NAME", "CPU(cores)", "MEMORY(bytes)") + out);
    }

    [[nodiscard]] Reply top_nodes() const {
        double used = 0;
        for (const Container* pod : pods("")) {
            used += pod->running ? pod->working_set() : 0;
        }
        const double all = static_cast<double>(world_.scenario().host_memory);
        return says(
            fmt::format("NAME     CPU(cores)   CPU(%)   MEMORY(bytes)   MEMORY(%)\nnode-1   250m         6%       "
                        "{:.0f}Mi          {:.0f}%\n",
                        used / one_mebibyte, 100 * used / all));
    }

    // Of the workload that the command names; nothing: there is none.
    [[nodiscard]] std::optional<std::size_t> workload(std::size_t at) const {
        const Thing thing = thing_of(word(at));
        return thing.kind == "deployments" ? world_.service_named(thing.name) : std::nullopt;
    }

    Reply rollout() {
        const auto service = workload(2);
        if (!service) {
            return not_found("deployments.apps", thing_of(word(2)).name);
        }
        const std::string name = world_.service(*service).spec->name;
        if (word(1) == "status") {
            return says(fmt::format("deployment \"{}\" successfully rolled out\n", name));
        }
        if (word(1) == "history") {
            std::string out = fmt::format("deployment.apps/{} \nREVISION  CHANGE-CAUSE\n", name);
            for (std::size_t i = 0; i <= world_.service(*service).version; ++i) {
                out += fmt::format("{:<10}<none>\n", i + 1);
            }
            return says(out + "\n");
        }
        if (word(1) == "restart") {
            world_.renew(*service);
            return changed(fmt::format("deployment.apps/{} restarted\n", name));
        }
        if (word(1) != "undo") {
            return not_played("`kubectl rollout " + word(1) + "`");
        }
        if (world_.service(*service).version == 0) {
            return failed(fmt::format("error: no rollout history found for deployment \"{}\"\n", name));
        }
        world_.declare_previous_version(*service);
        world_.apply(*service);
        return changed(fmt::format("deployment.apps/{} rolled back\n", name));
    }

    Reply set_limit() {
        const auto service = workload(2);
        constexpr std::string_view memory = "memory=";
        const std::string limits = option("--limits");
        if (!service || !limits.starts_with(memory)) {
            return service ? not_played("this `kubectl set resources`")
                           : not_found("deployments.apps", thing_of(word(2)).name);
        }
        const auto limit = parse_quantity(std::string_view(limits).substr(memory.size()));
        if (!limit) {
            return failed(fmt::format("error: failed to parse \"{}\"\n", limits));
        }
        world_.declare_limit(*service, *limit);
        world_.apply(*service);
        return changed(
            fmt::format("deployment.apps/{} resource requirements updated\n", world_.service(*service).spec->name));
    }

    Reply scale() {
        const auto service = workload(1);
        const auto wanted = base::number<int>(option("--replicas"));
        if (!service || !wanted) {
            return service ? not_played("this `kubectl scale`") : not_found("deployments.apps", thing_of(word(1)).name);
        }
        const auto expected = base::number<int>(option("--current-replicas"));
        const int now = world_.service(*service).replicas;
        if (expected && *expected != now) {
            return failed(fmt::format("error: Expected replicas to be {}, was {}\n", *expected, now));
        }
        world_.apply(*service, *wanted);
        return changed(fmt::format("deployment.apps/{} scaled\n", world_.service(*service).spec->name));
    }

    const Words words_;
    World& world_;
};

std::optional<Reply> answer(const Request& request, World& world) {
    const auto* command = std::get_if<Command>(&request);
    if (command == nullptr || command->argv.empty() || command->argv.front() != "kubectl" ||
        world.scenario().platform != Platform::kubernetes) {
        return std::nullopt;
    }
    return Kubectl(command->argv, world).run();
}

}  // namespace

const Tool kubectl_tool{"kubectl", answer};

}  // namespace memrb::drill
