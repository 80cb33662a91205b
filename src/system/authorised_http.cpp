#include "system/authorised_http.h"

#include "base/describe.h"
#include "base/retry_after.h"
#include "base/text.h"
#include "system/http.h"
#include "system/output_sink.h"
#include "system/pause.h"
#include "system/process.h"
#include "system/stopwatch.h"

#include <fmt/core.h>
#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <utility>

namespace memrb::system {

namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

constexpr std::chrono::minutes token_life{30};  // they are good for an hour, and may have been used before
constexpr int most_attempts = 4;
constexpr std::size_t most_pages = 50;

bool is_token_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-._~+/=").find(c) != std::string_view::npos;
}

Milliseconds left_until(SteadyTime deadline) {
    return std::chrono::ceil<Milliseconds>(deadline - std::chrono::steady_clock::now());
}

int status_of(const Outcome& outcome) {
    const auto* status = std::get_if<HttpStatus>(&outcome.ending);
    return status == nullptr ? 0 : status->code;
}

// The pause that the server names, else one that doubles.
Milliseconds pause_before(int attempt, const Outcome& outcome) {
    return base::retry_after(outcome.headers).value_or(Milliseconds(250 << attempt));
}

std::string next_page(const std::string& body) {
    const auto document = nlohmann::json::parse(body, nullptr, false);
    const auto found = document.is_object() ? document.find("nextPageToken") : document.end();
    return document.is_object() && found != document.end() && found->is_string() ? found->get<std::string>()
                                                                                 : std::string();
}

std::string percent_encoded(const std::string& text) {
    std::string encoded;
    for (const char c : text) {
        const bool plain = is_token_character(c) && c != '+' && c != '/' && c != '=';
        encoded += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return encoded;
}

}  // namespace

Result<std::string> AuthorisedHttp::token(const std::vector<std::string>& command, const std::string& refused,
                                          Milliseconds patience, const Stop& stop) {
    const std::lock_guard lock(mutex_);
    const auto known = tokens_.find(command);
    const auto now = std::chrono::steady_clock::now();
    if (known != tokens_.end() && known->second.until > now && known->second.text != refused) {
        return known->second.text;
    }
    RunContext context;  // without a folder: the output is kept nowhere
    context.timeout = std::max(patience, Milliseconds{1});
    Command program;
    program.argv = command;
    program.env = {{"CLOUDSDK_CORE_DISABLE_FILE_LOGGING", "1"}};  // gcloud would log the token
    const Outcome outcome = run_command(program, context, stop);
    if (!outcome.ok()) {
        const std::string said = base::first_line(outcome.err.text());
        return fail(Fault::failed, fmt::format("no access token: {}{}", base::describe(outcome.ending),
                                               said.empty() ? "" : ": " + said));
    }
    const std::string printed = outcome.out.text();
    const std::string_view text = base::trim(printed);
    if (text.empty() || !std::all_of(text.begin(), text.end(), is_token_character)) {
        return fail(Fault::failed, fmt::format("no access token: `{}` printed none", base::join(command, " ")));
    }
    tokens_.insert_or_assign(command, Token{std::string(text), now + token_life});
    return std::string(text);
}

/// One request with its attempts and pages.
class AuthorisedHttp::Call {
public:
    Call(AuthorisedHttp& all, const HttpRequest& request, const RunContext& context, const Stop& stop)
        : all_(all),
          request_(request),
          context_(context),
          stop_(stop),
          deadline_(std::chrono::steady_clock::now() + context.timeout) {
        context_.spill_dir.clear();  // what an answer holds is kept after the token was taken out of it
    }

    Outcome run() {
        Outcome last = page({});
        if (!request_.page_parameter.empty() && last.ok()) {
            last = all_pages(std::move(last));
        }
        if (!token_.empty()) {
            last.out.head = base::replace_all(std::move(last.out.head), token_, "(token)");
            last.out.tail = base::replace_all(std::move(last.out.tail), token_, "(token)");
        }
        return last;
    }

private:
    Outcome all_pages(Outcome last) {
        std::string pages = last.out.text();
        std::string next = next_page(pages);
        for (std::size_t count = 1; !next.empty(); ++count) {
            if (count == most_pages) {
                return broken_off(fmt::format("it has more than {} pages", most_pages));
            }
            Outcome one = page(next);
            if (!one.ok()) {
                return one;
            }
            const std::string body = one.out.text();
            if (pages.size() + body.size() > request_.max_body) {
                return broken_off(
                    fmt::format("its pages are together larger than {}", format_bytes(request_.max_body)));
            }
            pages += ",\n" + body;
            const std::string again = next_page(body);
            if (again == next) {
                return broken_off("its pages go in a circle");
            }
            next = again;
        }
        last.out = Output{};
        last.out.head = "[" + pages + "]";
        last.out.total = last.out.head.size();
        return last;
    }

    static Outcome broken_off(const std::string& why) {
        Outcome outcome;
        outcome.ending = NotStarted{.why = "the answer was given up: " + why};
        return outcome;
    }

    Outcome page(const std::string& which) {
        HttpRequest asked = request_;
        asked.token_command.clear();
        asked.page_parameter.clear();
        if (!which.empty()) {
            asked.url += fmt::format("{}{}={}", asked.url.find('?') == std::string::npos ? '?' : '&',
                                     request_.page_parameter, percent_encoded(which));
        }
        const bool reads = asked.method == "GET" || asked.method == "HEAD";
        bool renewed = false;
        for (int attempt = 0;; ++attempt) {
            Outcome outcome = once(asked);
            const int status = status_of(outcome);
            if (status == 401 && !renewed) {
                renewed = true;
                refused_ = token_;
                continue;
            }
            const bool again = reads && (status == 429 || status >= 500) && attempt + 1 < most_attempts;
            const Milliseconds pause = pause_before(attempt, outcome);
            if (!again || stop_.requested() || pause >= left_until(deadline_)) {
                return outcome;
            }
            pause_for(pause, stop_);
        }
    }

    Outcome once(HttpRequest asked) {
        auto token = all_.token(request_.token_command, refused_, left_until(deadline_), stop_);
        Outcome outcome;
        if (stop_.requested()) {
            outcome.ending = Interrupted{};
            return outcome;
        }
        if (!token) {
            outcome.ending = NotStarted{.why = token.error().message};
            return outcome;
        }
        token_ = *std::move(token);
        asked.headers.emplace_back("Authorization", "Bearer " + token_);
        RunContext context = context_;
        context.timeout = left_until(deadline_);
        if (context.timeout.count() <= 0) {
            outcome.ending = TimedOut{context_.timeout};
            return outcome;
        }
        outcome = run_http(asked, context, stop_);
        if (std::holds_alternative<TimedOut>(outcome.ending)) {
            outcome.ending = TimedOut{context_.timeout};
        }
        return outcome;
    }

    AuthorisedHttp& all_;
    const HttpRequest& request_;
    RunContext context_;
    const Stop& stop_;
    SteadyTime deadline_;
    std::string token_;
    std::string refused_;
};

Outcome AuthorisedHttp::run(const HttpRequest& request, const RunContext& context, const Stop& stop) {
    const Stopwatch watch;
    Outcome outcome = Call(*this, request, context, stop).run();
    if (!outcome.out.head.empty() && !outcome.out.truncated()) {
        OutputSink kept(2 * (outcome.out.head.size() + 1),
                        SpillFile(context.spill_dir, context.step, "out", context.spill_cap, secrets_));
        kept.append(outcome.out.text());
        outcome.out = kept.finish();
    }
    watch.stamp(outcome);
    return outcome;
}

}  // namespace memrb::system
