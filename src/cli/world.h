#pragma once

#include "base/secrets.h"
#include "cli/command.h"
#include "cli/masking_sink.h"
#include "memrb/ports.h"
#include "memrb/result.h"
#include "system/clock.h"
#include "system/dirs.h"
#include "system/environment.h"
#include "system/log.h"
#include "system/signals.h"
#include "ui/style.h"

#include <string>
#include <vector>

namespace memrb::cli {

/// What a command finds around it: streams, terminal, environment, folders, time and signals.
class World {
public:
    World(const CommonOptions& common, std::vector<std::string> words);

    [[nodiscard]] const Clock& clock() const { return clock_; }
    [[nodiscard]] const system::Environment& environment() const { return environment_; }
    [[nodiscard]] const system::Dirs& dirs() const { return dirs_; }
    [[nodiscard]] system::SignalStop& stop() { return stop_; }
    [[nodiscard]] system::Log& log() { return log_; }
    [[nodiscard]] const std::vector<std::string>& words() const { return words_; }

    /// What is never shown or recorded. Values must be added before anything runs side by side.
    [[nodiscard]] base::Secrets& secrets() { return secrets_; }

    [[nodiscard]] ui::Sink& out() { return out_; }
    [[nodiscard]] ui::Sink& err() { return err_; }
    [[nodiscard]] const ui::Style& out_style() const { return out_style_; }
    /// As wide as the window is now; what was given out earlier follows.
    [[nodiscard]] const ui::Style& err_style();

    /// stderr is a terminal whose lines may be redrawn.
    [[nodiscard]] bool live() const;
    /// A person is there to be asked: stdin and stderr are terminals, and neither --no-input nor CI says otherwise.
    [[nodiscard]] bool can_ask() const;

    /// 128 and the signal that asked to stop. Ctrl-C at a prompt arrives as a key: without a signal it was that.
    [[nodiscard]] int exit_code_of_signal() const;

    /// Prints `memrb: error: …` and the hint; returns the exit code for it.
    int report(const Error& error);
    void warn(std::string_view text);

private:
    CommonOptions common_;
    std::vector<std::string> words_;
    system::Environment environment_;
    base::Secrets secrets_;
    system::SystemClock clock_;
    system::Dirs dirs_;
    system::SignalStop stop_;
    system::Log log_;
    MaskingSink out_;
    MaskingSink err_;
    ui::Style out_style_;
    ui::Style err_style_;
};

}  // namespace memrb::cli
