"""The three kinds of PATCH that kubectl sends."""
import copy

# Lists whose elements are merged by a key; all others are replaced.
MERGE_KEYS = {"containers": "name", "initContainers": "name", "env": "name", "volumes": "name", "ports": "containerPort",
              "volumeMounts": "mountPath", "ownerReferences": "uid", "conditions": "type", "imagePullSecrets": "name"}


def merge(base, patch):
    """RFC 7386: null deletes, objects merge, all else replaces."""
    if not isinstance(patch, dict):
        return copy.deepcopy(patch)
    result = dict(base) if isinstance(base, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merge(result.get(key), value)
    return result


def strategic(base, patch):
    if not isinstance(patch, dict):
        return copy.deepcopy(patch)
    if patch.get("$patch") == "replace":
        return {key: copy.deepcopy(value) for key, value in patch.items() if key != "$patch"}
    result = dict(base) if isinstance(base, dict) else {}
    for key, value in patch.items():
        if key.startswith("$"):
            continue  # orders and retained keys
        if value is None:
            result.pop(key, None)
        elif isinstance(value, list) and key in MERGE_KEYS and all(isinstance(one, dict) for one in value):
            result[key] = merged_list(result.get(key) or [], value, MERGE_KEYS[key])
        elif isinstance(value, list):
            result[key] = copy.deepcopy(value)
        else:
            result[key] = strategic(result.get(key), value)
    return result


def merged_list(base, patch, key):
    result = [copy.deepcopy(one) for one in base]
    for change in patch:
        index = next((i for i, one in enumerate(result) if one.get(key) == change.get(key)), None)
        if change.get("$patch") == "delete":
            if index is not None:
                result.pop(index)
        elif index is None:
            result.append(strategic({}, change))
        else:
            result[index] = strategic(result[index], change)
    return result


def json_patch(base, operations):
    """RFC 6902: add, replace, remove and test."""
    result = copy.deepcopy(base)
    for operation in operations:
        parts = [part.replace("~1", "/").replace("~0", "~") for part in operation["path"].lstrip("/").split("/")]
        at = result
        for part in parts[:-1]:
            at = at[int(part)] if isinstance(at, list) else at.setdefault(part, {})
        last = parts[-1]
        if isinstance(at, list):
            last = len(at) if last == "-" else int(last)
        if operation["op"] == "remove":
            del at[last]
        elif operation["op"] == "test":
            if at[last] != operation["value"]:
                raise ValueError(f"test of {operation['path']} failed")
        elif isinstance(at, list) and operation["op"] == "add":
            at.insert(last, operation["value"])
        else:
            at[last] = operation["value"]
    return result


def apply(content_type, base, patch):
    if "strategic-merge-patch" in content_type:
        return strategic(base, patch)
    if "json-patch" in content_type:
        return json_patch(base, patch)
    return merge(base, patch)
