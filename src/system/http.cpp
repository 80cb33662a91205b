#include "system/http.h"

#include "base/text.h"
#include "system/curl_library.h"
#include "system/http_failure.h"
#include "system/output_sink.h"
#include "system/stopwatch.h"

#include <fmt/core.h>
#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <exception>
#include <memory>
#include <string_view>

namespace memrb::system {

namespace {

constexpr int longest_poll_ms = 1000;
constexpr long longest_piece = 256L << 10U;  // of a body that is streamed; libcurl's own 16 KiB cost a call each

bool is_token(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(),
                                        [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '_'; });
}

bool has_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

std::string lower(std::string_view text) {
    std::string copy(text);
    std::transform(copy.begin(), copy.end(), copy.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return copy;
}

/// What must not reach the wire: a line break in a header would be a header of its own.
std::string unfit(const HttpRequest& request) {
    const auto scheme_end = request.url.find("://");
    const std::string scheme = scheme_end == std::string::npos ? "http" : lower(request.url.substr(0, scheme_end));
    if (place_of(request).empty() || has_control(request.url) || (scheme != "http" && scheme != "https")) {
        return fmt::format("`{}` is no address that begins with http:// or https://", base::printable(request.url));
    }
    if (!is_token(request.method)) {
        return fmt::format("`{}` is no HTTP method", base::printable(request.method));
    }
    for (const auto& [name, value] : request.headers) {
        if (!is_token(name) || has_control(value)) {
            return fmt::format("the header `{}` cannot be sent", base::printable(name));
        }
    }
    return {};
}

bool changes_something(const HttpRequest& request) {
    return request.method != "GET" && request.method != "HEAD";
}

bool goes_direct(const HttpRequest& request) {
    return !request.unix_socket.empty() || is_loopback(request.url);
}

/// The variable by which libcurl would choose a proxy. (It does not honour HTTP_PROXY: a CGI client could set that.)
std::string proxy_variable(const HttpRequest& request) {
    const bool tls = lower(request.url).starts_with("https://");
    const std::array<const char*, 4> names{tls ? "https_proxy" : "http_proxy", tls ? "HTTPS_PROXY" : "all_proxy",
                                           "all_proxy", "ALL_PROXY"};
    for (const char* name : names) {
        const char* value = goes_direct(request) ? nullptr : std::getenv(name);
        if (value != nullptr && *value != '\0') {
            return name;
        }
    }
    return {};
}

class Exchange {
public:
    /// `take` may be null: the body is kept.
    Exchange(const CurlLibrary& curl, const HttpRequest& request, const RunContext& context, const TakeBody* take,
             const base::Secrets* secrets)
        : curl_(curl),
          request_(request),
          context_(context),
          take_(take),
          // All of the answer stays in memory, whatever `keep` says: half a JSON document is none.
          body_(2 * static_cast<std::size_t>(request.max_body),
                SpillFile(context.spill_dir, context.step, "out", context.spill_cap, secrets)),
          easy_(curl.easy_init(), curl.easy_cleanup),
          headers_(nullptr, curl.slist_free_all),
          multi_(curl.multi_init(), curl.multi_cleanup) {}

    Outcome run(const Stop& stop) {
        Outcome outcome;
        if (!easy_ || !multi_) {
            outcome.ending = NotStarted{.why = "libcurl could not be started: no memory"};
            return outcome;
        }
        prepare();
        outcome.ending = transfer(stop);
        outcome.out = body_.finish();
        if (too_large_) {
            shorten(outcome.out);
        }
        outcome.headers = std::move(kept_headers_);
        return outcome;
    }

private:
    template <class Value>
    void set(CURLoption option, Value value) {
        all_set_ = curl_.easy_setopt(easy_.get(), option, value) == CURLE_OK && all_set_;
    }

    void prepare() {
        set(CURLOPT_ERRORBUFFER, detail_.data());
        set(CURLOPT_URL, request_.url.c_str());
        set(CURLOPT_DEFAULT_PROTOCOL, "http");
        set(CURLOPT_PROTOCOLS_STR, "http,https");
        set(CURLOPT_FOLLOWLOCATION, 0L);
        set(CURLOPT_NOSIGNAL, 1L);
        set(CURLOPT_QUICK_EXIT, 1L);  // a name server that hangs must not hold up Ctrl-C
        set(CURLOPT_USERAGENT, "memrb/" MEMRB_VERSION);
        set(CURLOPT_TIMEOUT_MS, static_cast<long>(context_.timeout.count()));
        set(CURLOPT_WRITEFUNCTION, &Exchange::on_body);
        set(CURLOPT_WRITEDATA, this);
        set(CURLOPT_HEADERFUNCTION, &Exchange::on_header);
        set(CURLOPT_HEADERDATA, this);
        if (take_ != nullptr) {
            set(CURLOPT_BUFFERSIZE, longest_piece);
        }
        if (!request_.unix_socket.empty()) {
            set(CURLOPT_UNIX_SOCKET_PATH, request_.unix_socket.c_str());
        }
        if (goes_direct(request_)) {
            set(CURLOPT_PROXY, "");
        }
        set_method();
        set_headers();
        set_certificates();
    }

    void set_method() {
        if (request_.method == "HEAD") {
            set(CURLOPT_NOBODY, 1L);
        } else if (request_.method != "GET" || !request_.body.empty()) {
            set(CURLOPT_CUSTOMREQUEST, request_.method.c_str());
            set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
            set(CURLOPT_POSTFIELDS, request_.body.data());
            add_header("Expect:");        // no waiting for 100-continue
            add_header("Content-Type:");  // libcurl would call every body a form; a header given below still counts
        }
    }

    void set_headers() {
        for (const auto& [name, value] : request_.headers) {
            // "Name;" is libcurl's way to send a header without a value; "Name:" would remove it.
            add_header(value.empty() ? name + ";" : fmt::format("{}: {}", name, value));
        }
        if (headers_) {
            set(CURLOPT_HTTPHEADER, headers_.get());
        }
    }

    void set_certificates() {
        if (!request_.ca_file.empty()) {
            set(CURLOPT_CAINFO, request_.ca_file.c_str());
        }
        if (!request_.cert_file.empty()) {
            set(CURLOPT_SSLCERT, request_.cert_file.c_str());
            set(CURLOPT_SSLKEY, request_.key_file.c_str());
        }
    }

    void add_header(const std::string& line) {
        curl_slist* const list = headers_.release();
        curl_slist* const longer = curl_.slist_append(list, line.c_str());  // the same list, grown; null: as it was
        headers_.reset(longer != nullptr ? longer : list);
        all_set_ = longer != nullptr && all_set_;
    }

    Ending transfer(const Stop& stop) {
        if (!all_set_) {
            return NotStarted{.why = "this libcurl is too old to be used safely (7.87 or newer is needed)"};
        }
        curl_.multi_add_handle(multi_.get(), easy_.get());
        int running = 1;
        bool stopped = stop.requested();
        while (running != 0 && !stopped) {
            if (curl_.multi_perform(multi_.get(), &running) != CURLM_OK) {
                break;
            }
            if (running != 0) {
                curl_waitfd extra{stop.poll_fd(), CURL_WAIT_POLLIN, 0};
                const unsigned int extras = extra.fd >= 0 ? 1 : 0;
                curl_.multi_poll(multi_.get(), extras == 1 ? &extra : nullptr, extras, longest_poll_ms, nullptr);
            }
            stopped = stop.requested();
        }
        CURLcode result = CURLE_ABORTED_BY_CALLBACK;
        int left = 0;
        while (const CURLMsg* message = curl_.multi_info_read(multi_.get(), &left)) {
            if (message->msg == CURLMSG_DONE) {
                result = message->data.result;
            }
        }
        const Ending ending = stopped && running != 0 ? lost_or(Interrupted{}, "it was interrupted") : judge(result);
        curl_.multi_remove_handle(multi_.get(), easy_.get());
        return ending;
    }

    Ending judge(CURLcode result) {
        if (result == CURLE_OK) {
            long status = 0;
            curl_.easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
            return HttpStatus{static_cast<int>(status)};
        }
        if (too_large_) {
            const std::string why =
                fmt::format("the answer of {} is larger than {}", place_of(request_), format_bytes(request_.max_body));
            return lost_or(NotStarted{.why = why}, why);
        }
        if (refused_) {
            return lost_or(NotStarted{.why = "the rest of the answer was not wanted"}, "the answer was not wanted");
        }
        if (out_of_memory_) {
            const std::string why = fmt::format("no memory for the answer of {}", place_of(request_));
            return lost_or(NotStarted{.why = why}, why);
        }
        if (result == CURLE_OPERATION_TIMEDOUT) {
            return lost_or(TimedOut{context_.timeout}, "no answer came in time");
        }
        long error = 0;
        curl_.easy_getinfo(easy_.get(), CURLINFO_OS_ERRNO, &error);
        const NotStarted why = explain({.code = result,
                                        .os_error = static_cast<int>(error),
                                        .detail = detail_.data(),
                                        .proxy = proxy_variable(request_)},
                                       request_);
        return lost_or(why, why.why);
    }

    // What a change that was sent, but not answered, has done is not known.
    Ending lost_or(const Ending& otherwise, const std::string& why) const {
        long sent = 0;
        curl_.easy_getinfo(easy_.get(), CURLINFO_REQUEST_SIZE, &sent);
        return changes_something(request_) && sent > 0 ? Ending(Unknown{why}) : otherwise;
    }

    // Of an answer that is refused for its size only the beginning is of use, to see what it was.
    void shorten(Output& output) const {
        output.head.resize(std::min<std::size_t>(output.head.size(), context_.keep / 2));
        output.head.shrink_to_fit();
        output.dropped = output.total - output.head.size();
    }

    [[nodiscard]] bool streams() const {
        long status = 0;
        return take_ != nullptr && curl_.easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status) == CURLE_OK &&
               status / 100 == 2;
    }

    static std::size_t on_body(const char* bytes, std::size_t size, std::size_t count, void* self) {
        auto& exchange = *static_cast<Exchange*>(self);
        const std::size_t length = size * count;
        if (exchange.streams()) {
            exchange.refused_ = !(*exchange.take_)({bytes, length});
            return exchange.refused_ ? 0 : length;
        }
        if (exchange.body_.total() + length > exchange.request_.max_body) {
            exchange.too_large_ = true;
            return 0;
        }
        try {
            exchange.body_.append({bytes, length});
        } catch (const std::exception&) {  // must not pass through libcurl
            exchange.out_of_memory_ = true;
            return 0;
        }
        return length;
    }

    static std::size_t on_header(const char* bytes, std::size_t size, std::size_t count, void* self) {
        auto& kept = static_cast<Exchange*>(self)->kept_headers_;
        const std::string_view line(bytes, size * count);
        try {
            if (line.starts_with("HTTP/")) {
                kept.clear();  // those before were of a proxy or of a "100 Continue"
            }
            const auto colon = line.find(':');
            const std::string name = lower(line.substr(0, colon == std::string_view::npos ? 0 : colon));
            if (name == "content-type" || name == "retry-after") {
                kept.emplace_back(name, base::trim(line.substr(colon + 1)));
            }
        } catch (const std::exception&) {
            return 0;
        }
        return line.size();
    }

    const CurlLibrary& curl_;
    const HttpRequest& request_;
    const RunContext& context_;
    const TakeBody* take_;
    OutputSink body_;
    bool all_set_ = true;
    bool too_large_ = false;
    bool refused_ = false;
    bool out_of_memory_ = false;
    std::array<char, CURL_ERROR_SIZE> detail_{};
    Pairs kept_headers_;
    std::unique_ptr<CURL, void (*)(CURL*)> easy_;
    std::unique_ptr<curl_slist, void (*)(curl_slist*)> headers_;
    std::unique_ptr<CURLM, CURLMcode (*)(CURLM*)> multi_;
};

Outcome exchange(const HttpRequest& request, const RunContext& context, const Stop& stop, const TakeBody* take,
                 const base::Secrets* secrets) {
    const Stopwatch watch;
    Outcome outcome;
    if (stop.requested()) {
        outcome.ending = Interrupted{};
    } else if (const std::string why = unfit(request); !why.empty()) {
        outcome.ending = NotStarted{.why = why};
    } else if (const CurlLibrary* curl = CurlLibrary::get(); curl == nullptr) {
        outcome.ending = NotStarted{.why = "libcurl is not installed (Debian: libcurl4)", .missing_tool = true};
    } else {
        outcome = Exchange(*curl, request, context, take, secrets).run(stop);
    }
    watch.stamp(outcome);
    return outcome;
}

}  // namespace

Outcome run_http(const HttpRequest& request, const RunContext& context, const Stop& stop,
                 const base::Secrets* secrets) {
    return exchange(request, context, stop, nullptr, secrets);
}

Outcome stream_http(const HttpRequest& request, const RunContext& context, const Stop& stop, const TakeBody& take) {
    return exchange(request, context, stop, &take, nullptr);
}

}  // namespace memrb::system
