#include "memory/causes.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <utility>

namespace memrb::memory {

namespace {

using namespace std::chrono_literals;

using Confidence = RankedCause::Confidence;

constexpr int clear_lead = 2;

struct Scored {
    RankedCause cause;
    int open = 0;  ///< weight of the signs that could not be judged
};

Scored score(CauseEvidence evidence) {
    Scored scored;
    scored.cause.id = std::move(evidence.id);
    scored.cause.title = std::move(evidence.title);
    scored.cause.options = std::move(evidence.options);
    std::vector<std::string> against;
    for (SignEvidence& sign : evidence.signs) {
        if (sign.holds == SignEvidence::Holds::unknown) {
            scored.open += std::abs(sign.weight);
            scored.cause.unknown.push_back(std::move(sign.says));
        } else if (sign.holds == SignEvidence::Holds::yes && sign.weight != 0) {
            scored.cause.score += sign.weight;
            (sign.weight > 0 ? scored.cause.evidence : against).push_back(std::move(sign.says));
        }
    }
    for (const std::string& sign : against) {
        scored.cause.evidence.push_back("against: " + sign);
    }
    return scored;
}

// `lead`: over the next cause, or over nothing.
Confidence confidence_of(const Scored& scored, int lead) {
    if (lead >= clear_lead && scored.cause.score >= 5 && scored.open < scored.cause.score) {
        return Confidence::high;
    }
    const bool strong = scored.cause.score >= 3 && lead >= clear_lead;
    const bool shared = scored.cause.score >= 5 && lead >= 0;
    return strong || shared ? Confidence::medium : Confidence::low;
}

// One rise within less than two days may be the flank of a daily wave; a rise after each restart is none.
bool may_be_a_day(const Trend& trend) {
    const bool rises = trend.verdict == Verdict::growing || trend.verdict == Verdict::saturating;
    return rises && trend.restarts_seen == 0 && trend.span < 48h;
}

}  // namespace

Ranking rank(std::vector<CauseEvidence> causes, const Trend& trend) {
    std::vector<Scored> scored;
    scored.reserve(causes.size());
    for (CauseEvidence& cause : causes) {
        scored.push_back(score(std::move(cause)));
    }
    std::stable_sort(scored.begin(), scored.end(),
                     [](const Scored& a, const Scored& b) { return a.cause.score > b.cause.score; });
    Ranking ranking;
    for (std::size_t i = 0; i < scored.size() && scored[i].cause.score > 0; ++i) {
        // The first is compared with the second, all others with the first: they trail it.
        const int rival = i > 0 ? scored[0].cause.score : scored.size() > 1 ? std::max(scored[1].cause.score, 0) : 0;
        const int lead = scored[i].cause.score - rival;
        scored[i].cause.confidence = confidence_of(scored[i], lead);
        if (may_be_a_day(trend) && scored[i].cause.confidence == Confidence::high) {
            scored[i].cause.confidence = Confidence::medium;
        }
        ranking.clear = ranking.clear || (i == 0 && lead >= clear_lead);
        ranking.causes.push_back(std::move(scored[i].cause));
    }
    return ranking;
}

}  // namespace memrb::memory
