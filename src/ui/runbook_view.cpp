#include "ui/runbook_view.h"

#include "base/shell_words.h"
#include "base/text.h"
#include "ui/layout.h"
#include "ui/markdown.h"
#include "ui/words.h"

#include <fmt/core.h>
#include <algorithm>

namespace memrb::ui {

namespace {

// `${name}` stays readable: it is expanded when the step runs.
std::string show_word(const std::string& word) {
    std::string rest;
    for (std::size_t i = 0; i < word.size(); ++i) {
        const std::size_t end = word.compare(i, 2, "${") == 0 ? word.find('}', i) : std::string::npos;
        if (end != std::string::npos) {
            i = end;
            rest += 'x';
        } else {
            rest += word[i];
        }
    }
    return base::quote_word(rest) == rest ? word : base::quote_word(word);
}

std::string show_param(const ParamSpec& spec, const Param& param) {
    if (spec.kind == ParamKind::argv || spec.kind == ParamKind::list) {
        std::vector<std::string> parts;
        for (const auto& word : param.list) {
            parts.push_back(show_word(word));
        }
        return base::join(parts, " ");
    }
    if (spec.kind == ParamKind::pairs) {
        std::vector<std::string> parts;
        for (const auto& [name, value] : param.pairs) {
            parts.push_back(fmt::format("{}={}", name, value));
        }
        return base::join(parts, ", ");
    }
    return param.text;
}

class Page {
public:
    explicit Page(const Style& style) : style_(style) {}

    void heading(std::string_view text) { out_ += "\n" + paint(style_, Paint::strong, text) + "\n"; }
    void fact(std::string_view label, std::string_view value, std::size_t indent = 0) {
        if (value.empty()) {
            return;
        }
        const std::string margin(indent, ' ');
        const std::string lead =
            style_.key_value() ? fmt::format("{}{}: ", margin, lower_first(label)) : margin + pad(label, 11) + " ";
        out_ += wrapped(safe(style_, value), style_, lead,
                        style_.key_value() ? margin + "  " : std::string(columns(lead), ' '));
    }
    void bullets(std::string_view title, const std::vector<std::string>& lines) {
        if (lines.empty()) {
            return;
        }
        heading(title);
        for (const auto& line : lines) {
            bullet(line);
        }
    }
    void bullet(std::string_view line, std::size_t indent = 2) {
        const std::string lead = fmt::format("{}{} ", std::string(indent, ' '), glyph(style_, Glyph::bullet));
        out_ += wrapped(safe(style_, line), style_, lead, std::string(columns(lead), ' '));
    }
    /// `lead` and `text` on one or more lines.
    void line(std::string_view lead, std::string_view text) {
        out_ += wrapped(text, style_, lead, std::string(std::min<std::size_t>(columns(lead), 8), ' '));
    }
    void markdown(std::string_view text, std::size_t indent = 0) { out_ += render_markdown(text, style_, indent); }
    void as_it_is(std::string_view text, std::string_view indent) { out_ += verbatim(text, style_, indent); }
    void blank() { out_ += "\n"; }
    [[nodiscard]] std::string take() { return std::move(out_); }
    [[nodiscard]] const Style& style() const { return style_; }

private:
    static std::string lower_first(std::string_view label) {
        std::string text(label);
        if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') {
            text[0] = static_cast<char>(text[0] - 'A' + 'a');
        }
        return text;
    }

    const Style& style_;
    std::string out_;
};

void add_step(Page& page, const Step& step, std::size_t indent) {
    const Style& style = page.style();
    const std::string margin(indent, ' ');
    const std::string details(indent + 4, ' ');
    std::string text = safe(style, step.title);
    if (step.risk != Risk::read) {
        text += text.empty() ? "" : "  ";
        text += paint(style, Paint::caution, fmt::format("({})", to_string(step.risk)));
    }
    page.line(margin + safe(style, step.id) + (text.empty() ? "" : "  "), text);
    if (step.action != nullptr) {
        if (!step.params.has(step.action->body)) {
            page.as_it_is(fmt::format("{}:", step.action->name), details);
        }
        for (const auto& spec : step.action->params) {
            if (!step.params.has(spec.name)) {
                continue;
            }
            const std::string_view name = spec.name == step.action->body ? step.action->name : spec.name;
            const std::string value = show_param(spec, step.params.all().find(spec.name)->second);
            page.as_it_is(fmt::format("{}: {}", name, value), details);
        }
    }
    if (step.when) {
        page.as_it_is("when: " + step.when->text, details);
    }
    for (const auto& [name, expression] : step.captures) {
        page.as_it_is(fmt::format("captures {}: {}", name, expression.text), details);
    }
    if (step.expect) {
        page.as_it_is("expects: " + step.expect->text, details);
    }
    page.markdown(step.advice, indent + 4);
}

void add_steps(Page& page, std::string_view title, const std::vector<Step>& steps) {
    if (steps.empty()) {
        return;
    }
    page.as_it_is(title, "      ");
    for (const auto& step : steps) {
        add_step(page, step, 8);
    }
}

void add_cause(Page& page, const Cause& cause) {
    const Style& style = page.style();
    page.line("  " + paint(style, Paint::strong, safe(style, cause.id)) + "  ", safe(style, cause.title));
    for (const auto& indicator : cause.indicators) {
        page.bullet(indicator, 6);
    }
    for (const auto& sign : cause.signs) {
        page.bullet(fmt::format("{} {}: {}", sign.weight < 0 ? "against" : "for", std::abs(sign.weight), sign.says), 6);
    }
    page.fact("Options", base::join(cause.options, ", "), 6);
    page.markdown(cause.advice, 6);
}

void add_option(Page& page, const Option& option) {
    const Style& style = page.style();
    page.line("  " + paint(style, Paint::strong, safe(style, option.id)) + "  ", safe(style, option.title));
    page.fact("Use when", option.use_when, 6);
    page.fact("Costs", option.costs, 6);
    add_steps(page, "Steps", option.steps);
    add_steps(page, "Checks", option.verify);
    add_steps(page, "Undo", option.undo);
    page.markdown(option.advice, 6);
}

std::string thresholds_of(const Runbook& runbook) {
    std::vector<std::string> parts;
    for (const auto& threshold : runbook.thresholds) {
        parts.push_back(fmt::format("{} {}", threshold_percent(threshold.at), to_string(threshold.level)));
        if (threshold.for_.count() > 0) {
            parts.back() += " for " + format_exact_duration(threshold.for_);
        }
    }
    return base::join(parts, ", ");
}

std::string platforms_of(const Runbook& runbook) {
    std::vector<std::string> names;
    for (const auto platform : runbook.platforms) {
        names.emplace_back(to_string(platform));
    }
    return base::join(names, ", ");
}

void add_overview(Page& page, const Runbook& runbook) {
    const Style& style = page.style();
    page.line(paint(style, Paint::strong, safe(style, runbook.id)) + "   ", safe(style, runbook.title));
    page.fact("Alerts", base::join(runbook.alerts, ", "));
    page.fact("Platforms", platforms_of(runbook));
    page.fact("Severity", runbook.severity);
    page.fact("Thresholds", thresholds_of(runbook));
    page.fact("From", runbook.origin);
    page.fact("Digest", runbook.digest);
    if (!runbook.summary.empty()) {
        page.blank();
        page.markdown(runbook.summary);
    }
    page.bullets("Impact", runbook.impact);
    page.bullets("Symptoms", runbook.symptoms);
}

void add_variables(Page& page, const Runbook& runbook) {
    if (runbook.vars.empty()) {
        return;
    }
    page.heading("Variables (--set NAME=VALUE)");
    for (const auto& variable : runbook.vars) {
        const bool set = variable.fallback && !variable.fallback->empty();
        const std::string fallback = variable.secret ? "secret" : set ? "default " + *variable.fallback : "not set";
        page.bullet(
            fmt::format("{}: {}{}", variable.name, fallback, variable.help.empty() ? "" : "; " + variable.help));
    }
}

void add_recovery(Page& page, const Runbook& runbook) {
    if (runbook.recovered) {
        page.heading("Recovered when");
        page.as_it_is(runbook.recovered->text, "  ");
        if (runbook.watch) {
            page.bullet(fmt::format("watched every {} for {}", format_exact_duration(runbook.watch->every),
                                    format_exact_duration(runbook.watch->for_)));
        }
    }
    page.bullets("Escalate when", runbook.escalate_when);
    if (!runbook.ladder.empty()) {
        page.heading("Escalation");
        for (const auto& rung : runbook.ladder) {
            std::string what = rung.do_;
            if (!rung.notify.empty()) {
                what += (what.empty() ? "" : "; ") + ("notify " + rung.notify);
            }
            page.bullet(fmt::format("after {}: {}", format_exact_duration(rung.after), what));
        }
    }
    if (!runbook.contacts.empty()) {
        page.heading("Contacts");
        for (const auto& contact : runbook.contacts) {
            const bool configured = !contact.reach.empty() && contact.reach.front() != '[';
            page.bullet(fmt::format("{} ({}): {}", contact.role.empty() ? contact.key : contact.role, contact.key,
                                    configured ? contact.reach : "not configured"));
        }
    }
}

}  // namespace

std::string render_runbook(const Runbook& runbook, const Style& style) {
    Page page(style);
    add_overview(page, runbook);
    add_variables(page, runbook);
    page.heading("Diagnosis");
    for (const auto& group : runbook.diagnose) {
        page.line(safe(style, group.id) + "  ", safe(style, group.title));
        page.markdown(group.advice, 2);
        for (const auto& step : group.steps) {
            add_step(page, step, 2);
        }
    }
    if (!runbook.causes.empty()) {
        page.heading("Causes");
        for (const auto& cause : runbook.causes) {
            add_cause(page, cause);
        }
    }
    if (!runbook.options.empty()) {
        page.heading("Options");
        for (const auto& option : runbook.options) {
            add_option(page, option);
        }
    }
    add_recovery(page, runbook);
    page.bullets("Afterwards", runbook.afterwards);
    if (!runbook.prevention.empty()) {
        page.heading("Prevention");
        page.markdown(runbook.prevention, 2);
    }
    if (!runbook.links.empty()) {
        page.heading("Links");
        for (const auto& link : runbook.links) {
            page.bullet(fmt::format("{}: {}", link.title, link.url));
        }
    }
    return page.take();
}

Result<std::string> render_cause(const Runbook& runbook, std::string_view cause, const Style& style) {
    std::vector<std::string> known;
    for (const auto& one : runbook.causes) {
        if (one.id == cause) {
            Page page(style);
            add_cause(page, one);
            return page.take();
        }
        known.push_back(one.id);
    }
    return fail(Fault::usage,
                fmt::format("runbook {} has no cause `{}`{}", base::printable(runbook.id), base::printable(cause),
                            base::did_you_mean(cause, known)),
                known.empty() ? "it names no causes" : "its causes: " + base::join(known, ", "));
}

std::string render_runbook_list(std::span<const Runbook* const> runbooks, const Style& style) {
    if (runbooks.empty()) {
        return "No runbooks were found.\n";
    }
    std::size_t width = 0;
    for (const auto* runbook : runbooks) {
        width = std::max(width, columns(safe(style, runbook->id)));
    }
    std::string text;
    for (const auto* runbook : runbooks) {
        const std::string id = safe(style, runbook->id);
        const std::string about = fmt::format("{} ({}; {})", safe(style, runbook->title), platforms_of(*runbook),
                                              glue(safe(style, runbook->origin)));
        text += style.key_value() ? wrapped(about, style, id + ": ", "  ")
                                  : wrapped(about, style, pad(paint(style, Paint::strong, id), width + 2),
                                            std::string(width + 2, ' '));
    }
    return text;
}

}  // namespace memrb::ui
