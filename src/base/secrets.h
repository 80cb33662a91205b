#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace memrb::base {

class SecretTable;
enum class SecretBytes : std::uint8_t;

/// Finds what must not be written down or shown: the given values, and text of the shape of a secret (tokens of known
/// services, private keys, Bearer and Basic headers, passwords in URLs, `password=...` and the like, environment lists
/// of containers), also as base64. Each byte of it becomes `*`: sizes and offsets stay what they are, so byte counts
/// and replays hold; what was there cannot be told any more, save its length.
///
/// Thread-safe once all values were added.
class Secrets {
public:
    Secrets();
    ~Secrets();
    Secrets(Secrets&& other) noexcept;
    Secrets& operator=(Secrets&& other) noexcept;
    Secrets(const Secrets&) = delete;
    Secrets& operator=(const Secrets&) = delete;

    /// A value to look for as it is, in base64, percent-encoded and as a JSON string. Less than 4 bytes are too common
    /// to be looked for: nothing happens.
    void add(std::string_view value);

    /// Masks in place; tells how many secrets there were.
    std::size_t mask(std::string& text) const;
    /// The same for one part of something longer: what may be half of a secret at a cut edge is masked too.
    std::size_t mask_part(std::string& text, bool cut_before, bool cut_after) const;
    /// Masks the value that stands behind this name, if the name tells of a secret: `DB_PASSWORD`, `--api-key`,
    /// `X-Vault-Token`.
    std::size_t mask_value(std::string_view name, std::string& value) const;

    [[nodiscard]] const SecretTable& table() const { return *table_; }

private:
    std::unique_ptr<SecretTable> table_;
};

/// Whether a variable, flag or header of this name holds a secret.
bool names_secret(std::string_view name);

/// Masks a stream whose bytes come in pieces of any size.
class SecretFilter {
public:
    /// `secrets` must outlive it.
    explicit SecretFilter(const Secrets& secrets) : secrets_(&secrets) {}

    /// Takes bytes and gives those that are decided by now: they come in order, and none is lost.
    [[nodiscard]] std::string_view feed(std::string_view bytes);
    /// The rest.
    [[nodiscard]] std::string_view finish();

    [[nodiscard]] std::uint64_t masked() const { return masked_; }

private:
    void forget();
    [[nodiscard]] std::string_view decide(bool final);

    const Secrets* secrets_;
    std::string buffer_;      ///< a little of what was given already, then what is not decided
    std::size_t given_ = 0;   ///< of the buffer
    SecretBytes going_on_{};  ///< the end of a secret that began in an earlier piece: what it consists of
    std::uint64_t masked_ = 0;
};

}  // namespace memrb::base
