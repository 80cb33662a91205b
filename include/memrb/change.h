#pragma once

#include "memrb/action.h"
#include "memrb/units.h"

#include <cstddef>
#include <string>
#include <vector>

namespace memrb {

/// How a step gets its consent.
enum class Consent {
    not_needed,    ///< it only reads
    given,         ///< by a flag
    ask,           ///< the word `yes`
    ask_for_name,  ///< the target's name, typed: it cannot be undone
};

/// All that a person sees of a change before it is made.
struct ChangeCard {
    std::size_t number = 0;  ///< from 1
    std::size_t count = 0;
    std::string id;
    std::string title;
    std::string advice;  ///< Markdown
    Risk risk = Risk::disruptive;
    std::vector<std::string> commands;  ///< exact, one text line for each part
    std::string costs;
    std::vector<std::string> undo;   ///< exact commands; empty: there is none
    std::vector<std::string> saved;  ///< what was written down before
    Consent consent = Consent::ask;
    std::vector<std::string> cautions = {};  ///< what speaks against it, one line each
    std::vector<std::string> editable = {};  ///< the arguments, if a person may change them
    std::string problem = {};                ///< why the arguments that were edited cannot be taken
};

struct TaskCard {
    std::size_t number = 0;
    std::size_t count = 0;
    std::string id;
    std::string title;
    std::string instructions;
    std::string shown_step = {};  ///< the read right before it, if a person has to read its answer
    std::string shown = {};       ///< that answer
};

enum class Reply { run, skip, by_hand, edit, quit, interrupted };

struct Decision {
    Reply answer = Reply::quit;
    std::string why;                      ///< the reason for a skip, what was done by hand
    std::vector<std::string> words = {};  ///< edit: the arguments that are meant instead
};

/// The person, or the flags that stand for one.
class Operator {
public:
    virtual ~Operator() = default;
    /// Shown, and asked unless the consent is given.
    virtual Decision decide(const ChangeCard& card) = 0;
    virtual Decision task(const TaskCard& card) = 0;
    /// Something could not be saved before a disruptive change: go on all the same?
    virtual bool go_on_without(const std::vector<std::string>& not_saved) = 0;
    virtual void change_begins(Milliseconds timeout) = 0;
    virtual void change_ends() = 0;
};

}  // namespace memrb
