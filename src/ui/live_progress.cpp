#include "ui/live_progress.h"

#include "ui/layout.h"

#include "base/text.h"

#include <fmt/core.h>
#include <algorithm>

namespace memrb::ui {

namespace {

// Short lines stay whole when the window shrinks: most screens never become narrower than this.
constexpr std::size_t widest_line = 59;

}  // namespace

void LiveBlock::on_event(const Event& event, Time now) {
    if (const auto* started = std::get_if<StepStarted>(&event.body)) {
        running_.push_back({started->step, started->title, started->timeout, now});
        return;
    }
    if (const auto* finished = std::get_if<StepFinished>(&event.body)) {
        std::erase_if(running_, [&](const Running& step) { return step.step == finished->step; });
        ++done_;
    } else if (std::holds_alternative<StepSkipped>(event.body)) {
        ++done_;
    }
}

std::string LiveBlock::line_of(const Running& step, Time now, std::size_t width) const {
    const auto elapsed = std::chrono::duration_cast<Milliseconds>(now - step.since);
    std::string line = fmt::format("  {} {}  {} of {}", glyph(style_, Glyph::busy), safe(style_, step.step),
                                   format_duration(elapsed), format_duration(step.timeout));
    if (!step.title.empty()) {
        line += "  " + safe(style_, step.title);
    }
    return base::fit(line, width, !style_.utf8);
}

std::string LiveBlock::redraw(Time now, ScreenSize size) {
    const std::size_t width = std::min(widest_line, static_cast<std::size_t>(std::max(size.columns, 2)) - 1);
    const auto room = static_cast<std::size_t>(std::max(size.rows, 2)) - 1;
    std::vector<std::string> lines;
    const bool all_fit = running_.size() <= room;
    const std::size_t shown = all_fit ? running_.size() : room - 1;
    for (std::size_t i = 0; i < shown; ++i) {
        lines.push_back(line_of(running_[i], now, width));
    }
    if (!all_fit) {
        lines.push_back(base::fit(fmt::format("  {} and {} more running, {} done", glyph(style_, Glyph::busy),
                                              running_.size() - shown, done_),
                                  width, !style_.utf8));
    }
    return lines_.replace(lines, size);
}

LiveProgress::LiveProgress(Sink& terminal, Style style, const Clock& clock, AskScreenSize size, Milliseconds period)
    : terminal_(terminal), clock_(clock), size_(std::move(size)), block_(style), ticker_(period, [this] { tick(); }) {}

LiveProgress::~LiveProgress() {
    finish();
}

void LiveProgress::on_event(const Event& event) {
    const std::lock_guard lock(mutex_);
    block_.on_event(event, clock_.steady());
    if (block_.busy()) {
        ticker_.start();
    }
}

void LiveProgress::tick() {
    const std::lock_guard lock(mutex_);
    terminal_.write(block_.redraw(clock_.steady(), size_()));
}

void LiveProgress::finish() {
    ticker_.stop();
    const std::lock_guard lock(mutex_);
    if (const auto text = block_.erase(size_()); !text.empty()) {
        terminal_.write(text);
    }
}

}  // namespace memrb::ui
