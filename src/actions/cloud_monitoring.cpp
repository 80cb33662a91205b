#include "actions/cloud_monitoring.h"

#include "actions/web_address.h"

#include <fmt/core.h>

namespace memrb::actions {

namespace {

bool is_this_machine(std::string_view address) {
    for (const std::string_view host : {"http://127.0.0.1", "http://localhost", "http://[::1]"}) {
        const std::string_view rest = address.substr(std::min(host.size(), address.size()));
        if (address.starts_with(host) && (rest.empty() || rest.front() == ':' || rest.front() == '/')) {
            return true;
        }
    }
    return false;
}

}  // namespace

Result<HttpRequest> monitoring_get(const ActionContext& context, const std::string& path) {
    if (!context.target.cloud_run) {
        return fail(Fault::no_data, fmt::format("{} is not on Cloud Run", context.target.name));
    }
    if (context.tools.gcloud_command.empty()) {
        return fail(Fault::missing_tool, "gcloud, which knows the login, is not installed",
                    "https://cloud.google.com/sdk/docs/install");
    }
    const auto given = context.vars.find("monitoring_url");
    const auto base = check_base_address(given == context.vars.end() || given->second.empty()
                                             ? std::string_view("https://monitoring.googleapis.com")
                                             : std::string_view(given->second));
    if (!base) {
        return tl::unexpected(base.error());
    }
    if (base->starts_with("http://") && !is_this_machine(*base)) {
        return fail(Fault::usage, fmt::format("the token would be sent in the clear to {}", without_login(*base)),
                    "`monitoring_url` must begin with https://");
    }
    HttpRequest request;
    request.url = *base + path;
    request.token_command = context.tools.gcloud_command;
    request.token_command.insert(request.token_command.end(), {"auth", "print-access-token", "--quiet"});
    return request;
}

Result<HttpRequest> monitoring_promql(const ActionContext& context, const std::string& path) {
    const std::string project = context.target.cloud_run ? context.target.cloud_run->project : std::string();
    return monitoring_get(context, fmt::format("/v1/projects/{}/location/global/prometheus{}", project, path));
}

}  // namespace memrb::actions
