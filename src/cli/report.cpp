#include "incident/report.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/incident_command.h"
#include "cli/runbooks.h"
#include "cli/world.h"
#include "ui/diagnosis_json.h"

#include <fmt/core.h>
#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <memory>
#include <vector>

namespace memrb::cli {

namespace {

struct ReportFlags {
    std::string id;
    std::string format = "md";
    std::string file;
    bool redact_names = false;
    bool drill = false;
};

Result<void> write_file(const std::filesystem::path& path, std::string_view text) {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file.write(text.data(), static_cast<std::streamsize>(text.size()));
    file.close();
    return file ? Result<void>() : fail(Fault::failed, fmt::format("cannot write {}", base::printable(path.native())));
}

// The picture of a Markdown report stands beside it; on stdout it has no place.
Result<std::string> render(const incident::Report& report, const ReportFlags& flags) {
    if (flags.format == "json") {
        return ui::to_text(incident::to_json(report));
    }
    if (flags.format == "html") {
        return incident::to_html(report);
    }
    std::string chart;
    const std::string svg = incident::draw_chart(report.chart, "Memory over time");
    if (!flags.file.empty() && !svg.empty()) {
        auto beside = std::filesystem::path(flags.file).replace_extension(".svg");
        if (auto written = write_file(beside, svg); !written) {
            return tl::unexpected(written.error());
        }
        chart = beside.filename().string();
    }
    return incident::to_markdown(report, chart);
}

// The runbook's own list, if it is still the runbook of that day. The record names it, so the name is no path.
std::vector<std::string> checklist_of(World& world, const incident::Report& report) {
    if (report.runbook_id.find_first_of("/.") != std::string::npos) {
        return {};
    }
    const auto source = find_runbook(world, report.runbook_id);
    if (!source) {
        return {};
    }
    auto runbook = load(world, *source);
    return runbook && runbook->digest == report.runbook_digest ? std::move(runbook->afterwards)
                                                               : std::vector<std::string>();
}

int report(World& world, const ReportFlags& flags) {
    const auto entry = find_incident(flags.drill ? drills_folder(world) : world.dirs().incidents, flags.id);
    if (!entry) {
        return world.report(entry.error());
    }
    const auto record = incident::load(entry->folder);
    if (!record) {
        return world.report(record.error());
    }
    incident::Report report = incident::make_report(*record, entry->folder);
    report.id = entry->id;
    report.checklist = checklist_of(world, report);
    if (flags.redact_names) {
        incident::redact_names(report);
    }
    const auto text = render(report, flags);
    if (!text) {
        return world.report(text.error());
    }
    if (flags.file.empty()) {
        world.out().write(*text);
        return exit_code::done;
    }
    if (auto written = write_file(flags.file, *text); !written) {
        return world.report(written.error());
    }
    return exit_code::done;
}

void add(CLI::App& command, Job& job) {
    auto flags = std::make_shared<ReportFlags>();
    command.add_option("incident", flags->id, "Its id, or the beginning of it; the last one if none is named");
    command.add_option("--format", flags->format, "md, html (one file, opens without a network) or json")
        ->check(CLI::IsMember({"md", "html", "json"}));
    command.add_option("--file", flags->file, "Write it there; the chart of a Markdown report goes beside it, as .svg");
    command.add_flag("--redact-names", flags->redact_names,
                     "Put `target`, `namespace` and so on in the place of names");
    command.add_flag("--drill", flags->drill, "Look among the drills that were played, not among the incidents");
    command.callback([&job, flags] { job = [flags](World& world) { return report(world, *flags); }; });
}

}  // namespace

extern const CommandSpec report_command;
const CommandSpec report_command{"report", "Write what happened in an incident, as Markdown, HTML or JSON", add};

}  // namespace memrb::cli
