"""What the cluster makes of a changed object, at once: replica sets, pods, status."""
import copy
import hashlib
import json
import random

from store import now, selector_text

REVISION = "deployment.kubernetes.io/revision"


def without_nothing(value):
    """Null, {} and [] are as good as absent: clients write them or not."""
    if isinstance(value, dict):
        kept = {key: without_nothing(one) for key, one in value.items() if key != "pod-template-hash"}
        return {key: one for key, one in kept.items() if one not in (None, {}, [])}
    return [without_nothing(one) for one in value] if isinstance(value, list) else value


def digest(value):
    value = without_nothing(value)
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:9]


def owner(kind, obj):
    meta = obj["metadata"]
    return [{"apiVersion": "apps/v1", "kind": kind, "name": meta["name"], "uid": meta["uid"], "controller": True,
             "blockOwnerDeletion": True}]


def is_owned_by(obj, parent):
    return any(one["uid"] == parent["metadata"]["uid"] for one in obj["metadata"].get("ownerReferences", []))


def container_status(container, started, restarts=0, last=None):
    return {"name": container["name"], "image": container["image"], "imageID": "sha256:" + digest(container["image"]),
            "containerID": "containerd://" + digest([container["name"], started, random.random()]) * 7,
            "ready": True, "started": True, "restartCount": restarts, "lastState": last or {},
            "state": {"running": {"startedAt": started}}}


def quality(spec):
    def same(one):
        resources = one.get("resources", {})
        return bool(resources.get("limits")) and resources.get("requests", resources.get("limits")) == resources["limits"]
    any_set = any(one.get("resources", {}).get(kind) for one in spec["containers"] for kind in ("limits", "requests"))
    return "Guaranteed" if all(map(same, spec["containers"])) else "Burstable" if any_set else "BestEffort"


def running_status(pod, started=None):
    started = started or now()
    spec = pod["spec"]
    true = [{"type": kind, "status": "True", "lastTransitionTime": started}
            for kind in ("Initialized", "Ready", "ContainersReady", "PodScheduled")]
    return {"phase": "Running", "startTime": started, "hostIP": "10.0.0.11", "podIP": "10.244.1.7",
            "podIPs": [{"ip": "10.244.1.7"}], "qosClass": quality(spec), "conditions": true,
            "containerStatuses": [container_status(one, started) for one in spec["containers"]]}


def make_pod(store, parent_kind, parent, name, labels, started=None):
    template = without_nothing(parent["spec"]["template"])
    pod = {"kind": "Pod", "apiVersion": "v1",
           "metadata": {**template.get("metadata", {}), "name": name, "namespace": parent["metadata"]["namespace"],
                        "labels": labels, "ownerReferences": owner(parent_kind, parent)},
           "spec": {**template["spec"], "nodeName": "node-1", "restartPolicy": "Always"}}
    if started:
        pod["metadata"]["creationTimestamp"] = started
    pod["status"] = running_status(pod, started)
    if store.fresh:
        store.usage[(pod["metadata"]["namespace"], name)] = dict(store.fresh)
    return store.put("pods", pod)


def owned(store, resource, parent):
    return [one for one in store.list(resource, parent["metadata"]["namespace"]) if is_owned_by(one, parent)]


def sync_pods(store, kind, parent, count, make):
    pods = owned(store, "pods", parent)
    for pod in pods[count:]:
        store.remove("pods", pod["metadata"]["namespace"], pod["metadata"]["name"])
    for index in range(len(pods), count):
        make(index)


def sync_replica_set(store, replica_set, started=None):
    meta, spec = replica_set["metadata"], replica_set["spec"]
    alphabet = "bcdfghjklmnpqrstvwxz2456789"

    def make(_):
        name = meta["name"] + "-" + "".join(random.choice(alphabet) for _ in range(5))
        make_pod(store, "ReplicaSet", replica_set, name, dict(spec["template"]["metadata"]["labels"]), started)
    sync_pods(store, "ReplicaSet", replica_set, spec["replicas"], make)
    replica_set["status"] = {"replicas": spec["replicas"], "readyReplicas": spec["replicas"],
                             "availableReplicas": spec["replicas"], "fullyLabeledReplicas": spec["replicas"],
                             "observedGeneration": 1}
    store.put("replicasets", replica_set)


def sync_deployment(store, deployment, started=None):
    """The template's replica set gets all replicas, those of other templates none."""
    meta, spec = deployment["metadata"], deployment["spec"]
    sets = owned(store, "replicasets", deployment)
    newest = max((int(one["metadata"]["annotations"][REVISION]) for one in sets), default=0)
    wanted = digest(spec["template"])
    current = next((one for one in sets if one["metadata"]["labels"]["pod-template-hash"] == wanted), None)
    if current is None:
        template = copy.deepcopy(spec["template"])
        template.setdefault("metadata", {}).setdefault("labels", {})["pod-template-hash"] = wanted
        labels = dict(template["metadata"]["labels"])
        current = {"kind": "ReplicaSet", "apiVersion": "apps/v1",
                   "metadata": {"name": f"{meta['name']}-{wanted}", "namespace": meta["namespace"], "labels": labels,
                                "annotations": {REVISION: "0"}, "ownerReferences": owner("Deployment", deployment)},
                   "spec": {"selector": {"matchLabels": labels}, "template": template}}
        if started:
            current["metadata"]["creationTimestamp"] = started
    if int(current["metadata"]["annotations"][REVISION]) != newest or newest == 0:
        current["metadata"]["annotations"][REVISION] = str(newest + 1)
    cause = meta.get("annotations", {}).get("kubernetes.io/change-cause")
    if cause:
        current["metadata"]["annotations"]["kubernetes.io/change-cause"] = cause
    current["spec"]["replicas"] = spec.get("replicas", 1)
    store.put("replicasets", current)
    for one in sets:
        if one["metadata"]["name"] != current["metadata"]["name"]:
            one["spec"]["replicas"] = 0
            sync_replica_set(store, one)
    sync_replica_set(store, current, started)
    meta.setdefault("annotations", {})[REVISION] = current["metadata"]["annotations"][REVISION]
    replicas = spec.get("replicas", 1)
    deployment["status"] = {"observedGeneration": meta.get("generation", 1), "replicas": replicas,
                            "updatedReplicas": replicas, "readyReplicas": replicas, "availableReplicas": replicas,
                            "conditions": [{"type": "Available", "status": "True", "reason": "MinimumReplicasAvailable"},
                                           {"type": "Progressing", "status": "True",
                                            "reason": "NewReplicaSetAvailable"}]}
    return store.put("deployments", deployment)


def sync_stateful_set(store, stateful_set, started=None):
    meta, spec = stateful_set["metadata"], stateful_set["spec"]
    revision = f"{meta['name']}-{digest(spec['template'])}"
    for pod in owned(store, "pods", stateful_set):
        if pod["metadata"]["labels"].get("controller-revision-hash") != revision:
            store.remove("pods", meta["namespace"], pod["metadata"]["name"])

    def make(index):
        labels = {**spec["template"]["metadata"]["labels"], "controller-revision-hash": revision,
                  "statefulset.kubernetes.io/pod-name": f"{meta['name']}-{index}"}
        make_pod(store, "StatefulSet", stateful_set, f"{meta['name']}-{index}", labels, started)
    replicas = spec.get("replicas", 1)
    sync_pods(store, "StatefulSet", stateful_set, replicas, make)
    stateful_set["status"] = {"observedGeneration": meta.get("generation", 1), "replicas": replicas,
                              "readyReplicas": replicas, "currentReplicas": replicas, "updatedReplicas": replicas,
                              "availableReplicas": replicas, "currentRevision": revision, "updateRevision": revision}
    return store.put("statefulsets", stateful_set)


SYNC = {"deployments": sync_deployment, "statefulsets": sync_stateful_set, "replicasets": sync_replica_set}


def scale_of(obj):
    meta = {key: obj["metadata"][key] for key in ("name", "namespace", "uid", "resourceVersion", "creationTimestamp")}
    return {"kind": "Scale", "apiVersion": "autoscaling/v1", "metadata": meta,
            "spec": {"replicas": obj["spec"].get("replicas", 1)},
            "status": {"replicas": obj.get("status", {}).get("replicas", 0),
                       "selector": selector_text(obj["spec"].get("selector"))}}
