"""The cluster as it is when the lab starts: two nodes, the namespace `shop`, and its workloads."""
import controllers
from store import now

HOUR = 3600
MIB = 1024  # in KiB, the unit of metrics-server


def workload(kind, name, containers, replicas=1, namespace="shop"):
    labels = {"app": name}
    obj = {"kind": kind, "apiVersion": "apps/v1",
           "metadata": {"name": name, "namespace": namespace, "labels": dict(labels), "generation": 1,
                        "creationTimestamp": now(30 * HOUR)},
           "spec": {"replicas": replicas, "revisionHistoryLimit": 10, "selector": {"matchLabels": dict(labels)},
                    "template": {"metadata": {"labels": dict(labels)}, "spec": {"containers": containers}}}}
    if kind == "Deployment":
        obj["spec"]["strategy"] = {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"}}
        obj["spec"]["progressDeadlineSeconds"] = 600
    else:
        obj["spec"].update({"serviceName": name, "updateStrategy": {"type": "RollingUpdate"}})
    return obj


def container(name, image, limit=None, request=None):
    resources = {}
    if limit:
        resources["limits"] = {"memory": limit, "cpu": "500m"}
    if request:
        resources["requests"] = {"memory": request, "cpu": "100m"}
    return {"name": name, "image": image, "resources": resources, "terminationMessagePath": "/dev/termination-log",
            "imagePullPolicy": "IfNotPresent"}


def node(name, memory_kib):
    conditions = [{"type": kind, "status": status, "reason": reason, "message": reason, "lastHeartbeatTime": now(),
                   "lastTransitionTime": now(40 * HOUR)}
                  for kind, status, reason in (("MemoryPressure", "False", "KubeletHasSufficientMemory"),
                                               ("Ready", "True", "KubeletReady"))]
    amount = {"cpu": "4", "memory": f"{memory_kib}Ki", "pods": "110"}
    return {"kind": "Node", "apiVersion": "v1",
            "metadata": {"name": name, "labels": {"kubernetes.io/hostname": name}, "creationTimestamp": now(40 * HOUR)},
            "spec": {}, "status": {"capacity": amount, "allocatable": amount, "conditions": conditions,
                                   "addresses": [{"type": "InternalIP", "address": "10.0.0.11"}],
                                   "nodeInfo": {"kubeletVersion": "v1.32.4", "osImage": "Lab", "architecture": "amd64",
                                                "operatingSystem": "linux", "kernelVersion": "6.1",
                                                "containerRuntimeVersion": "containerd://1.7"}}}


def event(about, kind, reason, message, count, seconds_ago, event_type="Warning"):
    meta = about["metadata"]
    return {"kind": "Event", "apiVersion": "v1",
            "metadata": {"name": f"{meta['name']}.{reason.lower()}", "namespace": meta.get("namespace") or "default",
                         "creationTimestamp": now(HOUR)},
            "involvedObject": {"kind": kind, "name": meta["name"], "namespace": meta.get("namespace", ""),
                               "uid": meta["uid"], "apiVersion": "v1"},
            "reason": reason, "message": message, "type": event_type, "count": count, "firstTimestamp": now(HOUR),
            "lastTimestamp": now(seconds_ago), "source": {"component": "kubelet", "host": "node-1"},
            "reportingComponent": "kubelet", "reportingInstance": "node-1"}


def terminated(reason, code, started_ago, finished_ago):
    return {"terminated": {"exitCode": code, "reason": reason, "startedAt": now(started_ago),
                           "finishedAt": now(finished_ago), "containerID": "containerd://0123abcd"}}


def killed_once(store, pod, finished_ago):
    """Its first container was OOM killed and runs again."""
    status = pod["status"]["containerStatuses"][0]
    status["lastState"] = terminated("OOMKilled", 137, finished_ago + HOUR, finished_ago)
    status["restartCount"] += 1
    status["state"] = {"running": {"startedAt": now(finished_ago - 2)}}
    store.put("pods", pod)
    store.put("events", event(pod, "Pod", "BackOff", "Back-off restarting failed container app in pod", 4, finished_ago))


def build(store):
    for name in ("default", "kube-system", "shop", "other"):
        store.put("namespaces", {"kind": "Namespace", "apiVersion": "v1", "metadata": {"name": name},
                                 "status": {"phase": "Active"}})
    for name in ("node-1", "node-2"):
        store.put("nodes", node(name, 8 * 1024 * MIB))

    # backend: 2 replicas of 256 MiB; one uses 90 % of it and was OOM killed 2 min ago.
    backend = workload("Deployment", "backend", [container("app", "shop/backend:1", "256Mi", "128Mi")], 2)
    store.put("deployments", backend)
    controllers.sync_deployment(store, backend, now(3 * HOUR))
    pods = store.list("pods", "shop", "app=backend")
    store.usage[("shop", pods[0]["metadata"]["name"])] = {"app": f"{230 * MIB + 512}Ki"}
    store.usage[("shop", pods[1]["metadata"]["name"])] = {"app": f"{100 * MIB}Ki"}
    killed_once(store, pods[0], 120)
    name = pods[0]["metadata"]["name"]
    store.logs[("shop", name, True)] = "GET /orders 200\nallocating\nMemoryError\n"
    store.logs[("shop", name, False)] = "listening on 8000\n"

    # web: a sidecar without a limit; healthy. db: a stateful set. worker: no limit at all.
    for kind, name, containers, replicas, usage in (
            ("Deployment", "web", [container("web", "shop/web:3", "512Mi"), container("proxy", "envoy:1")], 1,
             {"web": f"{100 * MIB}Ki", "proxy": f"{30 * MIB}Ki"}),
            ("StatefulSet", "db", [container("postgres", "postgres:16", "1Gi", "1Gi")], 1, {"postgres": f"{512 * MIB}Ki"}),
            ("Deployment", "worker", [container("worker", "shop/worker:2")], 1, {"worker": f"{64 * MIB}Ki"})):
        obj = workload(kind, name, containers, replicas)
        resource = kind.lower() + "s"
        store.put(resource, obj)
        controllers.SYNC[resource](store, obj, now(3 * HOUR))
        for pod in store.list("pods", "shop", f"app={name}"):
            store.usage[("shop", pod["metadata"]["name"])] = usage

    # Two workloads of one name, and a pod without an owner.
    for kind in ("Deployment", "StatefulSet"):
        obj = workload(kind, "twin", [container("twin", "shop/twin:1", "64Mi")])
        store.put(kind.lower() + "s", obj)
        controllers.SYNC[kind.lower() + "s"](store, obj, now(HOUR))
    lone = {"kind": "Pod", "apiVersion": "v1",
            "metadata": {"name": "lone", "namespace": "shop", "labels": {"app.kubernetes.io/name": "solo"},
                         "creationTimestamp": now(HOUR)},
            "spec": {"containers": [container("main", "shop/lone:1", "128Mi")], "nodeName": "node-2"}}
    lone["status"] = controllers.running_status(lone, now(HOUR))
    store.put("pods", lone)
    store.usage[("shop", "lone")] = {"main": f"{32 * MIB}Ki"}
