#pragma once

#include "memrb/outcome.h"
#include "memrb/reading.h"
#include "memrb/request.h"
#include "memrb/result.h"
#include "memrb/target.h"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace memrb {

/// What a step may do to the world, in rising order.
enum class Risk { read, reversible, disruptive, irreversible };
std::string_view to_string(Risk risk);
Result<Risk> parse_risk(std::string_view text);

enum class ParamKind {
    text,      ///< one string
    argv,      ///< a string split by shell quoting rules when the runbook is compiled, or a list of strings
    list,      ///< a list of strings
    duration,  ///< checked when the runbook is compiled
    boolean,   ///< true or false
    choice,    ///< one of ParamSpec::choices
    pairs,     ///< a map of strings
};

/// How a variable's value is written into a parameter.
enum class Expansion {
    verbatim,  ///< as it is, inside one argv element
    promql,    ///< escaped for a quoted PromQL string
    none,      ///< not expanded by memrb: the shell gets variables as environment
};

struct ParamSpec {
    std::string_view name;
    ParamKind kind = ParamKind::text;
    bool required = false;
    std::string_view help;
    std::vector<std::string_view> choices = {};
    Expansion expansion = Expansion::verbatim;
};

/// A parameter's value; which member is used follows from its ParamKind.
struct Param {
    std::string text;
    std::vector<std::string> list;
    Pairs pairs;

    bool operator==(const Param&) const = default;
};

class Params {
public:
    void set(std::string_view name, Param value) { values_.insert_or_assign(std::string(name), std::move(value)); }
    [[nodiscard]] bool has(std::string_view name) const { return values_.find(name) != values_.end(); }
    /// The text of `name`, or empty if it is not given.
    [[nodiscard]] const std::string& text(std::string_view name) const;
    [[nodiscard]] const std::vector<std::string>& list(std::string_view name) const;
    [[nodiscard]] const Pairs& pairs(std::string_view name) const;
    [[nodiscard]] const std::map<std::string, Param, std::less<>>& all() const { return values_; }

private:
    std::map<std::string, Param, std::less<>> values_;
};

/// All that an action may know when it builds a request or reads an answer.
struct ActionContext {
    const Target& target;
    const std::vector<std::pair<std::string, std::string>>& host_containers;  ///< running containers: id, name
    const std::map<std::string, std::string>& vars;
    const Tools& tools;
    Timestamp now{};    ///< the moment that is diagnosed (`--at`), else the present
    bool past = false;  ///< `--at` was given: live sources must say NoData
};

struct Interpretation {
    std::vector<Reading> readings;
    std::vector<std::string> warnings;  ///< partial data and the like, for a person
    std::string note;                   ///< one line beside the step: `3 kills`, `268 samples`; may be empty
    std::string skipped;                ///< not empty: the step could not be done for a benign reason (no permission)
    bool unclear = false;               ///< it failed in a way that leaves open whether it took effect
};

/// The descriptor of a step type: one constant in one file, registered by one line in actions/registry.cpp.
struct ActionType {
    std::string_view name;
    std::string_view help;
    std::string_view body;  ///< the parameter that the short form (`docker: ps -a`) fills
    std::vector<ParamSpec> params;

    /// What the parameters alone cannot say: streaming verbs without a bound, both `get` and `post`, ...
    Result<void> (*check)(const Params&);
    Risk (*risk)(const Params&);
    bool may_lower_risk = false;  ///< only where the tool cannot know: shell, http
    bool starts_program = false;  ///< takes long, as actions go: of the reads that are ready such a one begins first
    /// Parameters arrive expanded. An error of kind no_data means "does not apply here" and skips the step.
    Result<Request> (*plan)(const Params&, const ActionContext&);
    Interpretation (*interpret)(const Params&, const ActionContext&, const Outcome&);
    /// The same asked of the tool itself, which then says what it would do and does nothing. No value: it cannot.
    std::optional<Params> (*rehearse)(const Params&) = nullptr;
};

using ActionTypes = std::span<const ActionType* const>;

}  // namespace memrb
