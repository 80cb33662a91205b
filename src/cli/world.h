#pragma once

#include "base/secrets.h"
#include "cli/command.h"
#include "cli/marking_sink.h"
#include "cli/masking_sink.h"
#include "cli/stage.h"
#include "memrb/ports.h"
#include "memrb/result.h"
#include "system/clock.h"
#include "system/dirs.h"
#include "system/environment.h"
#include "system/log.h"
#include "system/signals.h"
#include "ui/redraw.h"
#include "ui/style.h"

#include <memory>
#include <string>
#include <vector>

namespace memrb::cli {

/// Stands before each line of a drill.
constexpr std::string_view drill_mark = "[DRILL] ";

/// What a command finds around it: streams, terminal, environment, folders, time and signals.
class World {
public:
    World(const CommonOptions& common, std::vector<std::string> words);

    [[nodiscard]] const Clock& clock() const { return stage_ != nullptr ? stage_->clock : clock_; }
    [[nodiscard]] const system::Environment& environment() const { return environment_; }
    [[nodiscard]] const system::Dirs& dirs() const { return dirs_; }
    [[nodiscard]] system::SignalStop& stop() { return stop_; }
    [[nodiscard]] system::Log& log() { return log_; }
    [[nodiscard]] const std::vector<std::string>& words() const { return words_; }

    /// What is never shown or recorded. Values must be added before anything runs side by side.
    [[nodiscard]] base::Secrets& secrets() { return secrets_; }

    [[nodiscard]] ui::Sink& out() { return marked_out_ != nullptr ? *marked_out_ : static_cast<ui::Sink&>(out_); }
    [[nodiscard]] ui::Sink& err() { return marked_err_ != nullptr ? *marked_err_ : static_cast<ui::Sink&>(err_); }
    /// stdout as it is, for a document.
    [[nodiscard]] ui::Sink& document() { return out_; }
    [[nodiscard]] const ui::Style& out_style() const { return out_style_; }
    /// As wide as the window is now; what was given out earlier follows.
    [[nodiscard]] const ui::Style& err_style();

    /// The size of stderr's terminal, as far as there is room to write.
    [[nodiscard]] ui::ScreenSize screen() const;

    /// From now on an incident is only played: by that clock, into `incidents`, each line marked. `text_to_err`: stdout
    /// is for a document. `stage` must outlive this.
    void play(const Stage& stage, std::filesystem::path incidents, bool text_to_err);
    void leave_stage() { stage_ = nullptr; }
    /// Null: in earnest.
    [[nodiscard]] const Stage* stage() const { return stage_; }
    /// Null: not in a record that is decided anew.
    [[nodiscard]] drill::Past* past() const { return stage_ != nullptr ? stage_->past : nullptr; }

    /// stderr is a terminal whose lines may be redrawn.
    [[nodiscard]] bool live() const;
    /// A person is there to be asked: stdin and stderr are terminals, and neither --no-input nor CI says otherwise. In
    /// a drill somebody always is: a person or a script.
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
    const Stage* stage_ = nullptr;
    std::unique_ptr<MarkingSink> marked_out_;
    std::unique_ptr<MarkingSink> marked_err_;
};

}  // namespace memrb::cli
