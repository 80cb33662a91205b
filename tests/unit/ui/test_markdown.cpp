#include "ui/markdown.h"

#include "sample_views.h"

#include <catch2/catch.hpp>

using namespace memrb::ui;
using namespace memrb::ui::test;

TEST_CASE("Markdown reads well in a terminal") {
    const std::string markdown =
        "## Find the leak\n"
        "Look at the **heap** first; then\n"
        "at `docker stats`. See [the guide](https://example.org/g).\n"
        "\n"
        "1. Enable profiling\n"
        "2. Take two snapshots, some minutes apart, and compare what has grown between them\n"
        "   - nested\n"
        "- [ ] write it down\n"
        "> a quote\n"
        "\n"
        "```bash\n"
        "docker exec backend   sh -c 'a    very long line that is not wrapped whatever the width may be'\n"
        "\n"
        "# not a heading\n"
        "```\n"
        "| look at | where |\n"
        "|---|:--|\n"
        "| logs | `{container=\"x\"}` |\n"
        "| a | b | c\n"
        "after\n";
    CHECK(render_markdown(markdown, {false, true, 60, false}, 2) ==
          "  Find the leak\n"
          "  Look at the heap first; then at `docker stats`. See the\n"
          "  guide (https://example.org/g).\n"
          "\n"
          "  1. Enable profiling\n"
          "  2. Take two snapshots, some minutes apart, and compare\n"
          "     what has grown between them\n"
          "     • nested\n"
          "  [ ] write it down\n"
          "  > a quote\n"
          "\n"
          "      docker exec backend   sh -c 'a    very long line that is not wrapped whatever the width may be'\n"
          "      \n"
          "      # not a heading\n"
          "  look at  where\n"
          "  logs     `{container=\"x\"}`\n"
          "  a        b                  c\n"
          "  after\n");
}

TEST_CASE("Markdown from outside is made safe, in code too") {
    CHECK(render_markdown("a\x1b[2Jb\n```\nc\x07\n```\n", usual(), 0) == "a\\x1b[2Jb\n    c\\x07\n");
    CHECK(render_markdown("", usual(), 0).empty());
    CHECK(render_markdown("unclosed `code and [link](x", usual(), 0) == "unclosed `code and [link](x\n");
    CHECK(render_markdown("**", usual(), 0) == "**\n");
}
