#pragma once

#include "drill/inspect_json.h"
#include "drill/world.h"

#include <optional>
#include <string>
#include <vector>

namespace memrb::drill {

constexpr std::string_view cloud_project = "shop-drill";
constexpr std::string_view cloud_region = "europe-west1";

/// What a service of Cloud Run has been made of: a version with a limit. Its containers are the instances.
struct Revision {
    std::string name;
    std::string image;
    double limit = 0;
    Timestamp created{};
    std::vector<const Container*> instances;  ///< all that ever were
};

/// In the order in which they were made.
std::vector<Revision> revisions_of(const World& world, std::size_t service);

/// The one that gets all traffic: an index into them.
std::size_t serving(const World& world, std::size_t service, const std::vector<Revision>& revisions);

/// `gcloud run services describe --format=json`, and an element of `revisions list`.
Json cloud_service_json(const World& world, std::size_t service);
Json cloud_revision_json(const World& world, std::size_t service, const Revision& revision);

/// The highest share of its limit that any instance of a revision had in the minute before `at`; nothing: none ran.
std::optional<double> utilization(const Revision& revision, Timestamp at);

/// Google's time: microseconds.
std::string google_time(Timestamp at);

}  // namespace memrb::drill
