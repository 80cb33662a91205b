#include "runbook/jq_text.h"

#include <algorithm>

namespace memrb::runbook {

namespace {

bool is_word_start(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_word(char c) {
    return is_word_start(c) || (c >= '0' && c <= '9');
}

enum class Kind { field, word, text, opening, closing, other };

struct Token {
    Kind kind;
    std::string text;  // of a field or a text: the name; of a bracket or operator: its character
    std::size_t offset;
};

// Cuts a program into tokens, as far as brackets, texts and fields go. The first problem ends it.
class Lexer {
public:
    explicit Lexer(std::string_view program) : program_(program) {}

    std::optional<JqProblem> run() {
        while (at_ < program_.size() && !problem_) {
            if (in_text_) {
                text();
            } else {
                code();
            }
        }
        if (!problem_ && in_text_) {
            problem_ = JqProblem{"this text is never closed", text_begin_};
        }
        if (!problem_ && !open_.empty()) {
            problem_ =
                JqProblem{std::string("this `") + open_.back().symbol + "` is never closed", open_.back().offset};
        }
        return problem_;
    }

    [[nodiscard]] const std::vector<Token>& tokens() const { return tokens_; }

private:
    struct Open {
        char symbol;
        bool interpolation;  // `\(` inside a text: `)` returns to the text
        std::size_t offset;
        std::size_t text_begin;
    };

    void code() {
        const char c = program_[at_];
        if (c == '"') {
            in_text_ = true;
            text_begin_ = at_++;
            text_value_.clear();
        } else if (c == '#') {
            at_ = std::min(program_.find('\n', at_), program_.size());
        } else if (c == '(' || c == '[' || c == '{') {
            open_.push_back({c, false, at_, 0});
            push(Kind::opening, std::string(1, c), at_++);
        } else if (c == ')' || c == ']' || c == '}') {
            close(c);
        } else if (c == '.' && at_ + 1 < program_.size() && is_word_start(program_[at_ + 1])) {
            const std::size_t begin = at_++;
            push(Kind::field, word(), begin + 1);
        } else if (c == '$' || c == '@' || is_word(c)) {
            const std::size_t begin = at_++;
            push(Kind::word, c + word(), begin);
        } else {
            if (c != ' ' && c != '\t' && c != '\n' && c != '\r') {
                push(Kind::other, std::string(1, c), at_);
            }
            ++at_;
        }
    }

    void text() {
        const char c = program_[at_];
        if (c == '"') {
            in_text_ = false;
            push(Kind::text, text_value_, text_begin_ + 1);
            ++at_;
        } else if (c == '\\' && at_ + 1 < program_.size() && program_[at_ + 1] == '(') {
            in_text_ = false;
            open_.push_back({'(', true, at_ + 1, text_begin_});
            push(Kind::opening, "(", at_ + 1);
            at_ += 2;
        } else {
            const std::size_t length = c == '\\' ? 2 : 1;
            text_value_ += program_.substr(at_, length);
            at_ += length;
        }
    }

    void close(char c) {
        const char opener = c == ')' ? '(' : c == ']' ? '[' : '{';
        if (open_.empty() || open_.back().symbol != opener) {
            problem_ = JqProblem{std::string("this `") + c + "` closes nothing", at_};
            return;
        }
        push(Kind::closing, std::string(1, c), at_);
        if (open_.back().interpolation) {
            in_text_ = true;
            text_begin_ = open_.back().text_begin;
            text_value_.clear();
        }
        open_.pop_back();
        ++at_;
    }

    std::string word() {
        const std::size_t begin = at_;
        while (at_ < program_.size() && is_word(program_[at_])) {
            ++at_;
        }
        return std::string(program_.substr(begin, at_ - begin));
    }

    void push(Kind kind, std::string text, std::size_t offset) { tokens_.push_back({kind, std::move(text), offset}); }

    std::string_view program_;
    std::size_t at_ = 0;
    bool in_text_ = false;
    std::size_t text_begin_ = 0;
    std::string text_value_;
    std::vector<Open> open_;
    std::vector<Token> tokens_;
    std::optional<JqProblem> problem_;
};

// Follows the tokens and knows when a field is certainly one of the program's input: at the outer level, before any
// pipe, and not behind a value.
class PathFinder {
public:
    explicit PathFinder(const std::vector<Token>& tokens) : tokens_(tokens) {}

    std::vector<JqPath> run() {
        while (at_ < tokens_.size()) {
            const Token& token = tokens_[at_];
            if (token.kind == Kind::field || starts_with_bracket()) {
                paths_.push_back(path());
                continue;
            }
            follow(token);
            ++at_;
        }
        return std::move(paths_);
    }

private:
    void follow(const Token& token) {
        if (token.kind == Kind::opening) {
            ++depth_;
        } else if (token.kind == Kind::closing) {
            --depth_;
        } else if (token.text == "|" || token.text == "def" || token.text == "catch") {
            input_changed_ = true;
        }
    }

    bool is(std::size_t index, Kind kind, std::string_view text) const {
        return index < tokens_.size() && tokens_[index].kind == kind && (text.empty() || tokens_[index].text == text);
    }

    // `["name"]`
    bool bracketed_name(std::size_t index) const {
        return is(index, Kind::opening, "[") && is(index + 1, Kind::text, "") && is(index + 2, Kind::closing, "]");
    }

    // `.["name"]` or `."name"` at the beginning of a chain
    bool starts_with_bracket() const {
        return is(at_, Kind::other, ".") && (bracketed_name(at_ + 1) || is(at_ + 1, Kind::text, ""));
    }

    bool behind_a_value() const {
        if (at_ == 0) {
            return false;
        }
        const Token& before = tokens_[at_ - 1];
        return before.kind == Kind::closing || before.kind == Kind::text || before.text.starts_with('$') ||
               before.text == "?" || before.text == ".";
    }

    JqPath path() {
        JqPath path;
        path.of_input = depth_ == 0 && !input_changed_ && !behind_a_value();
        while (at_ < tokens_.size()) {
            if (is(at_, Kind::field, "")) {
                add(path, at_, 1);
            } else if (is(at_, Kind::other, ".") && is(at_ + 1, Kind::text, "")) {
                add(path, at_ + 1, 2);
            } else if (is(at_, Kind::other, ".") && bracketed_name(at_ + 1)) {
                add(path, at_ + 2, 4);
            } else if (bracketed_name(at_)) {
                add(path, at_ + 1, 3);
            } else if (is(at_, Kind::other, "?") && !is(at_ + 1, Kind::other, "/")) {
                ++at_;
            } else {
                break;
            }
        }
        return path;
    }

    void add(JqPath& path, std::size_t name, std::size_t tokens) {
        path.parts.push_back({tokens_[name].text, tokens_[name].offset});
        at_ += tokens;
    }

    const std::vector<Token>& tokens_;
    std::size_t at_ = 0;
    int depth_ = 0;
    bool input_changed_ = false;
    std::vector<JqPath> paths_;
};

}  // namespace

std::optional<JqProblem> check_jq_text(std::string_view program) {
    Lexer lexer(program);
    auto problem = lexer.run();
    if (!problem && lexer.tokens().empty()) {
        return JqProblem{"an empty program", 0};
    }
    return problem;
}

std::vector<JqPath> find_jq_paths(std::string_view program) {
    Lexer lexer(program);
    lexer.run();
    return PathFinder(lexer.tokens()).run();
}

}  // namespace memrb::runbook
