#pragma once

#include <string>
#include <string_view>

struct evp_md_ctx_st;  // OpenSSL's own name for its context

namespace memrb::base {

/// SHA-256 as 64 lower-case hex digits.
std::string sha256(std::string_view bytes);

/// The same, in pieces. One object may do many digests, one after the other; cheaper than sha256() for short texts.
class Sha256 {
public:
    Sha256();
    ~Sha256();
    Sha256(Sha256&& other) noexcept;
    Sha256& operator=(Sha256&& other) noexcept;
    Sha256(const Sha256&) = delete;
    Sha256& operator=(const Sha256&) = delete;

    void add(std::string_view bytes);
    /// Of all that was added since the last finish().
    [[nodiscard]] std::string finish();

private:
    evp_md_ctx_st* context_;
};

}  // namespace memrb::base
