#include "actions/gcloud_verbs.h"

#include "actions/command_line.h"
#include "base/text.h"

#include <algorithm>
#include <array>

namespace memrb::actions {

namespace {

constexpr auto read = Risk::read;
constexpr auto disruptive = Risk::disruptive;
constexpr auto irreversible = Risk::irreversible;

// What changes traffic or the template starts and ends instances: disruptive, as all that is missing here. What is
// deleted does not come back.
constexpr auto verbs = std::to_array<VerbRisk>({{"run services describe", read},
                                                {"run services list", read},
                                                {"run services get-iam-policy", read},
                                                {"run services logs read", read},
                                                {"run revisions list", read},
                                                {"run revisions describe", read},
                                                {"run regions list", read},
                                                {"logging read", read},
                                                {"logging logs list", read},
                                                {"logging metrics list", read},
                                                {"logging metrics describe", read},
                                                {"monitoring dashboards list", read},
                                                {"monitoring dashboards describe", read},
                                                {"monitoring policies list", read},
                                                {"monitoring policies describe", read},
                                                {"projects describe", read},
                                                {"builds list", read},
                                                {"builds describe", read},
                                                {"artifacts versions list", read},
                                                {"artifacts docker images list", read},
                                                {"version", read},
                                                {"run services update", disruptive},
                                                {"run services update-traffic", disruptive},
                                                {"run services replace", disruptive},
                                                {"run deploy", disruptive},
                                                {"run services delete", irreversible},
                                                {"run revisions delete", irreversible},
                                                {"logging logs delete", irreversible}});

constexpr std::size_t most_words = 4;

const VerbRisk* find_verb(std::string_view verb) {
    const auto found =
        std::find_if(verbs.begin(), verbs.end(), [&](const VerbRisk& known) { return known.verb == verb; });
    return found == verbs.end() ? nullptr : &*found;
}

}  // namespace

GcloudLine parse_gcloud(std::span<const std::string> args) {
    GcloudLine line;
    std::size_t first = 0;
    if (!args.empty() && (args[0] == "alpha" || args[0] == "beta" || args[0] == "preview")) {
        first = 1;
    }
    std::size_t end = first;
    while (end < args.size() && end - first < most_words && !args[end].starts_with('-')) {
        ++end;
    }
    std::size_t length = std::min<std::size_t>(end - first, 3);  // of a verb that is not known
    for (std::size_t words = end - first; words > 0; --words) {
        if (find_verb(base::join(args.subspan(first, words), " ")) != nullptr) {
            line.known = true;
            length = words;
            break;
        }
    }
    line.verb = base::join(args.subspan(first, length), " ");
    line.written = base::join(args.first(first + length), " ");
    line.rest.assign(args.begin() + static_cast<std::ptrdiff_t>(first + length), args.end());
    return line;
}

Risk risk_of(const GcloudLine& line) {
    const VerbRisk* known = find_verb(line.verb);
    return known == nullptr ? Risk::disruptive : known->risk;
}

}  // namespace memrb::actions
