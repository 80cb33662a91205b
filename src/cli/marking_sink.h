#pragma once

#include "ui/sink.h"

#include <string>
#include <string_view>

namespace memrb::cli {

/// Puts a mark before each line. Escape sequences that move the cursor at the beginning of a line stay before it.
class MarkingSink final : public ui::Sink {
public:
    /// `inner` must outlive it.
    MarkingSink(ui::Sink& inner, std::string mark) : inner_(inner), mark_(std::move(mark)) {}

    bool write(std::string_view text) override;
    [[nodiscard]] bool broken() const override { return inner_.broken(); }

private:
    ui::Sink& inner_;
    std::string mark_;
    bool line_begins_ = true;
};

}  // namespace memrb::cli
