#pragma once

#include "memrb/units.h"
#include "runbook/keys.h"
#include "runbook/raw.h"
#include "runbook/reporter.h"

#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace memrb::runbook {

using KeyNames = std::set<std::string, std::less<>>;

/// A map of the file read by its table. Construction reports what is no map, unknown and missing keys and keys without
/// a value; the readers below report values of the wrong kind. What was reported reads as absent.
class Fields {
public:
    /// `meant`: keys that a misspelt one elsewhere was taken for: not reported as missing.
    Fields(const Node& node, const Object& object, Reporter& report, KeyNames meant = {});

    /// The value of a key of the table, or null.
    [[nodiscard]] const Node* get(std::string_view key) const;

    [[nodiscard]] std::string text(std::string_view key) const;
    [[nodiscard]] std::string id(std::string_view key) const;
    [[nodiscard]] std::string choice(std::string_view key) const;
    [[nodiscard]] bool boolean(std::string_view key) const;
    [[nodiscard]] std::optional<int> integer(std::string_view key, int least, int most) const;
    [[nodiscard]] std::optional<double> percent(std::string_view key) const;
    [[nodiscard]] std::optional<Milliseconds> duration(std::string_view key, Milliseconds least,
                                                       Milliseconds most) const;
    [[nodiscard]] std::vector<std::string> texts(std::string_view key) const;
    /// The items of a list that must not be empty.
    [[nodiscard]] std::vector<const Node*> items(std::string_view key) const;
    /// The entries of a map that must not be empty.
    [[nodiscard]] std::vector<Entry> entries(std::string_view key) const;

    [[nodiscard]] const Node& node() const { return node_; }

private:
    void check_keys(KeyNames meant);
    [[nodiscard]] const Key* find_key(std::string_view name) const;
    [[nodiscard]] const Node* scalar(std::string_view key) const;

    const Node& node_;
    const Object& object_;
    Reporter& report_;
};

/// One of `known`, else reported with a suggestion: ``unknown level `wanring`: did you mean `warning`?``
std::optional<std::string> read_choice(const Node& scalar, std::string_view what,
                                       std::span<const std::string_view> known, Reporter& report);

/// A scalar as text; anything else is reported.
std::optional<std::string> read_text(const Node& node, std::string_view what, Reporter& report);

/// A map from variable names to text (`vars:` of the config file).
std::vector<std::pair<std::string, std::string>> read_values(const std::vector<Entry>& entries, Reporter& report);

/// An id, or a variable's name; reported if it is none.
bool check_id(const Node& scalar, Reporter& report);
bool check_variable_name(const Node& scalar, Reporter& report);

}  // namespace memrb::runbook
