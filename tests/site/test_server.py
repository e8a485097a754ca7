"""The server: a busy port is said plainly, a stop is clean."""

import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from aggregator.errors import ConfigError, PortBusyError
from aggregator.site.server import YOUNG_OBJECTS, build_server, listen, run, serve

PROGRAM = """
import sys
from fastapi import FastAPI
from aggregator.site.server import build_server, listen, run

app = FastAPI()
app.get("/")(lambda: "ready")
listener = listen("127.0.0.1", 0)
print(listener.getsockname()[1], flush=True)
run(build_server(app, "127.0.0.1", 0), listener)
print("after", flush=True)
"""


@pytest.fixture
def program() -> Iterator[tuple[subprocess.Popen[str], int]]:
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=20).close()
        yield process, port
        process.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_server_and_the_program_goes_on(
    program: tuple[subprocess.Popen[str], int], number: signal.Signals
) -> None:
    process, _port = program
    process.send_signal(number)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (0, "after\n", "")


def test_a_process_that_serves_takes_short_turns_and_leaves_alone_what_it_loaded() -> None:
    program = (
        "import gc, sys; from aggregator.site import server; server.answer_evenly();"
        "print(sys.getswitchinterval() == server.TURN_SECONDS, gc.get_freeze_count() > 10_000);"
        "print(gc.get_threshold()[0])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "True", str(YOUNG_OBJECTS)]


def test_a_busy_port_is_named_with_what_to_do() -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortBusyError) as caught:
            serve(FastAPI(), "127.0.0.1", port)
    assert str(caught.value) == (
        f"port {port} on 127.0.0.1 is busy: stop the other program or set [site] port / --port"
    )


def test_a_host_that_is_not_ours_is_a_wrong_setting() -> None:
    with pytest.raises(ConfigError, match=r"cannot listen on .*192\.0\.2\.1"):
        listen("192.0.2.1", 8000)


def test_a_server_in_a_thread_ends_when_it_is_told_and_frees_its_port() -> None:
    listener = listen("127.0.0.1", 0)
    port = listener.getsockname()[1]
    server = build_server(FastAPI(openapi_url=None), "127.0.0.1", port)
    thread = threading.Thread(target=run, args=(server, listener))
    thread.start()
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=20)
    caught.value.close()
    server.should_exit = True
    thread.join(20)
    assert not thread.is_alive()
    listen("127.0.0.1", port).close()
