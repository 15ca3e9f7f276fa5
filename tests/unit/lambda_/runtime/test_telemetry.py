"""One pipe, log events in the order in which they were written."""

from hypothesis import example, given
from hypothesis import strategies as st

from localaws.lambda_.runtime.telemetry import MAX_EVENT_BYTES, TelemetryParser, Written

TEXT = 0xA55A00F1
PART = 0xA55A00F2
RECORD = 0xA55A0003
ERROR = 0xA55A0017


def frame(kind: int, data: bytes, at_us: int = 7) -> bytes:
    return kind.to_bytes(4, "big") + len(data).to_bytes(4, "big") + at_us.to_bytes(8, "big") + data


def parse(*chunks: bytes) -> list[Written]:
    parser = TelemetryParser()
    written = [event for chunk in chunks for event in parser.feed(chunk)]
    return written + list(parser.flush())


def test_a_record_is_one_event_whatever_is_in_it() -> None:
    assert parse(frame(ERROR, b"[ERROR] x\nTraceback")) == [Written(7, b"[ERROR] x\nTraceback", 5)]


def test_text_is_split_at_line_feeds_only() -> None:
    assert parse(frame(TEXT, b"a\nb"), frame(TEXT, b"\n"), frame(TEXT, b"c\rd\n", 9)) == [
        Written(7, b"a\n"),
        Written(7, b"b\n"),
        Written(9, b"c\rd\n"),
    ]


def test_unframed_output_keeps_its_place() -> None:
    written = parse(b"raw\n" + frame(TEXT, b"print\n") + b"more" + frame(RECORD, b"log\n") + b"\n")
    assert [event.data for event in written] == [b"raw\n", b"print\n", b"log\n", b"more\n"]
    assert [event.at_us for event in written] == [None, 7, 7, None]


def test_long_records_arrive_in_parts() -> None:
    assert parse(frame(PART, b"one "), frame(TEXT, b"x\n"), frame(ERROR, b"event")) == [
        Written(7, b"x\n"),
        Written(7, b"one event", 5),
    ]


def test_what_only_looks_like_a_frame_is_text() -> None:
    forged = RECORD.to_bytes(4, "big") + b"\xff" * 12 + b"\n"
    assert b"".join(event.data for event in parse(forged)) == forged


def test_an_endless_line_is_cut() -> None:
    sizes = [len(event.data) for event in parse(b"x" * (2 * MAX_EVENT_BYTES + 1))]
    assert sizes == [MAX_EVENT_BYTES, MAX_EVENT_BYTES, 1]


def test_a_frame_cut_off_by_the_end_of_the_process_is_dropped() -> None:
    assert parse(b"first\n" + frame(TEXT, b"second\n")[:-3]) == [Written(None, b"first\n")]


pieces = st.one_of(
    st.text("ab\n\r¥Z").map(str.encode),
    st.text("ab\n\r¥Z").map(lambda text: frame(TEXT, text.encode())),
    st.text("ab\n").map(lambda text: frame(RECORD, text.encode())),
)


@example(stream=[b"Z", frame(TEXT, "ZZ¥".encode()), b"ZZ"], size=2)  # no frame starts in another
@given(st.lists(pieces), st.integers(1, 40))
def test_how_the_pipe_cuts_its_reads_makes_no_difference(stream: list[bytes], size: int) -> None:
    whole = b"".join(stream)
    chunks = [whole[start : start + size] for start in range(0, len(whole), size)]
    assert parse(*chunks) == parse(whole)
