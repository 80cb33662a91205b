#include "runbook/compile.h"

#include "runbook/compile_parts.h"
#include "runbook/jq_text.h"
#include "runbook/order.h"

#include <fmt/core.h>

namespace memrb::runbook {

namespace {

constexpr int newest_format = 1;

// False if the file is of a format that this compiler would only misread.
bool check_format(const Node& root, Reporter& report) {
    for (const auto& [key, value] : root.entries) {
        if (key->text != "memrb" || value->kind == Node::Kind::null) {
            continue;
        }
        if (value->kind == Node::Kind::scalar && value->text == std::to_string(newest_format)) {
            return true;
        }
        report.error(*value,
                     value->kind == Node::Kind::scalar
                         ? fmt::format("runbook format {} is not supported", quoted(value->text))
                         : fmt::format("`memrb` must be a number, not {}", describe(value->kind)),
                     fmt::format("this memrb reads format {}: `memrb: {}`", newest_format, newest_format));
        return false;
    }
    return true;  // its absence is reported with the other missing keys
}

void compile_platforms(Compilation& all, const Fields& top) {
    for (const Node* item : top.items("platforms")) {
        if (!read_text(*item, "a platform", all.report)) {
            continue;
        }
        if (const auto platform = parse_platform(item->text)) {
            all.book.platforms.push_back(*platform);
        } else {
            all.report.error(*item, platform.error().message, platform.error().hint);
        }
    }
}

void compile_links(Compilation& all, const Fields& top) {
    for (const Node* item : top.items("links")) {
        const Fields link(*item, link_keys, all.report);
        all.book.links.push_back({link.text("title"), link.text("url")});
    }
}

void compile_heading(Compilation& all, const Fields& top) {
    all.book.id = top.id("id");
    all.book.title = top.text("title");
    all.book.summary = top.text("summary");
    all.book.severity = top.text("severity");
    all.book.alerts = top.texts("alerts");
    all.book.impact = top.texts("impact");
    all.book.symptoms = top.texts("symptoms");
    all.book.afterwards = top.texts("afterwards");
    all.book.prevention = top.text("prevention");
    compile_platforms(all, top);
    compile_links(all, top);
}

}  // namespace

Expression add_program(Compilation& all, const Node& node, std::string_view what, std::vector<Mention>* facts) {
    Expression expression{all.book.programs.size(), {}, all.report.mark(node)};
    if (!read_text(node, what, all.report)) {
        return expression;
    }
    expression.text = node.text;
    // A program that is written twice, or stands behind an alias, costs its compilation only once.
    const auto [known, is_new] = all.programs.emplace(node.text, expression.index);
    expression.index = known->second;
    if (is_new) {
        all.book.programs.push_back(node.text);
    }
    if (const auto problem = check_jq_text(node.text)) {
        all.report.error_in(node, problem->offset, 1, fmt::format("{} is no jq program: {}", what, problem->message));
    } else if (facts != nullptr) {
        for (const auto& path : find_jq_paths(node.text)) {
            Mention mention{{}, {}, &node, 0};
            for (const auto& part : path.parts) {
                mention.path.push_back(part.name);
                mention.offsets.push_back(part.offset);
            }
            mention.of_input = path.of_input;
            facts->push_back(std::move(mention));
        }
    }
    return expression;
}

std::vector<Step*> all_steps(Runbook& book) {
    std::vector<Step*> steps;
    const auto add = [&steps](std::vector<Step>& some) {
        for (auto& step : some) {
            steps.push_back(&step);
        }
    };
    for (auto& group : book.diagnose) {
        add(group.steps);
    }
    add(book.evidence);
    for (auto& option : book.options) {
        add(option.steps);
        add(option.verify);
        add(option.undo);
    }
    return steps;
}

Runbook compile(const Document& document, ActionTypes types, Reporter& report) {
    Compilation all{report, types};
    if (document.root == nullptr || document.root->kind == Node::Kind::null) {
        report.error_at(0, "the file is empty", "a runbook begins with `memrb: 1`");
        return {};
    }
    const Node& root = *document.root;
    if (!check_format(root, report)) {
        return {};
    }
    const Fields top(root, runbook_keys, report);
    if (root.kind != Node::Kind::map) {
        return {};
    }
    compile_heading(all, top);
    compile_variables(all, top);
    compile_thresholds(all, top);
    compile_diagnosis(all, top);
    all.book.evidence = compile_steps(all, top, "evidence", "evidence", in_diagnosis);
    compile_options(all, top);
    compile_causes(all, top);
    compile_recovery(all, top);
    compile_escalation(all, top);
    resolve_names(all);
    resolve_order(all);
    return std::move(all.book);
}

}  // namespace memrb::runbook
