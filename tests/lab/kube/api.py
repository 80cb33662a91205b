"""The API itself: reads, changes, dry runs, subresources, metrics."""
import copy
import json

import controllers
import discovery
import patches
import tables
from discovery import Place
from store import ApiError, now


class Api:
    def __init__(self, store):
        self.store = store
        self.metrics = True  # is a metrics-server installed?

    def handle(self, method, path, query, body, headers):
        if method == "GET":
            known = self.discover(path)
            if known is not None:
                return known
        place = Place(path)
        if place.group == "metrics.k8s.io" and self.metrics:
            return self.measure(place, query)
        if place.resource.endswith("reviews"):
            return {"kind": "SelfSubjectAccessReview", "apiVersion": "authorization.k8s.io/v1", "metadata": {}, "spec": {},
                    "status": {"allowed": True}}
        known = discovery.RESOURCES.get(place.resource)
        if known is None or known[0] != place.group:
            raise ApiError(404, "NotFound", "the server could not find the requested resource")
        if method == "GET":
            return self.read(place, query, headers)
        return self.change(method, place, query, body, headers)

    def discover(self, path):
        if path == "/version":
            return discovery.VERSION
        if path == "/api":
            return {"kind": "APIVersions", "versions": ["v1"]}
        if path == "/apis":
            return discovery.groups(self.metrics)
        for group, version in discovery.GROUP_VERSIONS.items():
            if path == ("/apis/" if group else "/api/") + version and (self.metrics or group != "metrics.k8s.io"):
                return discovery.resources(group)
        return None

    # Reads

    def typed(self, place, obj):
        group, kind = discovery.RESOURCES[place.resource][:2]
        return {"kind": kind, "apiVersion": discovery.GROUP_VERSIONS[group], **obj}

    def read(self, place, query, headers):
        if place.sub == "log":
            return self.log(place, query)
        as_table = "as=Table" in headers.get("Accept", "")
        if place.name:
            obj = self.store.get(place.resource, place.namespace, place.name, place.group)
            if place.sub == "scale":
                return controllers.scale_of(obj)
            return tables.table(place.resource, [obj], str(self.store.version)) if as_table else self.typed(place, obj)
        objects = self.store.list(place.resource, place.namespace, query.get("labelSelector"), query.get("fieldSelector"))
        version = str(self.store.version)
        if as_table:
            return tables.table(place.resource, objects, version)
        kind = discovery.RESOURCES[place.resource][1]
        return {"kind": kind + "List", "apiVersion": discovery.GROUP_VERSIONS[place.group],
                "metadata": {"resourceVersion": version}, "items": objects}

    def log(self, place, query):
        pod = self.store.get("pods", place.namespace, place.name)
        previous = query.get("previous") in ("true", "1")
        container = query.get("container") or pod["spec"]["containers"][0]["name"]
        status = next((one for one in pod["status"]["containerStatuses"] if one["name"] == container), None)
        if status is None:
            raise ApiError(400, "BadRequest", f"container {container} is not valid for pod {place.name}")
        if previous and not status.get("lastState"):
            raise ApiError(400, "BadRequest", f'previous terminated container "{container}" in pod "{place.name}" not found')
        text = self.store.logs.get((place.namespace, place.name, previous), "")
        lines = text.splitlines(keepends=True)
        return "".join(lines[-int(query["tailLines"]):]) if "tailLines" in query else text

    def measure(self, place, query):
        stamp = {"timestamp": now(5), "window": "15s"}
        if place.resource == "nodes":
            objects = self.store.list("nodes", "")
            items = [{"metadata": {"name": one["metadata"]["name"]}, **stamp, "usage": {"cpu": "250m", "memory": "3670016Ki"}}
                     for one in objects]
            kind = "NodeMetrics"
        else:
            objects = [one for one in self.store.list("pods", place.namespace, query.get("labelSelector"))
                       if (one["metadata"]["namespace"], one["metadata"]["name"]) in self.store.usage]
            items = [{"metadata": {key: one["metadata"].get(key) for key in ("name", "namespace", "labels", "creationTimestamp")},
                      **stamp, "containers": self.container_usage(one)} for one in objects]
            kind = "PodMetrics"
        common = {"apiVersion": discovery.GROUP_VERSIONS["metrics.k8s.io"]}
        if not place.name:
            return {"kind": kind + "List", **common, "metadata": {}, "items": items}
        for item in items:
            if item["metadata"]["name"] == place.name:
                return {"kind": kind, **common, **item}
        raise ApiError(404, "NotFound", f'{place.resource}.metrics.k8s.io "{place.name}" not found')

    def container_usage(self, pod):
        usage = self.store.usage[(pod["metadata"]["namespace"], pod["metadata"]["name"])]
        return [{"name": name, "usage": {"cpu": "12m", "memory": memory}} for name, memory in usage.items()]

    def watch(self, path, query):
        place = Place(path)
        version = int(query.get("resourceVersion") or self.store.version)
        for _ in range(int(query.get("timeoutSeconds") or 60)):
            for at, kind, _, obj in self.store.events_after(version, place.resource, place.namespace,
                                                            query.get("labelSelector"), query.get("fieldSelector"), 1):
                version = at
                yield {"type": kind, "object": self.typed(place, obj)}

    # Changes

    def change(self, method, place, query, body, headers):
        document = json.loads(body) if body else {}
        dry = query.get("dryRun") == "All" or (isinstance(document, dict) and document.get("dryRun") == ["All"])
        with self.store.lock:
            if method == "DELETE":
                answer = self.delete(place, dry)
            elif method == "POST":
                answer = self.create(place, document, dry)
            else:
                answer = self.update(method, place, document, dry, headers)
            if not dry:
                self.store.changes.append({"method": method, "path": f"{place.namespace}/{place.resource}/{place.name}"
                                           + (f"/{place.sub}" if place.sub else ""), "body": document, "at": now()})
            return answer

    def sync(self, resource, obj):
        follow_up = controllers.SYNC.get(resource)
        return follow_up(self.store, obj) if follow_up else obj

    def update(self, method, place, document, dry, headers):
        old = self.store.get(place.resource, place.namespace, place.name, place.group)
        before = controllers.scale_of(old) if place.sub == "scale" else old
        new = document
        if method == "PATCH":
            try:
                new = patches.apply(headers.get("Content-Type", ""), before, document)
            except (KeyError, IndexError, ValueError) as error:
                raise ApiError(422, "Invalid", f"the patch does not fit: {error}") from error
        wanted = new.get("metadata", {}).get("resourceVersion")
        if wanted and wanted != old["metadata"]["resourceVersion"]:
            raise ApiError(409, "Conflict", f'Operation cannot be fulfilled on {place.resource} "{place.name}": the object has '
                                            "been modified; please apply your changes to the latest version and try again")
        if place.sub == "scale":
            old["spec"]["replicas"] = new["spec"].get("replicas", 0)
            new = old
        if dry:
            return controllers.scale_of(new) if place.sub == "scale" else self.typed(place, new)
        if new.get("spec") != self.store.find(place.resource, place.namespace, place.name).get("spec"):
            new["metadata"]["generation"] = new["metadata"].get("generation", 1) + 1
        new = self.sync(place.resource, self.store.put(place.resource, copy.deepcopy(new)))
        return controllers.scale_of(new) if place.sub == "scale" else self.typed(place, new)

    def create(self, place, document, dry):
        if place.sub == "eviction":
            return self.delete(place, dry)
        meta = document.setdefault("metadata", {})
        if place.namespace:
            meta["namespace"] = place.namespace
        if self.store.find(place.resource, place.namespace, meta["name"]):
            raise ApiError(409, "AlreadyExists", f'{place.resource} "{meta["name"]}" already exists')
        return document if dry else self.sync(place.resource, self.store.put(place.resource, document))

    def delete(self, place, dry):
        obj = self.store.get(place.resource, place.namespace, place.name, place.group)
        if not dry:
            self.store.remove(place.resource, place.namespace, place.name)
            for resource, sync in controllers.SYNC.items():  # a missing replica is made anew
                for parent in self.store.list(resource, place.namespace):
                    if controllers.is_owned_by(obj, parent):
                        sync(self.store, parent)
        return {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success",
                "details": {"name": place.name, "kind": place.resource, "uid": obj["metadata"]["uid"]}}
