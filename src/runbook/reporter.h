#pragma once

#include "runbook/diagnostic.h"
#include "runbook/locate.h"
#include "runbook/raw.h"
#include "runbook/source.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace memrb::runbook {

/// Collects what is wrong with one file.
class Reporter {
public:
    Reporter(const Source& source, std::string origin) : source_(source), origin_(std::move(origin)) {}

    /// At a whole node.
    void error(const Node& at, std::string message, std::string hint = {});
    void warning(const Node& at, std::string message, std::string hint = {});
    /// At a part of a scalar's text.
    void error_in(const Node& scalar, std::size_t offset, std::size_t length, std::string message,
                  std::string hint = {});
    void warning_in(const Node& scalar, std::size_t offset, std::size_t length, std::string message,
                    std::string hint = {});
    /// At a byte of the source.
    void error_at(std::size_t offset, std::string message, std::string hint = {});

    /// ``: did you mean `docker`?`` or nothing, for the end of a message.
    [[nodiscard]] std::string suggest(std::string_view word, std::span<const std::string> known) const;
    [[nodiscard]] std::optional<std::string> closest(std::string_view word, std::span<const std::string> known) const;

    [[nodiscard]] bool failed() const { return errors_ > 0; }
    [[nodiscard]] std::size_t errors() const { return errors_; }
    [[nodiscard]] Mark mark(const Node& node) const { return source_.mark(node.begin); }
    [[nodiscard]] const std::string& origin() const { return origin_; }

    /// All, in file order, each once: an alias may show the same mistake several times.
    [[nodiscard]] std::vector<Diagnostic> take();

private:
    [[nodiscard]] bool full() const;
    void add(Severity severity, Span span, std::string message, std::string hint);

    const Source& source_;
    std::string origin_;
    std::vector<Diagnostic> found_;
    std::size_t errors_ = 0;
};

/// Text of the file inside a message: in backquotes, and cut if it is very long.
std::string quoted(std::string_view text);

}  // namespace memrb::runbook
