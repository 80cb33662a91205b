#pragma once

#include "base/secrets.h"
#include "ui/sink.h"

#include <string>
#include <string_view>

namespace memrb::cli {

/// Shows no secret, whatever is written to it.
class MaskingSink final : public ui::Sink {
public:
    /// `secrets` must outlive it.
    MaskingSink(int fd, const base::Secrets& secrets) : inner_(fd), secrets_(secrets) {}

    bool write(std::string_view text) override {
        std::string masked(text);
        secrets_.mask(masked);
        return inner_.write(masked);
    }
    [[nodiscard]] bool broken() const override { return inner_.broken(); }

private:
    ui::FdSink inner_;
    const base::Secrets& secrets_;
};

}  // namespace memrb::cli
