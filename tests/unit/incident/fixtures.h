#pragma once

#include "../wire/samples.h"
#include "incident/journal.h"
#include "incident/store.h"
#include "support/temp_dir.h"

#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace memrb::test {

/// Goes on by one second with each look.
class SteppingClock final : public Clock {
public:
    [[nodiscard]] Timestamp now() const override { return samples::at(seconds_++); }
    [[nodiscard]] std::chrono::steady_clock::time_point steady() const override { return {}; }

private:
    mutable std::int64_t seconds_ = 0;
};

/// Random bits that are none: the given ones, again and again.
inline incident::RandomSource scripted_random(std::vector<std::uint32_t> values) {
    return [values = std::move(values), next = std::size_t{0}]() mutable { return values[next++ % values.size()]; };
}

/// An incident's folder with a journal of one event of every kind and the output file that it names.
inline std::filesystem::path recorded_incident(const std::filesystem::path& incidents) {
    const SteppingClock clock;
    const auto entry = incident::Store(incidents).create(samples::at(0), "backend");
    REQUIRE(entry);
    const auto journal = incident::FileJournal::open(entry->folder, clock);
    REQUIRE(journal);
    for (const auto& event : samples::all_events()) {
        REQUIRE((*journal)->append(event.body, false));
    }
    return entry->folder;
}

inline mode_t mode_of(const std::filesystem::path& path) {
    struct stat info{};
    REQUIRE(::stat(path.c_str(), &info) == 0);
    return info.st_mode & 07777U;
}

/// Acts as `nobody` while it lives, so that permissions count even when the tests run as root.
class AsNobody {
public:
    AsNobody() : was_(::geteuid()) {
        if (was_ == 0) {
            REQUIRE(::seteuid(65534) == 0);
        }
    }
    AsNobody(const AsNobody&) = delete;
    AsNobody& operator=(const AsNobody&) = delete;
    AsNobody(AsNobody&&) = delete;
    AsNobody& operator=(AsNobody&&) = delete;
    ~AsNobody() { (void)::seteuid(was_); }

private:
    uid_t was_;
};

}  // namespace memrb::test
