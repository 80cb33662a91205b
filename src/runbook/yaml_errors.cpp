#include "runbook/yaml_errors.h"

#include <fmt/core.h>
#include <array>

namespace memrb::runbook {

namespace {

struct Known {
    std::string_view theirs;  // what yaml-cpp's message begins with
    std::string_view message;
    std::string_view hint;
};

// The messages of yaml-cpp 0.7 that a mistake in a text file can lead to.
constexpr std::array known{
    Known{"illegal map value", "a `:` that YAML cannot place here",
          "put a value that contains `: ` in quotes, and indent keys of one map alike"},
    Known{"illegal map key", "a key that YAML cannot place here", "indent keys of one map alike"},
    Known{"illegal block entry", "a `-` that YAML cannot place here",
          "a list begins on a line of its own, below its key"},
    Known{"end of map flow not found", "this `{` is never closed",
          "add a `}`, or put the text in quotes; is a closing quote missing?"},
    Known{"end of sequence flow not found", "this `[` is never closed",
          "add a `]`, or put the text in quotes; is a closing quote missing?"},
    Known{"illegal flow end", "a `]` or `}` that closes nothing", "put the text in quotes if it is meant literally"},
    Known{"end of map not found", "this line does not fit into the map above it",
          "indent keys of one map alike, and end each with `:`"},
    Known{"end of sequence not found", "this line does not fit into the list above it",
          "indent the items of one list alike, and begin each with `- `"},
    Known{"illegal EOF in scalar", "this text is never closed", "add the closing quote"},
    Known{"illegal document indicator in scalar", "`---` or `...` inside a quoted text", "is a closing quote missing?"},
    Known{"illegal tab when looking for indentation", "a tab in the indentation", "indent with spaces"},
    Known{"unknown escape character", "an escape that YAML does not know",
          "in double quotes write `\\\\` for a backslash, or use single quotes"},
    Known{"bad character found while scanning hex number", "an escape with a digit that is not hexadecimal", ""},
    Known{"invalid unicode", "an escape for a character that does not exist", ""},
    Known{"unknown token", "a character that no YAML value can begin with",
          "put the text in quotes: `@`, `%`, `?` and a backquote may not begin it"},
    Known{"the referenced anchor is not defined", "an alias (`*`) of something that is not defined above",
          "put the text in quotes if the `*` is meant literally"},
    Known{"alias not found after *", "a `*` without a name", "put the text in quotes if it is meant literally"},
    Known{"anchor not found after &", "a `&` without a name", "put the text in quotes if it is meant literally"},
    Known{"illegal character found while scanning alias", "an alias (`*`) with a strange name",
          "put the text in quotes if the `*` is meant literally"},
    Known{"illegal character found while scanning anchor", "an anchor (`&`) with a strange name",
          "put the text in quotes if the `&` is meant literally"},
    Known{"cannot assign multiple", "two anchors, tags or aliases for one value", ""},
    Known{"aliases can't have any content", "an alias with a value of its own", ""},
    Known{"tag handle with no suffix", "a `!` that begins a tag", "put the text in quotes if it is meant literally"},
    Known{"illegal character found while scanning tag handle", "a `!` that begins a tag",
          "put the text in quotes if it is meant literally"},
    Known{"end of verbatim tag not found", "a `!<` that is never closed",
          "put the text in quotes if it is meant literally"},
    Known{"unexpected character in block scalar", "unexpected text after `|` or `>`",
          "begin the text on the next line"},
    Known{"cannot set zero indentation for a block scalar", "an indentation of 0 after `|` or `>`", ""},
    Known{"illegal character in scalar", "a character that cannot stand here", "put the text in quotes"},
};

}  // namespace

SyntaxError explain(std::string_view yaml_cpp_message) {
    for (const auto& entry : known) {
        if (yaml_cpp_message.starts_with(entry.theirs)) {
            return {std::string(entry.message), std::string(entry.hint),
                    entry.message.ends_with("is never closed") && entry.theirs.starts_with("end of")};
        }
    }
    return {fmt::format("not valid YAML: {}", yaml_cpp_message), {}, false};
}

}  // namespace memrb::runbook
