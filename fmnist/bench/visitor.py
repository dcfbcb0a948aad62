"""A visitor of a Streamlit app as its server sees one: a websocket on which pages are asked for and arrive.

It speaks Streamlit's protocol, one protobuf message a frame, and keeps large elements for two runs as the browser does,
so that the server sends a reference to them instead. `websockets`, with which it connects, comes with Streamlit.
"""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from fmnist.runs.run import RunError

LONGEST_WAIT = 120.0  # seconds for a page
_KEPT_RUNS = 2  # Streamlit's global.maxCachedMessageAge


@dataclass(frozen=True)
class PageRun:
    """A run of a page: seconds from the request to the last message, the number of messages, and their bytes."""

    seconds: float
    messages: int
    size: int


@dataclass(frozen=True)
class AppPage:
    """A page of an app: how the protocol names it, and its path, which is empty for the first one."""

    script_hash: str
    path: str


class Visitor:
    """One session; `pages` are the app's pages by title, in order, once the first one has been opened."""

    def __init__(self, socket: Any) -> None:  # noqa: ANN401
        self.pages: dict[str, AppPage] = {}
        self._socket = socket
        self._page = ""
        self._kept: deque[set[str]] = deque(maxlen=_KEPT_RUNS)

    async def open_first(self, path: str = "") -> PageRun:
        """Open the app at the path of one of its pages, by default at its first page."""
        return await self._run(path=path)

    async def open(self, title: str) -> PageRun:
        """Open the page with this title, or run it again where it is open.

        Raises:
            RunError: if the page shows an exception, or takes longer than `LONGEST_WAIT`.
        """
        self._page = self.pages[title].script_hash
        return await self._run(self._page)

    async def run_again(self) -> PageRun:
        """Run the open page again without a change."""
        return await self._run(self._page)

    async def _run(self, script_hash: str = "", path: str = "") -> PageRun:
        from streamlit.proto.BackMsg_pb2 import BackMsg

        message = BackMsg()
        message.rerun_script.page_script_hash, message.rerun_script.page_name = script_hash, path
        message.rerun_script.cached_message_hashes.extend(set().union(*self._kept))
        started = time.perf_counter()
        await self._socket.send(message.SerializeToString())
        try:
            async with asyncio.timeout(LONGEST_WAIT):
                messages, size = await self._receive()
        except TimeoutError as error:
            raise RunError(f"A page took longer than {LONGEST_WAIT:.0f} s.") from error
        return PageRun(time.perf_counter() - started, messages, size)

    async def _receive(self) -> tuple[int, int]:
        """Take in a run's messages; return their number and their bytes."""
        from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

        kept: set[str] = set()
        messages = size = 0
        async for frame in self._socket:
            message = ForwardMsg.FromString(frame)
            messages, size = messages + 1, size + len(frame)
            kind = message.WhichOneof("type")
            if message.metadata.cacheable or kind == "ref_hash":
                kept.add(message.ref_hash or message.hash)
            if kind == "navigation":
                listed = message.navigation.app_pages
                self.pages = {page.page_name: AppPage(page.page_script_hash, page.url_pathname) for page in listed}
                self._page = message.navigation.page_script_hash
            elif kind == "delta" and message.delta.new_element.WhichOneof("type") == "exception":
                raise RunError(f"A page failed: {message.delta.new_element.exception.message}")
            elif kind == "script_finished" and message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                self._kept.append(kept)
                return messages, size
        raise RunError("The server closed the connection.")


@asynccontextmanager
async def visit(address: str) -> AsyncIterator[Visitor]:
    """Connect to a served app, as in http://localhost:8501, as one more visitor."""
    from websockets.asyncio.client import connect

    stream = f"{address.replace('http', 'ws', 1)}/_stcore/stream"
    async with connect(stream, subprotocols=["streamlit"], max_size=None) as socket:  # type: ignore[list-item]
        yield Visitor(socket)
