#include "base/digest.h"

#include <fmt/format.h>
#include <openssl/sha.h>
#include <array>

namespace memrb::base {

std::string sha256(std::string_view bytes) {
    std::array<unsigned char, SHA256_DIGEST_LENGTH> sum{};
    SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), sum.data());
    return fmt::format("{:02x}", fmt::join(sum, ""));
}

}  // namespace memrb::base
