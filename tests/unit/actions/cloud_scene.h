#pragma once

#include "scene.h"

namespace memrb::actions {

/// The recorded service on Cloud Run (tests/fixtures/recorded/gcloud): 2Gi and 1 CPU, served by its newest revision.
inline Scene cloud_scene() {
    Scene scene;
    scene.target = Target{};
    scene.target.name = "aiprod-api";
    scene.target.platform = Platform::cloud_run;
    scene.target.id = "aiprod-api-00003-0f3";
    scene.target.limit = Bytes{2} << 30U;
    scene.target.cloud_run = CloudRunRef{"aiprod-484120", "europe-west1", "aiprod-api", "aiprod-api-00003-0f3", 3, 1};
    scene.tools.gcloud_command = {"gcloud"};
    scene.now = at("2026-11-22T10:38:00Z");
    return scene;
}

}  // namespace memrb::actions
