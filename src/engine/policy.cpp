#include "engine/policy.h"

#include "base/text.h"

#include <fmt/core.h>

namespace memrb::engine {

Result<Consent> consent_for(Risk risk, const Authority& authority, const Target& target) {
    if (risk == Risk::read) {
        return Consent::not_needed;
    }
    if (authority.read_only) {
        return fail(Fault::failed, "the config says `read_only: true`: nothing is changed",
                    "take it out of the config file to let memrb change things");
    }
    if (risk > authority.most) {
        return fail(Fault::failed, fmt::format("it is {}, and --max-risk allows {} at most", to_string(risk),
                                               to_string(authority.most)));
    }
    if (!authority.confirmed.empty()) {
        if (authority.confirmed != target.name) {
            return fail(Fault::usage, fmt::format("--confirm names `{}`, but the target is `{}`",
                                                  base::printable(authority.confirmed), target.name));
        }
        return Consent::given;
    }
    if (risk == Risk::reversible && authority.yes) {
        return Consent::given;
    }
    if (!authority.can_ask) {
        return fail(
            Fault::answer_needed, fmt::format("it is {}, and nobody is there to agree to it", to_string(risk)),
            risk == Risk::reversible ? "agree with --yes" : fmt::format("agree with --confirm={}", target.name));
    }
    return risk == Risk::irreversible ? Consent::ask_for_name : Consent::ask;
}

Result<Consent> consent_to_notify(const Authority& authority) {
    if (authority.yes) {
        return Consent::given;
    }
    if (!authority.can_ask) {
        return fail(Fault::answer_needed, "a message is sent only with consent, and nobody is there to give it",
                    "agree with --yes, or look first with --dry-run");
    }
    return Consent::ask;
}

}  // namespace memrb::engine
