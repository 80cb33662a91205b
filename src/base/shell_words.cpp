#include "base/shell_words.h"

#include <algorithm>

namespace memrb::base {

namespace {

constexpr std::string_view safe_marks = "_@%+=:,./-";

bool is_plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           safe_marks.find(c) != std::string_view::npos;
}

class Splitter {
public:
    explicit Splitter(std::string_view text) : text_(text) {}

    tl::expected<std::vector<std::string>, WordError> run() {
        while (at_ < text_.size()) {
            if (const auto error = step(); !error.message.empty()) {
                return tl::unexpected(error);
            }
        }
        finish_word();
        return std::move(words_);
    }

private:
    WordError step() {
        const char c = text_[at_];
        if (c == ' ' || c == '\t') {
            finish_word();
        } else if (c == '\'') {
            return single_quoted();
        } else if (c == '"') {
            return double_quoted();
        } else if (c == '\\') {
            return escaped();
        } else if (c == '\n') {
            // A trailing newline is what a YAML block scalar leaves behind.
            if (text_.find_first_not_of(" \t\r\n", at_) != std::string_view::npos) {
                return {"a second line: one step is one command; use `shell:` for a script", at_};
            }
            finish_word();
        } else if (c == '#' && !in_word_) {
            return {"unquoted `#`: comments belong to the YAML, not to the command; quote it if it is meant", at_};
        } else if (c == '$' && text_.substr(at_ + 1).starts_with('(')) {
            return {"unquoted `$(`: no shell runs here; quote it, or use `shell:` for a script", at_};
        } else if (c == '|' || c == ';' || c == '&' || c == '<' || c == '>' || c == '`') {
            return {std::string("unquoted `") + c + "`: no shell runs here; quote it, or use `shell:` for a script",
                    at_};
        } else {
            append(c);
        }
        ++at_;
        return {};
    }

    WordError single_quoted() {
        const std::size_t end = text_.find('\'', at_ + 1);
        if (end == std::string_view::npos) {
            return {"this ' is never closed", at_};
        }
        append(text_.substr(at_ + 1, end - at_ - 1));
        at_ = end + 1;
        return {};
    }

    WordError double_quoted() {
        const std::size_t opened = at_++;
        append("");
        while (at_ < text_.size() && text_[at_] != '"') {
            if (text_.substr(at_).starts_with("\\\n")) {  // a line continued
                at_ += 2;
                continue;
            }
            const bool escapes = text_[at_] == '\\' && at_ + 1 < text_.size() &&
                                 std::string_view("\"\\$`").find(text_[at_ + 1]) != std::string_view::npos;
            if (escapes) {
                ++at_;
            }
            append(text_[at_++]);
        }
        if (at_ == text_.size()) {
            return {"this \" is never closed", opened};
        }
        ++at_;
        return {};
    }

    WordError escaped() {
        if (at_ + 1 == text_.size()) {
            return {"nothing follows this \\", at_};
        }
        if (text_[at_ + 1] == '\n') {  // a line continued
            at_ += 2;
            return {};
        }
        append(text_[at_ + 1]);
        at_ += 2;
        return {};
    }

    void append(char c) { append(std::string_view(&c, 1)); }
    void append(std::string_view part) {
        in_word_ = true;
        word_ += part;
    }
    void finish_word() {
        if (in_word_) {
            words_.push_back(std::move(word_));
        }
        word_.clear();
        in_word_ = false;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    bool in_word_ = false;
    std::string word_;
    std::vector<std::string> words_;
};

}  // namespace

tl::expected<std::vector<std::string>, WordError> split_words(std::string_view text) {
    if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
        return tl::unexpected(WordError{"a NUL byte cannot be part of a command", nul});
    }
    return Splitter(text).run();
}

namespace {

std::string in_quotes(std::string_view word) {
    std::string quoted = "'";
    for (const char c : word) {
        if (c == '\'') {
            quoted += "'\\''";
        } else {
            quoted += c;
        }
    }
    return quoted + "'";
}

}  // namespace

std::string quote_word(std::string_view word) {
    const bool plain = !word.empty() && std::all_of(word.begin(), word.end(), is_plain);
    return plain ? std::string(word) : in_quotes(word);
}

std::string quote_words(std::span<const std::string> argv) {
    std::string line;
    for (const auto& word : argv) {
        if (!line.empty()) {
            line += ' ';
        }
        // As the first word, `A=b` would be read as a setting for the command after it.
        line += &word == argv.data() && word.find('=') != std::string::npos ? in_quotes(word) : quote_word(word);
    }
    return line;
}

}  // namespace memrb::base
