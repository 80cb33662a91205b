#include "actions/command_line.h"

#include <algorithm>

namespace memrb::actions {

namespace {

const GlobalOption* find_option(std::string_view word, const Grammar& grammar) {
    const std::string_view name = word.substr(0, word.find('='));
    const auto found = std::find_if(grammar.options.begin(), grammar.options.end(), [&](const GlobalOption& option) {
        return option.name == name || (!option.short_name.empty() && option.short_name == name);
    });
    return found == grammar.options.end() ? nullptr : &*found;
}

const VerbRisk* find_verb(std::string_view verb, const Grammar& grammar) {
    const auto found = std::find_if(grammar.verbs.begin(), grammar.verbs.end(),
                                    [&](const VerbRisk& known) { return known.verb == verb; });
    return found == grammar.verbs.end() ? nullptr : &*found;
}

bool is_switched_off(std::string_view value) {
    return value == "false" || value == "False" || value == "FALSE" || value == "f" || value == "F" || value == "0";
}

bool cluster_holds(std::string_view cluster, const OptionName& option) {
    for (const char letter : cluster) {
        if (letter == option.letter) {
            return true;
        }
        if (option.letters_with_value.find(letter) != std::string_view::npos) {
            return false;  // the rest of the word is its value
        }
    }
    return false;
}

}  // namespace

CommandLine parse_command_line(std::span<const std::string> args, const Grammar& grammar) {
    CommandLine line;
    std::size_t at = 0;
    while (at < args.size() && args[at].starts_with('-')) {
        const GlobalOption* option = find_option(args[at], grammar);
        if (option == nullptr) {
            line.not_understood = args[at];
            return line;
        }
        if (option->redirects && line.redirecting.empty()) {
            line.redirecting = args[at];
        }
        at += option->takes_value && args[at].find('=') == std::string::npos ? 2 : 1;
    }
    if (at >= args.size()) {
        return line;
    }
    line.verb = args[at++];
    const bool group = std::find(grammar.groups.begin(), grammar.groups.end(), line.verb) != grammar.groups.end();
    if (group && at < args.size()) {
        line.verb += " " + args[at++];
    }
    line.written = line.verb;
    for (const auto& alias : grammar.aliases) {
        if (alias.from == line.verb) {
            line.verb = alias.to;
            break;
        }
    }
    line.verb_end = at;
    line.rest.assign(args.begin() + static_cast<std::ptrdiff_t>(at), args.end());
    return line;
}

Risk risk_of(const CommandLine& line, const Grammar& grammar) {
    const VerbRisk* known = find_verb(line.verb, grammar);
    return known == nullptr ? Risk::disruptive : known->risk;
}

bool has_switch(std::span<const std::string> words, const OptionName& option) {
    bool given = false;
    for (const auto& word : words) {
        if (word == "--") {
            break;
        }
        if (word.starts_with("--")) {
            const std::string_view name = std::string_view(word).substr(0, word.find('='));
            if (name == option.name) {
                given = name.size() == word.size() || !is_switched_off(std::string_view(word).substr(name.size() + 1));
            }
        } else if (word.size() > 1 && word.front() == '-' && option.letter != '\0') {
            given = given || cluster_holds(std::string_view(word).substr(1), option);
        }
    }
    return given;
}

std::optional<std::string> option_value(std::span<const std::string> words, std::string_view name) {
    std::optional<std::string> value;
    for (std::size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
        if (words[i] == name && i + 1 < words.size()) {
            value = words[++i];
        } else if (words[i].starts_with(name) && words[i].size() > name.size() && words[i][name.size()] == '=') {
            value = words[i].substr(name.size() + 1);
        }
    }
    return value;
}

std::size_t count_options(std::span<const std::string> words, std::span<const std::string_view> with_value) {
    std::size_t at = 0;
    while (at < words.size() && words[at].size() > 1 && words[at].front() == '-') {
        if (words[at] == "--") {
            return at + 1;
        }
        const bool value_follows = std::find(with_value.begin(), with_value.end(), words[at]) != with_value.end();
        at += value_follows ? 2 : 1;
    }
    return std::min(at, words.size());
}

}  // namespace memrb::actions
