"""What Prometheus may scrape: counters, gauges and histograms of the stages, in its text format."""

from __future__ import annotations

import bisect
import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from edgeassist.errors import ConfigError

_log = logging.getLogger(__name__)
#: Upper bounds in seconds; the last is infinity.
BOUNDS = (0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
_CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_PREFIX = "edgeassist"
Gauges = Mapping[str, float | None]


class Histograms:
    """Durations by stage. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[str, list[int]] = {}
        self._sums: dict[str, float] = {}

    def observe(self, stage: str, seconds: float) -> None:
        with self._lock:
            counts = self._counts.setdefault(stage, [0] * (len(BOUNDS) + 1))
            counts[bisect.bisect_left(BOUNDS, seconds)] += 1
            self._sums[stage] = self._sums.get(stage, 0.0) + seconds

    def lines(self) -> Iterator[str]:
        with self._lock:
            held = [(stage, list(counts), self._sums[stage]) for stage, counts in sorted(self._counts.items())]
        name = f"{_PREFIX}_stage_seconds"
        yield f"# HELP {name} How long each stage of an intent took."
        yield f"# TYPE {name} histogram"
        for stage, counts, total in held:
            below = 0
            for bound, count in zip((*BOUNDS, "+Inf"), counts, strict=True):
                below += count
                yield f'{name}_bucket{{stage="{stage}",le="{bound}"}} {below}'
            yield f'{name}_sum{{stage="{stage}"}} {total:.6f}'
            yield f'{name}_count{{stage="{stage}"}} {below}'


def exposition(counters: Mapping[str, int], gauges: Gauges, stages: Histograms) -> str:
    """The whole page. Counters named ``outcome_<x>`` are one metric with a label."""
    outcome = f"{_PREFIX}_intents_total"
    lines = [f"# HELP {outcome} Intents answered, by outcome.", f"# TYPE {outcome} counter"]
    for name, count in counters.items():
        if name.startswith("outcome_"):
            lines.append(f'{outcome}{{outcome="{name.removeprefix("outcome_")}"}} {count}')
    for name, count in counters.items():
        if not name.startswith("outcome_"):
            lines += [f"# TYPE {_PREFIX}_{name}_total counter", f"{_PREFIX}_{name}_total {count}"]
    for name, value in gauges.items():
        if value is not None:
            lines += [f"# TYPE {_PREFIX}_{name} gauge", f"{_PREFIX}_{name} {float(value):g}"]
    return "\n".join([*lines, *stages.lines(), ""])


class MetricsServer:
    """Serves ``/metrics`` on a thread of its own; ``page`` is called for each request."""

    def __init__(self, host: str, port: int, page: Callable[[], str]) -> None:
        """Raises ConfigError where the address cannot be listened on; port 0 takes any free one."""

        class Handler(BaseHTTPRequestHandler):
            timeout = 5

            def do_GET(self) -> None:
                if self.path.partition("?")[0] != "/metrics":
                    self.send_error(404)
                    return
                body = page().encode()
                self.send_response(200)
                self.send_header("Content-Type", _CONTENT_TYPE)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """A scrape every few seconds is no news."""

        try:
            self._server = ThreadingHTTPServer((host, port), Handler)
        except OSError as error:
            raise ConfigError(
                f"metrics: cannot listen on {host}:{port}: {error.strerror}; choose another host or port"
            ) from None
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, name="metrics", daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def start(self) -> None:
        self._thread.start()
        _log.info("metrics on port %d", self.port)

    def stop(self) -> None:
        if self._thread.is_alive():
            self._server.shutdown()
        self._server.server_close()
