#pragma once

#include "fixtures.h"
#include "incident/journal.h"
#include "incident/load.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace memrb::test {

inline std::unique_ptr<incident::FileJournal> opened(const std::filesystem::path& folder, const Clock& clock) {
    auto journal = incident::FileJournal::open(folder, clock);
    if (!journal) {
        FAIL(journal.error().message);
    }
    return *std::move(journal);
}

/// What is said where a journal cannot be opened.
inline std::string open_error(const std::filesystem::path& folder) {
    const SteppingClock clock;
    const auto journal = incident::FileJournal::open(folder, clock);
    return journal ? "opened" : journal.error().message;
}

inline EventBody note(std::string text) {
    return NoteAdded{std::move(text)};
}

/// The texts of a record that has nothing but notes.
inline std::vector<std::string> notes_in(const std::filesystem::path& folder) {
    const auto record = incident::load(folder);
    if (!record) {
        FAIL(record.error().message);
    }
    std::vector<std::string> notes;
    for (const auto& event : record->events) {
        notes.push_back(std::get<NoteAdded>(event.body).text);
    }
    return notes;
}

}  // namespace memrb::test
