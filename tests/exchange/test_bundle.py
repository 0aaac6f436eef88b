"""Evidence bundles: clean ones pass, and whatever is done to one is found."""

from __future__ import annotations

import copy
import io
import json
import struct
import zipfile
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from services import keys
from services.exchange import bundle
from services.exchange.bundle_zip import Unusable
from services.rules import chain, note
from tests.exchange.histories import History, changed, found, history, packed, private, repacked, unpacked, verify


@pytest.fixture(scope="module")
def made() -> History:
    for seed in range(100):
        one = history(seed, 14)
        if len(one.polls) >= 2 and len(one.notes) >= 3:
            return one
    raise AssertionError("no such history")


@pytest.mark.parametrize("seed", range(60))
def test_clean_histories_raise_no_alarm(seed: int) -> None:
    one = history(seed, Random(seed).randint(0, 40))
    report = verify(one.packed(), fingerprint=note.fingerprint(keys.public_bytes(one.key)), older=Random(seed).choice(one.notes))
    assert report.findings == []
    assert report.logs[0].events == len(one.events) and report.logs[0].polls == len(one.polls)
    assert report.key_given and report.older == 1


def test_the_same_input_gives_the_same_bytes(made: History) -> None:
    assert made.packed() == made.packed()
    assert set(unpacked(made.packed())) >= {"log.jsonl", "checkpoints.txt", "key.pub", "manifest.json", "rows.jsonl"}
    assert not any(b"PRIVATE" in content for content in unpacked(made.packed()).values())


def test_several_communities_in_one_bundle() -> None:
    one, other = history(1), history(2)
    other.origin, other.key, other.notes = "yiqi/c000000000000002", one.key, []
    other.sign()
    data = packed(one, other)
    report = verify(data)
    assert report.findings == [] and [log.origin for log in report.logs] == [one.origin, other.origin]
    files = unpacked(data)
    swapped = {name.replace("001/", "00x/").replace("002/", "001/").replace("00x/", "002/"): content for name, content in files.items()}
    assert found(repacked(swapped))
    files.pop("c000000000000002/log.jsonl")
    assert found(repacked(files))


def _values(value: Any) -> Iterator[Any]:
    """Other values in place of this one."""
    yield None if value is not None else "x"
    yield value + "x" if isinstance(value, str) else [value]
    if isinstance(value, str) and value:
        yield value[:-1] + ("0" if value[-1] != "0" else "1")
    if isinstance(value, int):
        yield value + 1
        yield str(value)
        yield float(value)


def _spoilt(event: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The event with every field in turn changed, left out, doubled; the rows and facts inside it too."""
    for place in (event, event["facts"], *event["rows"]):
        for name in list(place):
            old = place[name]
            for value in _values(old):
                place[name] = value
                yield event
            del place[name]
            yield event
            place[name] = old
        place["more"] = 1
        yield event
        del place["more"]


def test_every_field_of_every_line(made: History) -> None:
    data, tried = made.packed(), 0
    for at, event in enumerate(made.events):
        for spoilt in _spoilt(copy.deepcopy(event)):
            lines = made.lines()
            lines[at] = json.dumps(spoilt, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
            assert lines[at] != made.lines()[at]
            tried += 1
            assert found(changed(data, "log.jsonl", lambda _, lines=lines: b"\n".join(lines) + b"\n")), spoilt
    assert tried > 14 * 7 * 3


def test_every_byte_of_some_lines_and_all_checkpoints(made: History) -> None:
    files, chance = unpacked(made.packed()), Random(1)
    for name in ("log.jsonl", "checkpoints.txt", "rows.jsonl", "key.pub"):
        content = files[name]
        places = range(len(content)) if len(content) < 1500 else sorted(chance.sample(range(len(content)), 400))
        for at in places:
            spoilt = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
            assert found(repacked({**files, name: spoilt})), (name, at)


def test_lines_deleted_inserted_swapped_cut(made: History) -> None:
    data, lines = made.packed(), made.lines()

    def with_lines(other: list[bytes]) -> bytes:
        return changed(data, "log.jsonl", lambda _: b"".join(line + b"\n" for line in other))

    for at in range(len(lines)):
        assert found(with_lines(lines[:at] + lines[at + 1 :])), f"delete {at}"
        assert found(with_lines(lines[:at] + [lines[at]] + lines[at:])), f"double {at}"
        assert found(with_lines(lines[:at] + [b""] + lines[at:])), f"empty line {at}"
        assert found(with_lines(lines[:at])), f"cut at {at}"
        for other in range(at):
            mixed = list(lines)
            mixed[at], mixed[other] = mixed[other], mixed[at]
            assert found(with_lines(mixed)), f"swap {at} {other}"
    assert found(with_lines(lines[::-1]))
    assert found(with_lines([*lines, lines[-1]]))
    assert found(changed(data, "log.jsonl", lambda content: content[:-1]))
    assert found(changed(data, "log.jsonl", lambda content: content.replace(b"\n", b"\r\n")))


def test_numbers_made_to_fit_again(made: History) -> None:
    """The forger who numbers the lines anew, too."""
    for at in range(len(made.events)):
        forged = copy.deepcopy(made)
        del forged.events[at]
        for seq, event in enumerate(forged.events):
            event["seq"] = seq
        assert found(forged.packed()), at


def test_a_whole_rewrite_with_the_key_is_found_by_an_older_checkpoint(made: History) -> None:
    print_ = note.fingerprint(keys.public_bytes(made.key))
    for at in range(len(made.events)):
        forged = copy.deepcopy(made)
        forged.events[at]["actor"] = "somebody"
        forged.notes = []
        forged.sign()
        # With the key nothing inside the bundle betrays it; this is what witnesses are for.
        assert not found(forged.packed(), fingerprint=print_)
        for older in made.notes:
            covers = note.read_checkpoint(note.read_note(older).text).size > at
            assert found(forged.packed(), older=older) is covers


def test_a_log_cut_back_to_an_older_checkpoint_is_found_by_a_newer_one(made: History) -> None:
    cut = copy.deepcopy(made)
    size = note.read_checkpoint(note.read_note(made.notes[0]).text).size
    cut.events, cut.notes = cut.events[:size], cut.notes[:1]
    report = verify(cut.packed(), older=made.notes[-1])
    assert any("it was cut" in each.what for each in report.findings)


def test_another_key(made: History) -> None:
    forged = copy.deepcopy(made)
    forged.key, forged.notes = private(999), []
    forged.sign()
    right, wrong = (note.fingerprint(keys.public_bytes(each.key)) for each in (made, forged))
    assert not found(forged.packed()), "without --key the bundle's own key is trusted, and the command says so"
    assert found(forged.packed(), fingerprint=right) and not found(forged.packed(), fingerprint=wrong)
    assert found(forged.packed(), older=made.notes[0])
    mixed = copy.deepcopy(made)
    mixed.notes[-1:] = []
    mixed.sign(private(999))
    assert found(mixed.packed())


def test_another_log_under_the_same_key(made: History) -> None:
    other = copy.deepcopy(made)
    other.origin, other.notes = "yiqi/another", []
    other.sign()
    assert not found(other.packed())
    assert found(made.packed(), older=other.notes[0])
    assert found(changed(made.packed(), "checkpoints.txt", lambda content: content + b"\n" + other.notes[0].encode()))


def test_checkpoints_left_out_or_turned_round(made: History) -> None:
    assert len(made.notes) >= 3
    for notes in ([], made.notes[:-1], made.notes[::-1], made.notes + made.notes[-1:]):
        forged = copy.deepcopy(made)
        forged.notes = notes
        assert found(forged.packed())
    fewer = copy.deepcopy(made)
    del fewer.notes[0]
    assert not found(fewer.packed())


def test_polls(made: History) -> None:
    data = made.packed()
    for key, (poll, outcome) in made.polls.items():
        place, beside = f"polls/{key}.json", f"polls/{key}.outcome.json"
        for at, ballot in enumerate(poll["ballots"]):
            for choice in {"yes", "no", "abstain"} - {ballot["choice"]}:
                other = copy.deepcopy(poll)
                other["ballots"][at]["choice"] = choice
                assert found(changed(data, place, lambda _, other=other: json.dumps(other).encode()))
        for change in (
            lambda p: p["roll"].pop(),
            lambda p: p["roll"][0].update(area="600"),
            lambda p: p["roll"][0].update(area=60.5),
            lambda p: p["ballots"].append({"voter": "stranger", "choice": "yes", "channel": "web"}),
            lambda p: p["rule"].update(base="expressed"),
            lambda p: p.update(title="砖路面"),
            lambda p: p.update(format="poll/2"),
        ):
            other = copy.deepcopy(poll)
            change(other)
            assert found(changed(data, place, lambda _, other=other: json.dumps(other).encode()))
        for name in set(outcome) - {"explanation"}:
            other = {**outcome, name: "something"}
            assert found(changed(data, beside, lambda _, other=other: json.dumps(other).encode())), name
            del other[name]
            assert found(changed(data, beside, lambda _, other=other: json.dumps(other).encode())), name
        for name in (place, beside):
            files = unpacked(data)
            del files[name]
            assert found(repacked(files))
            for content in (b"", b"nonsense", b"[]", b"\xff", b"[" * 100_000, b'{"a":' * 100_000, b"{}", b'{"n":' + b"9" * 5000 + b"}"):
                assert found(changed(data, name, lambda _, content=content: content)), content[:20]
    files = unpacked(data)
    some = next(iter(made.polls))
    files["polls/foisted.json"], files["polls/foisted.outcome.json"] = files[f"polls/{some}.json"], files[f"polls/{some}.outcome.json"]
    assert found(repacked(files))


def test_rows(made: History) -> None:
    for at, digest in made.rows.items():
        forged = copy.deepcopy(made)
        forged.rows[at] = "0" * 64
        assert found(forged.packed()), "changed, or back after it was deleted"
        if digest:
            forged.rows[at] = ""
            assert found(forged.packed())
    forged = copy.deepcopy(made)
    forged.rows["person", "nobody"] = "0" * 64
    assert found(forged.packed())


def test_files_not_in_the_manifest_or_with_another_digest(made: History) -> None:
    files = unpacked(made.packed())
    for name in files:
        if name != bundle.MANIFEST:
            head = json.loads(files[bundle.MANIFEST])
            head["files"][name] = "0" * 64
            assert found(repacked({**files, bundle.MANIFEST: json.dumps(head).encode()}, manifest=False))
            del head["files"][name]
            assert found(repacked({**files, bundle.MANIFEST: json.dumps(head).encode()}, manifest=False))
        assert found(repacked({other: content for other, content in files.items() if other != name}, manifest=False))
    for content in (b"", b"[]", b"\xff", b'{"format":"evidence/9"}', b'{"format":"evidence/1"}', b'{"format":"evidence/1","files":[]}'):
        assert found(repacked({**files, bundle.MANIFEST: content}, manifest=False))


BAD_NAMES = ["../log.jsonl", "/log.jsonl", "a/../log.jsonl", "a\\log.jsonl", "log.jsonl/", "LOG.JSONL", "polls/", "polls/../x.json"]
BAD_NAMES += ["C:/log.jsonl", "note.txt", "polls/\x00.json", "log.jsonl\x00.txt", "polls/é.json", "a/b/log.jsonl", "", "log.jsonl "]


@pytest.mark.parametrize("name", BAD_NAMES)
def test_strange_entries_are_refused(made: History, name: str) -> None:
    files = unpacked(made.packed())
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for each, content in files.items():
            archive.writestr(each, content)
        info = zipfile.ZipInfo("x")
        info.filename = name
        archive.writestr(info, b"x")
    with pytest.raises(Unusable):
        verify(target.getvalue())


def test_an_entry_twice_is_refused(made: History) -> None:
    target = io.BytesIO(made.packed())
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(target, "a") as archive:
        archive.writestr("log.jsonl", b"")
    with pytest.raises(Unusable, match="twice"):
        verify(target.getvalue())


def test_bombs_are_refused(made: History) -> None:
    data = changed(made.packed(), "log.jsonl", lambda content: content + b" " * 30_000_000)
    with pytest.raises(Unusable, match="unpacks"):
        verify(data)
    data = changed(made.packed(), "log.jsonl", lambda content: content + Random(1).randbytes(17_000_000).replace(b"\n", b" "))
    with pytest.raises(Unusable, match="line of more than"):
        verify(data)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for number in range(20_001):
            archive.writestr(f"polls/{number}.json", b"")
    with pytest.raises(Unusable, match="entries"):
        verify(target.getvalue())


def test_a_size_that_lies_is_refused(made: History) -> None:
    """The directory says less than the entry holds, so that a bound on what is said would be passed."""
    data = bytearray(made.packed())
    at = data.rindex(b"PK\x01\x02", 0, data.rindex(b"log.jsonl"))
    struct.pack_into("<L", data, at + 24, 10)
    assert found(bytes(data))


def test_broken_and_foreign_files_are_refused(made: History) -> None:
    data = made.packed()
    for spoilt in (b"", b"nonsense", data[: len(data) // 2], data[:-30], b"PK\x05\x06" + bytes(18)):
        with pytest.raises(Unusable):
            verify(spoilt)
    chance = Random(7)
    for _ in range(300):
        spoilt = bytearray(data)
        spoilt[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        try:
            verify(bytes(spoilt))
        except Unusable:
            continue


def test_an_older_checkpoint_that_is_none(made: History) -> None:
    for older in ("nonsense", "\n\n", made.notes[0][:-5], "a\n\n— b AAAAAAA=\n"):
        with pytest.raises(Unusable, match="older checkpoint"):
            verify(made.packed(), older=older)


def test_an_empty_log() -> None:
    empty = History()
    empty.sign()
    assert verify(empty.packed()).findings == [] and verify(empty.packed()).logs[0].root == chain.EMPTY.hex()
