#include "ui/plain_progress.h"

#include "ui/diagnosis_view.h"
#include "ui/step_lines.h"

#include "base/text.h"

#include <fmt/core.h>

namespace memrb::ui {

namespace {

std::string line_of(const StepFinished& body, const Style& style) {
    const std::string step = safe(style, body.step);
    const std::string note = safe(style, body.note);
    const std::string elapsed = format_duration(body.outcome.elapsed);
    if (body.status == StepStatus::ok) {
        return fmt::format("{}: ok, {}{}\n", step, elapsed, note.empty() ? "" : ", " + note);
    }
    return fmt::format("{}: {}, {}{}\n", step, status_word(body.status), elapsed, note.empty() ? "" : ": " + note);
}

std::string line_of(const StepSkipped& body, const Style& style) {
    const std::string why = safe(style, body.why);
    return fmt::format("{}: {}{}\n", safe(style, body.step), status_word(body.status), why.empty() ? "" : ": " + why);
}

}  // namespace

PlainProgress::PlainProgress(Sink& out, Style style, const Clock& clock, std::optional<Milliseconds> heartbeat)
    : out_(out), style_(style), clock_(clock) {
    if (heartbeat) {
        ticker_.emplace(*heartbeat, [this] { beat(); });
    }
}

PlainProgress::~PlainProgress() {
    finish();
}

void PlainProgress::on_event(const Event& event) {
    const std::lock_guard lock(mutex_);
    if (const auto* started = std::get_if<StepStarted>(&event.body)) {
        running_.push_back({started->step, started->timeout, clock_.steady()});
        if (ticker_) {
            ticker_->start();
        }
    } else if (const auto* finished = std::get_if<StepFinished>(&event.body)) {
        std::erase_if(running_, [&](const Running& step) { return step.step == finished->step; });
        out_.write(line_of(*finished, style_));
    } else if (const auto* skipped = std::get_if<StepSkipped>(&event.body)) {
        out_.write(line_of(*skipped, style_));
    }
}

void PlainProgress::beat() {
    const std::lock_guard lock(mutex_);
    if (running_.empty()) {
        return;
    }
    std::vector<std::string> parts;
    for (const auto& step : running_) {
        const auto elapsed = std::chrono::duration_cast<Milliseconds>(clock_.steady() - step.since);
        parts.push_back(fmt::format("{} ({} of {})", safe(style_, step.step), format_duration(elapsed),
                                    format_duration(step.timeout)));
    }
    out_.write(fmt::format("still running: {}\n", base::join(parts, ", ")));
}

void PlainProgress::finish() {
    if (ticker_) {
        ticker_->stop();
    }
}

}  // namespace memrb::ui
