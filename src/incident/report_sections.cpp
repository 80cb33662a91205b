#include "incident/report_text.h"

#include "base/text.h"

#include <fmt/core.h>
#include <algorithm>

namespace memrb::incident {

namespace {

constexpr std::size_t most_rows = 500;  ///< of the timeline and of commands; the journal has all
constexpr std::string_view todo = "**TODO**";

std::string day_and_time(Timestamp at) {
    const std::string text = format_rfc3339(std::chrono::floor<std::chrono::seconds>(at));
    return text.substr(0, 10) + " " + text.substr(11, 8) + "Z";
}

std::string memory_text(const Assessment& found) {
    if (!found.memory) {
        return "unknown" + (found.no_memory_why.empty() ? "" : ": " + found.no_memory_why);
    }
    const auto* limit = std::get_if<Bytes>(&found.memory->limit);
    std::string text = format_bytes(found.memory->used);
    text += limit != nullptr ? " of " + format_bytes(*limit) : ", no limit known";
    return found.ratio ? text + " = " + format_percent(*found.ratio) : text;
}

class Sections {
public:
    Sections(const Report& report, bool html_tables) : report_(report), out_(html_tables) {}

    std::string run(const std::string& chart) {
        title();
        summary();
        impact();
        detection();
        cause();
        resolution();
        if (!chart.empty()) {
            out_.heading(2, "Memory");
            out_.raw(chart + "\n\n");
        }
        timeline();
        decisions();
        commands();
        recovery();
        review();
        appendix();
        return out_.text();
    }

private:
    void title() {
        const std::string target = report_.target
                                       ? fmt::format("{} {}", to_string(report_.target->platform), report_.target->name)
                                       : std::string("no target was found");
        out_.heading(1, fmt::format("Incident {}: {}", report_.id, target));
        if (report_.mode != "live") {
            out_.paragraph("**" +
                           markdown_text(report_.mode == "dry-run" ? "DRY RUN"
                                         : report_.mode == "drill" ? "DRILL"
                                                                   : report_.mode) +
                           ": nothing of this has happened.**");
        }
    }

    void summary() {
        out_.heading(2, "Summary");
        std::vector<std::vector<std::string>> rows{{"opened", day_and_time(report_.opened)}};
        rows.push_back({"closed", report_.closed ? day_and_time(*report_.closed) : "not closed in the record"});
        if (report_.closed) {
            rows.push_back({"took", format_duration(*report_.closed - report_.opened)});
        }
        rows.push_back({"worst level", std::string(to_string(report_.worst))});
        if (report_.first) {
            rows.push_back({"memory at first", memory_text(*report_.first)});
            rows.push_back({"memory at last", memory_text(*report_.last)});
        }
        rows.push_back({"outcome", outcome()});
        out_.table({"what", "as recorded"}, rows);
    }

    std::string outcome() const {
        if (report_.recovery) {
            return base::replace_all(std::string(to_string(report_.recovery->recovery)), "_", " ") +
                   (report_.recovery->why.empty() ? "" : ": " + report_.recovery->why);
        }
        return report_.exit_code ? fmt::format("exit code {}, recovery was not watched", *report_.exit_code)
                                 : "unknown: the record has no end";
    }

    void impact() {
        out_.heading(2, "Impact");
        if (report_.first && report_.first->oom.count > 0) {
            out_.bullet(fmt::format("{} OOM kills in the time that was looked at", report_.first->oom.count));
        }
        if (report_.last && report_.last->restarts) {
            out_.bullet(fmt::format("{} restarts, as the platform counts them", *report_.last->restarts));
        }
        out_.bullet(fmt::format("users, requests, money: unknown to memrb. {}: say who noticed what", todo));
    }

    void detection() {
        out_.heading(2, "Detection");
        out_.bullet("command: " + markdown_text(base::join(report_.command_line, " ")));
        if (report_.breached) {
            out_.bullet("a threshold has been exceeded since " + day_and_time(*report_.breached));
            if (report_.opened > *report_.breached) {
                out_.bullet("that was " + format_duration(report_.opened - *report_.breached) +
                            " before this incident was opened");
            }
        }
        out_.bullet(fmt::format("how it was noticed: {}", todo));
    }

    void cause() {
        out_.heading(2, "Cause");
        if (!report_.last || report_.last->causes.empty()) {
            out_.paragraph("No cause stood out in the evidence.");
            return;
        }
        for (const auto& cause : report_.last->causes) {
            out_.bullet(fmt::format("**{}**, confidence {}",
                                    markdown_text(cause.title.empty() ? cause.id : cause.title),
                                    to_string(cause.confidence)));
            for (const auto& line : cause.evidence) {
                out_.raw("  ");
                out_.bullet(markdown_text(line));
            }
        }
        for (const auto& line : report_.last->oom.evidence) {
            out_.bullet("OOM: " + markdown_text(line));
        }
    }

    void resolution() {
        out_.heading(2, "Resolution");
        bool any = false;
        for (const auto& command : report_.commands) {
            if (!command.risk.empty() && command.risk != "read") {
                any = true;
                out_.bullet(fmt::format("{} at {}: {}", markdown_text(command.step), day_and_time(command.at),
                                        command.end.empty()
                                            ? "its end is not on record: it may or may not have taken effect"
                                            : markdown_text(command.status + ", " + command.end)));
            }
        }
        if (!any) {
            out_.paragraph("memrb changed nothing.");
        }
    }

    void timeline() {
        out_.heading(2, "Timeline");
        std::vector<std::vector<std::string>> rows;
        for (const auto& line : report_.story) {
            if (rows.size() == most_rows) {
                break;
            }
            rows.push_back({day_and_time(line.at), line.actor, line.what, line.evidence});
        }
        out_.table({"time", "actor", "event", "evidence"}, rows);
        if (report_.story.size() > most_rows) {
            out_.paragraph(fmt::format("{} more are in the journal.", report_.story.size() - most_rows));
        }
    }

    void decisions() {
        out_.heading(2, "Decisions");
        std::vector<std::vector<std::string>> rows;
        for (const auto& one : report_.decisions) {
            rows.push_back({day_and_time(one.at), one.about, one.answer, one.why});
        }
        if (rows.empty()) {
            out_.paragraph("None is on record.");
        } else {
            out_.table({"time", "about", "answer", "why"}, rows);
        }
    }

    void commands() {
        out_.heading(2, "Commands");
        std::size_t shown = 0;
        for (const auto& command : report_.commands) {
            if (++shown > most_rows) {
                out_.paragraph(fmt::format("{} more are in the journal.", report_.commands.size() - most_rows));
                return;
            }
            out_.heading(
                3, fmt::format("{} ({})", command.step, command.status.empty() ? "no end on record" : command.status));
            if (!command.lines.empty()) {
                out_.code(base::join(command.lines, "\n"));
            }
            std::string said = day_and_time(command.at);
            if (!command.end.empty()) {
                said += ", " + markdown_text(command.end) + ", " + format_duration(command.elapsed);
            }
            out_.paragraph(said + (command.note.empty() ? "" : ": " + markdown_text(command.note)));
            if (!command.output.empty()) {
                out_.code(command.output);
                if (command.output.size() < command.output_bytes) {
                    out_.paragraph(fmt::format("{} bytes in all{}", command.output_bytes,
                                               command.file.empty() ? "" : ", in " + markdown_text(command.file)));
                }
            }
        }
    }

    void recovery() {
        out_.heading(2, "Recovery criteria");
        if (report_.criteria.empty()) {
            out_.paragraph("Recovery was not watched.");
            return;
        }
        constexpr std::array<std::string_view, 3> words{"holds", "fails", "unknown"};
        std::vector<std::vector<std::string>> rows;
        for (const auto& one : report_.criteria) {
            rows.push_back({one.says, std::string(words.at(static_cast<std::size_t>(one.state))), one.now,
                            format_duration(one.held)});
        }
        out_.table({"must hold", "at the end", "seen", "held for"}, rows);
        if (report_.recovery) {
            for (const auto& caveat : report_.recovery->caveats) {
                out_.bullet(markdown_text(caveat));
            }
        }
    }

    void review() {
        out_.heading(2, "What went well, what went wrong, where we were lucky");
        out_.paragraph(todo);
        out_.heading(2, "Action items");
        for (const auto& action : report_.actions) {
            out_.task(action);
        }
        for (const auto& item : report_.checklist) {
            out_.task(item);
        }
        if (report_.actions.empty() && report_.checklist.empty()) {
            out_.paragraph(todo);
        }
    }

    void appendix() {
        out_.heading(2, "Appendix");
        out_.table({"what", "value"},
                   {{"memrb", report_.version},
                    {"runbook", report_.runbook_id},
                    {"runbook's SHA-256", report_.runbook_digest},
                    {"events", fmt::format("{}{}", report_.events, report_.torn ? ", the last line was torn" : "")},
                    {"journal's last hash", report_.head.empty() ? "none" : report_.head},
                    {"secrets masked", fmt::format("{}", report_.masked)}});
    }

    const Report& report_;
    MarkdownWriter out_;
};

}  // namespace

std::string write_sections(const Report& report, const std::string& chart, bool html_tables) {
    return Sections(report, html_tables).run(chart);
}

std::string to_markdown(const Report& report, const std::string& chart) {
    const std::string text = write_sections(report, chart.empty() ? "" : "![Memory over time](" + chart + ")", false);
    return text.substr(std::min(text.find_first_not_of('\n'), text.size()));
}

}  // namespace memrb::incident
