#include "engine/find_target.h"

#include "base/text.h"

#include <fmt/format.h>
#include <algorithm>

namespace memrb::engine {

namespace {

constexpr Milliseconds lookup_timeout{5'000};  // a lookup that takes longer is a source that does not answer

std::string describe_match(const Target& target) {
    std::string text = fmt::format("  {} · {}", to_string(target.platform), base::printable(target.name));
    if (!target.id.empty()) {
        text += fmt::format(" ({})", target.id.substr(0, 12));
    }
    return text + (target.running ? "" : ", stopped") + (target.found_by.empty() ? "" : ", by " + target.found_by);
}

Error ambiguous(const std::string& name, const std::vector<Target>& matches) {
    std::string message = fmt::format("`{}` could be any of {}:", name, matches.size());
    for (const auto& match : matches) {
        message += "\n" + describe_match(match);
    }
    return {Fault::usage, std::move(message), "name one of them, or give the container's id"};
}

Error nobody_knows(const std::string& name, const std::vector<std::string>& known, const std::vector<Error>& problems,
                   bool asked_anyone) {
    Error error{Fault::failed, fmt::format("nothing is called `{}` here{}", name, base::did_you_mean(name, known)), {}};
    if (!asked_anyone) {
        error = {Fault::no_data, fmt::format("cannot look for `{}`: no source answered", name), {}};
    } else if (known.empty()) {
        error.hint = "the Docker engine has no containers, and Prometheus has no such series";
    } else if (!base::closest(name, known)) {
        constexpr std::size_t most = 8;
        const std::size_t shown = std::min(known.size(), most);
        error.hint = fmt::format("known here: {}{}", base::printable(base::join(std::span(known).first(shown), ", ")),
                                 known.size() > most ? ", …" : "");
    }
    for (const auto& problem : problems) {
        error.message += "\n  " + problem.message;
        if (error.hint.empty()) {
            error.hint = problem.hint;
        }
    }
    return error;
}

class Search {
public:
    Search(const FindOptions& options, const Tools& tools, Runner& runner, const Stop& stop)
        : options_(options),
          tools_(tools),
          name_(options.name),
          platform_(options.platform),
          fetch_([&](const Request& request) {
              RunContext context;
              context.timeout = lookup_timeout;
              context.keep = Bytes{64} << 20U;
              return runner.run(request, context, stop);
          }) {
        if (const auto configured = options.configured.find(options.name); configured != options.configured.end()) {
            configured_ = &configured->second;
            platform_ = platform_ ? platform_ : configured_->platform;
            name_ = configured_->name.empty() ? name_ : configured_->name;
        }
    }

    Result<FoundTarget> run(std::span<const TargetFinder* const> finders, const Stop& stop) {
        auto vars = options_.vars;
        if (configured_ != nullptr) {
            for (const auto& [key, value] : configured_->vars) {
                vars.emplace(key, value);
            }
        }
        for (const TargetFinder* finder : finders) {
            if (stop.requested()) {
                return fail(Fault::interrupted, "interrupted while looking for the target");
            }
            if (platform_ && finder->platform != *platform_) {
                continue;
            }
            Found found = finder->find(FindContext{name_, tools_, vars, options_.now}, fetch_);
            asked_anyone_ = asked_anyone_ || found.problems.empty();
            if (found.matches.size() > 1) {
                return tl::unexpected(ambiguous(options_.name, found.matches));
            }
            if (found.matches.size() == 1) {
                return pinned(std::move(found));
            }
            known_.insert(known_.end(), found.known_names.begin(), found.known_names.end());
            problems_.insert(problems_.end(), found.problems.begin(), found.problems.end());
        }
        std::sort(known_.begin(), known_.end());
        known_.erase(std::unique(known_.begin(), known_.end()), known_.end());
        return tl::unexpected(nobody_knows(options_.name, known_, problems_, asked_anyone_));
    }

private:
    FoundTarget pinned(Found found) {
        FoundTarget result{std::move(found.matches.front()), std::move(found.host_containers), {}};
        if (configured_ != nullptr) {
            result.target.vars = configured_->vars;
            result.target.found_by = "config, " + result.target.found_by;
        }
        for (const auto& problem : problems_) {
            result.warnings.push_back(problem.message);
        }
        for (const auto& problem : found.problems) {
            result.warnings.push_back(problem.message);
        }
        return result;
    }

    const FindOptions& options_;
    const Tools& tools_;
    std::string name_;
    std::optional<Platform> platform_;
    Fetch fetch_;
    const ConfiguredTarget* configured_ = nullptr;
    bool asked_anyone_ = false;
    std::vector<std::string> known_;
    std::vector<Error> problems_;
};

}  // namespace

Result<FoundTarget> find_target(const FindOptions& options, std::span<const TargetFinder* const> finders,
                                const Tools& tools, Runner& runner, const Stop& stop) {
    if (auto name = check_target_name(options.name); !name) {
        return tl::unexpected(name.error());
    }
    return Search(options, tools, runner, stop).run(finders, stop);
}

}  // namespace memrb::engine
