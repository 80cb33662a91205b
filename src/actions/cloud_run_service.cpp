#include "actions/cloud_run_service.h"

#include "actions/pod_state.h"

#include <algorithm>
#include <charconv>

namespace memrb::actions {

namespace {

constexpr Bytes usual_limit = Bytes{512} << 20U;  // Cloud Run's own default

// The container that takes the requests: the one with a port, else the first.
const Json* main_container(const Json& spec) {
    const Json* containers = member(spec, "containers");
    if (containers == nullptr || !containers->is_array() || containers->empty()) {
        return nullptr;
    }
    const auto found = std::find_if(containers->begin(), containers->end(),
                                    [](const Json& one) { return member(one, "ports") != nullptr; });
    return found == containers->end() ? &containers->front() : &*found;
}

double cpus_of(const std::string& text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || value < 0) {
        return 0;
    }
    return end != text.data() + text.size() && *end == 'm' ? value / 1000 : value;
}

Limit limit_of(const std::optional<std::string>& memory) {
    const auto bytes = memory ? parse_quantity(*memory) : Result<Bytes>(usual_limit);
    return bytes && *bytes > 0 ? Limit(*bytes) : Limit(LimitUnknown{});
}

void take_container(const Json& spec, CloudRevision& revision) {
    const Json* container = main_container(spec);
    if (container == nullptr) {
        return;
    }
    revision.image = get_text(*container, "image").value_or("");
    const Json* resources = member(*container, "resources");
    const Json* limits = resources == nullptr ? nullptr : member(*resources, "limits");
    revision.limit = limit_of(limits == nullptr ? std::nullopt : get_text(*limits, "memory"));
    revision.cpu = cpus_of(limits == nullptr ? "" : get_text(*limits, "cpu").value_or(""));
}

bool is_ready(const Json& object) {
    const Json* status = member(object, "status");
    const Json* conditions = status == nullptr ? nullptr : member(*status, "conditions");
    return conditions != nullptr && conditions->is_array() &&
           std::any_of(conditions->begin(), conditions->end(), [](const Json& one) {
               return get_text(one, "type") == "Ready" && get_text(one, "status") == "True";
           });
}

// The revision with the largest share of the traffic; of equal ones the first.
void take_traffic(const Json& status, DescribedService& service) {
    const Json* traffic = member(status, "traffic");
    for (std::size_t i = 0; traffic != nullptr && traffic->is_array() && i < traffic->size(); ++i) {
        const int percent = get_small((*traffic)[i], "percent").value_or(0);
        if (const auto name = get_text((*traffic)[i], "revisionName"); name && percent > service.share) {
            service.share = percent;
            service.target.id = *name;
        }
    }
}

}  // namespace

std::optional<DescribedService> read_service(const Json& document, const std::string& project,
                                             const std::string& region) {
    const Json* meta = member(document, "metadata");
    const Json* spec = member(document, "spec");
    const Json* status = member(document, "status");
    const Json* made_of = spec == nullptr ? nullptr : member(*spec, "template");
    const Json* inner = made_of == nullptr ? nullptr : member(*made_of, "spec");
    const auto name = meta == nullptr ? std::nullopt : get_text(*meta, "name");
    if (!name || status == nullptr || inner == nullptr || get_text(document, "kind") != "Service") {
        return std::nullopt;
    }
    DescribedService service;
    Target& target = service.target;
    target.name = *name;
    target.platform = Platform::cloud_run;
    target.labels = get_texts(*meta, "labels");
    target.cloud_run = CloudRunRef{project,
                                   region,
                                   *name,
                                   get_text(*status, "latestReadyRevisionName").value_or(""),
                                   get_small(*meta, "generation").value_or(0),
                                   0};
    take_traffic(*status, service);
    CloudRevision made;
    take_container(*inner, made);
    target.cloud_run->cpu = made.cpu;
    const std::string newest = get_text(*status, "latestCreatedRevisionName").value_or(target.cloud_run->latest_ready);
    service.template_is_of_id = target.id == newest;
    if (service.template_is_of_id) {
        target.limit = made.limit;
        target.image = made.image;
    }
    target.running = !target.id.empty();
    target.found_by = "Cloud Run service in " + project + ", " + region;
    return service;
}

std::optional<CloudRevision> read_revision(const Json& object) {
    CloudRevision revision;
    if (const Json* meta = member(object, "metadata")) {
        revision.name = get_text(*meta, "name").value_or("");
        revision.created = get_time(*meta, "creationTimestamp");
        revision.ready = is_ready(object);
        if (const Json* spec = member(object, "spec")) {
            take_container(*spec, revision);
        }
    } else {
        revision.name = get_text(object, "name").value_or("");
        revision.created = get_time(object, "created");
        revision.ready = get_text(object, "ready") == "True";
        revision.limit = limit_of(get_text(object, "memory"));
    }
    return revision.name.empty() ? std::nullopt : std::optional(std::move(revision));
}

std::vector<CloudRevision> read_revisions(const Json& list) {
    std::vector<CloudRevision> revisions;
    for (std::size_t i = 0; list.is_array() && i < list.size(); ++i) {
        if (auto revision = read_revision(list[i])) {
            revisions.push_back(*std::move(revision));
        }
    }
    std::stable_sort(revisions.begin(), revisions.end(),
                     [](const CloudRevision& a, const CloudRevision& b) { return a.created > b.created; });
    return revisions;
}

}  // namespace memrb::actions
