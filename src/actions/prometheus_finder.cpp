#include "memrb/target.h"

namespace memrb::actions {

extern const TargetFinder prometheus_finder;

namespace {

Found find(const FindContext& /*context*/, const Fetch& /*fetch*/) {
    return {};
}

}  // namespace

const TargetFinder prometheus_finder{Platform::prometheus, find};

}  // namespace memrb::actions
