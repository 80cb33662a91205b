#pragma once

#include "base/secrets.h"
#include "memrb/ports.h"

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace memrb::system {

/// Does reads before they are asked for: what a diagnosis will want, while its target is still looked up. Who then asks
/// for the same request gets that answer, with the times that it really had; all else goes to the runner below.
class HeadStart final : public Runner {
public:
    struct Early {
        std::string step;  ///< for the log
        Request request;
        Milliseconds timeout{};
    };

    /// `stop` ends what was begun; it and `secrets` (masked in all spilled files; may be null) must outlive it.
    HeadStart(std::unique_ptr<Runner> below, const Stop& stop, const base::Secrets* secrets);
    ~HeadStart() override;
    HeadStart(const HeadStart&) = delete;
    HeadStart& operator=(const HeadStart&) = delete;
    HeadStart(HeadStart&&) = delete;
    HeadStart& operator=(HeadStart&&) = delete;

    /// Begins them side by side. Reads only: some may be asked for by nobody.
    void begin(std::vector<Early> reads);
    /// Waits for the answer of a request that was begun, and gives it once.
    Outcome run(const Request& request, const RunContext& context, const Stop& stop) override;
    /// For lookups: the same, but the answer stays for the step that asks for it.
    [[nodiscard]] Runner& lookups() { return lookups_; }
    /// Ends what nobody has asked for, and drops its answers: from now on all is done anew.
    void forget();

private:
    class Begun;
    class Lookups final : public Runner {
    public:
        explicit Lookups(HeadStart& all) : all_(all) {}
        Outcome run(const Request& request, const RunContext& context, const Stop& stop) override;

    private:
        HeadStart& all_;
    };

    [[nodiscard]] std::shared_ptr<Begun> find(const Request& request, bool take);

    std::unique_ptr<Runner> below_;
    const Stop& stop_;
    const base::Secrets* secrets_;
    Lookups lookups_{*this};
    std::mutex mutex_;
    std::vector<std::shared_ptr<Begun>> begun_;  ///< and not taken yet
};

}  // namespace memrb::system
