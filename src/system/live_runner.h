#pragma once

#include "base/secrets.h"
#include "memrb/ports.h"
#include "system/authorised_http.h"
#include "system/log.h"

namespace memrb::system {

/// The Runner that touches the world. SampleMemory asks its sources one after the other, each with a fair share of the
/// time that is left, and tells which one answered; if none did, the reasons of all.
class LiveRunner final : public Runner {
public:
    /// With a log, each request is one line of it: the step, what kind of request, how it ended, how long it took.
    /// `secrets`, if given, are masked in all spilled files. All must outlive it.
    explicit LiveRunner(const Clock& clock, Log* log = nullptr, const base::Secrets* secrets = nullptr)
        : clock_(clock), log_(log), secrets_(secrets), authorised_(secrets) {}
    Outcome run(const Request& request, const RunContext& context, const Stop& stop) override;

private:
    [[nodiscard]] Outcome dispatch(const Request& request, const RunContext& context, const Stop& stop);
    [[nodiscard]] Outcome exchange(const HttpRequest& request, const RunContext& context, const Stop& stop);
    [[nodiscard]] Outcome sample(const SampleMemory& request, const RunContext& context, const Stop& stop);
    [[nodiscard]] Outcome ask(const SampleMemory::Source& source, const RunContext& context, const Stop& stop);

    const Clock& clock_;
    Log* log_;
    const base::Secrets* secrets_;
    AuthorisedHttp authorised_;
};

}  // namespace memrb::system
