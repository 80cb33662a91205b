#include "hostile.h"
#include "scene.h"
#include "scripted_fetch.h"

#include <catch2/catch.hpp>

using namespace memrb;
using namespace memrb::actions;

namespace {

const std::string base_url = "http://localhost:9090";

std::string query_url(const std::string& encoded_name) {
    const std::string metric = "container_memory_working_set_bytes%7B";
    return "GET " + base_url + "/api/v1/query?query=" + metric + "name%3D%22" + encoded_name + "%22%7D%20or%20" +
           metric + "container%3D%22" + encoded_name + "%22%2Ccontainer%21%3D%22POD%22%7D%20or%20" + metric +
           "pod%3D%22" + encoded_name + "%22%2Ccontainer%21%3D%22%22%2Ccontainer%21%3D%22POD%22%7D&time=1795132800.000";
}

std::string names_url(const std::string& label) {
    return "GET " + base_url + "/api/v1/label/" + label + "/values?match%5B%5D=container_memory_working_set_bytes";
}

Found find(const std::string& name, ScriptedFetch& script, const std::string& address = base_url) {
    const Tools tools;
    std::map<std::string, std::string> vars;
    if (!address.empty()) {
        vars["prometheus"] = address;
    }
    return finder(Platform::prometheus)
        .find(FindContext{name, tools, vars, from_unix_seconds(1795132800)}, script.fetch());
}

std::string vector_of(const std::vector<std::string>& label_sets) {
    std::string body = R"({"status":"success","data":{"resultType":"vector","result":[)";
    for (const auto& labels : label_sets) {
        body +=
            (body.back() == '[' ? "" : ",") + std::string(R"({"metric":{)") + labels + R"(},"value":[1795132800,"5"]})";
    }
    return body + "]}}";
}

}  // namespace

TEST_CASE("a container is found by cAdvisor's label name") {
    ScriptedFetch script;
    script.on(query_url("backend"), answered(200, recorded("prometheus/instant-vector.json")));
    const Found found = find("backend", script);
    CHECK(found.problems.empty());
    REQUIRE(found.matches.size() == 1);
    const Target& target = found.matches[0];
    CHECK(target.name == "backend");
    CHECK(target.platform == Platform::prometheus);
    CHECK(target.id == "3f9c3f9c3f9c3f9c3f9c3f9c3f9c3f9c3f9c3f9c3f9c3f9c3f9c3f9c3f9c3f9c");
    CHECK(target.image == "shop/backend:1.4");
    CHECK(target.found_by == "prometheus label name");
    CHECK(target.labels.at("job") == "cadvisor");
    CHECK(std::holds_alternative<LimitUnknown>(target.limit));
    CHECK(target.pid == 0);
    CHECK(script.asked.size() == 1);
}

TEST_CASE("two ids of one name after a deploy are one target without an id") {
    ScriptedFetch script;
    const std::string a(64, 'a');
    const std::string b(64, 'b');
    script.on(query_url("backend"),
              answered(200, vector_of({R"("id":"/docker/)" + a + R"(","name":"backend","job":"c")",
                                       R"("id":"/docker/)" + b + R"(","name":"backend","job":"c")"})));
    const Found found = find("backend", script);
    REQUIRE(found.matches.size() == 1);
    CHECK(found.matches[0].id.empty());
    CHECK(found.matches[0].labels == std::map<std::string, std::string>{{"job", "c"}, {"name", "backend"}});
}

TEST_CASE("a container of several pods is as many targets") {
    ScriptedFetch script;
    script.on(query_url("api"), answered(200, vector_of({R"("container":"api","pod":"api-1","namespace":"n")",
                                                         R"("container":"api","pod":"api-2","namespace":"n")"})));
    const Found found = find("api", script);
    REQUIRE(found.matches.size() == 2);
    CHECK(found.matches[0].name == "api-1");
    CHECK(found.matches[1].name == "api-2");
    CHECK(found.matches[0].found_by == "prometheus label container");
    script.on(query_url("api-1"), answered(200, vector_of({R"("container":"api","pod":"api-1","namespace":"n")"})));
    CHECK(find("api-1", script).matches.at(0).found_by == "prometheus label pod");
}

TEST_CASE("the name goes into the query as text, whatever it holds") {
    ScriptedFetch script;
    script.on(query_url("a%5C%22%7D%20or%20up%7Bx%3D%5C%22"),
              answered(200, recorded("prometheus/instant-vector.json")));
    for (const std::string label : {"name", "container", "pod"}) {
        script.on(names_url(label), answered(404, ""));
    }
    CHECK(find("a\"} or up{x=\"", script).matches.empty());  // the answer carries another name
}

TEST_CASE("what is not found comes with the names that are") {
    ScriptedFetch script;
    script.on(query_url("bakend"), answered(200, recorded("prometheus/empty.json")))
        .on(names_url("name"), answered(200, recorded("prometheus/label-values.json")))
        .on(names_url("container"), answered(500, "x"))
        .on(names_url("pod"), answered(200, R"({"status":"success","data":["pod-1",5]})"));
    const Found found = find("bakend", script);
    CHECK(found.matches.empty());
    CHECK(found.problems.empty());
    CHECK(found.known_names == std::vector<std::string>{"backend", "glitchy", "worker", "pod-1"});
}

TEST_CASE("a Prometheus that cannot be asked is a problem, never an absence") {
    const auto problem = [](Outcome outcome) {
        ScriptedFetch script;
        script.on(query_url("backend"), std::move(outcome));
        const Found found = find("backend", script);
        CHECK(found.matches.empty());
        REQUIRE(found.problems.size() == 1);
        return found.problems[0].message;
    };
    const std::string who = "Prometheus at http://localhost:9090 cannot be asked: ";
    CHECK(problem(ended(NotStarted{"nothing listens at localhost:9090", false, false})) ==
          who + "nothing listens at localhost:9090");
    CHECK(problem(answered(500, "boom")) == who + "Prometheus answers HTTP 500: boom");
    CHECK(problem(answered(200, "<html>")) == who + "not a Prometheus answer: it is a web page");
    CHECK(problem(answered(200, R"({"status":"suc)")) ==
          who + "not a Prometheus answer: its JSON is broken off or malformed");
    CHECK(
        problem(answered(400, recorded("prometheus/error-400.json"))).starts_with(who + "Prometheus says: bad_data: "));
    CHECK(problem(ended(TimedOut{Milliseconds{5'000}})) == who + "timed out after 5.0 s");
}

TEST_CASE("without a usable address nobody is asked") {
    ScriptedFetch script;
    CHECK(find("backend", script, "").problems.at(0).message == "Prometheus is not asked: its address is not set");
    CHECK(find("backend", script, "localhost:9090").problems.at(0).message ==
          "`localhost:9090` is no http:// or https:// address");
    CHECK(script.asked.empty());
    ScriptedFetch login;
    const Found found =
        find("backend", login.on("GET http://u:secret@h/api/v1/" + query_url("backend").substr(33), answered(500, "")),
             "http://u:secret@h");
    CHECK(found.problems.at(0).message == "Prometheus at http://h cannot be asked: Prometheus answers HTTP 500");
}
