"""The lab's programs in real containers, told what to do with memory, beside a real Prometheus: shared by the benchmarks.

Needs the lab's engine and images (tests/lab/engine up; eval "$(tests/lab/engine env)"; tests/lab/images all) and prometheus.
"""
import concurrent.futures
import http.client
import http.server
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import threading
import time

from filled_prometheus import free_port

LAB = pathlib.Path(__file__).resolve().parents[1] / "lab"
MIB = 1 << 20
BLOCK = 256 * 1024  # of pyapp
PREFIX = f"real-{os.getpid()}-"


class Program:
    """One container and what its program has been told."""

    def __init__(self, name, image, limit, command=(), options=()):
        self.name, self.image, self.limit = name, image, limit
        self.command, self.options = list(command), list(options)
        self.requests, self.kept, self.owed = 0, [], 0
        self.port = 8000
        self.started, self.address, self.pid = False, None, 0

    @property
    def container(self):
        return PREFIX + self.name

    def start(self, image=None):
        self.started = True
        words = ["docker", "run", "-d", "--name", self.container, *self.options]
        if self.limit:
            words += ["-m", f"{self.limit}m", "--memory-swap", f"{self.limit}m"]
        subprocess.run([*words, image or f"memrb-lab/{self.image}", *self.command], check=True, stdout=subprocess.DEVNULL)
        self.find()

    def find(self):
        found = subprocess.run(["docker", "inspect", "-f",
                                "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}} {{.State.Pid}}", self.container],
                               check=True, capture_output=True, text=True).stdout.split()
        self.address, self.pid = (found[0], int(found[1])) if len(found) == 2 else (None, 0)  # it is starting again

    def ask(self, method, path):
        """The answer as text; empty if there is none (it is being killed, or starts again)."""
        if not self.address:
            return ""
        try:
            connection = http.client.HTTPConnection(self.address, self.port, timeout=5)
            connection.request(method, path)
            return connection.getresponse().read().decode()
        except (OSError, http.client.HTTPException):
            return ""

    def tell(self, command):
        return self.ask("POST", f"/run/{command}")

    def request(self, path, count=1):
        for _ in range(count):
            self.requests += 1
            self.ask("POST", path)

    def feed(self, path, size):
        """The service takes whole blocks: what is less waits for the next time."""
        self.owed += size
        whole = int(self.owed // BLOCK) * BLOCK
        if whole:
            self.owed -= whole
            self.request(f"{path}?bytes={whole}")

    def connect(self):
        """One more connection that stays open, as a pool does that never gives one back."""
        self.requests += 1
        self.kept.append(socket.create_connection((self.address, self.port), timeout=5))

    def counters(self):
        if self.image == "mem":
            known = json.loads(self.ask("GET", "/counters") or "{}")
            return (f"held {known['held_bytes'] // MIB} MiB, file cache {known['cached_bytes'] // MIB} MiB, "
                    f"{known['children_killed']} children killed" if known else "(starting)")
        lines = dict(line.split() for line in self.ask("GET", "/metrics").splitlines())
        return " ".join(f"{key[4:-6]} {int(value) // MIB} MiB" for key, value in lines.items() if key.endswith("_bytes") and key.startswith("app_"))


def mem(name, limit, *command, options=()):
    return Program(name, "mem", limit, [*command, "serve=8000"], options)


def python(name, limit):
    return Program(name, "python", limit)


class Counted(http.server.BaseHTTPRequestHandler):
    """What this program knows of its containers, for Prometheus: requests made, and files open as the kernel says."""

    programs = []

    def do_GET(self):
        rows = ["# TYPE app_requests_total counter\n"]
        rows += [f'app_requests_total{{name="{one.container}"}} {one.requests}\n' for one in self.programs]
        rows.append("# TYPE container_file_descriptors gauge\n")
        for one in self.programs:
            try:
                rows.append(f'container_file_descriptors{{name="{one.container}"}} {len(os.listdir(f"/proc/{one.pid}/fd"))}\n')
            except (OSError, AttributeError):
                continue
        body = "".join(rows).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; version=0.0.4")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def start_servers(folder, programs, scraped="10s"):
    """The processes, and the address of Prometheus."""
    Counted.programs = programs
    counted = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Counted)
    threading.Thread(target=counted.serve_forever, daemon=True).start()
    engine = os.environ["DOCKER_HOST"].removeprefix("unix://")
    exporter = subprocess.Popen([str(LAB / "exporter"), "--engine", engine], stdout=subprocess.PIPE, text=True)
    exporter_port = int(exporter.stdout.readline().rsplit(":", 1)[1])
    port = free_port()
    (folder / "prometheus.yml").write_text(
        f"global: {{scrape_interval: {scraped}, scrape_timeout: 9s}}\nscrape_configs:\n"
        f"  - {{job_name: cadvisor, static_configs: [{{targets: ['127.0.0.1:{exporter_port}']}}]}}\n"
        f"  - {{job_name: counted, static_configs: [{{targets: ['127.0.0.1:{counted.server_port}']}}]}}\n", encoding="ascii")
    prometheus = subprocess.Popen(
        ["prometheus", f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data",
         f"--web.listen-address=127.0.0.1:{port}"],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return [exporter, prometheus], f"http://127.0.0.1:{port}"


def each_tick(total, tick, one, all_):
    """Calls one(element, seconds since the beginning) of all elements side by side, again each tick until the time is over."""
    begin = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        while (seconds := time.monotonic() - begin) < total:
            for done in [pool.submit(one, element, seconds) for element in all_]:
                if done.exception():
                    print(f"while driving: {done.exception()!r}", file=sys.stderr)
            time.sleep(max(0.0, tick - (time.monotonic() - begin - seconds)))


def end(programs, servers):
    for program in programs:
        subprocess.run(["docker", "rm", "-f", program.container], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for server in servers:
        server.send_signal(signal.SIGTERM)
        server.wait()
