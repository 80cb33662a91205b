#include "runbook/locate.h"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace memrb::runbook {

namespace {

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n';
}

std::size_t utf8_length(unsigned long code) {
    return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

// Walks through a scalar as it is written beside the text that it means. Lines that YAML folds differ only in blanks,
// so blanks match any number of blanks.
class Walk {
public:
    Walk(std::string_view source, std::string_view text, std::size_t begin) : source_(source), text_(text), at_(begin) {
        skip_properties();
    }

    // The place of each byte of the text, and last the place where the scalar ends.
    std::vector<std::size_t> run() {
        const char style = at_ < source_.size() ? source_[at_] : '\0';
        if (style == '|' || style == '>') {
            at_ = std::min(source_.find('\n', at_), source_.size());
        } else if (style == '"' || style == '\'') {
            quote_ = style;
            ++at_;
        }
        while (places_.size() < text_.size() && at_ < source_.size()) {
            step();
        }
        places_.resize(text_.size(), at_);  // what could not be followed
        places_.push_back(std::min(quote_ == '\0' ? at_ : at_ + 1, source_.size()));
        return places_;
    }

private:
    // `&anchor` and `!tag` stand before the value.
    void skip_properties() {
        while (at_ < source_.size() && (source_[at_] == '&' || source_[at_] == '!')) {
            while (at_ < source_.size() && !is_blank(source_[at_])) {
                ++at_;
            }
            skip_blanks();
        }
    }

    void skip_blanks() {
        while (at_ < source_.size() && is_blank(source_[at_])) {
            ++at_;
        }
    }

    void step() {
        const char wanted = text_[places_.size()];
        if (quote_ == '"' && source_[at_] == '\\') {
            return escape();
        }
        if (is_blank(wanted)) {
            places_.push_back(at_);
            if (is_blank(source_[at_])) {
                ++at_;
            }
            return;
        }
        skip_blanks();
        if (quote_ == '"' && at_ < source_.size() && source_[at_] == '\\') {
            return escape();
        }
        places_.push_back(std::min(at_, source_.size()));
        const bool doubled = quote_ == '\'' && wanted == '\'';
        at_ += doubled ? 2 : 1;
    }

    void escape() {
        const std::size_t from = at_;
        const char kind = at_ + 1 < source_.size() ? source_[at_ + 1] : '\0';
        at_ += 2;
        if (kind == '\n') {  // a line continued: it means nothing
            skip_blanks();
            return;
        }
        const std::size_t digits = kind == 'x' ? 2 : kind == 'u' ? 4 : kind == 'U' ? 8 : 0;
        std::size_t bytes = kind == 'N' || kind == '_' ? 2 : kind == 'L' || kind == 'P' ? 3 : 1;
        if (digits > 0) {
            const std::string hex(source_.substr(std::min(at_, source_.size()), digits));
            bytes = utf8_length(std::strtoul(hex.c_str(), nullptr, 16));
            at_ = std::min(at_ + digits, source_.size());
        }
        places_.insert(places_.end(), std::min(bytes, text_.size() - places_.size()), from);
    }

    std::string_view source_;
    std::string_view text_;
    std::size_t at_;
    char quote_ = '\0';
    std::vector<std::size_t> places_;
};

Span on_one_line(const Source& source, std::size_t begin, std::size_t end) {
    begin = std::min(begin, source.text().size());
    return {begin, std::clamp(end, begin, source.line_end(begin))};
}

}  // namespace

Span locate(const Source& source, const Node& scalar, std::size_t offset, std::size_t length) {
    if (scalar.kind != Node::Kind::scalar || scalar.text.empty()) {
        return locate(source, scalar);
    }
    const auto places = Walk(source.text(), scalar.text, scalar.begin).run();
    const std::size_t first = std::min(offset, places.size() - 1);
    const std::size_t last = std::min(offset + length, places.size() - 1);
    // One byte beyond the last, so that a closing quote is not underlined.
    const std::size_t end = last > first ? places[last - 1] + 1 : places[first] + 1;
    return on_one_line(source, places[first], end);
}

Span locate(const Source& source, const Node& node) {
    if (node.kind != Node::Kind::scalar) {
        return on_one_line(source, node.begin, node.begin + 1);
    }
    const auto places = Walk(source.text(), node.text, node.begin).run();
    const char style = node.begin < source.text().size() ? source.text()[node.begin] : '\0';
    const bool block = style == '|' || style == '>';
    return on_one_line(source, node.begin, block ? node.begin + 1 : places.back());
}

}  // namespace memrb::runbook
