"""A real Prometheus that is filled from an OpenMetrics file: shared by the benchmarks beside it."""
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class FilledPrometheus:
    """`write(path)` makes the OpenMetrics file, which is gone once it was read. Listens on loopback; ends with the scope."""

    def __init__(self, write):
        self.folder = tempfile.mkdtemp(prefix="memrb-bench-prometheus-")
        history = f"{self.folder}/history.om"
        write(history)
        subprocess.run(["promtool", "tsdb", "create-blocks-from", "openmetrics", history, f"{self.folder}/data"],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        pathlib.Path(history).unlink()
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        pathlib.Path(f"{self.folder}/prometheus.yml").write_text("global: {}\n", encoding="ascii")
        # The look-back is longer, so that a history written once stays present for the time of the measurement.
        self.process = subprocess.Popen(
            ["prometheus", f"--config.file={self.folder}/prometheus.yml", f"--storage.tsdb.path={self.folder}/data",
             f"--web.listen-address=127.0.0.1:{port}", "--query.lookback-delta=1h"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def __enter__(self):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                if urllib.request.urlopen(self.url + "/-/ready", timeout=1).status == 200:
                    return self
            except OSError:
                time.sleep(0.05)
        self.__exit__()
        sys.exit("Prometheus did not start")

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
