"""Cloud Run, as the Run API v1 (`/apis/serving.knative.dev/v1`) tells it: services, revisions, traffic, operations."""
import copy
import datetime
import re
import threading
import time
import uuid

SERVING = "serving.knative.dev/v1"
NUMBER = "484120000000"  # the project's


def text_of(moment):
    return datetime.datetime.fromtimestamp(moment, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class ApiError(Exception):
    """An answer that is no success, as Google's APIs give it."""

    def __init__(self, code, message, status="FAILED_PRECONDITION"):
        super().__init__(message)
        self.code, self.message, self.status = code, message, status

    def body(self):
        return {"error": {"code": self.code, "message": self.message, "status": self.status}}


class Run:
    def __init__(self, project, region):
        self.project, self.region = project, region
        self.lock = threading.RLock()
        self.services = {}
        self.revisions = {}  # name -> object
        self.served = {}     # name -> [[from, until or None], ...], seconds since the epoch
        self.changes = []    # requests that took effect
        self.page = 0        # most items of a list; 0: all
        self.looks = 0       # how often a service was asked for
        self.deploy_at = 0   # at which of these somebody else has deployed it anew; 0: never

    # -- what a scene is made of

    def add_service(self, name, spec, created):
        self.services[name] = {
            "apiVersion": SERVING, "kind": "Service",
            "metadata": {"name": name, "namespace": NUMBER, "uid": str(uuid.uuid4()), "resourceVersion": "AAX1", "generation": 0,
                         "selfLink": f"/apis/{SERVING}/namespaces/{NUMBER}/services/{name}", "creationTimestamp": text_of(created),
                         "labels": {"cloud.googleapis.com/location": self.region}, "annotations": {}},
            "spec": spec, "status": {}}

    def deploy(self, name, image, memory, at, cpu="1", ready=True):
        """A revision made `at` that gets all traffic from then on."""
        service = self.services[name]
        container = service["spec"]["template"]["spec"]["containers"][0]
        container["image"] = image
        container["resources"]["limits"] = {"cpu": cpu, "memory": memory}
        service["metadata"]["generation"] += 1
        return self.make_revision(service, at, ready)

    def make_revision(self, service, at, ready=True):
        name = service["metadata"]["name"]
        generation = service["metadata"]["generation"]
        number = 1 + sum(1 for one in self.revisions.values() if one["metadata"]["labels"]["serving.knative.dev/service"] == name)
        template = service["spec"]["template"]
        revision = template.get("metadata", {}).get("name") or f"{name}-{number:05d}-{uuid.uuid5(uuid.NAMESPACE_URL, name + str(number)).hex[:3]}"
        labels = {**template.get("metadata", {}).get("labels", {}), "serving.knative.dev/service": name,
                  "serving.knative.dev/configurationGeneration": str(generation), "cloud.googleapis.com/location": self.region}
        conditions = [{"type": kind, "status": "True" if ready else "False", "lastTransitionTime": text_of(at)}
                      for kind in ("Ready", "Active", "ContainerHealthy", "ResourcesAvailable")]
        self.revisions[revision] = {
            "apiVersion": SERVING, "kind": "Revision",
            "metadata": {"name": revision, "namespace": NUMBER, "uid": str(uuid.uuid4()), "resourceVersion": "AAX1", "generation": 1,
                         "selfLink": f"/apis/{SERVING}/namespaces/{NUMBER}/revisions/{revision}", "creationTimestamp": text_of(at),
                         "labels": labels, "annotations": template.get("metadata", {}).get("annotations", {})},
            "spec": copy.deepcopy(template["spec"]), "status": {"observedGeneration": 1, "conditions": conditions}}
        status = service["status"]
        status["latestCreatedRevisionName"] = revision
        if ready:
            status["latestReadyRevisionName"] = revision
        self.settle(service, at)
        return revision

    def settle(self, service, at):
        """Traffic goes where the spec says; who serves from when on is what metrics are made of."""
        status = service["status"]
        latest = status.get("latestReadyRevisionName")
        traffic = []
        for one in service["spec"].get("traffic", [{"latestRevision": True, "percent": 100}]):
            name = latest if one.get("latestRevision") else one.get("revisionName")
            if name not in self.revisions:
                raise ApiError(400, f"Revision '{name}' is not found.", "INVALID_ARGUMENT")
            traffic.append({"revisionName": name, "percent": one.get("percent", 0)} |
                           ({"latestRevision": True} if one.get("latestRevision") else {}))
        serving = {one["revisionName"] for one in traffic if one["percent"] > 0}
        for name, revision in self.revisions.items():
            if revision["metadata"]["labels"]["serving.knative.dev/service"] != service["metadata"]["name"]:
                continue
            spans = self.served.setdefault(name, [])
            runs = bool(spans) and spans[-1][1] is None
            if name in serving and not runs:
                spans.append([at, None])
            elif name not in serving and runs:
                spans[-1][1] = at
        status.update(traffic=traffic, observedGeneration=service["metadata"]["generation"],
                      url=f"https://{service['metadata']['name']}-abc.a.run.app",
                      conditions=[{"type": kind, "status": "True", "lastTransitionTime": text_of(at)}
                                  for kind in ("Ready", "ConfigurationsReady", "RoutesReady")])

    # -- the API

    def handle(self, method, path, query, body):
        with self.lock:
            wait = re.fullmatch(r"/v1/projects/([^/]+)/locations/([^/]+)/operations/([^/]+):wait", path)
            if wait:
                service = next(iter(self.services.values()))
                return {"name": path[4:-5], "done": True, "metadata": {},
                        "response": {"@type": "type.googleapis.com/google.cloud.run.v1.Service", **copy.deepcopy(service)}}
            found = re.fullmatch(r"/apis/serving\.knative\.dev/v1/namespaces/([^/]+)/(services|revisions)(?:/([^/]+))?", path)
            if not found:
                raise ApiError(404, f"emulator: no {method} {path}", "NOT_FOUND")
            project, kind, name = found.groups()
            if project not in (self.project, NUMBER):
                raise ApiError(403, f"Permission 'run.{kind}.get' denied on resource 'namespaces/{project}/{kind}/{name or ''}' "
                                    "(or resource may not exist).", "PERMISSION_DENIED")
            objects = getattr(self, kind)
            if name is None:
                return self.list(kind, objects, query)
            if name not in objects:
                raise ApiError(404, f"Resource '{name}' of kind '{kind[:-1].upper()}' in region '{self.region}' in project "
                                    f"'{self.project}' does not exist.", "NOT_FOUND")
            if method == "GET":
                self.looks += kind == "services"
                if kind == "services" and self.looks == self.deploy_at:
                    limits = objects[name]["spec"]["template"]["spec"]["containers"][0]["resources"]["limits"]
                    self.deploy(name, "by-somebody-else", limits["memory"], time.time())
                return copy.deepcopy(objects[name])
            if method == "PUT" and kind == "services":
                return self.replace(objects[name], body)
            raise ApiError(405, f"emulator: no {method} {path}")

    def list(self, kind, objects, query):
        wanted = [term.split("=", 1) for term in query.get("labelSelector", "").replace(" ", "").split(",") if term]
        items = [one for one in objects.values()
                 if all(one["metadata"]["labels"].get(key) == value for key, value in wanted)]
        items.sort(key=lambda one: one["metadata"]["creationTimestamp"], reverse=True)
        size = int(query.get("limit") or 0)
        size = min(size, self.page) if self.page and size else self.page or size or len(items)
        start = int(query.get("continue") or 0)
        more = {"continue": str(start + size)} if start + size < len(items) else {}
        return {"apiVersion": SERVING, "kind": kind[:-1].capitalize() + "List", "metadata": {"selfLink": "", **more},
                "items": copy.deepcopy(items[start:start + size])}

    def replace(self, service, body):
        meta, told = service["metadata"], body.get("metadata", {})
        if told.get("resourceVersion") not in (None, meta["resourceVersion"]):
            raise ApiError(409, f"Conflict for resource '{meta['name']}': version '{told['resourceVersion']}' was specified but "
                                f"current version is '{meta['resourceVersion']}'.", "ABORTED")
        shares = [one.get("percent", 0) for one in body["spec"].get("traffic", [])]
        if shares and sum(shares) != 100:
            raise ApiError(400, "Traffic percents must sum to 100.", "INVALID_ARGUMENT")
        changed = body["spec"]["template"] != service["spec"]["template"]
        before = copy.deepcopy(service["spec"])
        service["spec"] = copy.deepcopy(body["spec"])
        meta["generation"] += 1
        meta["resourceVersion"] = "AAX" + str(meta["generation"] + 1000)
        meta["labels"] = {**told.get("labels", {}), "cloud.googleapis.com/location": self.region}
        meta["annotations"] = {**told.get("annotations", {}), "run.googleapis.com/operation-id": str(uuid.uuid4())}
        try:
            if changed:
                self.make_revision(service, time.time())
            else:
                self.settle(service, time.time())
        except ApiError:
            service["spec"] = before
            raise
        limits = service["spec"]["template"]["spec"]["containers"][0]["resources"]["limits"]
        self.changes.append({"method": "PUT", "service": meta["name"], "at": text_of(time.time()), "new_revision": changed,
                             "memory": limits["memory"], "cpu": limits.get("cpu"), "traffic": copy.deepcopy(service["spec"]["traffic"]),
                             "differs": differences(before, service["spec"])})
        return copy.deepcopy(service)


def differences(before, after, at=""):
    """The places where two documents differ, but for the nonce and the client that gcloud writes into each template."""
    if isinstance(before, dict) or isinstance(after, dict):
        before, after = before or {}, after or {}
        places = []
        for key in sorted({*before, *after}):
            if not key.startswith(("client.knative.dev/", "run.googleapis.com/client-")):
                places += differences(before.get(key), after.get(key), f"{at}.{key}" if at else key)
        return places
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        return [place for index, pair in enumerate(zip(before, after)) for place in differences(*pair, f"{at}[{index}]")]
    return [] if before == after or (not before and not after) else [at]
