"""Cloud Logging v2: `entries:list` with the part of its query language that runbooks use."""
import datetime
import json
import re

from run_api import ApiError

TOKEN = re.compile(r'\s*(?:(\(|\))|(AND|OR|NOT)\b|("(?:[^"\\]|\\.)*")|(!=|>=|<=|=~|!~|=|>|<|:)|([^\s()=!<>:"~]+))')


def tokens(text):
    at, found = 0, []
    text = text.strip()
    while at < len(text):
        match = TOKEN.match(text, at)
        if not match:
            raise ApiError(400, f"Unparseable filter: syntax error at line 1, column {at + 1}", "INVALID_ARGUMENT")
        kind = next(index for index in range(1, 6) if match.group(index) is not None)
        found.append((("paren", "word", "string", "op", "name")[kind - 1], match.group(kind)))
        at = match.end()
    return found


class Filter:
    """Terms side by side are joined by AND, as in Logging."""

    def __init__(self, text):
        self.tokens, self.at = tokens(text), 0
        self.test = self.any() if self.tokens else lambda entry: True
        if self.at != len(self.tokens):
            raise ApiError(400, "Unparseable filter: unbalanced parentheses", "INVALID_ARGUMENT")

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else (None, None)

    def take(self):
        token = self.peek()
        if token[0] is None:
            raise ApiError(400, "Unparseable filter: it ends too early", "INVALID_ARGUMENT")
        self.at += 1
        return token

    def any(self):
        terms = [self.all()]
        while self.peek() == ("word", "OR"):
            self.take()
            terms.append(self.all())
        return lambda entry: any(term(entry) for term in terms)

    def all(self):
        terms = [self.term()]
        while self.peek()[0] is not None and self.peek() not in (("paren", ")"), ("word", "OR")):
            if self.peek() == ("word", "AND"):
                self.take()
            terms.append(self.term())
        return lambda entry: all(term(entry) for term in terms)

    def term(self):
        kind, text = self.take()
        if (kind, text) == ("word", "NOT"):
            inner = self.term()
            return lambda entry: not inner(entry)
        if (kind, text) == ("paren", "("):
            inner = self.any()
            self.take()
            return inner
        if kind == "string" and self.peek()[0] != "op":
            wanted = json.loads(text).lower()
            return lambda entry: wanted in json.dumps(entry).lower()
        operator = self.take()[1]
        value = self.take()[1]
        value = json.loads(value) if value.startswith('"') else value
        if text.startswith(("resource.service", "resource.revision")):
            raise ApiError(400, f"Field not found: '{text}'.", "INVALID_ARGUMENT")
        return lambda entry: compare(look_up(entry, text), operator, value, text)


def look_up(entry, path):
    for part in path.split("."):
        part = re.sub(r"_(\w)", lambda match: match[1].upper(), part) if path.startswith("httpRequest") else part
        if not isinstance(entry, dict) or part not in entry:
            return None
        entry = entry[part]
    return entry


SEVERITIES = ["DEFAULT", "DEBUG", "INFO", "NOTICE", "WARNING", "ERROR", "CRITICAL", "ALERT", "EMERGENCY"]


def compare(have, operator, want, path):
    if operator == ":":
        return have is not None and (want == "*" or str(want).lower() in str(have).lower())
    if operator == "!=":  # NOT of `=`: an entry without the field matches, too
        return not compare(have, "=", want, path)
    if operator in ("=~", "!~"):
        return (have is not None and re.search(want, str(have)) is not None) == (operator == "=~")
    if have is None:
        return False
    if path == "severity":
        have, want = SEVERITIES.index(have), SEVERITIES.index(want)
    elif path == "timestamp":
        have, want = moment(have), moment(want)
    else:
        try:
            have, want = float(have), float(want)
        except ValueError:
            have, want = str(have), str(want)
    return {"=": have == want, ">": have > want, "<": have < want, ">=": have >= want, "<=": have <= want}[operator]


def moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


class Logging:
    def __init__(self, project):
        self.project = project
        self.entries = []
        self.page = 0

    def handle(self, method, path, body):
        if (method, path) != ("POST", "/v2/entries:list"):
            raise ApiError(404, f"emulator: no {method} {path}", "NOT_FOUND")
        for name in body.get("resourceNames", []):
            if name != f"projects/{self.project}":
                raise ApiError(403, "The caller does not have permission", "PERMISSION_DENIED")
        matches = Filter(body.get("filter", ""))
        found = [entry for entry in self.entries if matches.test(entry)]
        found.sort(key=lambda entry: entry["timestamp"], reverse="desc" in body.get("orderBy", ""))
        size = body.get("pageSize") or 50
        size = min(size, self.page) if self.page else size
        start = int(body.get("pageToken") or 0)
        answer = {"entries": found[start:start + size]} if found else {}
        return answer | ({"nextPageToken": str(start + size)} if start + size < len(found) else {})
