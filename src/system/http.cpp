#include "system/http.h"

#include "base/text.h"
#include "system/curl_library.h"
#include "system/output_sink.h"
#include "system/stopwatch.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <memory>
#include <string_view>
#include <system_error>

namespace memrb::system {

namespace {

constexpr int longest_poll_ms = 1000;

std::string_view host_and_port(std::string_view url) {
    if (const auto scheme = url.find("://"); scheme != std::string_view::npos) {
        url.remove_prefix(scheme + 3);
    }
    url = url.substr(0, url.find_first_of("/?#"));
    if (const auto user = url.rfind('@'); user != std::string_view::npos) {
        url.remove_prefix(user + 1);  // never shown: it may hold a password
    }
    return url;
}

bool is_loopback(std::string_view url) {
    const auto host = host_and_port(url);
    return host.starts_with("localhost") || host.starts_with("127.") || host.starts_with("[::1]");
}

bool changes_something(const HttpRequest& request) {
    return request.method != "GET" && request.method != "HEAD";
}

class Exchange {
public:
    Exchange(const CurlLibrary& curl, const HttpRequest& request, const RunContext& context)
        : curl_(curl),
          request_(request),
          context_(context),
          body_(context.keep, SpillFile(context.spill_dir, context.step, "out", context.spill_cap)),
          easy_(curl.easy_init(), curl.easy_cleanup),
          headers_(nullptr, curl.slist_free_all),
          multi_(curl.multi_init(), curl.multi_cleanup) {}

    Outcome run(const Stop& stop) {
        const Stopwatch watch;
        prepare();
        Outcome outcome;
        outcome.ending = transfer(stop);
        outcome.out = body_.finish();
        outcome.headers = std::move(kept_headers_);
        watch.stamp(outcome);
        return outcome;
    }

private:
    template <class Value>
    void set(CURLoption option, Value value) {
        curl_.easy_setopt(easy_.get(), option, value);
    }

    void prepare() {
        set(CURLOPT_URL, request_.url.c_str());
        set(CURLOPT_NOSIGNAL, 1L);
        set(CURLOPT_PROTOCOLS_STR, "http,https");
        set(CURLOPT_FOLLOWLOCATION, 0L);
        set(CURLOPT_USERAGENT, "memrb");
        set(CURLOPT_TIMEOUT_MS, static_cast<long>(context_.timeout.count()));
        set(CURLOPT_WRITEFUNCTION, &Exchange::on_body);
        set(CURLOPT_WRITEDATA, this);
        set(CURLOPT_HEADERFUNCTION, &Exchange::on_header);
        set(CURLOPT_HEADERDATA, this);
        if (!request_.unix_socket.empty()) {
            set(CURLOPT_UNIX_SOCKET_PATH, request_.unix_socket.c_str());
        }
        if (!request_.unix_socket.empty() || is_loopback(request_.url)) {
            set(CURLOPT_PROXY, "");
        }
        set_method();
        set_certificates();
    }

    void set_method() {
        if (request_.method == "HEAD") {
            set(CURLOPT_NOBODY, 1L);
        } else if (request_.method != "GET") {
            set(CURLOPT_CUSTOMREQUEST, request_.method.c_str());
            set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
            set(CURLOPT_POSTFIELDS, request_.body.c_str());
            add_header("Expect:");  // no waiting for 100-continue
        }
        for (const auto& [name, value] : request_.headers) {
            add_header(fmt::format("{}: {}", name, value));
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
        curl_slist* longer = curl_.slist_append(headers_.get(), line.c_str());
        if (longer != nullptr) {
            (void)headers_.release();  // the list is the same one, grown
            headers_.reset(longer);
        }
    }

    Ending transfer(const Stop& stop) {
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
            return NotStarted{
                fmt::format("the answer of {} is larger than {}", place(), format_bytes(request_.max_body)), false,
                false};
        }
        if (result == CURLE_OPERATION_TIMEDOUT) {
            return lost_or(TimedOut{context_.timeout}, "no answer came in time");
        }
        const NotStarted why = explain(result);
        const bool sent = result != CURLE_COULDNT_CONNECT && result != CURLE_COULDNT_RESOLVE_HOST;
        return sent ? lost_or(why, why.why) : Ending(why);
    }

    // What a change that was sent, but not answered, has done is not known.
    Ending lost_or(Ending otherwise, const std::string& why) const {
        long sent = 0;
        curl_.easy_getinfo(easy_.get(), CURLINFO_REQUEST_SIZE, &sent);
        return changes_something(request_) && sent > 0 ? Ending(Unknown{why}) : otherwise;
    }

    NotStarted explain(CURLcode result) const {
        long error = 0;
        curl_.easy_getinfo(easy_.get(), CURLINFO_OS_ERRNO, &error);
        const std::string system = std::generic_category().message(static_cast<int>(error));
        switch (result) {
            case CURLE_COULDNT_CONNECT:
                if (!request_.unix_socket.empty()) {
                    return socket_trouble(static_cast<int>(error), system);
                }
                return {error == ECONNREFUSED || error == 0
                            ? fmt::format("nothing listens at {} (connection refused)", place())
                            : fmt::format("cannot connect to {}: {}", place(), system),
                        false, false};
            case CURLE_COULDNT_RESOLVE_HOST:
                return {fmt::format("the host name of {} is not known", place()), false, false};
            case CURLE_COULDNT_RESOLVE_PROXY: return {"the host name of the proxy is not known", false, false};
            case CURLE_PARTIAL_FILE:
            case CURLE_RECV_ERROR:
                return {fmt::format("the answer of {} broke off in the middle", place()), false, false};
            case CURLE_GOT_NOTHING:
                return {fmt::format("{} closed the connection without an answer", place()), false, false};
            case CURLE_WEIRD_SERVER_REPLY:
            case CURLE_UNSUPPORTED_PROTOCOL:
            case CURLE_HTTP2: return {fmt::format("{} does not answer in HTTP", place()), false, false};
            case CURLE_URL_MALFORMAT:
                return {fmt::format("`{}` is no web address", base::printable(request_.url)), false, false};
            case CURLE_PEER_FAILED_VERIFICATION:
                return {fmt::format("the certificate of {} is not trusted", place()), false, false};
            case CURLE_SSL_CONNECT_ERROR: return {fmt::format("no TLS with {}", place()), false, false};
            case CURLE_SSL_CERTPROBLEM:
            case CURLE_SSL_CACERT_BADFILE:
                return {fmt::format("the certificate files for {} cannot be used", place()), false, false};
            default:
                return {fmt::format("no answer from {} (libcurl error {})", place(), static_cast<int>(result)), false,
                        false};
        }
    }

    NotStarted socket_trouble(int error, const std::string& system) const {
        const std::string socket = base::printable(request_.unix_socket);
        if (error == EACCES || error == EPERM) {
            return {fmt::format("no permission to open {}", socket), false, true};
        }
        if (error == ENOENT) {
            return {fmt::format("the socket {} does not exist", socket), false, false};
        }
        return {error == ECONNREFUSED ? fmt::format("nothing listens on {} (connection refused)", socket)
                                      : fmt::format("cannot open {}: {}", socket, system),
                false, false};
    }

    std::string place() const {
        return base::printable(request_.unix_socket.empty() ? host_and_port(request_.url) : request_.unix_socket);
    }

    static std::size_t on_body(const char* bytes, std::size_t size, std::size_t count, void* self) {
        auto& exchange = *static_cast<Exchange*>(self);
        const std::size_t length = size * count;
        if (exchange.body_.total() + length > exchange.request_.max_body) {
            exchange.too_large_ = true;
            return 0;
        }
        exchange.body_.append({bytes, length});
        return length;
    }

    static std::size_t on_header(const char* bytes, std::size_t size, std::size_t count, void* self) {
        const std::string_view line(bytes, size * count);
        const auto colon = line.find(':');
        if (colon != std::string_view::npos) {
            std::string name(line.substr(0, colon));
            std::transform(name.begin(), name.end(), name.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
            if (name == "content-type" || name == "retry-after") {
                static_cast<Exchange*>(self)->kept_headers_.emplace_back(name, base::trim(line.substr(colon + 1)));
            }
        }
        return size * count;
    }

    const CurlLibrary& curl_;
    const HttpRequest& request_;
    const RunContext& context_;
    OutputSink body_;
    bool too_large_ = false;
    Pairs kept_headers_;
    std::unique_ptr<CURL, void (*)(CURL*)> easy_;
    std::unique_ptr<curl_slist, void (*)(curl_slist*)> headers_;
    std::unique_ptr<CURLM, CURLMcode (*)(CURLM*)> multi_;
};

}  // namespace

Outcome run_http(const HttpRequest& request, const RunContext& context, const Stop& stop) {
    const CurlLibrary* curl = CurlLibrary::get();
    if (curl == nullptr) {
        Outcome outcome;
        outcome.ending = NotStarted{"libcurl is not installed (Debian: libcurl4)", true, false};
        return outcome;
    }
    return Exchange(*curl, request, context).run(stop);
}

}  // namespace memrb::system
