#include "actions/cloud_run_finder.h"

#include "actions/cloud_run_service.h"
#include "actions/gcloud_command.h"
#include "actions/google_complaint.h"
#include "base/text.h"
#include "memrb/target.h"

#include <fmt/core.h>
#include <algorithm>

namespace memrb::actions {

extern const TargetFinder cloud_run_finder;

namespace {

// A name of Google's: what goes into an option, a filter and an address.
bool is_plain(const std::string& name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == ':' || c == '.';
    });
}

bool is_plain(const CloudRunRef& where) {
    return is_plain(where.project) && is_plain(where.region) && is_plain(where.service);
}

CloudRunRef place_of(const FindContext& context) {
    const auto setting = [&](const char* name) {
        const auto found = context.vars.find(name);
        return found == context.vars.end() ? std::string() : found->second;
    };
    return {setting("project"), setting("region"), context.name, {}, 0, 0};
}

class Search {
public:
    Search(const FindContext& context, const Fetch& fetch)
        : context_(context), fetch_(fetch), where_(place_of(context)) {}

    Found run() {
        if (context_.tools.gcloud_command.empty()) {
            return absent(Fault::missing_tool, "gcloud is not installed", "https://cloud.google.com/sdk/docs/install");
        }
        if (!is_plain(where_)) {
            return absent(Fault::no_data, "it needs a project and a region",
                          "`--set project=NAME --set region=NAME`, or `vars` of a target in the config file");
        }
        // As the runbook's step writes it: one answer then does for both.
        const Outcome outcome = ask({"run", "services", "describe", where_.service, "--format=json"});
        if (auto why = google_failure_of(outcome)) {
            return why->find("(404)") != std::string::npos ? unknown_service(*why) : problem(*why);
        }
        const auto document = outcome.out.truncated() ? std::nullopt : read_json(outcome.out.text());
        auto service = document ? read_service(*document, where_.project, where_.region) : std::nullopt;
        if (!service) {
            return problem("gcloud printed no service: the API has answered with nothing, or with something else");
        }
        if (service->target.id.empty()) {
            return problem("no revision of it gets traffic");
        }
        if (!service->template_is_of_id) {
            look_at_revision(service->target);
        }
        found_.known_names.push_back(service->target.name);
        found_.matches.push_back(std::move(service->target));
        return std::move(found_);
    }

private:
    Outcome ask(const std::vector<std::string>& words) const {
        return fetch_(gcloud_command(context_.tools, where_, words));
    }

    // After a rollback the template is that of a newer revision.
    void look_at_revision(Target& target) {
        const Outcome outcome = ask({"run", "revisions", "describe", target.id});
        const auto why = google_failure_of(outcome);
        const auto document = why ? std::nullopt : read_json(outcome.out.text());
        if (const auto revision = document ? read_revision(*document) : std::nullopt) {
            target.limit = revision->limit;
            target.image = revision->image;
        } else {
            problem(fmt::format("the limit of {} is not known: {}", base::printable(target.id),
                                why.value_or("gcloud printed no revision")));
        }
    }

    Found unknown_service(const std::string& why) {
        const Outcome outcome = ask({"run", "services", "list"});
        const auto document = google_failure_of(outcome) ? std::nullopt : read_json(outcome.out.text());
        for (std::size_t i = 0; document && document->is_array() && i < document->size(); ++i) {
            const Json* meta = member((*document)[i], "metadata");
            if (const auto name = meta == nullptr ? std::nullopt : get_text(*meta, "name")) {
                found_.known_names.push_back(*name);
            }
        }
        return problem(why);
    }

    Found absent(Fault fault, const std::string& why, std::string hint) {
        found_.absent = true;
        found_.problems.push_back({fault, "Cloud Run is not asked: " + why, std::move(hint)});
        return std::move(found_);
    }

    Found problem(const std::string& why) {
        found_.problems.push_back({Fault::failed,
                                   fmt::format("Cloud Run in {}, {}: {}", where_.project, where_.region, why),
                                   "project and region stand in the config file, or are given by `--set`"});
        return found_;
    }

    const FindContext& context_;
    const Fetch& fetch_;
    CloudRunRef where_;
    Found found_;
};

Found find(const FindContext& context, const Fetch& fetch) {
    return Search(context, fetch).run();
}

}  // namespace

std::optional<Target> likely_cloud_run_service(const FindContext& context) {
    Target target;
    target.name = context.name;
    target.platform = Platform::cloud_run;
    target.cloud_run = place_of(context);
    const bool known = !context.tools.gcloud_command.empty() && is_plain(*target.cloud_run);
    return known ? std::optional(std::move(target)) : std::nullopt;
}

// gcloud needs a second to start, and more where others start beside it. A 503 it repeats four times, which takes 33 s,
// before it tells of it.
const TargetFinder cloud_run_finder{Platform::cloud_run, find, Milliseconds{50'000}};

}  // namespace memrb::actions
