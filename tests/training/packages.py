"""Package indexes on this machine that ask for a password, and small packages for them."""

import base64
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import quote


def wheel(folder: Path, name: str, version: str, whose: str, *needs: str) -> None:
    """Put a package on an index; its summary says whose it is."""
    stem = name.replace("-", "_")
    file = folder / "simple" / name / f"{stem}-{version}-py3-none-any.whl"
    file.parent.mkdir(parents=True, exist_ok=True)
    info = f"{stem}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nSummary: {whose}\n"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(f"{stem}_files/__init__.py", "")
        needed = "".join(f"Requires-Dist: {need}\n" for need in needs)
        archive.writestr(f"{info}/METADATA", metadata + needed)
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/RECORD", "")
    links = (f'<a href="{each.name}">{each.name}</a>' for each in file.parent.glob("*.whl"))
    file.with_name("index.html").write_text("\n".join(links))


class _Handler(SimpleHTTPRequestHandler):
    """Serves files to those who name the right user and password."""

    def __init__(self, *arguments: object, wanted: str, asked: list[str], **rest: object) -> None:
        self.wanted, self.asked = wanted, asked
        super().__init__(*arguments, **rest)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        if self.headers.get("Authorization") == self.wanted:
            super().do_GET()
            return
        self.send_response(401)
        self.send_header("WWW-Authenticate", 'Basic realm="index"')
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments: object) -> None: ...


@contextmanager
def served(folder: Path, user: str, password: str) -> Iterator[tuple[str, list[str]]]:
    """The address of a folder, with user and password in it, and the paths that it is asked for."""
    asked: list[str] = []
    folder.mkdir(exist_ok=True)
    wanted = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
    handler = partial(_Handler, directory=str(folder), wanted=wanted, asked=asked)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        who = ":".join(quote(each, safe="") for each in (user, password) if each)
        yield f"http://{who}@127.0.0.1:{server.server_port}/simple", asked
        server.shutdown()


def put(folder: Path, versions: Mapping[str, str], whose: str) -> None:
    """Put several packages on an index."""
    for name, version in versions.items():
        wheel(folder, name, version, whose)
