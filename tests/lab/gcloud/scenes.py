"""What is on Cloud Run: the service aiprod-api in several states, all reckoned back from the present."""
import math
import time
import zlib

from monitoring_api import CONCURRENCY, INSTANCES, REQUESTS, UTILIZATION
from run_api import Run, text_of

PROJECT, REGION, SERVICE = "aiprod-484120", "europe-west1", "aiprod-api"
HOUR = 3600
MIB = {"256Mi": 256, "512Mi": 512, "1Gi": 1024, "2Gi": 2048, "4Gi": 4096, "8Gi": 8192, "16Gi": 16384, "32Gi": 32768, "256M": 244.140625}


def noise(*of):
    """Between -1 and 1, the same for the same moment."""
    return zlib.crc32(repr(of).encode()) / 2 ** 31 - 1


class Scene:
    def __init__(self, kind, revisions, bad=1, hours=30):
        self.region, self.lag = REGION, 0
        self.run = Run(PROJECT, REGION)
        self.entries = []
        self.began = time.time()
        self.run.add_service(SERVICE, {"template": {"metadata": {"annotations": {"autoscaling.knative.dev/maxScale": "20"}},
                                                    "spec": {"containerConcurrency": 80, "timeoutSeconds": 300, "containers": [
                                                        {"image": "", "ports": [{"containerPort": 8080}],
                                                         "resources": {"limits": {}}}]}},
                                       "traffic": [{"latestRevision": True, "percent": 100}]}, self.began - 90 * 24 * HOUR)
        self.kind = kind
        self.memory_of = {"leak": "2Gi", "under-provisioned": "512Mi", "payloads": "2Gi", "cache": "2Gi"}[kind]
        newest = {"leak": 3 * HOUR, "cache": 20 * HOUR}.get(kind, 40 * HOUR)
        for number in range(1, revisions + 1):
            ago = newest + (revisions - number) * hours * HOUR
            self.run.deploy(SERVICE, self.image(number, number > revisions - bad), self.memory_of, self.began - ago)
        self.write_logs()

    def image(self, number, bad):
        return f"europe-docker.pkg.dev/{PROJECT}/api:v{number}" + ("-bad" if bad else "")

    def names(self, service, revision):
        return [name for name, one in self.run.revisions.items()
                if one["metadata"]["labels"]["serving.knative.dev/service"] == service and revision in (None, name)]

    def used(self, image, minutes, at):
        """MiB of the fullest instance, so long after its revision began to serve."""
        floor = 900 + 12 * noise(image, at)
        if not image.endswith("-bad"):
            return floor
        if self.kind == "leak":
            return floor + 5.6 * minutes
        if self.kind == "under-provisioned":
            return 482 + 6 * noise(image, at)
        if self.kind == "cache":
            return 500 + 1350 * (1 - math.exp(-minutes / 300)) + 8 * noise(image, at)
        burst = int(at // 60) % 97 < 2  # about every 97 minutes for two
        return floor + (1120 if burst else 0)

    def value(self, metric, revision, at):
        """Nothing: it does not serve at that moment."""
        span = next((span for span in self.run.served.get(revision, []) if span[0] <= at and (span[1] is None or at <= span[1])), None)
        if span is None:
            return None
        container = self.run.revisions[revision]["spec"]["containers"][0]
        if metric == UTILIZATION:
            return min(1.0, max(0.0, self.used(container["image"], (at - span[0]) / 60, at) / MIB[container["resources"]["limits"]["memory"]]))
        if metric == CONCURRENCY:
            return 20 + 5 * noise(revision, at)
        if metric == REQUESTS:
            return 14 + 3 * noise("requests", revision, at)
        return 3.0 if metric == INSTANCES else None

    # -- logs

    def log(self, ago, severity, instance=1, **fields):
        newest = self.run.services[SERVICE]["status"]["latestReadyRevisionName"]
        name = "varlog%2Fsystem" if "textPayload" in fields else "requests" if "httpRequest" in fields else "stdout"
        self.entries.append({"insertId": f"{len(self.entries):06d}", "timestamp": text_of(self.began - ago), "severity": severity,
                             "logName": f"projects/{PROJECT}/logs/run.googleapis.com%2F{name}",
                             "receiveTimestamp": text_of(self.began - ago + 1), "labels": {"instanceId": f"00f46b9285{instance:02d}"},
                             "resource": {"type": "cloud_run_revision", "labels": {
                                 "service_name": SERVICE, "revision_name": newest, "location": REGION, "project_id": PROJECT,
                                 "configuration_name": SERVICE}}, **fields})

    def killed(self, ago, instance):
        limit = int(MIB[self.memory_of])
        self.log(ago, "ERROR", instance, textPayload=f"Memory limit of {limit} MiB exceeded with {limit + 7} MiB used. Consider increasing "
                 "the memory limit, see https://cloud.google.com/run/docs/configuring/memory-limits")
        self.log(ago - 1, "CRITICAL", instance, jsonPayload={"error_type": "OUT_OF_MEMORY", "message": "worker killed"})
        self.log(ago - 2, "WARNING", instance, jsonPayload={"message": "Container terminated on exit code 137, starting a new one"})

    def request(self, ago, size, url="/v1/items", status=200, answer=2048):
        self.log(ago, "INFO" if status < 500 else "ERROR", 1 + int(ago) % 3, httpRequest={
            "requestMethod": "POST", "requestUrl": f"https://api.aiprod.ai{url}", "requestSize": str(size), "responseSize": str(answer),
            "status": status, "latency": "0.120s"})

    def write_logs(self):
        for index in range(60):
            self.request(300 * index + 7, 1200 + index)
            self.log(300 * index + 11, "INFO", jsonPayload={"memory_usage_mb": round(self.used(self.image(1, True), (18000 - 300 * index) / 60, index))})
        if self.kind == "leak":
            for ago, instance in ((120, 1), (260, 2), (800, 1)):
                self.killed(ago, instance)
        elif self.kind == "under-provisioned":
            for index in range(6):
                self.killed(600 * index + 90, 1 + index % 3)
        elif self.kind == "payloads":
            for burst in range(14):
                ago = (int(self.began // 60) % 97 + 97 * burst) * 60
                self.request(ago + 20, 48 * 2 ** 20, "/v1/upload", 503, 5 * 2 ** 20)
                self.killed(ago + 15, 1 + burst % 2)
        else:
            for index in range(20):
                age = 20 * 60 - 60 * index
                self.log(3600 * index + 30, "INFO", jsonPayload={"cache_size": round(90000 * (1 - math.exp(-age / 300))), "cache_hits": 0.97})
