"""Reads an environment file as systemd.exec(5) says of `EnvironmentFile=`.

Written from the manual, not from our writer.
"""


def read(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    at = 0
    while at < len(text):
        line_end = text.find("\n", at)
        if text[at] in "#;" or not text[at:line_end].strip():
            at = line_end + 1
            continue
        name, at = text[at : text.index("=", at)], text.index("=", at) + 1
        value = ""
        quote: str | None = None
        while at < len(text) and not (quote is None and text[at] == "\n"):
            c = text[at]
            if quote is None and c in "\"'":
                quote = c
            elif c == quote:
                quote = None
            elif c == "\\" and quote != "'":
                at += 1
                # Inside double quotes a backslash goes only before what would mean something else.
                value += text[at] if quote is None or text[at] in '"\\`$' else "\\" + text[at]
            else:
                value += c
            at += 1
        found[name] = value
        at += 1
    return found
