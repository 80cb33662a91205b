#include "includes.h"

#include <algorithm>

namespace memrb::layering {

namespace {

constexpr std::string_view blanks = " \t\r\f\v";

class Scanner {
public:
    explicit Scanner(std::string_view source) : text_(source) {}

    std::vector<Include> run() {
        bool line_start = true;
        while (!at_end()) {
            const char c = text_[at_];
            if (c == '\n') {
                line_start = true;
                step();
            } else if (skip_splice() || skip_comment()) {
                continue;
            } else if (blanks.find(c) != std::string_view::npos) {
                step();
            } else if (c == '#' && line_start) {
                step();
                directive();
            } else {
                line_start = false;
                skip_literal_or_character();
            }
        }
        return std::move(found_);
    }

private:
    [[nodiscard]] bool at_end() const { return at_ >= text_.size(); }
    [[nodiscard]] std::string_view rest() const { return text_.substr(at_); }

    void step() {
        line_ += text_[at_] == '\n' ? 1 : 0;
        ++at_;
    }
    void step_to(std::size_t end) {
        while (at_ < std::min(end, text_.size())) {
            step();
        }
    }

    bool skip_splice() {
        if (!rest().starts_with("\\\n") && !rest().starts_with("\\\r\n")) {
            return false;
        }
        step_to(text_.find('\n', at_) + 1);
        return true;
    }

    bool skip_comment() {
        if (rest().starts_with("//")) {
            while (!at_end() && text_[at_] != '\n') {
                if (!skip_splice()) {
                    step();
                }
            }
            return true;
        }
        if (rest().starts_with("/*")) {
            const std::size_t end = text_.find("*/", at_ + 2);
            step_to(end == std::string_view::npos ? text_.size() : end + 2);
            return true;
        }
        return false;
    }

    // `#include "x"`, with whatever the language allows between the words.
    void directive() {
        skip_between();
        const std::string word = identifier();
        if (word != "include" && word != "include_next" && word != "import") {
            return;  // what follows may hold comments and literals: the main loop skips them
        }
        skip_between();
        const int line = line_;
        const char open = at_end() ? '\n' : text_[at_];
        const char close = open == '<' ? '>' : '"';
        const std::size_t line_end = std::min(text_.find('\n', at_), text_.size());
        const std::size_t end = at_end() ? std::string_view::npos : text_.find(close, at_ + 1);
        if ((open == '<' || open == '"') && end < line_end) {
            found_.push_back({line, std::string(text_.substr(at_ + 1, end - at_ - 1)),
                              open == '<' ? Include::Form::brackets : Include::Form::quotes});
        } else {
            found_.push_back({line, std::string(text_.substr(at_, line_end - at_)), Include::Form::computed});
        }
        step_to(line_end);
    }

    void skip_between() {
        while (!at_end() && text_[at_] != '\n') {
            if (!skip_splice() && !skip_comment()) {
                if (blanks.find(text_[at_]) == std::string_view::npos) {
                    return;
                }
                step();
            }
        }
    }

    std::string identifier() {
        std::string word;
        while (!at_end()) {
            const char c = text_[at_];
            if (skip_splice()) {
                continue;
            }
            if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_')) {
                break;
            }
            word += c;
            step();
        }
        return word;
    }

    void skip_literal_or_character() {
        const char c = text_[at_];
        if (rest().starts_with("R\"")) {
            const std::size_t open = text_.find('(', at_);
            const std::string close =
                ")" + std::string(text_.substr(at_ + 2, open == std::string_view::npos ? 0 : open - at_ - 2)) + "\"";
            const std::size_t end = text_.find(close, at_ + 2);
            step_to(end == std::string_view::npos ? text_.size() : end + close.size());
        } else if (c == '"' || (c == '\'' && !after_digit())) {
            step();
            while (!at_end() && text_[at_] != c && text_[at_] != '\n') {
                step_to(at_ + (text_[at_] == '\\' ? 2 : 1));
            }
            if (!at_end() && text_[at_] == c) {
                step();
            }
        } else {
            step();
        }
    }

    // `1'000` separates digits and opens nothing.
    [[nodiscard]] bool after_digit() const {
        return at_ > 0 &&
               ((text_[at_ - 1] >= '0' && text_[at_ - 1] <= '9') || (text_[at_ - 1] >= 'a' && text_[at_ - 1] <= 'f') ||
                (text_[at_ - 1] >= 'A' && text_[at_ - 1] <= 'F'));
    }

    std::string_view text_;
    std::size_t at_ = 0;
    int line_ = 1;
    std::vector<Include> found_;
};

}  // namespace

std::vector<Include> find_includes(std::string_view source) {
    return Scanner(source).run();
}

}  // namespace memrb::layering
