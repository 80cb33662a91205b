#include "memrb/target.h"

namespace memrb::actions {

extern const TargetFinder docker_finder;

namespace {

Found find(const FindContext& /*context*/, const Fetch& /*fetch*/) {
    return {};
}

}  // namespace

const TargetFinder docker_finder{Platform::docker, find};

}  // namespace memrb::actions
