#include "actions/google_complaint.h"

#include "actions/ending.h"
#include "actions/json_get.h"
#include "base/text.h"

#include <fmt/core.h>
#include <algorithm>
#include <array>

namespace memrb::actions {

namespace {

bool holds(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

/// Words of gcloud's and of the APIs', and what they mean.
struct Complaint {
    std::string_view words, meaning;
    bool with_words = false;  ///< what they say themselves tells more: it follows
};

constexpr auto complaints = std::to_array<Complaint>({
    // First, since such a line goes on with the answer, and that may have any words in it.
    {"(JSONDecodeError)", "the API's answer is no JSON, or only a part of it"},
    {"(InvalidDataFromServerError)", "the API's answer is no JSON, or only a part of it"},
    {"UNAUTHENTICATED", "Google does not accept the login (401): sign in again with `gcloud auth login`"},
    {"invalid authentication credentials",
     "Google does not accept the login (401): sign in again with `gcloud auth login`"},
    {"refreshing your current auth tokens", "the login has run out: sign in again with `gcloud auth login`"},
    {"do not currently have an active account", "gcloud has no login: sign in with `gcloud auth login`"},
    {"not have an active account", "gcloud has no login: sign in with `gcloud auth login`"},
    {"PERMISSION_DENIED", "not permitted (403), or there is no such project", true},
    {"does not have permission", "not permitted (403), or there is no such project", true},
    {"RESOURCE_EXHAUSTED", "Google has been asked too often (429)", true},
    {"Quota exceeded", "Google has been asked too often (429)", true},
    {"Cannot find service", "there is no such service in this project and region (404)", true},
    {"Cannot find revision", "there is no such revision in this project and region (404)", true},
    {"NOT_FOUND", "not found (404)", true},
    {"ABORTED",
     "it has been changed meanwhile (409): by somebody else, or by this command, whose first answer was lost"},
    {"Conflict for resource",
     "it has been changed meanwhile (409): by somebody else, or by this command, whose first answer was lost"},
    {"UNAVAILABLE", "the API is not able to answer now (503)"},
    {"INTERNAL", "the API has failed (500)", true},
    {"BadStatusLine", "the connection to the API broke off"},
    {"RemoteDisconnected", "the connection to the API broke off"},
    {"ConnectionReset", "the connection to the API broke off"},
    {"Connection reset", "the connection to the API broke off"},
    {"onnection aborted", "the connection to the API broke off"},
    {"timed out", "the API does not answer in time"},
    {"Unable to find the server", "the API cannot be reached: its name is not known"},
    {"Connection refused", "the API cannot be reached: nothing listens at its address"},
    {"Max retries exceeded", "the API cannot be reached"},
});

constexpr std::size_t longest_words = 240;

// Without the paths of files that hold logins, which gcloud appends.
std::string shortened(std::string words) {
    if (const auto at = words.find(" This command is authenticated"); at != std::string::npos) {
        words.erase(at);
    }
    return base::fit(words, longest_words);  // of HTTP's own words the end tells most, so they are read before that
}

std::optional<std::string> meaning_of(const std::string& words) {
    for (const auto& complaint : complaints) {
        if (holds(words, complaint.words)) {
            return complaint.with_words ? fmt::format("{}: {}", complaint.meaning, shortened(words))
                                        : std::string(complaint.meaning);
        }
    }
    return std::nullopt;
}

// {"error": {"status", "message"}}, or Prometheus' {"status": "error", "error"}; of several pages the last one's.
std::string words_of_answer(const Outcome& outcome) {
    const auto document = read_json(outcome.out.text());
    const Json* error = document ? member(*document, "error") : nullptr;
    if (error == nullptr) {
        return {};
    }
    if (error->is_string()) {
        return base::printable(error->get<std::string>());
    }
    const std::string status = get_text(*error, "status").value_or("");
    return base::printable(
        fmt::format("{}{}{}", status, status.empty() ? "" : ": ", get_text(*error, "message").value_or("")));
}

std::string_view meaning_of_status(int code) {
    switch (code) {
        case 401: return "UNAUTHENTICATED";
        case 403: return "PERMISSION_DENIED";
        case 404: return "NOT_FOUND";
        case 429: return "RESOURCE_EXHAUSTED";
        case 500: return "INTERNAL";
        default: return code > 500 ? "UNAVAILABLE" : "";
    }
}

}  // namespace

std::string gcloud_error(const Output& err) {
    const std::string text = err.text();
    std::string found;
    for (const auto line : base::lines(text)) {
        if (line.starts_with("ERROR: ")) {
            found = base::printable(base::trim(line.substr(7)));
        }
    }
    if (found.starts_with('(')) {
        const std::size_t end = found.find(") ");
        found.erase(0, end == std::string::npos ? 0 : end + 2);
    }
    return found.empty() ? last_words(err) : found;
}

bool change_may_be_live(std::string_view words) {
    constexpr auto unanswered =
        std::to_array<std::string_view>({"ABORTED", "Conflict for resource", "BadStatusLine", "RemoteDisconnected",
                                         "ConnectionReset", "Connection reset", "onnection aborted", "timed out",
                                         "UNAVAILABLE", "INTERNAL", "gcloud crashed", "DEADLINE_EXCEEDED"});
    return std::any_of(unanswered.begin(), unanswered.end(), [&](std::string_view part) { return holds(words, part); });
}

std::optional<std::string> google_failure_of(const Outcome& outcome, std::string_view what_answers) {
    auto why = failure_of(outcome, what_answers);
    if (!why) {
        return why;
    }
    if (std::holds_alternative<TimedOut>(outcome.ending)) {
        return fmt::format("{} does not answer in time ({})", what_answers, *why);
    }
    if (const auto* status = std::get_if<HttpStatus>(&outcome.ending)) {
        const std::string words = words_of_answer(outcome);
        if (auto meaning = meaning_of(words)) {
            return fmt::format("{}: {}", what_answers, *meaning);
        }
        if (auto meaning = meaning_of(std::string(meaning_of_status(status->code)))) {
            meaning->resize(std::min(
                meaning->size(), meaning->rfind(": ") == std::string::npos ? meaning->size() : meaning->rfind(": ")));
            return fmt::format("{}: {}", what_answers, *meaning);
        }
        return words.empty() ? why
                             : fmt::format("{} answers HTTP {}: {}", what_answers, status->code, shortened(words));
    }
    const bool ran = std::holds_alternative<Exited>(outcome.ending);
    const std::string words = ran ? gcloud_error(outcome.err) : *why;
    auto meaning = meaning_of(words);
    return meaning ? meaning : ran && !words.empty() ? shortened(words) : why;
}

}  // namespace memrb::actions
