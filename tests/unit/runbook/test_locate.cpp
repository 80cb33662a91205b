#include "runbook/locate.h"

#include "runbook/read_yaml.h"

#include <catch2/catch.hpp>

using namespace memrb;
using namespace memrb::runbook;

namespace {

// The value of `key:` in a document of one map, and the source's text where a part of that value stands.
class Located {
public:
    explicit Located(std::string_view yaml) : source_(*Source::read(yaml, "a")), report_(source_, "a") {
        document_ = read_yaml(source_, report_);
        REQUIRE(document_.root != nullptr);
        value_ = document_.root->entries.back().value;
    }

    std::string part(std::string_view wanted) const {
        const std::size_t offset = value_->text.find(wanted);
        REQUIRE(offset != std::string::npos);
        return cut(locate(source_, *value_, offset, wanted.size()));
    }
    std::size_t begin(std::string_view wanted) const {
        return locate(source_, *value_, value_->text.find(wanted), wanted.size()).begin;
    }
    std::string whole() const { return cut(locate(source_, *value_)); }

private:
    std::string cut(Span span) const { return source_.text().substr(span.begin, span.end - span.begin); }

    Source source_;
    Reporter report_;
    Document document_;
    const Node* value_ = nullptr;
};

}  // namespace

TEST_CASE("a part of a plain scalar is found, on further lines too") {
    const Located one("key: inspect ${x} now\n");
    CHECK(one.part("${x}") == "${x}");
    CHECK(one.begin("${x}") == 13);
    CHECK(one.whole() == "inspect ${x} now");
    const Located folded("key: inspect\n  one   ${x}\n\n  two ${y}\n");
    CHECK(folded.part("${x}") == "${x}");
    CHECK(folded.part("${y}") == "${y}");
    CHECK(folded.begin("${y}") == 33);
    CHECK(folded.whole() == "inspect");
}

TEST_CASE("quotes and escapes are passed over") {
    const Located single("key: 'it''s ''${x}'' here'\n");
    CHECK(single.part("${x}") == "${x}");
    CHECK(single.begin("${x}") == 14);
    CHECK(single.whole() == "'it''s ''${x}'' here'");
    const Located twice(R"(key: "a\t\"b\" \x41\u00e9\U0001F600 ${x} \\ end")");
    CHECK(twice.part("${x}") == "${x}");
    CHECK(twice.part("end") == "end");
    CHECK(twice.part("A") == "\\");  // the escape's begin
    CHECK(twice.whole() == R"("a\t\"b\" \x41\u00e9\U0001F600 ${x} \\ end")");
    const Located continued("key: \"one \\\n    two ${x}\"\n");
    CHECK(continued.part("${x}") == "${x}");
}

TEST_CASE("a part of a block is found") {
    const Located literal("key: |\n  one ${x}\n    deeper ${y}\n\n  last ${z}\n");
    CHECK(literal.begin("${x}") == 13);
    CHECK(literal.part("${y}") == "${y}");
    CHECK(literal.begin("${z}") == 42);
    CHECK(literal.whole() == "|");
    const Located folded("key: >-\n  one\n  two ${x}\n");
    CHECK(folded.part("${x}") == "${x}");
    const Located indented("key: |2-\n    two more ${x}\n");
    CHECK(indented.part("${x}") == "${x}");
}

TEST_CASE("anchors and tags before a value are passed over") {
    const Located anchored("key: &a 'x ${y}'\n");
    CHECK(anchored.part("${y}") == "${y}");
    const Located tagged("key: !!str &a x${y}\n");
    CHECK(tagged.part("${y}") == "${y}");
}

TEST_CASE("wide characters are whole") {
    const Located wide("key: 日本 ${x} 語\n");
    CHECK(wide.part("${x}") == "${x}");
    CHECK(wide.part("本") == "本");
    CHECK(wide.part("語") == "語");
}

TEST_CASE("an empty or missing part is one character wide") {
    const Located empty("key: ''\nnext: \"\"\n");
    CHECK(empty.whole() == "\"\"");
    CHECK(empty.begin("") == 14);
}
