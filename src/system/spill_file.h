#pragma once

#include "base/secrets.h"
#include "base/unique_fd.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace memrb::system {

/// The file that keeps an output on disk. It is created with mode 0600 at the first byte, never follows a link and
/// never overwrites: if the name is taken (a retried step), `<step>.2.out` and so on is used. Secrets are masked before
/// they reach the disk. A write that fails (disk full) ends the keeping, not the step: problem() tells.
class SpillFile {
public:
    /// Keeps nothing.
    SpillFile() = default;
    /// `step` may be any text: what does not belong into a file name becomes `_`. `kind` is `out` or `err`. `secrets`
    /// must outlive it; null: nothing is masked.
    SpillFile(std::filesystem::path folder, std::string_view step, std::string_view kind, std::uint64_t cap,
              const base::Secrets* secrets = nullptr);

    /// They may be held back until finish().
    void write(std::string_view bytes);
    /// The rest. It takes no more bytes afterwards.
    void finish();
    /// Secrets that were masked.
    [[nodiscard]] std::uint64_t masked() const { return filter_ ? filter_->masked() : 0; }

    /// `<last part of the folder>/<file>`: relative to the incident's folder, of which `folder` is a child. Empty if
    /// there is no file.
    [[nodiscard]] std::string name() const;
    [[nodiscard]] std::uint64_t written() const { return written_; }
    /// Why less than the cap allows was kept; empty: nothing went wrong.
    [[nodiscard]] const std::string& problem() const { return problem_; }

private:
    void put(std::string_view bytes);
    bool open();
    void give_up(int error);

    std::filesystem::path folder_;
    std::string step_;
    std::string kind_;
    std::string file_;
    std::string problem_;
    std::uint64_t left_ = 0;  ///< of the cap
    std::uint64_t written_ = 0;
    base::UniqueFd fd_;
    std::optional<base::SecretFilter> filter_;
    std::string held_;  ///< not yet looked at
};

}  // namespace memrb::system
