#pragma once

#include "actions/json_get.h"
#include "memrb/target.h"

#include <optional>
#include <string>
#include <vector>

namespace memrb::actions {

/// One revision of a Cloud Run service, as far as it is told.
struct CloudRevision {
    std::string name;
    std::optional<Timestamp> created;
    bool ready = false;
    Limit limit;
    double cpu = 0;  ///< 0: not told
    std::string image;
};

/// `gcloud run services describe --format=json` as a target; its revision, image and limit are those of the revision
/// that gets most traffic, as far as the template tells them (`template_is_of_id`). Nothing: it is no service.
struct DescribedService {
    Target target;
    bool template_is_of_id =
        true;       ///< false: the template is that of a newer revision, and limit and image are unknown
    int share = 0;  ///< percent of the traffic that goes to the revision
};
std::optional<DescribedService> read_service(const Json& document, const std::string& project,
                                             const std::string& region);

/// One element of `gcloud run revisions list`, or what a capture has left of it: {name, created, ready, memory}.
std::optional<CloudRevision> read_revision(const Json& object);

/// A list of either, newest first; what is none is left out.
std::vector<CloudRevision> read_revisions(const Json& list);

}  // namespace memrb::actions
