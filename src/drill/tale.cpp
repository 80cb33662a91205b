#include "drill/tale.h"

#include <utility>

namespace memrb::drill {

bool saves_evidence(std::string_view step) {
    return step.starts_with("evidence.");
}

Tale::Look look_of(Timestamp at, std::string service, const Assessment& assessment) {
    Tale::Look look{at,
                    std::move(service),
                    assessment.level,
                    assessment.ratio,
                    std::string(to_string(assessment.trend.verdict)),
                    {},
                    {}};
    if (!assessment.causes.empty() && assessment.causes.front().score > 0) {
        look.first_cause = assessment.causes.front().id;
        look.confidence = to_string(assessment.causes.front().confidence);
    }
    return look;
}

}  // namespace memrb::drill
