// How fast a flood is read, against `cat >/dev/null` on the same kind of pipe, and the peak of this program's memory.
//   bench_flood [MIB]            measures
//   bench_flood --produce MIB    writes so much to stdout
#include "memrb/ports.h"
#include "system/process.h"

#include <fmt/core.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

class NoStop final : public memrb::Stop {
public:
    [[nodiscard]] bool requested() const override { return false; }
    [[nodiscard]] int poll_fd() const override { return -1; }
};

int produce(std::size_t mebibytes) {
    std::string block;
    while (block.size() < 64U * 1024) {
        block += "2026-11-21T08:51:07Z INFO request served in 12 ms, 498 MiB in use\n";
    }
    block.resize(64U * 1024);
    for (std::size_t i = 0; i < mebibytes * 16; ++i) {
        std::string_view left = block;
        while (!left.empty()) {
            const ssize_t done = ::write(STDOUT_FILENO, left.data(), left.size());
            if (done <= 0) {
                return 1;
            }
            left.remove_prefix(static_cast<std::size_t>(done));
        }
    }
    return 0;
}

double seconds_of_cat(const std::string& self, const std::string& mebibytes) {
    memrb::Command pipeline;  // the shell only joins the two; nothing of the flood comes here
    pipeline.argv = {"sh", "-c", "'" + self + "' --produce " + mebibytes + " | cat >/dev/null"};
    const auto begun = Clock::now();
    static_cast<void>(memrb::system::run_command(pipeline, {}, NoStop()));
    return std::chrono::duration<double>(Clock::now() - begun).count();
}

double seconds_of_memrb(const std::string& self, const std::string& mebibytes, const std::filesystem::path& folder) {
    memrb::Command flood;
    flood.argv = {self, "--produce", mebibytes};
    memrb::RunContext context;
    context.step = "flood";
    context.spill_dir = folder;
    context.timeout = std::chrono::minutes(5);
    const auto begun = Clock::now();
    const memrb::Outcome outcome = memrb::system::run_command(flood, context, NoStop());
    const auto end = Clock::now();
    if (outcome.out.total != std::stoull(mebibytes) << 20U) {
        fmt::print(stderr, "only {} bytes came\n", outcome.out.total);
        std::exit(1);
    }
    std::filesystem::remove(folder / "flood.out");
    return std::chrono::duration<double>(end - begun).count();
}

double peak_mebibytes() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc == 3 && std::string_view(argv[1]) == "--produce") {
        return produce(std::stoul(argv[2]));
    }
    const std::string mebibytes = argc > 1 ? argv[1] : "2048";
    const std::string self = std::filesystem::read_symlink("/proc/self/exe").string();
    std::string folder = (std::filesystem::temp_directory_path() / "memrb-bench-XXXXXX").string();
    if (::mkdtemp(folder.data()) == nullptr) {
        std::perror("mkdtemp");
        return 1;
    }
    double cat = 0;
    double ours = 0;
    for (int turn = 0; turn < 3; ++turn) {
        cat += seconds_of_cat(self, mebibytes) / 3;
        ours += seconds_of_memrb(self, mebibytes, folder) / 3;
    }
    std::filesystem::remove_all(folder);
    const double size = std::stod(mebibytes);
    fmt::print(
        "{} MiB, mean of 3: cat {:.0f} MiB/s, memrb with a spill file {:.0f} MiB/s, ratio {:.2f}, peak {:.1f} MiB\n",
        mebibytes, size / cat, size / ours, cat / ours, peak_mebibytes());
    return 0;
}
