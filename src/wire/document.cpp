#include "wire/document.h"

#include <fmt/core.h>
#include <algorithm>
#include <array>
#include <charconv>
#include <utility>
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

std::size_t count_of(char wanted, std::string_view text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), wanted));
}

// Looks at all of them: compilers make such a loop wide, one that may end early they do not.
bool is_plain(std::string_view text) {
    unsigned char others = 0;
    for (const char c : text) {
        others |= static_cast<unsigned char>(c < ' ') | static_cast<unsigned char>(c == 0x7f) |
                  static_cast<unsigned char>(c == '"') | static_cast<unsigned char>(c == '\\');
    }
    return others == 0;
}

// The library's writer looks at each character in turn as a part of UTF-8. Nearly all texts here are plain ASCII, which
// can be copied; the library writes all others, and fractions.
class Writer {
public:
    void write(const Json& json) {
        switch (json.type()) {
            case Json::value_t::object: write_object(json.get_ref<const Json::object_t&>()); break;
            case Json::value_t::array: write_array(json.get_ref<const Json::array_t&>()); break;
            case Json::value_t::string: write_string(json.get_ref<const Json::string_t&>()); break;
            case Json::value_t::number_integer: write_number(json.get<Json::number_integer_t>()); break;
            case Json::value_t::number_unsigned: write_number(json.get<Json::number_unsigned_t>()); break;
            case Json::value_t::null: text_ += "null"; break;
            case Json::value_t::boolean: text_ += json.get<bool>() ? "true" : "false"; break;
            case Json::value_t::number_float:
            case Json::value_t::binary:
            case Json::value_t::discarded: write_by_library(json); break;
        }
    }
    std::string take() { return std::move(text_); }
    void reserve(std::size_t bytes) { text_.reserve(bytes); }

private:
    void write_object(const Json::object_t& object) {
        text_ += '{';
        const char* separator = "";
        for (const auto& [name, value] : object) {
            text_ += std::exchange(separator, ",");
            write_string(name);
            text_ += ':';
            write(value);
        }
        text_ += '}';
    }

    void write_array(const Json::array_t& array) {
        text_ += '[';
        const char* separator = "";
        for (const auto& value : array) {
            text_ += std::exchange(separator, ",");
            write(value);
        }
        text_ += ']';
    }

    void write_string(const std::string& text) {
        if (!is_plain(text)) {
            return write_by_library(text);
        }
        text_ += '"';
        text_ += text;
        text_ += '"';
    }

    template <class Number>
    void write_number(Number number) {
        std::array<char, 24> digits{};
        const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
        text_.append(digits.data(), end);
    }

    void write_by_library(const Json& json) { text_ += json.dump(-1, ' ', false, Json::error_handler_t::replace); }

    std::string text_;
};

}  // namespace

Result<void> within_limits(std::string_view text, const DocumentLimits& limits) {
    if (text.size() > limits.bytes) {
        return fail(Fault::failed, fmt::format("is larger than {}", format_bytes(limits.bytes)));
    }
    // Most documents are far too small to reach a limit, which is seen faster than counted.
    if (count_of(':', text) <= std::min(limits.members, limits.all_members) &&
        count_of('{', text) + count_of('[', text) <= limits.depth) {
        return {};
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
    constexpr std::size_t usual = 1024;  // an event's
    Writer writer;
    writer.reserve(usual);
    writer.write(json);
    return writer.take();
}

}  // namespace memrb::wire
