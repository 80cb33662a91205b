#include "drill/app_log.h"

#include <fmt/core.h>
#include <algorithm>
#include <cmath>
#include <iterator>
#include <vector>

namespace memrb::drill {

std::string log_of(const World& world, const Container& container, std::size_t lines) {
    const Service& service = world.service(container.service);
    std::vector<std::string> all;
    double requests = 0;
    Timestamp started{};
    std::size_t turn = 0;
    for (std::size_t i = 0; i < container.samples.size(); i += scrapes_a_minute) {
        const Sample& sample = container.samples[i];
        if (sample.started != started) {
            started = sample.started;
            all.push_back(fmt::format("{} start: {} {}", format_rfc3339(sample.started), service.spec->name,
                                      container.version.image));
        }
        all.push_back(fmt::format("{} served {:.0f} requests in the last minute", format_rfc3339(sample.at),
                                  std::max(0.0, sample.requests - requests)));
        requests = sample.requests;
        const auto& own = service.spec->log;
        constexpr std::size_t every = 7;
        if (!own.empty() && i / scrapes_a_minute % every == 0) {
            all.push_back(fmt::format("{} {}", format_rfc3339(sample.at), own[turn++ % own.size()]));
        }
    }
    std::string text;
    for (std::size_t i = all.size() > lines ? all.size() - lines : 0; i < all.size(); ++i) {
        text += all[i] + "\n";
    }
    return text;
}

}  // namespace memrb::drill
