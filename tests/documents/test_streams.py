import zlib

from documents import streams
from tests.documents import hostile


def test_what_is_compressed_is_found_and_nothing_else():
    content = hostile.pdf(hostile.PLAIN, objects=(hostile.deflated(b"one"), hostile.stream(b"not"), hostile.deflated(b"two")))
    assert list(streams.inflated(content)) == [b"one", b"two"]


def test_a_bomb_gives_a_bounded_part_of_itself():
    bomb = hostile.deflated(bytes(100 * 1024 * 1024))
    assert [len(stream) for stream in streams.inflated(bomb)] == [streams.ONE_STREAM]
    assert sum(map(len, streams.inflated(bomb * 40))) == streams.ALL_STREAMS


def test_a_hundred_thousand_streams_are_each_read_once():
    """Twenty megabytes, each looked at once: a second look at what follows a stream would take an hour."""
    one = b"stream\n" + zlib.compress(b"a")
    content = (one * 100_000).ljust(20 * 1024 * 1024, b"x")
    assert sum(1 for _ in streams.inflated(content)) == 100_000
