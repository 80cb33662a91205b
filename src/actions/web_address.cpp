#include "actions/web_address.h"

#include "base/text.h"

#include <fmt/core.h>
#include <algorithm>

namespace memrb::actions {

namespace {

bool is_unreserved(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-._~").find(c) != std::string_view::npos;
}

bool ends_address(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte <= 0x20 || byte >= 0x7F || std::string_view("\"<>\\^`{|}").find(c) != std::string_view::npos;
}

tl::unexpected<Error> refused(std::string_view address, std::string_view why) {
    return fail(Fault::usage, fmt::format("`{}` {}", base::printable(without_login(address)), why),
                "for example http://localhost:9090");
}

}  // namespace

Result<std::string> check_web_address(std::string_view address) {
    const std::string_view trimmed = base::trim(address);
    const std::size_t colon = trimmed.find("://");
    const std::string_view scheme = trimmed.substr(0, colon == std::string_view::npos ? 0 : colon);
    if (scheme != "http" && scheme != "https") {
        return refused(address, "is no http:// or https:// address");
    }
    const std::string_view rest = trimmed.substr(colon + 3);
    const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
    if (authority.empty() || authority.front() == ':' || authority.back() == '@') {
        return refused(address, "names no host");
    }
    if (std::any_of(rest.begin(), rest.end(), ends_address)) {
        return refused(address, "holds a character that cannot be in an address: write it as %NN");
    }
    return std::string(trimmed);
}

Result<std::string> check_base_address(std::string_view address) {
    auto checked = check_web_address(address);
    if (!checked) {
        return checked;
    }
    if (checked->find_first_of("?#") != std::string::npos) {
        return refused(address, "has a query: give the address without it");
    }
    checked->erase(checked->find_last_not_of('/') + 1);
    return checked;
}

std::string without_login(std::string_view address) {
    const std::size_t scheme = address.find("://");
    const std::size_t begin = scheme == std::string_view::npos ? 0 : scheme + 3;
    const std::string_view authority = address.substr(begin, address.find_first_of("/?#", begin) - begin);
    const std::size_t login = authority.rfind('@');
    return login == std::string_view::npos
               ? std::string(address)
               : std::string(address.substr(0, begin)) + std::string(address.substr(begin + login + 1));
}

std::string encode_query(std::string_view text) {
    std::string encoded;
    encoded.reserve(text.size() * 2);
    for (const char c : text) {
        if (is_unreserved(c)) {
            encoded += c;
        } else {
            encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        }
    }
    return encoded;
}

}  // namespace memrb::actions
