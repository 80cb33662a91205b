#pragma once

#include "base/secrets.h"
#include "memrb/ports.h"
#include "memrb/request.h"

#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace memrb::system {

/// HTTP with a bearer token that a program prints (HttpRequest::token_command). The token is kept in memory for half an
/// hour and goes into a header: it is in no argument, file or log, and where an answer repeats it, it is blotted out.
/// Thread-safe; of several requests that need a token at once one fetches it.
class AuthorisedHttp {
public:
    /// `secrets`, if given, must outlive it: they are masked in the spilled file.
    explicit AuthorisedHttp(const base::Secrets* secrets = nullptr) : secrets_(secrets) {}
    /// All attempts and pages together take no longer than the context's timeout. A failure to get a token ends as
    /// NotStarted with the program's own last words.
    Outcome run(const HttpRequest& request, const RunContext& context, const Stop& stop);

private:
    struct Token {
        std::string text;
        std::chrono::steady_clock::time_point until;
    };
    class Call;

    /// The token of `command`; `refused` is one that the server did not take, which is then fetched anew.
    Result<std::string> token(const std::vector<std::string>& command, const std::string& refused,
                              Milliseconds patience, const Stop& stop);

    const base::Secrets* secrets_;
    std::mutex mutex_;
    std::map<std::vector<std::string>, Token> tokens_;
};

}  // namespace memrb::system
