"""What may stand in a file that somebody sends: broken bytes, odd values, broken structure."""

import copy
import csv
import io
import json
from typing import Any

from hypothesis import strategies as st

DEEP = json.loads("[" * 900 + "]" * 900)
# Whatever stands there must be refused in words, or be right.
VALUES: tuple[Any, ...] = (
    *(
        None,
        True,
        False,
        0,
        -1,
        -0.0,
        1.5,
        45.7,
        1e308,
        -1e308,
        5e-324,
        2**31,
        2**63,
        2**64,
        10**40,
    ),
    *(float("nan"), float("inf"), -float("inf")),
    *("", " ", "0", "-1", "nan", "inf", "1e999", "0x10", "1_000", "٣", "null", "9.605"),
    *("\0", "\x1b[2J", "\u202e", "\ufeff", "a\nb", "=1+1", "<script>", "${1}", "{{1}}", "x" * 600),
    *(
        "x" * 150_000,
        "9" * 5_000,
        "nord",
        "walk",
        "osm:node/1",
        "org:amici",
        "https://[",
        "http://a",
    ),
    *([], {}, [[]], [None], [{}], {"": {}}, {"a": 1}, [1, 2], ["x"], DEEP),
    *({"type": "Point"}, {"type": "Point", "coordinates": [float("nan"), 1]}),
    {"type": "Polygon", "coordinates": [[[9.6, 45.7], [9.61, 45.71], [9.61, 45.7]]]},
    {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [9.6, 45.7]}]},
)
CELLS = tuple(
    dict.fromkeys("" if v is None else v if isinstance(v, str) else repr(v)[:300] for v in VALUES)
)


@st.composite
def damaged(draw: st.DrawFn, content: bytes, *, text: bool = True) -> bytes:
    """`content` as a bad disk, a bad line or a bad editor leaves it."""
    at = draw(st.integers(0, len(content)))
    ways = ["cut", "flip", "flip", "insert", "repeat", "nul"]
    how = draw(st.sampled_from([*ways, "encode"] if text else ways))
    if how == "cut":
        return content[:at]
    if how == "flip":
        flipped = bytearray(content)
        for where, byte in draw(
            st.lists(
                st.tuples(st.integers(0, len(content) - 1), st.integers(0, 255)),
                min_size=1,
                max_size=8,
            )
        ):
            flipped[where] = byte
        return bytes(flipped)
    if how == "insert":
        return content[:at] + draw(st.binary(min_size=1, max_size=40)) + content[at:]
    if how == "repeat":
        end = draw(st.integers(at, len(content)))
        return content[:end] + content[at:end] * draw(st.integers(1, 3)) + content[end:]
    if how == "nul":
        return content[:at] + b"\0" * draw(st.integers(1, 5000)) + content[at:]
    encoding = draw(st.sampled_from(["utf-16", "utf-32", "latin-1", "cp037", "utf-7", "utf-8-sig"]))
    return content.decode("utf-8").encode(encoding, "replace")


@st.composite
def odd_json(draw: st.DrawFn, content: bytes) -> bytes:
    """A JSON document in which something was replaced, dropped, doubled or swapped."""
    document = json.loads(content)
    for _ in range(draw(st.integers(1, 3))):
        spots = list(_spots(document))
        if not spots:
            break
        holder, key = draw(st.sampled_from(spots))
        how = draw(st.sampled_from(["set", "set", "set", "drop", "copy", "swap"]))
        other, its_key = draw(st.sampled_from(spots))
        if how == "set":
            value = draw(st.sampled_from(VALUES))
            holder[key] = value if value is DEEP else copy.deepcopy(value)
        elif how == "drop":
            del holder[key]
        elif how == "copy" and isinstance(holder, list):
            holder.append(holder[key])
        else:
            # Through text, so that nothing holds itself.
            holder[key] = json.loads(json.dumps(other[its_key]))
    text = json.dumps(document)
    if draw(st.booleans()):
        text = text.replace("NaN", "1e999")
    return text.encode()


@st.composite
def odd_csv(draw: st.DrawFn, content: bytes) -> bytes:
    """A CSV table in which cells were replaced, and rows or columns dropped or doubled."""
    rows = list(csv.reader(io.StringIO(content.decode())))
    for _ in range(draw(st.integers(1, 3))):
        row = draw(st.integers(0, len(rows) - 1))
        column = draw(st.integers(0, max(0, len(rows[row]) - 1)))
        how = draw(st.sampled_from(["set", "set", "set", "drop", "double", "row", "quote"]))
        if how == "set" and rows[row]:
            rows[row][column] = draw(st.sampled_from(CELLS))
        elif how == "drop":
            rows[row] = rows[row][:column]
        elif how == "double":
            rows[row] = rows[row] + rows[row][column:]
        elif how == "row":
            rows.append(rows[row])
        elif rows[row]:
            rows[row][column] = f'"{rows[row][column]}'
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    text = buffer.getvalue()
    return (text.replace('""', '"') if draw(st.booleans()) else text).encode()


@st.composite
def odd_toml(draw: st.DrawFn, content: bytes) -> bytes:
    """Lines of settings whose values were replaced, or that were dropped or doubled."""
    lines = content.decode().splitlines()
    for _ in range(draw(st.integers(1, 2))):
        at = draw(st.integers(0, len(lines) - 1))
        name, equals, _ = lines[at].partition("=")
        how = draw(st.sampled_from(["set", "set", "set", "drop", "double"]))
        if how == "set" and equals:
            lines[at] = f"{name}= {draw(st.sampled_from(TOML))}"
        elif how == "double":
            lines.append(lines[at])
        else:
            lines[at] = ""
    return "\n".join(lines).encode()


TOML = (
    *("nan", "inf", "-1", "0", "1e400", "9" * 5000, "true", '""', '" "', '"\\u0000"', "1979-05-27"),
    *("[]", "{}", "[[]]", '["x"]', "[1]", "{a=1}", "[" * 2000 + "]" * 2000, '"../../etc/passwd"'),
    *('"EPSG:4326"', '"+init=epsg:32632"', '"+proj=utm +zone=32 +nadgrids=/etc/passwd"', "4326"),
    *('"EPSG:5703"', '"EPSG:4978"', '"EPSG:2263"', '"epsg:32632"', '"Europe"', '"Europe/Atlantis"'),
)


def _spots(value: Any) -> Any:
    """Every place in a document: the dict or list, and the key or index."""
    items = (
        value.items() if isinstance(value, dict) else enumerate(value if _is_list(value) else ())
    )
    for key, part in list(items):
        yield value, key
        yield from _spots(part)


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and value is not DEEP and len(value) < 200
