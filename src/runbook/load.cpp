#include "runbook/load.h"

#include "base/digest.h"
#include "base/jq.h"
#include "runbook/compile.h"
#include "runbook/read_yaml.h"

#include <fmt/format.h>
#include <algorithm>
#include <map>

namespace memrb::runbook {

namespace {

// Each further broken program costs another compilation of all of them.
constexpr std::size_t most_broken_programs = 20;

void note_marks(std::map<std::size_t, Mark>& marks, const std::vector<Step>& steps) {
    for (const auto& step : steps) {
        if (step.when) {
            marks[step.when->index] = step.when->mark;
        }
        if (step.expect) {
            marks[step.expect->index] = step.expect->mark;
        }
        for (const auto& [name, program] : step.captures) {
            marks[program.index] = program.mark;
        }
    }
}

std::map<std::size_t, Mark> marks_of_programs(const Runbook& runbook) {
    std::map<std::size_t, Mark> marks;
    for (const auto& group : runbook.diagnose) {
        note_marks(marks, group.steps);
    }
    for (const auto& option : runbook.options) {
        if (option.applies) {
            marks[option.applies->index] = option.applies->mark;
        }
        note_marks(marks, option.steps);
        note_marks(marks, option.verify);
        note_marks(marks, option.undo);
    }
    for (const auto& cause : runbook.causes) {
        for (const auto& sign : cause.signs) {
            marks[sign.when.index] = sign.when.mark;
        }
    }
    if (runbook.recovered) {
        marks[runbook.recovered->index] = runbook.recovered->mark;
    }
    return marks;
}

}  // namespace

tl::expected<Loaded, std::vector<Diagnostic>> load_runbook(std::string_view bytes, std::string origin,
                                                           ActionTypes types) {
    const auto source = Source::read(bytes, origin);
    if (!source) {
        return tl::unexpected(std::vector<Diagnostic>{source.error()});
    }
    Reporter report(*source, origin);
    const Document document = read_yaml(*source, report);
    const bool readable = document.root != nullptr || !report.failed();
    Runbook runbook = readable ? compile(document, types, report) : Runbook{};
    const bool failed = report.failed();
    auto diagnostics = report.take();
    if (failed) {
        return tl::unexpected(std::move(diagnostics));
    }
    runbook.origin = std::move(origin);
    runbook.digest = base::sha256(bytes);
    return Loaded{std::move(runbook), std::move(diagnostics)};
}

std::vector<Diagnostic> check_programs(const Runbook& runbook) {
    const auto marks = marks_of_programs(runbook);
    auto programs = runbook.programs;
    std::vector<Diagnostic> found;
    for (std::size_t tries = 0; tries <= most_broken_programs; ++tries) {
        const auto compiled = base::JqSet::compile(programs);
        if (compiled) {
            break;
        }
        const auto& error = compiled.error();
        const auto mark = marks.find(error.program);
        found.push_back({runbook.origin,
                         mark == marks.end() ? Mark{} : mark->second,
                         Severity::error,
                         fmt::format("no jq program: {}", error.message),
                         {},
                         1});
        programs[error.program] = ".";
    }
    std::stable_sort(found.begin(), found.end(), [](const Diagnostic& a, const Diagnostic& b) {
        return std::pair(a.mark.line, a.mark.column) < std::pair(b.mark.line, b.mark.column);
    });
    return found;
}

}  // namespace memrb::runbook
