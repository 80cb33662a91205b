#include "drill/cloud_run_world.h"

#include "drill/kube_json.h"

#include <fmt/core.h>
#include <algorithm>

namespace memrb::drill {

namespace {

constexpr std::string_view serving_api = "serving.knative.dev/v1";

Json conditions(Timestamp at) {
    return Json::array({{{"type", "Ready"}, {"status", "True"}, {"lastTransitionTime", google_time(at)}}});
}

Json spec_of(const Revision& revision) {
    constexpr int at_once = 80;
    return {{"containerConcurrency", at_once},
            {"containers",
             Json::array({{{"image", revision.image},
                           {"resources", {{"limits", {{"cpu", "1"}, {"memory", quantity(revision.limit)}}}}}}})}};
}

}  // namespace

std::string google_time(Timestamp at) {
    std::string text = format_rfc3339(at);
    const std::size_t dot = text.find('.');
    text.resize(text.size() - 1);
    return dot == std::string::npos ? text + ".000000Z" : text + "000Z";
}

std::vector<Revision> revisions_of(const World& world, std::size_t service) {
    std::vector<Revision> all;
    const std::string& name = world.service(service).spec->name;
    for (const auto& container : world.all()) {
        if (container.service != service) {
            continue;
        }
        auto found = std::find_if(all.begin(), all.end(), [&](const Revision& one) {
            return one.image == container.version.image && one.limit == container.limit;
        });
        if (found == all.end()) {
            const auto number = all.size() + 1;
            all.push_back(
                {fmt::format("{}-{:05}-{}", name, number, world.chance().id(name + "/revision", number).substr(0, 3)),
                 container.version.image,
                 container.limit,
                 container.created,
                 {}});
            found = all.end() - 1;
        }
        found->instances.push_back(&container);
    }
    return all;
}

std::size_t serving(const World& world, std::size_t service, const std::vector<Revision>& revisions) {
    const Service& declared = world.service(service);
    const auto found = std::find_if(revisions.begin(), revisions.end(), [&](const Revision& one) {
        return one.image == declared.declared().image && one.limit == declared.limit;
    });
    return static_cast<std::size_t>(found == revisions.end() ? revisions.end() - 1 - revisions.begin()
                                                             : found - revisions.begin());
}

Json cloud_revision_json(const World& world, std::size_t service, const Revision& revision) {
    return {{"apiVersion", serving_api},
            {"kind", "Revision"},
            {"metadata",
             {{"name", revision.name},
              {"namespace", "484120000000"},
              {"creationTimestamp", google_time(revision.created)},
              {"labels",
               {{"serving.knative.dev/service", world.service(service).spec->name},
                {"cloud.googleapis.com/location", cloud_region}}}}},
            {"spec", spec_of(revision)},
            {"status", {{"observedGeneration", 1}, {"conditions", conditions(revision.created)}}}};
}

Json cloud_service_json(const World& world, std::size_t service) {
    const auto revisions = revisions_of(world, service);
    const auto serves = serving(world, service, revisions);
    const bool follows = serves + 1 == revisions.size();
    const std::string& name = world.service(service).spec->name;
    const int generation = world.service(service).made;
    Json wanted{{"percent", 100}};
    Json traffic{{"revisionName", revisions[serves].name}, {"percent", 100}};
    if (follows) {
        wanted["latestRevision"] = true;
        traffic["latestRevision"] = true;
    } else {
        wanted["revisionName"] = revisions[serves].name;
    }
    return {{"apiVersion", serving_api},
            {"kind", "Service"},
            {"metadata",
             {{"name", name},
              {"namespace", "484120000000"},
              {"generation", generation},
              {"creationTimestamp", google_time(world.began())},
              {"labels", {{"cloud.googleapis.com/location", cloud_region}}}}},
            {"spec", {{"template", {{"spec", spec_of(revisions.back())}}}, {"traffic", Json::array({wanted})}}},
            {"status",
             {{"observedGeneration", generation},
              {"latestCreatedRevisionName", revisions.back().name},
              {"latestReadyRevisionName", revisions.back().name},
              {"traffic", Json::array({traffic})},
              {"url", fmt::format("https://{}-drill.a.run.app", name)},
              {"conditions", conditions(revisions[serves].created)}}}};
}

std::optional<double> utilization(const Revision& revision, Timestamp at) {
    constexpr Milliseconds minute{60'000};
    std::optional<double> highest;
    for (const Container* instance : revision.instances) {
        const auto& samples = instance->samples;
        auto sample = std::upper_bound(samples.begin(), samples.end(), at,
                                       [](Timestamp moment, const Sample& one) { return moment < one.at; });
        while (sample != samples.begin() && (sample - 1)->at > at - minute) {
            --sample;
            highest = std::max(highest.value_or(0), sample->working_set() / revision.limit);
        }
    }
    return highest;
}

}  // namespace memrb::drill
