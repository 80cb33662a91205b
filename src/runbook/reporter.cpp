#include "runbook/reporter.h"

#include <fmt/core.h>
#include <algorithm>
#include <tuple>
#include "base/text.h"

namespace memrb::runbook {

namespace {

constexpr std::size_t longest_quote = 60;
// A file made of nothing but mistakes shall not cost minutes of rendering; nobody reads that far.
constexpr std::size_t most_shown = 500;
constexpr std::size_t most_compared = 1000;  // names looked through for a suggestion

}  // namespace

bool Reporter::full() const {
    return found_.size() >= most_shown;
}

void Reporter::error(const Node& at, std::string message, std::string hint) {
    ++errors_;
    if (!full()) {
        add(Severity::error, locate(source_, at), std::move(message), std::move(hint));
    }
}

void Reporter::warning(const Node& at, std::string message, std::string hint) {
    if (!full()) {
        add(Severity::warning, locate(source_, at), std::move(message), std::move(hint));
    }
}

void Reporter::error_in(const Node& scalar, std::size_t offset, std::size_t length, std::string message,
                        std::string hint) {
    ++errors_;
    if (!full()) {
        add(Severity::error, locate(source_, scalar, offset, length), std::move(message), std::move(hint));
    }
}

void Reporter::warning_in(const Node& scalar, std::size_t offset, std::size_t length, std::string message,
                          std::string hint) {
    if (!full()) {
        add(Severity::warning, locate(source_, scalar, offset, length), std::move(message), std::move(hint));
    }
}

void Reporter::error_at(std::size_t offset, std::string message, std::string hint) {
    ++errors_;
    if (!full()) {
        add(Severity::error, {offset, offset + 1}, std::move(message), std::move(hint));
    }
}

void Reporter::add(Severity severity, Span span, std::string message, std::string hint) {
    const std::size_t stop = std::min(span.end, source_.text().size());
    const std::size_t length = stop > span.begin ? source_.characters(span.begin, stop) : 1;
    found_.push_back({origin_, source_.mark(span.begin), severity, std::move(message), std::move(hint),
                      std::max<std::size_t>(length, 1)});
}

std::optional<std::string> Reporter::closest(std::string_view word, std::span<const std::string> known) const {
    return full() ? std::nullopt : base::closest(word, known.first(std::min(known.size(), most_compared)));
}

std::string Reporter::suggest(std::string_view word, std::span<const std::string> known) const {
    const auto near = closest(word, known);
    return near ? fmt::format(": did you mean `{}`?", *near) : std::string{};
}

std::vector<Diagnostic> Reporter::take() {
    std::stable_sort(found_.begin(), found_.end(), [](const Diagnostic& a, const Diagnostic& b) {
        return std::tie(a.mark.line, a.mark.column) < std::tie(b.mark.line, b.mark.column);
    });
    const bool more = errors_ > found_.size() && full();
    std::vector<Diagnostic> kept;
    for (auto& diagnostic : found_) {
        if (std::find(kept.rbegin(), kept.rend(), diagnostic) == kept.rend()) {
            kept.push_back(std::move(diagnostic));
        }
    }
    if (more) {
        kept.push_back({origin_,
                        {},
                        Severity::error,
                        fmt::format("more than {} problems: the rest is not shown", most_shown),
                        {},
                        1});
    }
    found_.clear();
    return kept;
}

std::string quoted(std::string_view text) {
    return fmt::format("`{}`", base::fit(base::printable(text.substr(0, 4 * longest_quote)), longest_quote));
}

}  // namespace memrb::runbook
