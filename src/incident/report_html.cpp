#include "incident/report_text.h"

#include <cmark.h>
#include <cstdlib>
#include <memory>

namespace memrb::incident {

namespace {

constexpr std::string_view page_begin = R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>)";

constexpr std::string_view style = R"(</title>
<style>
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #ffffff; --faint: #5b6570; --line: #d0d7de; --box: #f4f6f8; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e3e8ee; --paper: #14181d; --faint: #98a4b0; --line: #38414b; --box: #1e242b; } }
body { margin: 0 auto; max-width: 62rem; padding: 1rem 1.5rem 4rem; color: var(--ink); background: var(--paper);
  font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.7rem; } h2 { margin-top: 2.2rem; border-bottom: 1px solid var(--line); } h3 { margin-bottom: .3rem; font-size: 1rem; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid var(--line); min-width: 4.5em;
  unicode-bidi: isolate; }
th { overflow-wrap: normal; color: var(--faint); font-weight: 600; }
pre { background: var(--box); padding: .6rem .8rem; overflow-x: auto; white-space: pre-wrap; font-size: .85rem; unicode-bidi: isolate; }
svg { width: 100%; height: auto; } details { margin: .5rem 0; } summary { color: var(--faint); }
@media print { :root { color-scheme: light; --ink: #000; --paper: #fff; --faint: #333; --line: #999; --box: #fff; }
  html { font-size: 11px; } body { max-width: none; font-size: 1rem; } h2, h3 { break-after: avoid; } svg, tr { break-inside: avoid; }
  pre { border: 1px solid var(--line); } }
</style></head><body>
)";

struct Freed {
    void operator()(char* text) const { std::free(text); }  // NOLINT: cmark's memory is malloc's
};

std::string chart_table(const ChartData& chart) {
    constexpr std::size_t most = 60;
    std::string rows;
    const std::size_t step = std::max<std::size_t>(1, chart.used.size() / most);
    for (std::size_t i = 0; i < chart.used.size(); i += step) {
        const auto& point = chart.used[i];
        rows += "<tr><td>" + format_rfc3339(std::chrono::floor<std::chrono::seconds>(point.at)) + "</td><td>" +
                (point.value == point.value ? format_bytes(static_cast<Bytes>(point.value)) : "no data") +
                "</td></tr>\n";
    }
    return "<details><summary>The same as a table</summary>\n<table>\n<tr><th>time</th><th>memory in use</th></tr>\n" +
           rows + "</table>\n</details>";
}

}  // namespace

std::string to_html(const Report& report) {
    const std::string svg = draw_chart(report.chart, "Memory over time");
    // The picture goes in afterwards: cmark must not look for Markdown in it.
    constexpr std::string_view place = "<!--chart-->";
    const std::string markdown = write_sections(report, svg.empty() ? "" : std::string(place), true);
    const std::unique_ptr<char, Freed> body(
        cmark_markdown_to_html(markdown.data(), markdown.size(), CMARK_OPT_UNSAFE | CMARK_OPT_VALIDATE_UTF8));
    std::string text(body.get());
    if (const auto at = text.find(place); at != std::string::npos && !svg.empty()) {
        text.replace(at, place.size(), "<figure>" + svg + "</figure>\n" + chart_table(report.chart));
    }
    std::string page(page_begin);
    page += html_text("Incident " + report.id);
    page += style;
    page += text;
    page += "</body></html>\n";
    return page;
}

}  // namespace memrb::incident
