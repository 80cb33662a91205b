#include "cli/drill_from.h"

#include "cli/drill_debrief.h"
#include "cli/drill_page.h"

#include <fmt/core.h>
#include <variant>

namespace memrb::cli {

namespace {

using Json = nlohmann::ordered_json;

// How the record itself ended: its last watch, and its last word.
struct PastEnd {
    const WatchResult* watch = nullptr;
    const IncidentClosed* closed = nullptr;
};

PastEnd end_of(const std::vector<Event>& events) {
    PastEnd end;
    for (const auto& event : events) {
        if (const auto* watch = std::get_if<WatchEnded>(&event.body)) {
            end.watch = &watch->result;
        } else if (const auto* closed = std::get_if<IncidentClosed>(&event.body)) {
            end.closed = closed;
        }
    }
    return end;
}

std::string told(const PastEnd& end) {
    const std::string watched = end.watch == nullptr
                                    ? "it was not watched"
                                    : fmt::format("the watch ended with {}{}{}", to_string(end.watch->recovery),
                                                  end.watch->why.empty() ? "" : ": ", end.watch->why);
    return end.closed == nullptr ? watched + "; the record is not closed" : watched;
}

}  // namespace

std::string render(const PastDebrief& debrief, const ui::Style& style) {
    const auto& tale = debrief.tale;
    const auto& events = debrief.record.events();
    DrillPage page(style, debrief.began);
    page.heading(fmt::format("Debrief: incident {}, decided anew", debrief.record.opened().incident));
    page.line(tale.verdicts.empty() ? "You named no cause." : fmt::format("You said: {}.", tale.verdicts.back().cause));
    page.line(tale.end == "off-record" ? "You left the record. " + debrief.past.off()
                                       : "You stayed on the record as far as you went.");
    page.evidence(tale);
    page.heading("Then");
    for (const auto& deed : drill::deeds_of(events)) {
        page.line(fmt::format("{}  {} {}", page.since(deed.at), deed.step, deed.answer));
    }
    page.line(told(end_of(events)));
    page.path(tale);
    page.heading("No score: a record does not know what would have been better.");
    page.report(tale.incident);
    return page.text();
}

Json drill_from_json(const PastDebrief& debrief) {
    const auto& tale = debrief.tale;
    Json then = Json::array();
    for (const auto& deed : drill::deeds_of(debrief.record.events())) {
        then.push_back({{"at", format_rfc3339(deed.at)}, {"step", deed.step}, {"answer", deed.answer}});
    }
    const PastEnd end = end_of(debrief.record.events());
    const std::string off = debrief.past.off();
    return {{"schema", "memrb/drill-from/v1"},
            {"drill", true},
            {"from", debrief.record.opened().incident},
            {"target", debrief.record.target().name},
            {"began_at", format_rfc3339(debrief.began)},
            {"ended_at", format_rfc3339(tale.ended)},
            {"end", tale.end},
            {"off", tale.end == "off-record" ? Json(off) : Json(nullptr)},
            {"named", tale.verdicts.empty() ? Json(nullptr) : Json(tale.verdicts.back().cause)},
            {"decisions_kept", debrief.past.kept()},
            {"then", std::move(then)},
            {"recovery_then", end.watch == nullptr ? Json(nullptr) : Json(to_string(end.watch->recovery))},
            {"evidence", looks_json(tale)},
            {"path", path_json(tale)}};
}

}  // namespace memrb::cli
