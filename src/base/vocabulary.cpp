// The words of the vocabulary's enums and the small functions of its types. Each table is the one place of its words.
#include "base/text.h"
#include "memrb/action.h"
#include "memrb/assessment.h"
#include "memrb/event.h"
#include "memrb/fleet.h"
#include "memrb/outcome.h"
#include "memrb/recovery.h"
#include "memrb/target.h"

#include <fmt/core.h>
#include <algorithm>
#include <array>

namespace memrb {

namespace {

template <class Enum>
struct Word {
    Enum value;
    std::string_view text;
};

template <class Enum, std::size_t N>
std::string_view word_of(const std::array<Word<Enum>, N>& table, Enum value) {
    const auto found =
        std::find_if(table.begin(), table.end(), [&](const Word<Enum>& word) { return word.value == value; });
    return found == table.end() ? std::string_view("?") : found->text;
}

template <class Enum, std::size_t N>
Result<Enum> parse_word(const std::array<Word<Enum>, N>& table, std::string_view text, std::string_view what) {
    std::vector<std::string> known;
    for (const auto& word : table) {
        if (word.text == text) {
            return word.value;
        }
        known.emplace_back(word.text);
    }
    return fail(Fault::usage,
                fmt::format("unknown {} `{}`{}", what, base::printable(text), base::did_you_mean(text, known)),
                fmt::format("one of: {}", base::join(known, ", ")));
}

constexpr std::array<Word<Platform>, 4> platforms{{{Platform::docker, "docker"},
                                                   {Platform::prometheus, "prometheus"},
                                                   {Platform::kubernetes, "kubernetes"},
                                                   {Platform::cloud_run, "cloud-run"}}};
constexpr std::array<Word<Risk>, 4> risks{{{Risk::read, "read"},
                                           {Risk::reversible, "reversible"},
                                           {Risk::disruptive, "disruptive"},
                                           {Risk::irreversible, "irreversible"}}};
constexpr std::array<Word<Level>, 7> levels{{{Level::unknown, "unknown"},
                                             {Level::ok, "ok"},
                                             {Level::watch, "watch"},
                                             {Level::warning, "warning"},
                                             {Level::high, "high"},
                                             {Level::critical, "critical"},
                                             {Level::oom, "oom"}}};
constexpr std::array<Word<Recovery>, 4> recoveries{{{Recovery::recovered, "recovered"},
                                                    {Recovery::not_recovered, "not_recovered"},
                                                    {Recovery::relapsed, "relapsed"},
                                                    {Recovery::unknown, "unknown"}}};
constexpr std::array<Word<Criterion::State>, 3> criterion_states{
    {{Criterion::State::holds, "holds"}, {Criterion::State::fails, "fails"}, {Criterion::State::unknown, "unknown"}}};
constexpr std::array<Word<Verdict>, 8> verdicts{{{Verdict::growing, "growing"},
                                                 {Verdict::flat, "flat"},
                                                 {Verdict::falling, "falling"},
                                                 {Verdict::saturating, "saturating"},
                                                 {Verdict::sawtooth, "sawtooth"},
                                                 {Verdict::spiky, "spiky"},
                                                 {Verdict::step, "step"},
                                                 {Verdict::insufficient_data, "insufficient_data"}}};
constexpr std::array<Word<ThresholdState::State>, 4> states{{{ThresholdState::State::clear, "clear"},
                                                             {ThresholdState::State::pending, "pending"},
                                                             {ThresholdState::State::breached, "breached"},
                                                             {ThresholdState::State::unknown, "unknown"}}};
constexpr std::array<Word<OomAssessment::Verdict>, 4> ooms{{{OomAssessment::Verdict::unknown, "unknown"},
                                                            {OomAssessment::Verdict::none, "none"},
                                                            {OomAssessment::Verdict::probable, "probable"},
                                                            {OomAssessment::Verdict::confirmed, "confirmed"}}};
constexpr std::array<Word<RankedCause::Confidence>, 3> confidences{{{RankedCause::Confidence::high, "high"},
                                                                    {RankedCause::Confidence::medium, "medium"},
                                                                    {RankedCause::Confidence::low, "low"}}};
constexpr std::array<Word<Notified::Result>, 3> message_results{{{Notified::Result::delivered, "delivered"},
                                                                 {Notified::Result::failed, "failed"},
                                                                 {Notified::Result::unknown, "unknown"}}};
constexpr std::array<Word<StepStatus>, 10> statuses{{{StepStatus::ok, "ok"},
                                                     {StepStatus::no_data, "no data"},
                                                     {StepStatus::failed, "failed"},
                                                     {StepStatus::skipped, "skipped"},
                                                     {StepStatus::blocked, "blocked"},
                                                     {StepStatus::interrupted, "interrupted"},
                                                     {StepStatus::previewed, "previewed"},
                                                     {StepStatus::not_previewable, "not previewable"},
                                                     {StepStatus::depends, "depends"},
                                                     {StepStatus::unknown, "unknown"}}};

}  // namespace

std::string_view to_string(Platform platform) {
    return word_of(platforms, platform);
}
std::string_view to_string(Risk risk) {
    return word_of(risks, risk);
}
std::string_view to_string(Level level) {
    return word_of(levels, level);
}
std::string_view to_string(Recovery recovery) {
    return word_of(recoveries, recovery);
}

std::string_view to_string(Criterion::State state) {
    return word_of(criterion_states, state);
}

std::string_view to_string(Verdict verdict) {
    return word_of(verdicts, verdict);
}
std::string_view to_string(ThresholdState::State state) {
    return word_of(states, state);
}
std::string_view to_string(OomAssessment::Verdict verdict) {
    return word_of(ooms, verdict);
}
std::string_view to_string(RankedCause::Confidence confidence) {
    return word_of(confidences, confidence);
}
std::string_view to_string(StepStatus status) {
    return word_of(statuses, status);
}
std::string_view to_string(Notified::Result result) {
    return word_of(message_results, result);
}

Result<Platform> parse_platform(std::string_view text) {
    return parse_word(platforms, text, "platform");
}
Result<Risk> parse_risk(std::string_view text) {
    return parse_word(risks, text, "risk");
}
Result<Level> parse_level(std::string_view text) {
    return parse_word(levels, text, "level");
}

std::string Output::text() const {
    return truncated() ? fmt::format("{}\n[{} more bytes]\n{}", head, dropped, tail) : head + tail;
}

bool Outcome::ok() const {
    if (const auto* exited = std::get_if<Exited>(&ending)) {
        return exited->code == 0;
    }
    const auto* status = std::get_if<HttpStatus>(&ending);
    return status != nullptr && status->code >= 200 && status->code < 300;
}

const std::string& Params::text(std::string_view name) const {
    static const std::string none;
    const auto found = values_.find(name);
    return found == values_.end() ? none : found->second.text;
}

const std::vector<std::string>& Params::list(std::string_view name) const {
    static const std::vector<std::string> none;
    const auto found = values_.find(name);
    return found == values_.end() ? none : found->second.list;
}

const Pairs& Params::pairs(std::string_view name) const {
    static const Pairs none;
    const auto found = values_.find(name);
    return found == values_.end() ? none : found->second.pairs;
}

Result<std::string> check_target_name(std::string_view name) {
    constexpr std::size_t longest = 253;  // a DNS name, the longest that any platform allows
    const auto alnum = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    };
    const auto fits = [&](char c) { return alnum(c) || std::string_view("_.-/:").find(c) != std::string_view::npos; };
    if (name.empty() || name.size() > longest || !alnum(name.front()) || !std::all_of(name.begin(), name.end(), fits)) {
        return fail(Fault::usage,
                    fmt::format("`{}` cannot be a target's name", base::printable(name.substr(0, longest))),
                    "1 to 253 letters, digits and _ . - / : , beginning with a letter or a digit");
    }
    return std::string(name);
}

FleetState state_of(const FleetRow& row) {
    const Assessment& known = row.assessment;
    if (known.ratio) {
        return FleetState::judged;
    }
    if (!row.target.running) {
        return FleetState::stopped;
    }
    if (!known.memory) {
        return FleetState::no_data;
    }
    if (row.outdated) {
        return FleetState::stale;
    }
    if (std::holds_alternative<Bytes>(known.memory->limit)) {
        return FleetState::stale;  // a limit, a measurement, and yet no ratio: it is too old
    }
    return std::holds_alternative<NoLimit>(known.memory->limit) ? FleetState::no_limit : FleetState::limit_unknown;
}

}  // namespace memrb
