#pragma once

#include "base/secrets.h"
#include "memrb/outcome.h"
#include "memrb/ports.h"
#include "memrb/request.h"

#include <functional>
#include <string_view>

namespace memrb::system {

/// One HTTP exchange with libcurl, which is loaded at the first call: linking it would add 8 ms to every start of
/// memrb. Thread-safe.
///
/// - Redirects are not followed: the answer of the address that was shown is the answer.
/// - Proxies of the environment are used, but not for unix sockets and this machine's own addresses.
/// - No answer ends as NotStarted with words for a person; a change (any method but GET and HEAD) whose answer was lost
///   after it had been sent ends as Unknown.
/// - All of the answer is in Outcome::out.head, whatever RunContext::keep says. One that is larger than
///   HttpRequest::max_body is a failure, never cut.
/// - Only http and https; no cookies, no .netrc, no Content-Type but the request's own.
/// - Ctrl-C ends it within 100 ms, also while a name is looked up.
/// - `secrets`, if given, are masked in the spilled file, not in memory.
Outcome run_http(const HttpRequest& request, const RunContext& context, const Stop& stop,
                 const base::Secrets* secrets = nullptr);

/// Takes the next bytes of a body; false: the rest is not wanted. Must not throw.
using TakeBody = std::function<bool(std::string_view)>;

/// The same, but the body of a good answer (HTTP 200-299) goes to `take` as it arrives, of any size, and is not in the
/// Outcome; that of any other answer is. A body that was not wanted ends as NotStarted.
Outcome stream_http(const HttpRequest& request, const RunContext& context, const Stop& stop, const TakeBody& take);

}  // namespace memrb::system
