"""The objects of the emulated cluster: versions, selectors, watches, and the record of what has changed."""
import copy
import datetime
import re
import threading
import uuid


def now(seconds_ago=0):
    moment = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=seconds_ago)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


class ApiError(Exception):
    """An answer that is no success, as the API server gives it."""

    def __init__(self, code, reason, message):
        super().__init__(message)
        self.code, self.reason, self.message = code, reason, message

    def status(self):
        return {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
                "message": self.message, "reason": self.reason, "code": self.code}


def matches_labels(labels, selector):
    """The syntax of `kubectl -l`: a=b, a==b, a!=b, a in (x,y), a notin (x,y), a, !a."""
    for term in re.findall(r"(?:[^,(]|\([^)]*\))+", selector or ""):
        term = term.strip()
        among = re.fullmatch(r"(\S+)\s+(in|notin)\s+\(([^)]*)\)", term)
        if among:
            values = [value.strip() for value in among[3].split(",")]
            holds = (labels.get(among[1]) in values) == (among[2] == "in")
        elif "!=" in term:
            key, value = term.split("!=", 1)
            holds = labels.get(key.strip()) != value.strip()
        elif "=" in term:
            key, value = re.split("==?", term, maxsplit=1)
            holds = labels.get(key.strip()) == value.strip()
        else:
            holds = (term.lstrip("!") in labels) != term.startswith("!")
        if not holds:
            return False
    return True


def matches_fields(obj, selector):
    """`metadata.name=x,involvedObject.uid!=y`; a path that is not there counts as empty."""
    for term in filter(None, (selector or "").split(",")):
        path, unequal, value = re.fullmatch(r"([^=!]+)(!?)==?(.*)", term).groups()
        at = obj
        for part in path.split("."):
            at = at.get(part, "") if isinstance(at, dict) else ""
        if (str(at) == value) == bool(unequal):
            return False
    return True


def selector_text(selector):
    return ",".join(f"{key}={value}" for key, value in (selector or {}).get("matchLabels", {}).items())


class Store:
    def __init__(self):
        self.lock = threading.Condition(threading.RLock())
        self.version = 1000
        self.objects = {}  # (resource, namespace, name) -> object
        self.history = []  # (version, type, resource, object): what watches are told
        self.usage = {}    # (namespace, pod) -> {container: quantity}; no entry: no metrics
        self.fresh = None  # what new pods use; None: they have no metrics
        self.logs = {}     # (namespace, pod, previous) -> text
        self.changes = []  # requests that took effect

    def next_version(self):
        self.version += 1
        return str(self.version)

    def put(self, resource, obj):
        """Creates or replaces it, under a new resourceVersion."""
        with self.lock:
            meta = obj.setdefault("metadata", {})
            key = (resource, meta.get("namespace", ""), meta["name"])
            old = self.objects.get(key)
            meta.setdefault("uid", old["metadata"]["uid"] if old else str(uuid.uuid4()))
            meta.setdefault("creationTimestamp", old["metadata"]["creationTimestamp"] if old else now())
            meta["resourceVersion"] = self.next_version()
            self.objects[key] = obj
            self.history.append((self.version, "MODIFIED" if old else "ADDED", resource, copy.deepcopy(obj)))
            self.lock.notify_all()
            return obj

    def find(self, resource, namespace, name):
        with self.lock:
            return self.objects.get((resource, namespace or "", name))

    def get(self, resource, namespace, name, group=""):
        with self.lock:
            found = self.find(resource, namespace, name)
            if found is None:
                called = f"{resource}.{group}" if group else resource
                raise ApiError(404, "NotFound", f'{called} "{name}" not found')
            return copy.deepcopy(found)

    def list(self, resource, namespace, labels="", fields=""):
        with self.lock:
            return [copy.deepcopy(obj) for (kind, space, _), obj in sorted(self.objects.items())
                    if kind == resource and namespace in ("", None, space)
                    and matches_labels(obj["metadata"].get("labels", {}), labels) and matches_fields(obj, fields)]

    def remove(self, resource, namespace, name):
        with self.lock:
            obj = self.objects.pop((resource, namespace or "", name))
            if resource == "pods":
                self.usage.pop((namespace, name), None)
            obj["metadata"]["resourceVersion"] = self.next_version()
            self.history.append((self.version, "DELETED", resource, obj))
            self.lock.notify_all()
            return obj

    def events_after(self, version, resource, namespace, labels, fields, seconds):
        """What has happened since `version`; waits until there is something, at most so long."""
        def fitting():
            return [event for event in self.history if event[0] > version and event[2] == resource
                    and namespace in ("", event[3]["metadata"].get("namespace", ""))
                    and matches_labels(event[3]["metadata"].get("labels", {}), labels)
                    and matches_fields(event[3], fields)]
        with self.lock:
            self.lock.wait_for(fitting, timeout=seconds)
            return fitting()
