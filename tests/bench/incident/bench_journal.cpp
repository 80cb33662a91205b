// What it costs to append an event durably, against write() and fdatasync() of the same bytes to a file beside it.
//   bench_journal [FOLDER]      the medians of both, taken in turns; exits 1 above the promised ratio
#include "incident/journal.h"
#include "memrb/ports.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace {

using Time = std::chrono::steady_clock;
namespace fs = std::filesystem;

constexpr std::size_t events = 2000;
constexpr double promised = 1.2;

class Wall final : public memrb::Clock {
public:
    [[nodiscard]] memrb::Timestamp now() const override {
        return std::chrono::time_point_cast<memrb::Timestamp::duration>(std::chrono::system_clock::now());
    }
    [[nodiscard]] Time::time_point steady() const override { return Time::now(); }
};

// The end of a change, with what a tool says.
memrb::StepFinished finished(std::size_t number) {
    memrb::StepFinished body;
    body.step = "restart.container";
    body.status = memrb::StepStatus::ok;
    body.note = fmt::format("container {} was started anew", number);
    body.outcome.ending = memrb::Exited{0};
    body.outcome.out.head = std::string(200, 'x');
    body.outcome.out.total = 200;
    return body;
}

double median(std::vector<double>& times) {
    std::sort(times.begin(), times.end());
    return times[times.size() / 2];
}

template <class Work>
double microseconds(Work work) {
    const auto begin = Time::now();
    work();
    return std::chrono::duration<double, std::micro>(Time::now() - begin).count();
}

}  // namespace

int main(int argc, char** argv) {
    const fs::path folder = fs::path(argc > 1 ? argv[1] : ".") / fmt::format("bench-journal-{}", ::getpid());
    fs::create_directories(folder / "outputs");
    const Wall clock;
    auto journal = memrb::incident::FileJournal::open(folder, clock);
    const int bare = ::open((folder / "bare").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (!journal || bare < 0) {
        fmt::print(stderr, "cannot write in {}\n", folder.string());
        return EXIT_FAILURE;
    }
    std::string line;
    bool good = true;
    for (int i = 0; i < 2; ++i) {  // the first one also flushes the folder
        good = good && (*journal)->append(finished(0), true).has_value();
    }
    std::getline(std::ifstream(folder / "journal.jsonl"), line);
    line += '\n';
    std::vector<double> ours;
    std::vector<double> floor;
    for (std::size_t i = 0; i < events; ++i) {
        auto event = finished(i);
        ours.push_back(microseconds([&] { good = good && (*journal)->append(std::move(event), true).has_value(); }));
        floor.push_back(microseconds([&] {
            good = good && ::write(bare, line.data(), line.size()) == static_cast<ssize_t>(line.size()) &&
                   ::fdatasync(bare) == 0;
        }));
    }
    ::close(bare);
    const double append = median(ours);
    const double write = median(floor);
    fmt::print("append durably {:.1f} us, bare write and fdatasync of {} bytes {:.1f} us: {:.2f}, promised <= {}\n",
               append, line.size(), write, append / write, promised);
    journal = {};
    fs::remove_all(folder);
    return good && append / write <= promised ? EXIT_SUCCESS : EXIT_FAILURE;
}
