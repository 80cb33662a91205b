#include "actions/ending.h"
#include "actions/web_address.h"
#include "memrb/action.h"

#include <fmt/core.h>

namespace memrb::actions {

extern const ActionType http_action;

namespace {

constexpr Bytes longest_answer = Bytes{8} << 20U;  // a health or debug endpoint's; more is a mistake in the address

const std::string& address(const Params& params) {
    return params.text(params.has("get") ? "get" : "post");
}

Result<void> check(const Params& params) {
    if (params.has("get") == params.has("post")) {
        return fail(Fault::usage, "`http` needs exactly one of `get` and `post`");
    }
    if (params.has("get") && params.has("body")) {
        return fail(Fault::usage, "a `get` has no body", "use `post`");
    }
    return {};
}

Risk risk(const Params& params) {
    return params.has("get") ? Risk::read : Risk::disruptive;
}

Result<Request> plan(const Params& params, const ActionContext& context) {
    if (address(params).empty()) {
        return fail(Fault::no_data, "no address is set for it");
    }
    const auto url = check_web_address(address(params));
    if (!url) {
        return tl::unexpected(url.error());
    }
    if (context.past) {
        return fail(Fault::no_data, "not possible for a past moment: it would show the present");
    }
    HttpRequest request;
    request.method = params.has("get") ? "GET" : "POST";
    request.url = *url;
    request.headers = params.pairs("headers");
    request.body = params.text("body");
    request.max_body = longest_answer;
    return request;
}

Interpretation interpret(const Params& params, const ActionContext& /*context*/, const Outcome& outcome) {
    return interpret_plain(address(params), outcome, "it");
}

}  // namespace

const ActionType http_action{
    .name = "http",
    .help = "Ask a web address",
    .body = "get",
    .params = {{.name = "get", .help = "the address to GET"},
               {.name = "post", .help = "the address to POST to"},
               {.name = "body", .help = "what to send"},
               {.name = "headers", .kind = ParamKind::pairs, .help = "further header lines"}},
    .check = check,
    .risk = risk,
    .may_lower_risk = true,
    .plan = plan,
    .interpret = interpret,
};

}  // namespace memrb::actions
