"""A served app is for who opens it by one of its names: pages of other sites cannot connect to it."""

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from conftest import PROJECT, serve_app

from fmnist.cli import dashboard

HANDSHAKE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "c2l4dGVlbiBieXRlcyEhIQ==",
    "Sec-WebSocket-Protocol": "streamlit",
}


def connect(address: str, host: str, origin: str) -> int:
    """Ask for the app's websocket as a page of that origin does; return the answer's status, 101 where it opens."""
    server = HTTPConnection(address, timeout=60)
    headers = HANDSHAKE | {"Host": host, "Origin": origin}
    server.request("GET", "/_stcore/stream", headers=headers)
    status = server.getresponse().status
    server.close()
    return status


@pytest.fixture(scope="module", params=["streamlit run", "fmnist dashboard"])
def address(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the app in each way that there is; yield its host and port."""
    folder = tmp_path_factory.mktemp("elsewhere")
    if request.param == "streamlit run":
        with serve_app(folder, folder / "server.log") as url:
            yield urlsplit(url).netloc
        return
    command = [sys.executable, "-m", "fmnist", "dashboard", "--port", "0", "--server.headless=true"]
    environment = os.environ | {"PYTHONPATH": str(PROJECT), "FMNIST_ARTIFACTS_DIR": str(folder)}
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True) as server:
        try:
            line = next(line for line in server.stdout if "http://" in line)
            yield urlsplit(line[line.index("http://") :].strip()).netloc
        finally:
            server.terminate()
            server.wait(timeout=20)


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "[::1]"])
def test_the_apps_own_page_connects(address, name):
    own = f"{name}:{urlsplit('//' + address).port}"
    assert connect(address, own, f"http://{own}") == 101


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("evil.example", "http://evil.example"),  # a name that its owner lets point here
        ("evil.example:{port}", "http://evil.example:{port}"),
        ("localhost.evil.example:{port}", "http://localhost.evil.example:{port}"),
        ("localhost:{port}", "http://evil.example"),  # a page that names the app
        ("localhost:{port}", "https://localhost.evil.example"),
        ("localhost:{port}", "null"),
    ],
)
def test_a_page_of_another_site_does_not_connect(address, host, origin):
    port = urlsplit("//" + address).port
    assert connect(address, host.format(port=port), origin.format(port=port)) == 403


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing be served, and the arguments be as they were."""
    monkeypatch.setattr(dashboard.runpy, "run_module", lambda *_, **__: None)
    monkeypatch.setattr(sys, "argv", sys.argv)
    for name in ("STREAMLIT_SERVER_ADDRESS", "STREAMLIT_SERVER_ALLOWED_HOSTS"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("started")
@pytest.mark.parametrize(
    ("options", "told"),
    [
        ([], False),
        (["--server.address=0.0.0.0"], True),
        (["--server.address", "0.0.0.0"], True),
        (["--server.address=0.0.0.0", "--server.allowedHosts=lab.example"], False),
    ],
)
def test_who_opens_the_app_to_others_is_told_of_the_names(options, told, capsys):
    with pytest.raises(SystemExit):
        dashboard.serve_dashboard(argparse.Namespace(port=None, options=options))
    assert ("--server.allowedHosts=NAME" in capsys.readouterr().err) == told


@pytest.mark.usefixtures("started")
def test_the_address_may_come_from_the_environment(monkeypatch, capsys):
    monkeypatch.setenv("STREAMLIT_SERVER_ADDRESS", "0.0.0.0")
    with pytest.raises(SystemExit):
        dashboard.serve_dashboard(argparse.Namespace(port=None, options=[]))
    assert "--server.allowedHosts=NAME" in capsys.readouterr().err


def test_the_names_can_be_given_when_the_app_is_started(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("STREAMLIT_SERVER_ALLOWED_HOSTS", "lab.example localhost")
    with serve_app(tmp_path, tmp_path / "server.log") as url:
        address = urlsplit(url).netloc
        assert connect(address, "lab.example", "https://lab.example") == 101
        assert connect(address, "127.0.0.1", "http://127.0.0.1") == 403
