"""What the cluster serves: groups, resources, and how a path is read."""

# resource: (group, kind, namespaced, short names)
RESOURCES = {
    "namespaces": ("", "Namespace", False, ["ns"]),
    "nodes": ("", "Node", False, ["no"]),
    "pods": ("", "Pod", True, ["po"]),
    "events": ("", "Event", True, ["ev"]),
    "services": ("", "Service", True, ["svc"]),
    "configmaps": ("", "ConfigMap", True, ["cm"]),
    "deployments": ("apps", "Deployment", True, ["deploy"]),
    "replicasets": ("apps", "ReplicaSet", True, ["rs"]),
    "statefulsets": ("apps", "StatefulSet", True, ["sts"]),
    "daemonsets": ("apps", "DaemonSet", True, ["ds"]),
    "controllerrevisions": ("apps", "ControllerRevision", True, []),
}
GROUP_VERSIONS = {"": "v1", "apps": "apps/v1", "metrics.k8s.io": "metrics.k8s.io/v1beta1",
                  "authorization.k8s.io": "authorization.k8s.io/v1"}
SCALABLE = ("deployments", "replicasets", "statefulsets")
VERBS = ["create", "delete", "get", "list", "patch", "update", "watch"]
VERSION = {"major": "1", "minor": "32", "gitVersion": "v1.32.4", "gitCommit": "lab", "gitTreeState": "clean",
           "buildDate": "2025-04-22T16:03:58Z", "goVersion": "go1.23.6", "compiler": "gc", "platform": "linux/amd64"}


def groups(metrics):
    named = [name for name in GROUP_VERSIONS if name and (metrics or name != "metrics.k8s.io")]
    versions = [{"groupVersion": GROUP_VERSIONS[name], "version": GROUP_VERSIONS[name].split("/")[1]} for name in named]
    return {"kind": "APIGroupList", "apiVersion": "v1",
            "groups": [{"name": name, "versions": [version], "preferredVersion": version}
                       for name, version in zip(named, versions)]}


def resources(group):
    found = []
    if group == "metrics.k8s.io":
        found = [{"name": name, "singularName": "", "namespaced": name == "pods", "kind": kind, "verbs": ["get", "list"]}
                 for name, kind in (("nodes", "NodeMetrics"), ("pods", "PodMetrics"))]
    elif group == "authorization.k8s.io":
        found = [{"name": "selfsubjectaccessreviews", "singularName": "", "namespaced": False,
                  "kind": "SelfSubjectAccessReview", "verbs": ["create"]}]
    for name, (its_group, kind, namespaced, short) in RESOURCES.items():
        if its_group != group:
            continue
        found.append({"name": name, "singularName": kind.lower(), "namespaced": namespaced, "kind": kind,
                      "verbs": VERBS, "shortNames": short, "categories": ["all"] if group == "apps" else []})
        if name == "pods":
            found.append({"name": "pods/log", "singularName": "", "namespaced": True, "kind": "Pod", "verbs": ["get"]})
        if name in SCALABLE:
            found.append({"name": f"{name}/scale", "singularName": "", "namespaced": True, "kind": "Scale",
                          "group": "autoscaling", "version": "v1", "verbs": ["get", "patch", "update"]})
    return {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": GROUP_VERSIONS[group], "resources": found}


class Place:
    """A path below a group's version: which resource, where, what of it."""

    def __init__(self, path):
        parts = path.strip("/").split("/")
        self.group = "" if parts[0] == "api" else parts[1] if len(parts) > 1 else None
        rest = parts[2:] if parts[0] == "api" else parts[3:]
        self.namespace = ""
        if len(rest) > 2 and rest[0] == "namespaces":
            self.namespace, rest = rest[1], rest[2:]
        self.resource = rest[0] if rest else ""
        self.name = rest[1] if len(rest) > 1 else ""
        self.sub = rest[2] if len(rest) > 2 else ""
