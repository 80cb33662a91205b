#include "engine/criteria.h"

#include "base/number.h"
#include "base/text.h"

#include <fmt/core.h>
#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

namespace memrb::engine {

namespace {

// These bind less than `and`, or have an `and` of their own: the program is not taken apart then.
constexpr std::array<std::string_view, 12> words_that_join{"or",  "as",    "def", "if",     "reduce",  "foreach",
                                                           "try", "label", "end", "import", "include", "then"};

bool is_word_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// The program split at each `and` outside of brackets; empty: it is not that plain.
class Splitter {
public:
    explicit Splitter(std::string_view program) : text_(program) {}

    std::vector<std::string> run() {
        for (at_ = 0; at_ < text_.size() && plain_;) {
            step();
        }
        if (!plain_ || depth_ != 0) {
            return {};
        }
        parts_.emplace_back(base::trim(text_.substr(begin_)));
        return std::move(parts_);
    }

private:
    void step() {
        const char c = text_[at_];
        if (c == '"') {
            skip_string();
        } else if (c == '(' || c == '[' || c == '{') {
            ++depth_;
            ++at_;
        } else if (c == ')' || c == ']' || c == '}') {
            --depth_;
            ++at_;
        } else if (is_word_char(c)) {
            take_word();
        } else {
            // `//`, `|=`, `=`: all of them bind less than `and`; `==`, `!=`, `<=`, `>=` bind more.
            const std::string_view two = text_.substr(at_, 2);
            const bool compares = two == "==" || two == "!=" || two == "<=" || two == ">=";
            const bool joins = c == '|' || c == ',' || c == ';' || c == '=' || two == "//";
            plain_ = c != '#' && (depth_ > 0 || compares || !joins);
            at_ += compares ? 2 : 1;
        }
    }

    void skip_string() {
        for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
            if (text_[at_] == '\\') {
                ++at_;
                plain_ = plain_ && at_ < text_.size() && text_[at_] != '(';  // interpolation: strings in strings
            }
        }
        ++at_;
    }

    void take_word() {
        const std::size_t from = at_;
        while (at_ < text_.size() && is_word_char(text_[at_])) {
            ++at_;
        }
        const bool field = from > 0 && (text_[from - 1] == '.' || text_[from - 1] == '$');
        const std::string_view word = text_.substr(from, at_ - from);
        if (field || depth_ > 0) {
            return;
        }
        if (word == "and") {
            parts_.emplace_back(base::trim(text_.substr(begin_, from - begin_)));
            begin_ = at_;
        } else if (std::find(words_that_join.begin(), words_that_join.end(), word) != words_that_join.end()) {
            plain_ = false;
        }
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t begin_ = 0;
    int depth_ = 0;
    bool plain_ = true;
    std::vector<std::string> parts_;
};

// Without the brackets around all of it and without blanks: for recognising.
std::string bare(std::string_view program) {
    std::string text;
    std::copy_if(program.begin(), program.end(), std::back_inserter(text),
                 [](char c) { return c != ' ' && c != '\t' && c != '\n' && c != '\r'; });
    while (text.size() > 2 && text.front() == '(' && text.find(')') == text.size() - 1) {
        text = text.substr(1, text.size() - 2);
    }
    return text;
}

std::string percent(double ratio) {
    const double value = ratio * 100;
    return std::abs(value - std::round(value)) < 0.05 ? fmt::format("{:.0f} %", value) : fmt::format("{:.1f} %", value);
}

CriterionPart described(std::string program) {
    CriterionPart part{std::move(program), {}, std::nullopt, false};
    part.says = std::string(base::trim(part.program));
    std::replace(part.says.begin(), part.says.end(), '\n', ' ');
    const std::string text = base::replace_all(bare(part.program), "|numbers", "");
    part.judges_trend = text.find(".trend") != std::string::npos;
    if (text == R"(.trend.verdict!="growing")") {
        part.says = "memory does not grow";
        return part;
    }
    constexpr std::string_view ratio = ".memory.ratio<";
    if (text.starts_with(ratio)) {
        const bool or_equal = text.substr(ratio.size()).starts_with('=');
        const auto bound = base::number<double>(std::string_view(text).substr(ratio.size() + (or_equal ? 1 : 0)));
        if (bound && *bound > 0) {
            part.ceiling = *bound;
            part.says = fmt::format("memory {} {}", or_equal ? "at most" : "below", percent(*bound));
        }
    }
    return part;
}

}  // namespace

std::vector<CriterionPart> criterion_parts(std::string_view until) {
    std::vector<std::string> programs = Splitter(until).run();
    if (programs.empty() ||
        std::any_of(programs.begin(), programs.end(), [](const auto& one) { return one.empty(); })) {
        programs = {std::string(until)};
    }
    std::vector<CriterionPart> parts;
    for (auto& program : programs) {
        parts.push_back(described(std::move(program)));
    }
    return parts;
}

std::string seen_of(const CriterionPart& part, const Assessment& assessment) {
    if (part.ceiling) {
        return assessment.ratio                                            ? format_percent(*assessment.ratio)
               : !assessment.memory                                        ? "not measured"
               : std::holds_alternative<NoLimit>(assessment.memory->limit) ? "no limit is set"
                                                                           : "its limit is not known";
    }
    if (part.judges_trend) {
        return assessment.trend.verdict == Verdict::insufficient_data
                   ? "not enough data"
                   : std::string(to_string(assessment.trend.verdict));
    }
    return {};
}

}  // namespace memrb::engine
