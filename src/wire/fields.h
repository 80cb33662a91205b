#pragma once

#include "wire/target_json.h"

#include <cmath>
#include <concepts>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace memrb::wire {

/// The first thing that is wrong with a document. Readers read all members in a row, get defaults where something is
/// wrong, and ask once at the end.
class Problem {
public:
    void note(const std::string& path, std::string_view what);
    template <class T>
    Result<T> check(T value) const {
        return first_ ? Result<T>(tl::unexpected(*first_)) : Result<T>(std::move(value));
    }

private:
    std::optional<Error> first_;
};

/// Reads the members of one JSON object of unknown origin. Nothing throws; every complaint names the member by its
/// path (`step_finished.outcome.elapsed_ms`). Unknown members are left alone: later versions may add some.
/// In the `opt_` forms an absent member and null both give "not known".
class Fields {
public:
    /// Keeps references: `json` and `problem` must outlive it. Notes a problem if `json` is no object.
    Fields(const Json& json, std::string path, Problem& problem);

    [[nodiscard]] bool has(std::string_view key) const { return find(key) != nullptr; }

    [[nodiscard]] std::string text(std::string_view key) const;
    [[nodiscard]] std::string opt_text(std::string_view key) const;  ///< empty if not known
    [[nodiscard]] bool flag(std::string_view key, bool fallback) const;
    [[nodiscard]] std::uint64_t count(std::string_view key) const;
    [[nodiscard]] std::optional<std::uint64_t> opt_count(std::string_view key) const;
    [[nodiscard]] std::optional<double> opt_number(std::string_view key) const;
    [[nodiscard]] double number(std::string_view key) const;
    [[nodiscard]] Timestamp time(std::string_view key) const;
    [[nodiscard]] std::optional<Timestamp> opt_time(std::string_view key) const;
    /// 0 to ten years: what can be added to a time without overflow.
    [[nodiscard]] Milliseconds milliseconds(std::string_view key) const;
    [[nodiscard]] Milliseconds seconds(std::string_view key) const;
    [[nodiscard]] std::vector<std::string> texts(std::string_view key) const;  ///< absent: empty
    [[nodiscard]] Pairs pairs(std::string_view key) const;                     ///< `[["name","value"]]`; absent: empty
    [[nodiscard]] std::map<std::string, std::string> map(std::string_view key) const;  ///< absent: empty

    [[nodiscard]] int integer(std::string_view key, int least = std::numeric_limits<int>::min()) const;
    [[nodiscard]] std::optional<int> opt_integer(std::string_view key,
                                                 int least = std::numeric_limits<int>::min()) const;

    /// A word of an enum; `words` turns each value into its word, and `?` after the last.
    template <class Enum, class Words>
    [[nodiscard]] Enum word(std::string_view key, Words words) const {
        return parse_word<Enum>(path_of(key), text(key), words);
    }
    template <class Enum, class Words>
    [[nodiscard]] Enum parse_word(const std::string& path, const std::string& text, Words words) const {
        // All the vocabulary's enums count from 0 without gaps, and their tables answer `?` to anything else.
        for (int i = 0; words(static_cast<Enum>(i)) != "?"; ++i) {
            if (words(static_cast<Enum>(i)) == text) {
                return static_cast<Enum>(i);
            }
        }
        note_unknown_word(path, text);
        return Enum{};
    }

    /// The member as an object; notes a problem if it is absent or something else.
    [[nodiscard]] Fields object(std::string_view key) const;
    /// The elements of an array; absent: none. Elements may be anything.
    [[nodiscard]] std::vector<const Json*> elements(std::string_view key) const;
    /// The elements as objects.
    [[nodiscard]] std::vector<Fields> objects(std::string_view key) const;

    /// The member, or null if it is absent or JSON's null.
    [[nodiscard]] const Json* find(std::string_view key) const;
    [[nodiscard]] std::string path_of(std::string_view key) const;
    [[nodiscard]] const Json& json() const { return *json_; }
    [[nodiscard]] Problem& problem() const { return *problem_; }
    void note(std::string_view key, std::string_view what) const { problem_->note(path_of(key), what); }

private:
    /// The member; notes a problem if it is absent.
    [[nodiscard]] const Json* need(std::string_view key) const;
    void note_unknown_word(const std::string& path, const std::string& text) const;

    const Json* json_;
    std::string path_;
    Problem* problem_;
};

/// A string as JSON can hold it: bytes that are no UTF-8 become U+FFFD, so that writing never fails.
Json text_json(std::string_view text);
Json texts_json(const std::vector<std::string>& texts);
Json pairs_json(const Pairs& pairs);
Json map_json(const std::map<std::string, std::string>& map);

/// Null if it is not known, not a number, infinite, or does not fit 64 bits.
Json whole_json(const std::optional<double>& value);
Json number_json(const std::optional<double>& value);

template <class T>
    requires std::unsigned_integral<T>
Json count_json(const std::optional<T>& value) {
    return value ? Json(*value) : Json(nullptr);
}

}  // namespace memrb::wire
