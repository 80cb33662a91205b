"""Cloud Monitoring: the v3 `timeSeries` call and the Prometheus endpoint, for the metrics of Cloud Run."""
import datetime
import re
import time

from run_api import ApiError, text_of

UTILIZATION = "run.googleapis.com/container/memory/utilizations"
REQUESTS = "run.googleapis.com/request_count"
INSTANCES = "run.googleapis.com/container/instance_count"
CONCURRENCY = "run.googleapis.com/container/max_request_concurrencies"
DISTRIBUTIONS = {UTILIZATION, CONCURRENCY}
BOUNDS = [step / 100 for step in range(0, 101)]
IN_PROMQL = {"container_memory_utilizations": UTILIZATION, "request_count": REQUESTS, "container_instance_count": INSTANCES,
             "container_max_request_concurrencies": CONCURRENCY}


def seconds(text):
    try:
        return float(text)
    except ValueError:
        return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


class Monitoring:
    def __init__(self, project, scene):
        self.project, self.scene = project, scene
        self.page = 0       # most series of a page
        self.as_buckets = False  # v3 answers distributions whole, though a percentile was asked for

    def handle(self, method, path, query):
        found = re.fullmatch(r"/v(?:3|1)/projects/([^/]+)/(timeSeries|location/global/prometheus/api/v1/(query|query_range))", path)
        if not found:
            raise ApiError(404, f"emulator: no {method} {path}", "NOT_FOUND")
        if found[1] != self.project:
            raise ApiError(403, f"Permission monitoring.timeSeries.list denied (or the resource may not exist): projects/{found[1]}.",
                           "PERMISSION_DENIED")
        return self.time_series(query) if found[2] == "timeSeries" else self.promql(query, found[3] == "query_range")

    # -- v3

    def time_series(self, query):
        terms = dict(re.findall(r'([\w.]+)\s*=\s*"([^"]*)"', query.get("filter", "")))
        metric = terms.get("metric.type")
        aligner = query.get("aggregation.perSeriesAligner", "ALIGN_NONE")
        if metric not in IN_PROMQL.values():
            raise ApiError(404, f"Cannot find metric(s) that match type = \"{metric}\".", "NOT_FOUND")
        if metric in DISTRIBUTIONS and aligner in ("ALIGN_MEAN", "ALIGN_MAX", "ALIGN_MIN", "ALIGN_RATE"):
            raise ApiError(400, "Field aggregation.perSeriesAligner had an invalid value: The aligner cannot be applied to metrics "
                                "with kind DELTA and value type DISTRIBUTION.", "INVALID_ARGUMENT")
        if "resource.labels.service_name" not in terms:
            raise ApiError(400, "emulator: the filter names no service", "INVALID_ARGUMENT")
        end = seconds(query["interval.endTime"])
        start = seconds(query.get("interval.startTime", query["interval.endTime"]))
        step = int(query.get("aggregation.alignmentPeriod", "60s")[:-1])
        percentile = re.fullmatch(r"ALIGN_PERCENTILE_(\d+)", aligner)
        answer = []
        for revision in self.scene.names(terms["resource.labels.service_name"], terms.get("resource.labels.revision_name")):
            points = self.points(metric, revision, start, end, step)
            if not points:
                continue
            whole = metric in DISTRIBUTIONS and (self.as_buckets or not percentile)
            values = [{"interval": {"startTime": text_of(at - step), "endTime": text_of(at)},
                       "value": {"distributionValue": distribution(value)} if whole else {"doubleValue": value}} for at, value in points]
            answer.append({"metric": {"type": metric, "labels": {}},
                           "resource": {"type": "cloud_run_revision",
                                        "labels": {"project_id": self.project, "service_name": terms["resource.labels.service_name"],
                                                   "revision_name": revision, "location": self.scene.region}},
                           "metricKind": "DELTA" if whole else "GAUGE", "valueType": "DISTRIBUTION" if whole else "DOUBLE",
                           "points": values[::-1]})  # newest first
        first = int(query.get("pageToken") or 0)
        size = self.page or len(answer) or 1
        more = {"nextPageToken": str(first + size)} if first + size < len(answer) else {}
        return ({"timeSeries": answer[first:first + size]} if answer else {}) | {"unit": "10^2.%"} | more

    def points(self, metric, revision, start, end, step):
        """One for each period, the last of which ends with the time asked for: the highest of its minutes in which the revision served."""
        step = max(step, 60)
        begun = min((span[0] for span in self.scene.run.served.get(revision, [])), default=end)
        at = end - int((end - max(start, begun - step)) // step) * step  # before it served there is nothing to look at
        found = []
        while at <= min(end, time.time() - self.scene.lag):
            values = [self.scene.value(metric, revision, at - 60 * back) for back in range(step // 60)]
            values = [value for value in values if value is not None]
            if values:
                found.append((at, max(values)))
            at += step
        return found

    # -- the Prometheus endpoint

    def promql(self, query, ranged):
        text = query.get("query", "")
        name = re.search(r"run_googleapis_com:(\w+?)(_bucket|_sum|_count)?\b(?=[{\[)])", text)
        metric = IN_PROMQL.get(name[1]) or IN_PROMQL.get(name[1] + (name[2] or "")) if name else None
        if metric is None:
            raise ApiError(400, f"emulator: no metric is known in {text}", "INVALID_ARGUMENT")
        if metric in DISTRIBUTIONS and not name[2]:
            raise PromqlError(400, f"metric {name[0]} is a distribution: use the _bucket, _sum or _count suffix")
        if 'monitored_resource="cloud_run_revision"' not in text:
            raise PromqlError(400, f"metric {name[0]} has several monitored resources: set the label monitored_resource")
        service = re.search(r'service_name="([^"]*)"', text)
        if ranged:
            start, end, step = seconds(query["start"]), seconds(query["end"]), float(query["step"])
        else:
            end = seconds(query.get("time") or str(time.time()))
            start, step = end - 300, 60
        by_revision = "revision_name" in re.findall(r"by\s*\(([^)]*)\)", text)[0] if " by " in text else False
        series = {}
        for revision in self.scene.names(service[1] if service else None, None):
            for at, value in self.points(metric, revision, start, end, int(max(step, 60))):
                series.setdefault(revision if by_revision else "", {}).setdefault(at, []).append(value)
        result = []
        for revision, samples in series.items():
            values = [[at, repr(sum(each) if metric in (REQUESTS, INSTANCES) else max(each))] for at, each in sorted(samples.items())]
            result.append({"metric": {"revision_name": revision} if revision else {}} |
                          ({"values": values} if ranged else {"value": values[-1]}))
        return {"status": "success", "data": {"resultType": "matrix" if ranged else "vector", "result": result}}


class PromqlError(ApiError):
    def body(self):
        return {"status": "error", "errorType": "bad_data", "error": self.message}


def distribution(value):
    """Twenty instances, of which all lie in the bucket of `value`."""
    counts = [0] * (len(BOUNDS) + 1)
    counts[sum(1 for bound in BOUNDS if bound <= value)] = 20
    while counts and counts[-1] == 0:
        counts.pop()
    return {"count": "20", "mean": value, "bucketOptions": {"explicitBuckets": {"bounds": BOUNDS}},
            "bucketCounts": [str(count) for count in counts]}
