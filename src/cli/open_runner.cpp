#include "cli/open_runner.h"

#include "cli/world.h"
#include "system/live_runner.h"

namespace memrb::cli {

namespace {

class Borrowed final : public Runner {
public:
    explicit Borrowed(Runner& runner) : runner_(runner) {}
    Outcome run(const Request& request, const RunContext& context, const Stop& stop) override {
        return runner_.run(request, context, stop);
    }

private:
    Runner& runner_;
};

}  // namespace

std::unique_ptr<Runner> open_runner(World& world, const base::Secrets* secrets) {
    if (const Stage* stage = world.stage()) {
        return std::make_unique<Borrowed>(stage->runner);
    }
    return std::make_unique<system::LiveRunner>(world.clock(), &world.log(), secrets);
}

}  // namespace memrb::cli
