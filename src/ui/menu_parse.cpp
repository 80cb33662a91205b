#include "ui/menu.h"

#include "base/number.h"
#include "base/text.h"
#include "ui/layout.h"

#include <fmt/core.h>
#include <algorithm>
#include <array>

namespace memrb::ui {

namespace {

enum class Verb { why, steps, out, note, again, watch, escalate, help, quit };

struct Word {
    std::string_view text;
    Verb verb;
};

constexpr std::array<Word, 18> verbs{{{"why", Verb::why},
                                      {"s", Verb::steps},
                                      {"steps", Verb::steps},
                                      {"o", Verb::out},
                                      {"out", Verb::out},
                                      {"n", Verb::note},
                                      {"note", Verb::note},
                                      {"a", Verb::again},
                                      {"again", Verb::again},
                                      {"w", Verb::watch},
                                      {"watch", Verb::watch},
                                      {"x", Verb::escalate},
                                      {"escalate", Verb::escalate},
                                      {"h", Verb::help},
                                      {"help", Verb::help},
                                      {"q", Verb::quit},
                                      {"quit", Verb::quit},
                                      {"exit", Verb::quit}}};

std::string lower(std::string_view text) {
    std::string small(text);
    std::transform(small.begin(), small.end(), small.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return small;
}

std::string range_of(const std::vector<std::string>& ids) {
    return ids.size() == 1 ? "1" : fmt::format("1-{}", ids.size());
}

// By number, by id, or by the end of an id behind a dot if only one has it (`stats` for `usage.stats`).
struct Lookup {
    std::optional<std::size_t> index;
    std::vector<std::string> candidates;  ///< several that could be meant
};
Lookup look_up(std::string_view text, const std::vector<std::string>& ids) {
    if (const auto place = base::number<std::size_t>(text)) {
        return {*place >= 1 && *place <= ids.size() ? std::optional(*place - 1) : std::nullopt, {}};
    }
    const std::string wanted = lower(text);
    Lookup found;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const std::string id = lower(ids[i]);
        if (id == wanted) {
            return {i, {}};
        }
        if (id.ends_with("." + wanted)) {
            found.index = i;
            found.candidates.push_back(ids[i]);
        }
    }
    if (found.candidates.size() > 1) {
        found.index.reset();
    }
    return found;
}

NotUnderstood not_found(std::string_view what, std::string_view text, const Lookup& found,
                        const std::vector<std::string>& ids) {
    const std::string shown = base::printable(text);
    if (ids.empty()) {
        return {fmt::format("there is no {} here", what)};
    }
    if (found.candidates.size() > 1) {
        return {fmt::format("`{}` could be {}", shown, base::join(found.candidates, " or "))};
    }
    const std::string near = base::did_you_mean(text, ids);
    return {
        fmt::format("there is no {} `{}`{}", what, shown,
                    near.empty() ? fmt::format(": there are {} ({})", range_of(ids), base::join(ids, ", ")) : near)};
}

MenuCommand parse_why(std::string_view rest, const MenuWords& words) {
    if (rest.empty()) {
        return ShowWhy{};
    }
    const Lookup found = look_up(rest, words.causes);
    return found.index ? MenuCommand(ShowWhy{found.index}) : not_found("cause", rest, found, words.causes);
}

MenuCommand parse_out(std::string_view rest, const MenuWords& words) {
    if (rest.empty()) {
        return NotUnderstood{fmt::format("which step? `out STEP`, one of: {}", base::join(words.steps, ", "))};
    }
    const Lookup found = look_up(rest, words.steps);
    return found.index ? MenuCommand(ShowOutput{*found.index}) : not_found("step", rest, found, words.steps);
}

MenuCommand parse_note(std::string_view rest) {
    return rest.empty() ? MenuCommand(NotUnderstood{"a note needs words: `# what you saw or did`"})
                        : TakeNote{std::string(rest)};
}

std::string choices(const MenuWords& words) {
    const std::string options =
        words.options.empty() ? "" : fmt::format("{} or an option's name, ", range_of(words.options));
    return options + "? why, s steps, o out STEP, # note, a again, w watch, x escalate, h help, q quit";
}

NotUnderstood unknown(std::string_view text, const MenuWords& words) {
    std::vector<std::string> known = words.options;
    for (const auto& verb : verbs) {
        if (verb.text.size() > 1) {
            known.emplace_back(verb.text);
        }
    }
    const std::string shown = base::printable(text.substr(0, 60));
    const std::string near = base::did_you_mean(lower(text), known);
    return {near.empty() ? fmt::format("`{}` is no answer here. Possible: {}", shown, choices(words))
                         : fmt::format("`{}` is no answer here{}", shown, near)};
}

}  // namespace

MenuCommand parse_menu(std::string_view line, const MenuWords& words) {
    const std::string_view text = base::trim(line);
    if (text.empty()) {
        return Nothing{};
    }
    if (text.front() == '#') {
        return parse_note(base::trim(text.substr(1)));
    }
    if (text.front() == '?') {
        const std::string_view rest = base::trim(text.substr(1));
        return parse_why(lower(rest) == "why" ? std::string_view{} : rest, words);  // the prompt says `? why`
    }
    const std::size_t space = text.find_first_of(" \t");
    const std::string_view first = text.substr(0, space);
    const std::string_view rest = space == std::string_view::npos ? std::string_view{} : base::trim(text.substr(space));
    const auto verb =
        std::find_if(verbs.begin(), verbs.end(), [&](const Word& word) { return word.text == lower(first); });
    if (verb != verbs.end()) {
        switch (verb->verb) {
            case Verb::why: return parse_why(rest, words);
            case Verb::out: return parse_out(rest, words);
            case Verb::note: return parse_note(rest);
            case Verb::escalate: return HandOver{std::string(rest)};
            case Verb::steps:
                if (rest.empty()) {
                    return ShowSteps{};
                }
                break;
            case Verb::again:
                if (rest.empty()) {
                    return DiagnoseAgain{};
                }
                break;
            case Verb::watch:
                if (rest.empty()) {
                    return WatchRecovery{};
                }
                break;
            case Verb::help:
                if (rest.empty()) {
                    return ShowHelp{};
                }
                break;
            case Verb::quit:
                if (rest.empty()) {
                    return Quit{};
                }
                break;
        }
        return unknown(text, words);
    }
    if (!rest.empty()) {
        return unknown(text, words);
    }
    const Lookup option = look_up(first, words.options);
    if (option.index) {
        return ChooseOption{*option.index};
    }
    return base::number<std::size_t>(first) ? MenuCommand(not_found("option", first, option, words.options))
                                            : unknown(text, words);
}

std::string menu_prompt(const MenuWords& words, const Style& style) {
    const std::string options = words.options.empty() ? "" : range_of(words.options) + ", ";
    if (style.width > 0 && style.width < 80) {
        return fmt::format("Choose [{}x escalate, h help, q quit]: ", options);
    }
    return fmt::format("Choose [{}w watch, # note, x escalate, ? why, s steps, h help, q quit]: ", options);
}

std::string menu_help(const MenuWords& words, const Style& style) {
    struct Entry {
        std::string keys, meaning;
    };
    std::vector<Entry> entries;
    if (!words.options.empty()) {
        entries.push_back(
            {range_of(words.options), "an option: when to use it, its costs, its exact commands; then it asks"});
        entries.push_back({"NAME", fmt::format("the same by name: {}", base::join(words.options, ", "))});
    }
    entries.push_back({"?, why [N]", "what speaks for and against the causes, or cause N"});
    entries.push_back({"s, steps", "every step, with what was run"});
    entries.push_back({"o, out STEP", "what a step said; STEP is its number or its name"});
    entries.push_back({"# TEXT", "write a note into the record"});
    entries.push_back({"a, again", "measure and diagnose anew"});
    entries.push_back({"w, watch", "watch until it has recovered; Ctrl-C comes back here"});
    entries.push_back({"x [WHO]", "escalate: a handoff to paste, and a message to WHO if you agree"});
    entries.push_back({"h, help", "this list"});
    entries.push_back({"q, quit", "leave; what was found is kept (Ctrl-D does the same)"});
    std::string text;
    for (const auto& [keys, meaning] : entries) {
        text += style.key_value() ? wrapped(safe(style, meaning), style, keys + ": ", "  ")
                                  : wrapped(safe(style, meaning), style, pad("  " + keys, 15), std::string(15, ' '));
    }
    return text + wrapped(
                      "Each answer ends with Enter. Enter alone asks again. A change is only made after its"
                      " exact command was shown and the whole word yes was typed.",
                      style, "", "");
}

}  // namespace memrb::ui
