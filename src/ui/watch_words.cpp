#include "ui/watch_words.h"

#include "base/text.h"
#include "ui/words.h"

#include <fmt/core.h>
#include <vector>

namespace memrb::ui {

std::string_view words(Recovery recovery) {
    return recovery == Recovery::not_recovered ? "not recovered" : to_string(recovery);
}

std::string used_words(const WatchSample& sample) {
    if (!sample.used) {
        return {};
    }
    if (const auto* limit = std::get_if<Bytes>(&sample.limit)) {
        const std::string part = part_of(*sample.used, *limit);
        return sample.ratio ? fmt::format("{} = {}", part, format_percent(*sample.ratio)) : part;
    }
    return fmt::format("{}, {}", format_bytes(*sample.used),
                       std::holds_alternative<NoLimit>(sample.limit) ? "no limit is set" : "its limit is not known");
}

std::string open_criteria(const WatchSample& sample, const Style& style) {
    std::vector<std::string> open;
    for (const auto& criterion : sample.criteria) {
        if (criterion.state != Criterion::State::holds) {
            const std::string now = safe(style, criterion.now);
            const std::string state = criterion.state == Criterion::State::unknown ? "not known" : "no";
            open.push_back(fmt::format("{}: {}", safe(style, criterion.says),
                                       now.empty() ? state : fmt::format("{}, {}", state, now)));
        }
    }
    return base::join(open, "; ");
}

std::string watch_words(const WatchSample& sample, const Style& style) {
    if (!sample.missing.empty()) {
        return "no data: " + safe(style, sample.missing);
    }
    const std::string used = used_words(sample);
    const std::string open = open_criteria(sample, style);
    const std::string judged =
        open.empty() ? fmt::format("all criteria hold for {}", format_duration(sample.held)) : open;
    return used.empty() ? judged : fmt::format("{}, {}", used, judged);
}

}  // namespace memrb::ui
