#include "drill/score.h"

#include <fmt/core.h>
#include <algorithm>
#include <cmath>

namespace memrb::drill {

namespace {

using namespace std::chrono_literals;

constexpr Milliseconds ahead = 12h;
constexpr double room = 0.85;
constexpr double relief = 0.80;

double share_of(const World& world, double anon, double limit) {
    return anon / (limit > 0 ? limit : static_cast<double>(world.scenario().host_memory));
}

std::size_t kills_of(const World& world, std::size_t service, Timestamp from, Timestamp to,
                     std::optional<Timestamp>* first = nullptr) {
    std::size_t kills = 0;
    for (const auto& event : world.events()) {
        if (event.killed() && event.service == service && event.at > from && event.at <= to) {
            if (first != nullptr && !*first) {
                *first = event.at;
            }
            ++kills;
        }
    }
    return kills;
}

// The last moment with too little room, of any container of the service; nothing: there was none.
std::optional<Timestamp> last_tight(const World& world, std::size_t service, Timestamp from, double bound) {
    std::optional<Timestamp> last;
    for (const auto& container : world.all()) {
        if (container.service != service) {
            continue;
        }
        for (const auto& sample : container.samples) {
            if (sample.at >= from && share_of(world, sample.anon, sample.limit) >= bound) {
                last = std::max(last.value_or(sample.at), sample.at);
            }
        }
    }
    return last;
}

class Judge {
public:
    Judge(const World& world, const Tale& tale, const Aftermath& after)
        : scenario_(world.scenario()), world_(world), tale_(tale), after_(after) {}

    Score run() {
        count();
        score_.success = succeeded();
        add(cause());
        add(recovery());
        add(time());
        add(care());
        add(escalation());
        if (tale_.hints > 0) {
            constexpr int each = 4;
            add({"hints", -each * static_cast<int>(tale_.hints), 0, fmt::format("{} taken", tale_.hints)});
        }
        score_.total = std::clamp(score_.total, 0, 100);
        return std::move(score_);
    }

private:
    void add(Part part) {
        score_.total += part.points;
        score_.parts.push_back(std::move(part));
    }

    [[nodiscard]] Milliseconds since_alert(Timestamp at) const { return at - world_.alert_at(); }

    [[nodiscard]] bool right(const Tale::Verdict& verdict) const {
        return verdict.cause == scenario_.cause && (verdict.service == scenario_.culprit || scenario_.cause == "none");
    }

    void count() {
        std::vector<std::string> done;
        for (const auto& deed : tale_.deeds) {
            const bool sensible = std::find(scenario_.sensible.begin(), scenario_.sensible.end(), deed.option) !=
                                  scenario_.sensible.end();
            const bool again = std::find(done.begin(), done.end(), deed.option) != done.end();
            done.push_back(deed.option);
            score_.disruptions += deed.disruptive ? 1 : 0;
            score_.needless += deed.disruptive && (!sensible || again || deed.service != scenario_.culprit) ? 1 : 0;
            score_.evidence_lost += deed.evidence_lost ? 1 : 0;
            helped_ = helped_ || (sensible && deed.service == scenario_.culprit);
        }
        for (const auto& verdict : tale_.verdicts) {
            if (right(verdict)) {
                score_.to_cause = score_.to_cause.value_or(since_alert(verdict.at));
            } else {
                score_.to_cause.reset();  // who changed a right mind was not sure
            }
        }
        if (!tale_.escalations.empty()) {
            score_.escalated = since_alert(tale_.escalations.front());
        }
    }

    [[nodiscard]] bool nothing_to_do() const { return scenario_.sensible.empty() && !scenario_.escalate_by; }

    bool succeeded() {
        const bool looked_again = tale_.looks.size() > 1 || !tale_.watches.empty();
        const bool well = nothing_to_do() ? score_.to_cause && looked_again && score_.disruptions == 0
                                          : helped_ || score_.escalated.has_value();
        if (!after_.holds || !well) {
            return false;
        }
        if (nothing_to_do()) {
            score_.to_relief = score_.to_recovery = score_.to_cause;
            return true;
        }
        Timestamp done{};
        for (const auto& deed : tale_.deeds) {
            done = std::max(done, deed.at);
        }
        const bool by_team = world_.team_arrives() && (tale_.deeds.empty() || *world_.team_arrives() > done);
        score_.to_relief = after_.relieved;
        score_.to_recovery =
            std::max(since_alert(by_team ? *world_.team_arrives() : done), after_.relieved.value_or(Milliseconds{0}));
        return true;
    }

    Part cause() const {
        constexpr int most = 25;
        if (tale_.verdicts.empty()) {
            return {"cause", 0, most, "no cause was named"};
        }
        const auto& last = tale_.verdicts.back();
        return score_.to_cause ? Part{"cause", most, most, fmt::format("{}, as it was", last.cause)}
                               : Part{"cause", 0, most,
                                      fmt::format("{} in {} was named, it was {} in {}", last.cause, last.service,
                                                  scenario_.cause, scenario_.culprit)};
    }

    Part recovery() {
        constexpr int most = 35;
        constexpr int some = 10;
        if (score_.success) {
            return {"recovery", most, most, "it holds"};
        }
        if (after_.relieved && !tale_.deeds.empty()) {
            score_.to_relief = after_.relieved;
            return {"recovery", some, most,
                    after_.next_kill
                        ? fmt::format("relief only: killed again {} later", format_duration(*after_.next_kill))
                        : "relief, but not by what the case called for"};
        }
        return {"recovery", 0, most,
                after_.holds ? "it went well, but nobody knew why" : "the service was left in trouble"};
    }

    Part time() const {
        constexpr int most = 15;
        if (!score_.success || !score_.to_relief) {
            return {"time", 0, most, "not recovered"};
        }
        const auto took = static_cast<double>(score_.to_relief->count());
        const auto par = static_cast<double>(scenario_.par.count());
        const double share = std::clamp((3 * par - took) / (2 * par), 0.0, 1.0);
        return {"time", static_cast<int>(std::lround(share * most)), most,
                fmt::format("relief after {}, par is {}", format_duration(*score_.to_relief),
                            format_duration(scenario_.par))};
    }

    Part care() const {
        constexpr int most = 15;
        if (tale_.deeds.empty() && tale_.verdicts.empty()) {
            return {"care", 0, most, "nothing was done"};
        }
        constexpr int for_needless = 7;
        constexpr int for_evidence = 5;
        constexpr int for_kill = 2;
        const int kills = static_cast<int>(std::min<std::size_t>(after_.kills, 4));
        const int points = most - for_needless * static_cast<int>(score_.needless) -
                           for_evidence * static_cast<int>(score_.evidence_lost) - for_kill * kills;
        return {"care", std::max(points, 0), most,
                fmt::format("{} needless disruption{}, evidence lost {} time{}, {} OOM kill{}", score_.needless,
                            score_.needless == 1 ? "" : "s", score_.evidence_lost, score_.evidence_lost == 1 ? "" : "s",
                            after_.kills, after_.kills == 1 ? "" : "s")};
    }

    Part escalation() const {
        constexpr int most = 10;
        if (!scenario_.escalate_by) {
            const int points = score_.success ? most : score_.escalated ? most / 2 : 0;
            return {"escalation", points, most, score_.success ? "nobody had to be called" : "not recovered"};
        }
        if (!score_.escalated) {
            return {"escalation", 0, most,
                    fmt::format("others had to be called within {}", format_duration(*scenario_.escalate_by))};
        }
        const bool on_time = *score_.escalated <= *scenario_.escalate_by;
        return {"escalation", on_time ? most : most / 2, most,
                fmt::format("called after {}, {}", format_duration(*score_.escalated), on_time ? "on time" : "late")};
    }

    const Scenario& scenario_;
    const World& world_;
    const Tale& tale_;
    const Aftermath& after_;
    Score score_;
    bool helped_ = false;
};

}  // namespace

Aftermath look_ahead(const World& world) {
    Aftermath after;
    const auto culprit = world.service_named(world.scenario().culprit).value_or(0);
    const Timestamp end = world.now();
    after.kills = kills_of(world, culprit, world.alert_at(), end);
    const auto tight = last_tight(world, culprit, world.alert_at(), relief);
    if (!tight || end - *tight > scrape_every) {
        after.relieved = tight ? *tight + scrape_every - world.alert_at() : Milliseconds{0};
    }
    World later = world;
    later.advance(end + ahead);
    std::optional<Timestamp> first;
    const auto kills = kills_of(later, culprit, end, later.now(), &first);
    after.next_kill = first ? std::optional<Milliseconds>(*first - end) : std::nullopt;
    constexpr Milliseconds at_the_end = 15min;
    after.holds = kills == 0 && !last_tight(later, culprit, later.now() - at_the_end, room);
    return after;
}

Score judge(const World& world, const Tale& tale, const Aftermath& after) {
    return Judge(world, tale, after).run();
}

}  // namespace memrb::drill
