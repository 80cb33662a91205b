#pragma once

#include "incident/names.h"
#include "memrb/result.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace memrb::incident {

/// One incident's folder.
struct Entry {
    std::string id;
    std::filesystem::path folder;
    Timestamp at{};      ///< when it was opened, whole seconds
    std::string target;  ///< as far as the folder's name tells it
};

/// The folder that holds the incidents' folders. Everything in it is for its owner only (0700).
class Store {
public:
    /// `$XDG_STATE_HOME/memrb/incidents`; made when the first incident is.
    explicit Store(std::filesystem::path incidents) : incidents_(std::move(incidents)) {}

    /// A new folder with an id that no other incident has, and in it `outputs/`. Safe against other memrbs that do the
    /// same. `target` may be any text.
    [[nodiscard]] Result<Entry> create(Timestamp at, std::string_view target,
                                       const RandomSource& random = system_random()) const;

    /// By id, the beginning of an id, or the folder's name. Errors (usage): no such incident, more than one.
    [[nodiscard]] Result<Entry> find(std::string_view wanted) const;

    /// Newest first; empty if there is none yet. What is no incident's folder is passed over.
    [[nodiscard]] Result<std::vector<Entry>> list() const;

    [[nodiscard]] const std::filesystem::path& incidents() const { return incidents_; }

private:
    std::filesystem::path incidents_;
};

}  // namespace memrb::incident
