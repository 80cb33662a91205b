#pragma once

#include "cli/drill_keys.h"
#include "drill/runner.h"
#include "drill/witness.h"
#include "memrb/scenario.h"
#include "ui/line_reader.h"

#include <optional>
#include <string>
#include <string_view>

namespace memrb::cli {

class World;

/// The prompt of a drill. Lines that begin with `!` are for the drill itself; all else goes
/// through to whoever asks. Says what has happened meanwhile, and ends the drill when it is lost.
class DrillReader final : public ui::LineReader {
public:
    struct Parts {
        World& world;
        drill::DrillRunner& runner;
        drill::DrillClock& clock;
        drill::Witness& witness;
        const Scenario& scenario;
    };
    explicit DrillReader(Parts parts);

    [[nodiscard]] DrillKeys& keys() { return keys_; }

    ui::Answer read(std::string_view prompt) override;
    void discard_typed_ahead() override { keys_.discard_typed_ahead(); }

    /// The service to look at next, if the operator turned to another one.
    [[nodiscard]] std::optional<std::string> take_turn();

private:
    void tell_news();
    void command(std::string_view line);
    void hint();
    void wait(std::string_view words);
    void look(std::string_view words);

    Parts parts_;
    DrillKeys keys_;
    std::size_t events_told_ = 0;
    bool begun_ = false;
    bool team_told_ = false;
    std::optional<std::string> turn_;
};

}  // namespace memrb::cli
