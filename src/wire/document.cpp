#include "wire/document.h"

#include <fmt/core.h>
#include <vector>

namespace memrb::wire {

namespace {

// Walks over the brackets and commas of JSON text. Text that is no JSON may be counted wrongly: the parser rejects it.
class Counter {
public:
    explicit Counter(const DocumentLimits& limits) : limits_(&limits) {}

    Result<void> run(std::string_view text) {
        bool in_string = false;
        for (std::size_t i = 0; i < text.size(); ++i) {
            const char c = text[i];
            if (in_string) {
                i += c == '\\' ? 1 : 0;
                in_string = c != '"';
                continue;
            }
            in_string = c == '"';
            if (auto counted = count(c); !counted) {
                return counted;
            }
        }
        return {};
    }

private:
    Result<void> count(char c) {
        if (c == '{' || c == '[') {
            open_.push_back(0);
            if (open_.size() > limits_->depth) {
                return fail(Fault::failed, fmt::format("is nested deeper than {} levels", limits_->depth));
            }
        } else if ((c == '}' || c == ']') && !open_.empty()) {
            open_.pop_back();
        } else if (c == ':') {
            if (++all_ > limits_->all_members) {
                return fail(Fault::failed, fmt::format("has more than {} members", limits_->all_members));
            }
            if (!open_.empty() && ++open_.back() > limits_->members) {
                return fail(Fault::failed, fmt::format("has an object of more than {} members", limits_->members));
            }
        }
        return {};
    }

    const DocumentLimits* limits_;
    std::vector<std::size_t> open_;  // members so far of each open object
    std::size_t all_ = 0;
};

}  // namespace

Result<void> within_limits(std::string_view text, const DocumentLimits& limits) {
    if (text.size() > limits.bytes) {
        return fail(Fault::failed, fmt::format("is larger than {}", format_bytes(limits.bytes)));
    }
    return Counter(limits).run(text);
}

Result<Json> parse_json(std::string_view text, const DocumentLimits& limits) {
    if (auto fits = within_limits(text, limits); !fits) {
        return tl::unexpected(fits.error());
    }
    try {
        return Json::parse(text);
    } catch (const Json::parse_error& error) {
        return fail(Fault::failed, text.empty() ? std::string("is empty")
                                                : fmt::format("is no JSON: it goes wrong at byte {}", error.byte));
    } catch (const Json::exception&) {
        return fail(Fault::failed, "has a number that is too large");
    }
}

Json object_for(std::size_t members) {
    Json json = Json::object();
    json.get_ref<Json::object_t&>().reserve(members);
    return json;
}

std::string dump(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace memrb::wire
