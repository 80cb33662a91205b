#include "ui/watch_progress.h"

#include "ui/watch_words.h"

#include <fmt/core.h>
#include <algorithm>

namespace memrb::ui {

namespace {

bool same_picture(const WatchSample& a, const WatchSample& b) {
    const auto same = [](const Criterion& x, const Criterion& y) { return x.says == y.says && x.state == y.state; };
    return a.level == b.level && a.missing.empty() == b.missing.empty() && a.restarts == b.restarts &&
           std::equal(a.criteria.begin(), a.criteria.end(), b.criteria.begin(), b.criteria.end(), same);
}

}  // namespace

LiveWatch::LiveWatch(Sink& terminal, Style style, const Clock& clock, AskScreenSize size, const WatchBuilder& builder,
                     Milliseconds period)
    : terminal_(terminal),
      style_(style),
      clock_(clock),
      size_(std::move(size)),
      builder_(builder),
      ticker_(period, [this] { tick(); }) {}

LiveWatch::~LiveWatch() {
    ticker_.stop();
    const std::lock_guard lock(mutex_);
    if (const auto text = block_.erase(size_()); !text.empty()) {
        terminal_.write(text);
    }
}

void LiveWatch::on_event(const Event& event) {
    if (std::holds_alternative<WatchStarted>(event.body) || std::holds_alternative<WatchSampled>(event.body)) {
        {
            const std::lock_guard lock(mutex_);
            shown_ = builder_.view();
            sampled_ = clock_.steady();
            draw();
        }
        ticker_.start();
    } else if (std::holds_alternative<WatchEnded>(event.body)) {
        ticker_.stop();
        const std::lock_guard lock(mutex_);
        terminal_.write(block_.erase(size_()));
    }
}

void LiveWatch::tick() {
    const std::lock_guard lock(mutex_);
    draw();
}

void LiveWatch::draw() {
    const ScreenSize size = size_();
    Style style = style_;
    style.width = std::max(size.columns, 2) - 1;
    const auto waited = std::chrono::duration_cast<Milliseconds>(clock_.steady() - sampled_);
    terminal_.write(block_.replace(watch_block(shown_, waited, size.rows, style), size));
}

PlainWatch::PlainWatch(Sink& out, Style style, const Clock& clock, Milliseconds heartbeat)
    : out_(out), style_(style), clock_(clock), ticker_(heartbeat, [this] { beat(); }) {}

PlainWatch::~PlainWatch() {
    ticker_.stop();
}

void PlainWatch::on_event(const Event& event) {
    if (const auto* started = std::get_if<WatchStarted>(&event.body)) {
        out_.write(fmt::format("watching every {}, until all has held for {}\n", format_exact_duration(started->every),
                               format_exact_duration(started->lasts)));
        ticker_.start();
    } else if (const auto* sampled = std::get_if<WatchSampled>(&event.body)) {
        const std::lock_guard lock(mutex_);
        if (!last_ || !same_picture(*last_, sampled->sample)) {
            say(event.at, sampled->sample);
            silent_ = false;
        }
        last_ = sampled->sample;
    } else if (std::holds_alternative<WatchEnded>(event.body)) {
        ticker_.stop();
    }
}

void PlainWatch::beat() {
    const std::lock_guard lock(mutex_);
    if (silent_) {
        if (last_) {
            say(clock_.now(), *last_);
        } else {
            out_.write("still measuring\n");
        }
    }
    silent_ = true;
}

void PlainWatch::say(Timestamp at, const WatchSample& sample) {
    const bool over = sample.left <= Milliseconds(0);
    out_.write(fmt::format("{} {}{}\n", format_rfc3339(std::chrono::floor<std::chrono::seconds>(at)),
                           watch_words(sample, style_),
                           over ? "" : fmt::format(", {} left", format_duration(sample.left))));
}

}  // namespace memrb::ui
