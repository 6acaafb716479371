"""Messages and bindings of the filesystem broker appear whole."""

from __future__ import annotations

import json
import threading
import uuid
from pathlib import Path

import pytest
from kombu import Connection
from kombu.exceptions import ChannelError

TRANSPORT = "django_report_scheduling.contrib.filesystem_broker:Transport"


@pytest.fixture
def queue_name() -> str:
    """A queue of its own for each test: kombu remembers the bindings of a transport for the whole process."""
    return f"reports-{uuid.uuid4()}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "messages").mkdir()
    return tmp_path


def connection(folder: Path) -> Connection:
    messages = str(folder / "messages")
    options = {"data_folder_in": messages, "data_folder_out": messages, "control_folder": str(folder / "control")}
    return Connection("filesystem://", transport=TRANSPORT, transport_options=options)


def test_a_message_arrives_as_it_was_sent(folder: Path, queue_name: str) -> None:
    with connection(folder) as there:
        queue = there.SimpleQueue(queue_name)
        queue.put({"id": "Grüße"})
        message = queue.get(timeout=5)
        message.ack()
        queue.close()

    assert message.payload == {"id": "Grüße"}


def test_at_no_moment_is_there_a_message_file_without_its_content(
    folder: Path, queue_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    replace = Path.replace

    def look_then_replace(part: Path, target: Path) -> Path:
        json.loads(part.read_text(encoding="utf-8"))
        if target.suffix == ".msg":
            seen.append(sorted((folder / "messages").glob("*.msg")))
        return replace(part, target)

    monkeypatch.setattr(Path, "replace", look_then_replace)
    with connection(folder) as there:
        queue = there.SimpleQueue(queue_name)
        queue.put({"id": 1})
        queue.close()

    assert seen == [[]]
    assert len(list((folder / "messages").glob("*.msg"))) == 1


def test_a_full_disk_is_an_error_and_leaves_no_part(
    folder: Path, queue_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object, **_kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    with connection(folder) as there:
        queue = there.SimpleQueue(queue_name)
        monkeypatch.setattr(Path, "replace", full)
        with pytest.raises(ChannelError, match="No space left"):
            queue.put({"id": 1})

    assert list((folder / "messages").iterdir()) == []


def test_bindings_that_others_add_meanwhile_are_neither_lost_nor_seen_half_written(folder: Path) -> None:
    exchange, seen = f"pidbox-{uuid.uuid4()}", []
    everybody_is_here = threading.Barrier(4)

    def bind(number: int) -> None:
        with connection(folder) as there, there.channel() as channel:
            everybody_is_here.wait()
            for i in range(50):
                channel._queue_bind(exchange, "", "", f"reply-{number}-{i}")
                seen.append(len(channel.get_table(exchange)))

    binders = [threading.Thread(target=bind, args=(number,)) for number in range(4)]
    for binder in binders:
        binder.start()
    for binder in binders:
        binder.join()

    with connection(folder) as there, there.channel() as channel:
        assert len(set(channel.get_table(exchange))) == 200
    assert len(seen) == 200


def test_a_queue_that_is_deleted_leaves_the_bindings_of_the_others(folder: Path) -> None:
    exchange = f"reports-{uuid.uuid4()}"
    with connection(folder) as there, there.channel() as channel:
        for queue in ("one", "two"):
            channel._queue_bind(exchange, "", "", queue)
        channel._delete("one", exchange, "", "")
        assert [binding.queue for binding in channel.get_table(exchange)] == ["two"]
