#pragma once

#include "memrb/runbook.h"
#include "runbook/raw.h"
#include "runbook/reporter.h"

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace memrb::runbook {

/// A mention of something that is looked up once the whole file has been read.
struct Mention {
    std::vector<std::string> path;     ///< {variable}, or the fields of a jq path
    std::vector<std::size_t> offsets;  ///< of each part in the scalar's text
    const Node* node = nullptr;
    std::size_t length = 0;  ///< of a variable's mention, `${` and `}` included; 0 for jq
    bool of_input = false;   ///< jq: certainly a fact, see JqPath
};

/// Where a step stands: -1 is the diagnosis, else the index of the option.
constexpr int in_diagnosis = -1;

/// What the order pass must know of a step beyond the Step itself. Parallel to all_steps().
struct StepNote {
    const Node* node = nullptr;  ///< of the id, or of the whole step if it has none
    int place = in_diagnosis;
    std::vector<Mention> variables;      ///< in its parameters
    std::vector<Mention> facts;          ///< jq paths of `when`
    std::vector<std::string> in_script;  ///< names that a script mentions, variables or not
};

/// What the parts of the compiler share while one file is compiled.
struct Compilation {
    struct Capture {
        std::size_t step;  ///< index in `notes`
        const Node* node;
    };

    Reporter& report;
    ActionTypes types;
    Runbook book = {};
    std::vector<StepNote> notes = {};
    std::map<std::string, const Node*, std::less<>> variables = {};  ///< declared under `vars`
    std::map<std::string, Capture, std::less<>> captures = {};
    std::vector<Mention> default_mentions = {};                     ///< variables in defaults of variables
    std::map<std::string, std::size_t, std::less<>> programs = {};  ///< jq text to its index
    bool full = false;                                              ///< the limit of steps was reached and reported
    std::vector<Mention> facts = {};  ///< jq paths outside of steps: signs, applies, until
};

/// All steps in the order in which they were compiled: the diagnosis, the evidence, then each option's steps, verify
/// and undo.
std::vector<Step*> all_steps(Runbook& book);

/// Adds a jq program to the runbook. Its brackets are checked; what it mentions of the facts goes to `facts` (null: it
/// looks at a step's output instead).
Expression add_program(Compilation& all, const Node& node, std::string_view what, std::vector<Mention>* facts);

}  // namespace memrb::runbook
