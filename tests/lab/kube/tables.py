"""Objects as the server prints them for people (`as=Table`)."""
import datetime


def age(created):
    then = datetime.datetime.strptime(created, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=datetime.timezone.utc)
    seconds = int((datetime.datetime.now(datetime.timezone.utc) - then).total_seconds())
    for size, letter in ((86400, "d"), (3600, "h"), (60, "m")):
        if seconds >= 2 * size:
            return f"{seconds // size}{letter}"
    return f"{seconds}s"


def pod_row(pod):
    status = pod.get("status", {})
    containers = status.get("containerStatuses", [])
    reason = status.get("reason") or status.get("phase", "Unknown")
    for one in containers:
        for state in ("waiting", "terminated"):
            reason = one.get("state", {}).get(state, {}).get("reason", reason)
    restarts = sum(one.get("restartCount", 0) for one in containers)
    lasts = [one["lastState"]["terminated"]["finishedAt"] for one in containers if one.get("lastState")]
    return [pod["metadata"]["name"], f"{sum(one.get('ready', False) for one in containers)}/{len(pod['spec']['containers'])}",
            reason, f"{restarts} ({age(max(lasts))} ago)" if lasts else str(restarts), age(pod["metadata"]["creationTimestamp"]),
            status.get("podIP", "<none>"), pod["spec"].get("nodeName", "<none>"), "<none>", "<none>"]


def replicas_row(obj):
    status, spec = obj.get("status", {}), obj["spec"]
    ready = f"{status.get('readyReplicas', 0)}/{spec.get('replicas', 1)}"
    containers = spec["template"]["spec"]["containers"]
    return [obj["metadata"]["name"], ready, str(status.get("updatedReplicas", 0)), str(status.get("availableReplicas", 0)),
            age(obj["metadata"]["creationTimestamp"]), ",".join(one["name"] for one in containers),
            ",".join(one["image"] for one in containers),
            ",".join(f"{key}={value}" for key, value in spec["selector"]["matchLabels"].items())]


def event_row(event):
    about = event["involvedObject"]
    return [age(event["lastTimestamp"]), event["type"], event["reason"], f"{about['kind'].lower()}/{about['name']}",
            event["message"]]


def node_row(node):
    ready = any(one["type"] == "Ready" and one["status"] == "True" for one in node["status"]["conditions"])
    return [node["metadata"]["name"], "Ready" if ready else "NotReady", "<none>", age(node["metadata"]["creationTimestamp"]),
            node["status"]["nodeInfo"]["kubeletVersion"]]


WORKLOAD = ["Name", "Ready", "Up-to-date", "Available", "Age", "Containers", "Images", "Selector"]
# resource: columns, how many of them are shown without `-o wide`, the row of an object
TABLES = {"pods": (["Name", "Ready", "Status", "Restarts", "Age", "IP", "Node", "Nominated Node", "Readiness Gates"], 5, pod_row),
          "deployments": (WORKLOAD, 5, replicas_row),
          "statefulsets": (WORKLOAD, 5, replicas_row),
          "replicasets": (WORKLOAD, 5, replicas_row),
          "events": (["Last Seen", "Type", "Reason", "Object", "Message"], 5, event_row),
          "nodes": (["Name", "Status", "Roles", "Age", "Version"], 5, node_row)}


def table(resource, objects, version):
    columns, narrow, row_of = TABLES.get(
        resource, (["Name", "Age"], 2, lambda obj: [obj["metadata"]["name"], age(obj["metadata"]["creationTimestamp"])]))
    return {"kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": {"resourceVersion": version},
            "columnDefinitions": [{"name": name, "type": "string", "format": "name" if name == "Name" else "",
                                   "description": name, "priority": 0 if index < narrow else 1}
                                  for index, name in enumerate(columns)],
            "rows": [{"cells": row_of(obj), "object": {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1",
                                                       "metadata": obj["metadata"]}} for obj in objects]}
