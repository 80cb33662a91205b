#include "cloud_scene.h"
#include "hostile.h"

#include <catch2/catch.hpp>

using namespace memrb;
using namespace memrb::actions;

namespace {

Interpretation read(std::initializer_list<std::string> words, const Outcome& outcome) {
    const Scene scene = cloud_scene();
    return action("gcloud").interpret(args(words), scene.context(), outcome);
}

const std::string kill_filter = R"(textPayload:"emory limit of" OR jsonPayload.error_type="OUT_OF_MEMORY")";

Interpretation read_kills(const std::string& out) {
    return read({"logging", "read", kill_filter, "--limit=100"}, exited(0, out));
}

std::string why(const Interpretation& interpretation) {
    return only<NoData>(interpretation).why;
}

std::string complaint(const std::string& err) {
    return why(read({"run", "services", "describe", "aiprod-api"}, exited(1, "", err)));
}

}  // namespace

TEST_CASE("a service, its revisions and one of them are told in a line") {
    const auto service =
        read({"run", "services", "describe", "aiprod-api"}, exited(0, recorded("gcloud/service.json")));
    CHECK(service.note == "aiprod-api-00003-0f3 gets 100 % of the traffic");
    CHECK(service.warnings.empty());
    const auto revisions = read({"run", "revisions", "list"}, exited(0, recorded("gcloud/revisions.json")));
    CHECK(revisions.note == "3 revisions, aiprod-api-00003-0f3 has 2 GiB");
}

TEST_CASE("kills are counted once each, on distinct instances, as far back as was looked") {
    const auto kills = read_kills(recorded("gcloud/kills.json"));
    const auto check = only<OomCheck>(kills);
    CHECK(check.source == OomSource::cloud_log);
    CHECK(check.sightings.size() == 3);  // six lines: each kill is told by Cloud Run and by the application
    CHECK(check.sightings.front().detail == "Memory limit of 2048 MiB exceeded with 2055 MiB used");
    CHECK(check.sightings.front().level == OomLevel::container);
    REQUIRE(check.since);
    CHECK(*check.since == at("2026-11-20T21:41:50Z"));
    CHECK(kills.note == "6 entries, 3 kills for want of memory on 2 instances");
    CHECK(kills.warnings.empty());
}

TEST_CASE("no kill is said only by who has looked for one") {
    CHECK(only<OomCheck>(read_kills("[]")).sightings.empty());
    const auto warnings = read({"logging", "read", "severity=WARNING", "--limit=20"}, exited(0, "[]"));
    CHECK(warnings.readings.empty());
    CHECK(warnings.note == "0 entries");
    const auto cut = read({"logging", "read", kill_filter, "--limit=6"}, exited(0, recorded("gcloud/kills.json")));
    CHECK(cut.note.ends_with("; there may be more"));
    CHECK_FALSE(only<OomCheck>(cut).since);
}

TEST_CASE("an empty answer is no success") {
    CHECK(why(read({"run", "services", "describe", "aiprod-api"}, exited(0, "{}"))) ==
          "gcloud printed no service: the API has answered with nothing");
    CHECK(why(read({"run", "revisions", "list"}, exited(0, "[]"))) ==
          "gcloud printed no revision: a service has at least one");
    CHECK(why(read_kills("")) == "the answer is not JSON, or only a part of it");
    CHECK(only<NoData>(read_kills("")).what == "cloud log");
}

TEST_CASE("what gcloud complains of is told plainly") {
    CHECK(complaint("ERROR: (gcloud.run.services.describe) UNAUTHENTICATED: Request had invalid authentication "
                    "credentials. This command is authenticated with an access token from /tmp/token") ==
          "Google does not accept the login (401): sign in again with `gcloud auth login`");
    CHECK(complaint("ERROR: (gcloud.x) PERMISSION_DENIED: The caller does not have permission. This command is "
                    "authenticated with an access token from /tmp/token specified by the [auth/access_token_file]") ==
          "not permitted (403), or there is no such project: PERMISSION_DENIED: The caller does not have permission.");
    CHECK(complaint("ERROR: (gcloud.run.services.describe) Cannot find service [aiprod-api]") ==
          "there is no such service in this project and region (404): Cannot find service [aiprod-api]");
    CHECK(complaint("ERROR: (gcloud.x) RESOURCE_EXHAUSTED: Quota exceeded for quota metric 'Read requests'")
              .starts_with("Google has been asked too often (429)"));
    CHECK(
        complaint("ERROR: (gcloud.x) HttpError accessing <http://x>: response: <{'status': 503}>, content "
                  "<{\"error\": {\"code\": 503, \"status\": \"UNAVAILABLE\"}}>\nThis may be due to network issues.") ==
        "the API is not able to answer now (503)");
    CHECK(complaint("ERROR: gcloud crashed (JSONDecodeError): Unterminated string\n\nIf you would like to report this "
                    "issue, run:\n  gcloud feedback\n") == "the API's answer is no JSON, or only a part of it");
    CHECK(complaint("ERROR: gcloud crashed (InvalidDataFromServerError): Error decoding response \"{\"kind\": "
                    "\"NOT_FOUND\" as type Service: Expecting property name") ==
          "the API's answer is no JSON, or only a part of it");
    CHECK(
        complaint("ERROR: (gcloud.x) You do not currently have an active account selected.\nPlease run:\n\n  $ gcloud "
                  "auth login\n") == "gcloud has no login: sign in with `gcloud auth login`");
    CHECK(complaint("ERROR: (gcloud.x) something new") == "something new");
    CHECK(why(read({"run", "services", "describe", "aiprod-api"}, ended(TimedOut{Milliseconds{30'000}}))) ==
          "gcloud does not answer in time (timed out after 30 s)");
}

TEST_CASE("a change whose answer was lost may be live, and one that was refused is not") {
    const auto changed = [](const std::string& err) {
        return read({"run", "services", "update", "aiprod-api", "--memory=4Gi"}, exited(1, "", err)).unclear;
    };
    CHECK(
        changed("ERROR: (gcloud.run.services.update) ABORTED: Conflict for resource 'aiprod-api': version 'AAX1' was "
                "specified but current version is 'AAX1005'."));
    CHECK(changed("ERROR: gcloud crashed (BadStatusLine): x"));
    CHECK(changed("ERROR: gcloud crashed (InvalidDataFromServerError): Error decoding response"));
    CHECK_FALSE(changed("ERROR: (gcloud.run.services.update) PERMISSION_DENIED: no"));
    CHECK_FALSE(changed("ERROR: (gcloud.run.services.update) Cannot find service [aiprod-api]"));
    const auto done =
        read({"run", "services", "update", "aiprod-api", "--memory=4Gi"},
             exited(0, "",
                    "Deploying...\nDone.\nService [\x1b[1maiprod-api\x1b[m] revision [aiprod-api-00004-x] has "
                    "been deployed and is serving \x1b[1m0\x1b[m percent of traffic.\n"));
    CHECK(done.note.starts_with("Service [aiprod-api] revision [aiprod-api-00004-x] has been deployed"));
    CHECK(done.warnings ==
          std::vector<std::string>{"the new revision gets 0 % of the traffic: the traffic is pinned to another one"});
}

TEST_CASE("hostile answers of gcloud are refused, never read as health") {
    const auto read_as_all = [](const std::string& text) {
        (void)read({"run", "services", "describe", "aiprod-api"}, exited(0, text));
        (void)read({"run", "revisions", "list"}, exited(0, text));
        const auto kills = read_kills(text);
        REQUIRE(kills.readings.size() == 1);
    };
    const std::string entry =
        R"([{"timestamp":"2026-11-22T10:35:35Z","labels":{"instanceId":"a"},"textPayload":"Memory limit of 1 MiB exceeded )"
        R"(with 2 MiB used","resource":{"labels":{"revision_name":"r"}}},{"jsonPayload":{"error_type":"OUT_OF_MEMORY"}}])";
    each_beginning(entry, read_as_all);
    for (const auto& document : {entry, recorded("gcloud/service.json")}) {
        for (const auto& text : with_wrong_types(document)) {
            read_as_all(text);
        }
    }
}
