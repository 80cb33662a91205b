#include "base/number.h"
#include "base/text.h"
#include "drill/cloud_log.h"
#include "drill/cloud_run_world.h"
#include "drill/tools.h"
#include "drill/words.h"

#include <fmt/core.h>
#include <algorithm>

namespace memrb::drill {

extern const Tool gcloud_tool;

namespace {

constexpr Milliseconds deploying{60'000};  // until new instances are ready and measured

Reply failed(std::string text) {
    Reply reply;
    reply.ending = Exited{1};
    reply.err = "ERROR: " + std::move(text) + "\n";
    return reply;
}

class Gcloud {
public:
    Gcloud(const std::vector<std::string>& argv, World& world)
        : words_(argv, 1, {"--format", "--project", "--region", "--limit", "--freshness"}), world_(world) {}

    Reply run() {
        const std::string verb = word(0) + " " + word(1);
        if (verb == "logging read") {
            return logging();
        }
        if (verb == "auth print-access-token") {
            return says("drill-token\n");
        }
        const std::string third = word(2);
        if (verb == "run services" && (third == "describe" || third == "update" || third == "update-traffic")) {
            const auto service = world_.service_named(word(3));
            if (!service) {
                return failed(fmt::format("(gcloud.run.services.{}) Cannot find service [{}]", third, word(3)));
            }
            return third == "describe" ? says(cloud_service_json(world_, *service).dump(2) + "\n")
                   : third == "update" ? update(*service)
                                       : traffic(*service);
        }
        if (verb == "run services" && third == "list") {
            Json all = Json::array();
            for (std::size_t i = 0; i < world_.service_count(); ++i) {
                all.push_back(cloud_service_json(world_, i));
            }
            return says(all.dump(2) + "\n");
        }
        return verb == "run revisions" ? revisions(third) : not_played("`gcloud " + verb + "`");
    }

private:
    [[nodiscard]] std::string word(std::size_t at) const {
        return at < words_.plain().size() ? words_.plain()[at] : std::string();
    }

    // `list --service=NAME`, the newest first, and `describe NAME`.
    [[nodiscard]] Reply revisions(const std::string& verb) const {
        Json all = Json::array();
        for (std::size_t i = 0; i < world_.service_count(); ++i) {
            const auto known = revisions_of(world_, i);
            for (auto revision = known.rbegin(); revision != known.rend(); ++revision) {
                const Json json = cloud_revision_json(world_, i, *revision);
                if (verb == "describe" && revision->name == word(3)) {
                    return says(json.dump(2) + "\n");
                }
                if (words_.option("--service").value_or(world_.service(i).spec->name) == world_.service(i).spec->name) {
                    all.push_back(json);
                }
            }
        }
        return verb == "list" ? says(all.dump(2) + "\n")
               : verb == "describe"
                   ? failed(fmt::format("(gcloud.run.revisions.describe) Cannot find revision [{}]", word(3)))
                   : not_played("`gcloud run revisions " + verb + "`");
    }

    [[nodiscard]] Reply logging() const {
        constexpr std::size_t usual = 100;
        const auto limit = base::number<std::size_t>(words_.option("--limit").value_or("")).value_or(usual);
        const auto freshness = parse_duration(words_.option("--freshness").value_or("1d"));
        constexpr Milliseconds day{86'400'000};
        const auto entries = cloud_log(world_, word(2), world_.now() - (freshness ? *freshness : day), limit);
        return entries ? says(entries->dump(2) + "\n") : not_played("this filter of `gcloud logging read`");
    }

    Reply update(std::size_t service) {
        const auto limit = parse_quantity(words_.option("--memory").value_or(""));
        if (!limit) {
            return failed("(gcloud.run.services.update) argument --memory: it must be an amount, as 512Mi");
        }
        world_.declare_limit(service, *limit);
        world_.apply(service);
        return deployed(service);
    }

    Reply traffic(std::size_t service) {
        const auto known = revisions_of(world_, service);
        const std::string to = words_.option("--to-revisions").value_or("");
        const std::string name = words_.has("--to-latest") ? known.back().name : to.substr(0, to.find('='));
        const auto wanted =
            std::find_if(known.begin(), known.end(), [&](const Revision& one) { return one.name == name; });
        if (wanted == known.end()) {
            return failed(fmt::format("(gcloud.run.services.update-traffic) Revision '{}' is not found.", name));
        }
        const std::string image = wanted->image;
        const auto limit = static_cast<Bytes>(wanted->limit);
        world_.declare_version(service, image);
        world_.declare_limit(service, limit);
        world_.apply(service);
        return deployed(service);
    }

    // As gcloud reports it: on its error output.
    Reply deployed(std::size_t service) {
        Reply reply;
        const auto known = revisions_of(world_, service);
        reply.err = fmt::format("Service [{}] revision [{}] has been deployed and is serving 100 percent of traffic.\n",
                                world_.service(service).spec->name, known[serving(world_, service, known)].name);
        reply.took = deploying;
        reply.changes = true;
        return reply;
    }

    const Words words_;
    World& world_;
};

std::optional<Reply> answer(const Request& request, World& world) {
    const auto* command = std::get_if<Command>(&request);
    if (command == nullptr || command->argv.empty() || command->argv.front() != "gcloud" ||
        world.scenario().platform != Platform::cloud_run) {
        return std::nullopt;
    }
    return Gcloud(command->argv, world).run();
}

}  // namespace

const Tool gcloud_tool{"gcloud", answer};

}  // namespace memrb::drill
