"""A small Python web service for the tests: it leaks, caches and makes garbage when it is asked to.

GET  /health                200, or 503 after POST /break
GET  /metrics               Prometheus text
POST /leak?bytes=N          N bytes that are never given back
POST /cache?bytes=N         N bytes in a cache; POST /debug/clear-cache empties it
POST /garbage?bytes=N       N bytes in reference cycles, which only the collector frees (automatic collection is off)
POST /debug/gc              runs the collector: {"collected": objects}
GET  /debug/tracemalloc     the first call begins to trace; each later one lists the lines that have allocated most since
POST /break, /mend          the health check fails, or answers again
"""

import gc
import json
import os
import signal
import sys
import tracemalloc
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse

# Above MALLOC_MMAP_THRESHOLD_ of the image, so that freed blocks go back to the kernel.
BLOCK = 256 * 1024

leaked, cache, counters = [], {}, {"requests": 0, "healthy": True}


class Node:
    """Refers to itself, so reference counting alone never frees it."""

    def __init__(self):
        self.me, self.block = self, bytearray(BLOCK)


def resident_bytes():
    with open("/proc/self/statm", encoding="ascii") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def grow(kind, size):
    for _ in range(0, size, BLOCK):
        if kind == "leak":
            leaked.append(bytearray(BLOCK))
        elif kind == "cache":
            cache[len(cache)] = bytearray(BLOCK)
        else:
            Node()


def metrics():
    values = {
        "app_requests_total": counters["requests"],
        "app_leaked_bytes": len(leaked) * BLOCK,
        "app_cache_bytes": len(cache) * BLOCK,
        "app_gc_objects": len(gc.get_objects()),
        "process_resident_memory_bytes": resident_bytes(),
        "process_open_fds": len(os.listdir("/proc/self/fd")),
    }
    return "".join(f"{name} {value}\n" for name, value in values.items())


def traced():
    if not tracemalloc.is_tracing():
        tracemalloc.start()
        return "tracing has begun: ask again when the memory has grown\n"
    top = tracemalloc.take_snapshot().statistics("lineno")[:10]
    return "".join(f"{line.size / 2**20:.1f} MiB in {line.count} blocks: {line.traceback}\n" for line in top)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def reply(self, status, document, kind="application/json"):
        body = (document if isinstance(document, str) else json.dumps(document) + "\n").encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        counters["requests"] += 1
        path = urlparse(self.path).path
        if path == "/health":
            healthy = counters["healthy"]
            self.reply(200 if healthy else 503, {"status": "ok" if healthy else "broken"})
        elif path == "/metrics":
            self.reply(200, metrics(), "text/plain; version=0.0.4")
        elif path == "/debug/tracemalloc":
            self.reply(200, traced(), "text/plain")
        else:
            self.reply(404, {"error": "no such path"})

    def do_POST(self):
        counters["requests"] += 1
        url = urlparse(self.path)
        size = int(parse_qs(url.query).get("bytes", ["0"])[0])
        if url.path in ("/leak", "/cache", "/garbage"):
            grow(url.path[1:], size)
            self.reply(200, {"resident_bytes": resident_bytes()})
        elif url.path == "/debug/gc":
            self.reply(200, {"collected": gc.collect(), "objects": len(gc.get_objects())})
        elif url.path == "/debug/clear-cache":
            cache.clear()
            self.reply(200, {"resident_bytes": resident_bytes()})
        elif url.path in ("/break", "/mend"):
            counters["healthy"] = url.path == "/mend"
            self.reply(200, {"healthy": counters["healthy"]})
        else:
            self.reply(404, {"error": "no such path"})

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    # Process 1 of a container ignores TERM unless it says otherwise.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    gc.disable()
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8000
    server = ThreadingHTTPServer(("0.0.0.0", port), Handler)
    server.daemon_threads = True
    print(f"listening on {port}", flush=True)
    server.serve_forever()
