// The HTML report in a real browser, if there is one.
#include "incident_home.h"
#include "support/skip.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdlib>
#include <filesystem>

using namespace memrb;
using namespace memrb::test;
namespace fs = std::filesystem;

namespace {

constexpr const char* browser = "chromium";

bool installed() {
    const char* path = std::getenv("PATH");
    std::string folders = path == nullptr ? "" : path;
    while (!folders.empty()) {
        const auto end = folders.find(':');
        std::error_code none;
        if (fs::exists(fs::path(folders.substr(0, end)) / browser, none)) {
            return true;
        }
        folders = end == std::string::npos ? "" : folders.substr(end + 1);
    }
    return false;
}

/// What the browser said and asked the network for, and the picture that it made of `page`.
struct Seen {
    std::string said;
    std::string network;
    std::string picture;
};

Seen look_at(const TempDir& folder, const std::string& page, const std::vector<std::string>& flags = {}) {
    std::vector<std::string> words{browser,
                                   "--headless=new",
                                   "--no-sandbox",
                                   "--disable-gpu",
                                   "--disable-dev-shm-usage",
                                   "--disable-background-networking",
                                   "--disable-component-update",
                                   "--disable-default-apps",
                                   "--disable-extensions",
                                   "--disable-sync",
                                   "--host-resolver-rules=MAP * ~NOTFOUND",
                                   "--no-first-run",
                                   "--hide-scrollbars",
                                   "--enable-logging=stderr",
                                   "--user-data-dir=" + (folder / "profile").string(),
                                   "--log-net-log=" + (folder / "net.json").string(),
                                   "--window-size=1000,3000",
                                   "--screenshot=" + (folder / "page.png").string()};
    words.insert(words.end(), flags.begin(), flags.end());
    words.push_back("file://" + (folder / page).string());
    fs::remove(folder / "page.png");
    const auto ran = program(words).home(folder / "home").timeout(std::chrono::seconds(100)).run();
    INFO(ran.describe());
    REQUIRE(ran.ending == exited(0));
    REQUIRE(fs::exists(folder / "page.png"));
    return {ran.err, folder.read("net.json"), folder.read("page.png")};
}

/// What was asked for over the network, without what the browser asks its maker by itself.
std::vector<std::string> requests(const Seen& seen) {
    const std::string key = "\"url\":\"";
    std::vector<std::string> all;
    for (auto at = seen.network.find(key); at != std::string::npos; at = seen.network.find(key, at + 1)) {
        const std::string url =
            seen.network.substr(at + key.size(), seen.network.find('"', at + key.size()) - at - key.size());
        const bool known = std::find(all.begin(), all.end(), url) != all.end();
        if (url.starts_with("http") && url.find("google") == std::string::npos && !known) {
            all.push_back(url);
        }
    }
    return all;
}

}  // namespace

TEST_CASE("the report opens in a browser: no error, no request, a picture in light and in dark") {
    if (!installed()) {
        skip("no chromium is installed (scripts/install-packages chromium)");
        return;
    }
    const IncidentHome home;
    for (const std::string hostile :
         {"</script><script>console.error('got in')</script>",
          "<img src=http://127.0.0.1:9/x onerror=console.error('got_in')>", "\x1b[31mred \u202eexe.gpj"}) {
        REQUIRE(home.memrb({"note", hostile}).run().ending == exited(0));
    }
    const TempDir folder;
    const auto report =
        home.memrb({"report", "a2b3", "--format", "html", "--file", (folder / "r.html").string()}).run();
    INFO(report.describe());
    REQUIRE(report.ending == exited(0));

    const Seen light = look_at(folder, "r.html", {"--blink-settings=preferredColorScheme=1"});
    CHECK(light.said.find("CONSOLE") == std::string::npos);
    CHECK(requests(light).empty());
    CHECK(light.picture.starts_with("\x89PNG"));
    CHECK(light.picture.size() > 30'000);

    const Seen dark = look_at(folder, "r.html", {"--blink-settings=preferredColorScheme=0"});
    CHECK(dark.said.find("CONSOLE") == std::string::npos);
    CHECK(dark.picture != light.picture);

    // The chart is what makes the difference to the same page without it; and an error would have been seen.
    std::string page = folder.read("r.html");
    const auto begin = page.find("<figure>");
    REQUIRE(begin != std::string::npos);
    page.erase(begin, page.find("</figure>") - begin);
    folder.write("without.html", page);
    CHECK(look_at(folder, "without.html", {"--blink-settings=preferredColorScheme=1"}).picture != light.picture);
    folder.write("bad.html", "<!doctype html><img src=http://127.0.0.1:9/x><script>console.error('seen')</script>");
    const Seen bad = look_at(folder, "bad.html");
    CHECK(bad.said.find("CONSOLE") != std::string::npos);
    CHECK(requests(bad) == std::vector<std::string>{"http://127.0.0.1:9/x"});
}
