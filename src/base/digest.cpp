#include "base/digest.h"

#include <fmt/core.h>
#include <openssl/sha.h>
#include <array>
#include <iterator>

namespace memrb::base {

std::string sha256(std::string_view bytes) {
    std::array<unsigned char, SHA256_DIGEST_LENGTH> sum{};
    SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), sum.data());
    std::string hex;
    for (const auto byte : sum) {
        fmt::format_to(std::back_inserter(hex), "{:02x}", byte);
    }
    return hex;
}

}  // namespace memrb::base
