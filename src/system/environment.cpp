#include "system/environment.h"

#include <pwd.h>
#include <unistd.h>

namespace memrb::system {

Environment Environment::of_process() {
    std::map<std::string, std::string, std::less<>> values;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string_view text(*entry);
        if (const auto equals = text.find('='); equals != std::string_view::npos) {
            values.emplace(text.substr(0, equals), text.substr(equals + 1));
        }
    }
    return Environment(std::move(values));
}

const std::string& Environment::get(std::string_view name) const {
    static const std::string none;
    const auto found = values_.find(name);
    return found == values_.end() ? none : found->second;
}

std::string Environment::home() const {
    if (has("HOME")) {
        return get("HOME");
    }
    const passwd* entry = getpwuid(getuid());
    return entry == nullptr || entry->pw_dir == nullptr ? std::string("/") : std::string(entry->pw_dir);
}

}  // namespace memrb::system
