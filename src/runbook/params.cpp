#include "runbook/params.h"

#include "base/shell_words.h"
#include "base/text.h"
#include "runbook/fields.h"
#include "runbook/references.h"

#include <fmt/core.h>
#include <algorithm>

namespace memrb::runbook {

namespace {

class ParamReader {
public:
    ParamReader(Compilation& all, const ParamSpec& spec, StepNote& note)
        : report_(all.report), spec_(spec), note_(note), errors_before_(all.report.errors()) {}

    Param read(const Node& node) {
        switch (spec_.kind) {
            case ParamKind::text: return {text(node), {}, {}};
            case ParamKind::argv: return {{}, argv(node), {}};
            case ParamKind::list: return {{}, list(node), {}};
            case ParamKind::duration: return {duration(node), {}, {}};
            case ParamKind::boolean: return {boolean(node), {}, {}};
            case ParamKind::choice: return {choice(node), {}, {}};
            case ParamKind::pairs: return {{}, {}, pairs(node)};
        }
        return {};
    }

    [[nodiscard]] bool good() const { return report_.errors() == errors_before_; }

private:
    [[nodiscard]] std::string name() const { return fmt::format("`{}`", spec_.name); }

    std::string text(const Node& node) {
        if (!read_text(node, name(), report_)) {
            return {};
        }
        if (spec_.required && base::trim(node.text).empty()) {
            report_.error(node, fmt::format("{} is empty", name()), std::string(spec_.help));
        }
        scan(node);
        return node.text;
    }

    std::vector<std::string> argv(const Node& node) {
        if (node.kind == Node::Kind::list) {
            return list(node);
        }
        if (node.kind != Node::Kind::scalar) {
            report_.error(
                node, fmt::format("{} must be a command line or a list of words, not {}", name(), describe(node.kind)),
                std::string(spec_.help));
            return {};
        }
        scan(node);
        auto words = base::split_words(node.text);
        if (!words) {
            report_.error_in(node, words.error().offset, 1, words.error().message);
            return {};
        }
        if (words->empty()) {
            report_.error(node, fmt::format("{} is empty", name()), std::string(spec_.help));
        }
        scan_words(node, *words);
        return std::move(*words);
    }

    std::vector<std::string> list(const Node& node) {
        if (node.kind != Node::Kind::list) {
            report_.error(node, fmt::format("{} must be a list, not {}", name(), describe(node.kind)), "write [a, b]");
            return {};
        }
        if (node.items.empty()) {
            report_.error(node, fmt::format("{} is empty", name()), std::string(spec_.help));
        }
        std::vector<std::string> words;
        for (const Node* item : node.items) {
            if (read_text(*item, fmt::format("an item of {}", name()), report_)) {
                scan(*item);
                words.push_back(item->text);
            }
        }
        return words;
    }

    std::string duration(const Node& node) {
        if (!read_text(node, name(), report_)) {
            return {};
        }
        if (const auto span = parse_duration(node.text); !span) {
            report_.error(node, span.error().message, span.error().hint);
        }
        return node.text;
    }

    std::string boolean(const Node& node) {
        if (read_text(node, name(), report_) && node.text != "true" && node.text != "false") {
            report_.error(node, fmt::format("{} must be true or false, not {}", name(), quoted(node.text)));
        }
        return node.text;
    }

    std::string choice(const Node& node) {
        return read_text(node, name(), report_)
                   ? read_choice(node, spec_.name, spec_.choices, report_).value_or(std::string{})
                   : std::string{};
    }

    Pairs pairs(const Node& node) {
        if (node.kind != Node::Kind::map) {
            report_.error(node, fmt::format("{} must be a map, not {}", name(), describe(node.kind)),
                          "write {name: value}");
            return {};
        }
        Pairs values;
        for (const auto& [key, value] : node.entries) {
            if (read_text(*value, quoted(key->text), report_)) {
                scan(*key);
                scan(*value);
                values.emplace_back(key->text, value->text);
            }
        }
        return values;
    }

    void scan(const Node& node) {
        if (spec_.expansion == Expansion::none) {
            const auto names = mentioned_by_script(node.text);
            note_.in_script.insert(note_.in_script.end(), names.begin(), names.end());
            return;
        }
        const auto references = find_references(node.text);
        for (const auto& bad : references.bad) {
            report_.error_in(node, bad.offset, bad.length, bad.message, bad.hint);
        }
        for (const auto& reference : references.found) {
            note_.variables.push_back({{reference.name}, {reference.offset}, &node, reference.length});
        }
    }

    // Quotes can hide a reference from scan(): `$\{x}` is the word `${x}`.
    void scan_words(const Node& node, const std::vector<std::string>& words) {
        if (spec_.expansion == Expansion::none) {
            return;
        }
        const auto written = find_references(node.text);
        for (const auto& word : words) {
            for (const auto& reference : find_references(word).found) {
                const bool seen = std::any_of(written.found.begin(), written.found.end(),
                                              [&](const Reference& other) { return other.name == reference.name; });
                if (!seen) {
                    note_.variables.push_back({{reference.name}, {0}, &node, node.text.size()});
                }
            }
        }
    }

    Reporter& report_;
    const ParamSpec& spec_;
    StepNote& note_;
    std::size_t errors_before_;
};

}  // namespace

bool read_param(Compilation& all, const ParamSpec& spec, const Node& node, Params& params, StepNote& note) {
    ParamReader reader(all, spec, note);
    params.set(spec.name, reader.read(node));
    return reader.good();
}

}  // namespace memrb::runbook
