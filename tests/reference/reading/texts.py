"""JSON that is none, and JSON that looks as if it were none: what Go's reader takes, and what it does not."""

from collections.abc import Iterator

CONFIG = b'{"ignition":{"version":"%s"}}'


def texts(version: str) -> Iterator[tuple[str, bytes]]:
    v = version.encode()
    plain = CONFIG % v
    head = b'{"ignition":{"version":"%s"},' % v

    def storage(entry: bytes) -> bytes:
        return head + b'"storage":{"files":[' + entry + b"]}}"

    def user(name: bytes) -> bytes:
        return head + b'"passwd":{"users":[{"name":"' + name + b'"}]}}'

    yield "plain", plain
    yield "empty", b""
    yield "a blank", b" "
    yield "nothing but a brace", b"{"
    yield "an empty map", b"{}"
    yield "null", b"null"
    yield "a list", b"[" + plain + b"]"
    yield "a string", b'"a"'
    yield "a number", b"1"
    yield "true", b"true"
    yield "the end missing", plain[:-1]
    yield "a string that does not end", plain[:-3]
    yield "a brace too many", plain + b"}"
    yield "a word after the end", plain + b" x"
    yield "two documents", plain + plain
    yield "two documents in two lines", plain + b"\n" + plain
    yield "a comma after the end", plain + b","
    yield "a comma after the last entry of a map", b'{"ignition":{"version":"%s"},}' % v
    yield "a comma after the last entry of an inner map", b'{"ignition":{"version":"%s",}}' % v
    yield "a comma after the last entry of a list", storage(b'{"path":"/a"},')
    yield "two commas", storage(b'{"path":"/a"},,{"path":"/b"}')
    yield "a comma in front", storage(b',{"path":"/a"}')
    yield "no comma between keys", storage(b'{"path":"/a" "mode":420}')
    yield "no comma between entries", storage(b'{"path":"/a"}{"path":"/b"}')
    yield "no colon", storage(b'{"path" "/a"}')
    yield "an equals sign", storage(b'{"path"="/a"}')
    yield "a key without a value", storage(b'{"path":}')
    yield "a bracket in place of a brace", storage(b'{"path":"/a"]')
    yield "a comment of two slashes", b"// x\n" + plain
    yield "a comment behind", plain + b" // x"
    yield "a comment of C", b"/* x */" + plain
    yield "a comment with a hash", b"# x\n" + plain
    yield "a comment with a hash behind", plain + b" # x"
    yield "a comment inside", storage(b'{"path":"/a" /* x */}')
    yield "single quotes", plain.replace(b'"', b"'")
    yield "one value in single quotes", storage(b"{\"path\":'/a'}")
    yield "one key in single quotes", storage(b"{'path':\"/a\"}")
    yield "a key without quotes", storage(b'{path:"/a"}')
    yield "a value without quotes", storage(b'{"path":/a}')
    yield "quotes of a typesetter", storage('{"path":“/a”}'.encode())
    yield "a number as a key", storage(b'{1:"/a"}')
    yield "YAML", b"ignition:\n  version: %s\n" % v
    yield "YAML with a separator", b"---\n" + plain
    yield "YAML's end", plain + b"\n...\n"
    yield "an anchor", storage(b'&a {"path":"/a"}')
    yield "a YAML tag", storage(b'{"path": !!str "/a"}')

    for number in NUMBERS:
        yield f"mode {number}", storage(b'{"path":"/a","mode":%s}' % number.encode())
    for word in ("True", "TRUE", "yes", "on", "NULL", "None", "nil", "undefined", "~", ""):
        yield f"overwrite {word!r}", storage(b'{"path":"/a","overwrite":%s}' % word.encode())

    bom = b"\xef\xbb\xbf"
    yield "a BOM", bom + plain
    yield "UTF-16", plain.decode().encode("utf-16")
    yield "UTF-16 without a BOM", plain.decode().encode("utf-16-le")
    yield "a BOM inside a string", user(bom + b"a")
    yield "NUL behind", plain + b"\0"
    yield "NUL in front", b"\0" + plain
    yield "NUL in a string", user(b"a\0")
    yield "NUL in a string, escaped", user(b"a\\u0000")
    for name, character in CONTROLS.items():
        yield f"{name} in a string", user(b"a" + character)
        yield f"{name} in a key", storage(b'{"pa' + character + b'th":"/a"}')
    yield "DEL in a string", user(b"a\x7f")
    yield "blanks of JSON", b" \t\r\n" + plain.replace(b":", b" :\t") + b"\r\n \t"
    yield "a form feed", b"\f" + plain
    yield "a vertical tab", plain + b"\v"
    yield "a blank of Unicode", "\u00a0".encode() + plain
    yield "the line separator of Unicode", user("a\u2028".encode())
    yield "carriage returns", plain.replace(b",", b",\r\n")
    yield "invalid UTF-8", user(b"a\xff")
    yield "Latin-1", user("é".encode("latin-1"))
    yield "half a character", user(b"a\xc3")
    yield "an overlong slash", user(b"a\xc0\xaf")
    yield "a surrogate in UTF-8", user(b"a\xed\xa0\x80")
    yield "invalid UTF-8 in a path", storage(b'{"path":"/a\xff"}')
    yield "invalid UTF-8 outside of a string", plain + b"\xff"
    yield "invalid UTF-8 in a key", storage(b'{"path":"/a","x\xff":1}')
    yield "half a surrogate pair", user(b"a\\ud800")
    yield "the other half", user(b"a\\udc00")
    yield "two halves the wrong way round", user(b"a\\udc00\\ud800")
    yield "a surrogate pair", user(b"a\\ud83d\\ude00")
    for escape in ("\\x41", "\\'", "\\a", "\\0", "\\u12", "\\uzzzz", "\\U00000041", "\\e", "\\\n"):
        yield f"escape {escape!r}", user(escape.encode())
    yield "every escape", user(b'\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041')
    yield "a key that is escaped", storage(b'{"p\\u0061th":"/a"}')

    yield "a key twice, the same", storage(b'{"path":"/a","path":"/a"}')
    yield "a key twice, the first is wrong", storage(b'{"path":"a","path":"/a"}')
    yield "a key twice, the last is wrong", storage(b'{"path":"/a","path":"a"}')
    yield "a key twice, the first of a wrong kind", storage(b'{"path":1,"path":"/a"}')
    yield "a key twice in two cases, the last is wrong", storage(b'{"path":"/a","PATH":"a"}')
    yield "a key twice in two cases, the last is right", storage(b'{"PATH":"a","path":"/a"}')
    yield "a key twice, then null", storage(b'{"path":"/a","path":null}')
    yield "a key twice, a map and null", storage(b'{"path":"/a","contents":{"source":"ftp://a"},"contents":null}')
    yield "two maps of one key become one", head + b'"storage":{"files":[{"path":"a"}]},"storage":{"links":[]}}'
    yield "two lists of one key: the last counts", head + b'"storage":{"files":[{"path":"a"}],"files":[{"path":"/a"}]}}'
    yield (
        "an entry of the first list shows through",
        head + b'"storage":{"files":[{"path":"/a"}],"files":[{"mode":1}]}}',
    )
    yield "ignition twice", head + b'"ignition":{"version":"%s"}}' % v
    yield "version twice, the first is unknown", b'{"ignition":{"version":"9.9.9","version":"%s"}}' % v
    yield "version twice, the last is unknown", b'{"ignition":{"version":"%s","version":"9.9.9"}}' % v
    yield "a key with a Kelvin sign", head + '"storage":{"lin\u212as":[{"path":"a"}]}}'.encode()
    yield "a key with a long s", head + '"\u017ftorage":{"files":[{"path":"a"}]}}'.encode()
    yield "a key with a blank", storage(b'{"path ":"/a"}')
    yield "an empty key", head + b'"":1}'
    yield "100 levels in a key that nobody knows", head + b'"x":' + b"[" * 100 + b"]" * 100 + b"}"
    yield "9,000 levels in a key that nobody knows", head + b'"x":' + b"[" * 9000 + b"]" * 9000 + b"}"
    yield "10,001 levels in a key that nobody knows", head + b'"x":' + b"[" * 10001 + b"]" * 10001 + b"}"


CONTROLS = {"tab": b"\t", "line break": b"\n", "return": b"\r", "escape": b"\x1b", "bell": b"\x07"}
NUMBERS = (
    *("0644", "00", "-01", "+1", "0o644", "0x1a4", "1_000", ".5", "1.", "-", "1e", "1e+"),
    *("1e2", "4.2e2", "420.0", "0.0"),
    *("-0", "0", "1E2", "1e400", "NaN", "Infinity", "-1", "4294967296", "9223372036854775807", "9223372036854775808"),
    *("1 2", "420 ", "0b1", "4,20", "99999999999999999999999999"),
)


def versions() -> Iterator[tuple[str, bytes]]:
    """Yields configs of versions that there are, and that there are not."""
    for text in VERSIONS:
        yield f"version {text!r}", CONFIG % text.encode()
    yield "no version", b'{"ignition":{}}'
    yield "no ignition", b'{"storage":{}}'
    for value in (b"3", b"3.4", b"null", b"[]", b"true"):
        yield f"version {value.decode()}, no string", b'{"ignition":{"version":%s}}' % value
    for value in (b"null", b"[]", b'"3.4.0"', b"1"):
        yield f"ignition {value.decode()}", b'{"ignition":%s}' % value
    yield "keys of the head in capitals", b'{"IGNITION":{"VERSION":"3.4.0"}}'
    yield "version as Version", b'{"ignition":{"Version":"3.4.0"}}'


# Not those of 2.X: an older Ignition reads them, this one does not.
VERSIONS = (
    *("", "3", "3.4", "3.4.0.0", "3.4.1", "3.6.1", "3.7.0", "3.8.0", "3.10.0", "4.0.0", "5.0.0"),
    *("0.1.0", "3.0.0", "3.1.0", "3.2.0", "3.3.0", "3.4.0", "3.5.0", "3.6.0", "3.7.0-experimental"),
    *("3.6.0-experimental", "3.4.0-dev", "3.4.0+x", "v3.4.0", " 3.4.0", "3.4.0 "),
    *("03.04.00", "3.+4.0", "3.-4.0", "3.4.x", "latest"),
)
