"""What nobody should send: by family, as bytes for forms and as JSON for programs."""

from __future__ import annotations

from typing import Any, Final

BYTES: Final[dict[str, bytes]] = {
    "nothing": b"",
    "a blank": b" ",
    "blanks of other scripts": "\u3000\u00a0\u2003".encode(),
    "NUL": b"\x00",
    "NUL within": "김\x00이".encode(),
    "half a letter": "\ud800".encode("utf-8", "surrogatepass"),
    "two halves": "\udfff\ud800x".encode("utf-8", "surrogatepass"),
    "no UTF-8": b"\xff\xfe\xfd",
    "cut UTF-8": "김".encode()[:2],
    "EUC-KR": "김서연".encode("euc-kr"),
    "percent of nothing": b"%zz%",
    "right to left": "\u202eabc\u202c".encode(),
    "nothing to see": "\u200b\u2060\ufeff".encode(),
    "Hangul in pieces": "한글".encode(),
    "emoji": "👩‍👩‍👧‍👦🇰🇷".encode(),
    "beyond four hexadecimals": "𠜎𝟘".encode(),
    "full-width digits": "１２３".encode(),
    "digits of another script": "٣٤".encode(),
    "superscript": "²".encode(),
    "minus": b"-1",
    "minus nothing": b"-0",
    "nought": b"0",
    "plus": b"+1",
    "thousands": b"1,000",
    "underscores": b"1_000",
    "a fraction": b"1.5",
    "an exponent": b"1e9",
    "too great an exponent": b"1e999",
    "hexadecimal": b"0x10",
    "no number": b"NaN",
    "endless": b"-Infinity",
    "31 bits and one": str(2**31).encode(),
    "63 bits and one": str(2**63).encode(),
    "huge": b"9" * 5000,
    "blanks around": b" 5 ",
    "day nought": b"0000-00-00",
    "day one": b"0001-01-01",
    "the last day": b"9999-12-31",
    "beyond the last day": b"10000-01-01",
    "no leap year": b"2027-02-29",
    "month 13": b"2026-13-01",
    "a day with a time": b"2026-03-05T00:00:00+09:00",
    "a week": b"2026-W10-1",
    "short day": b"2026-3-5",
    "full-width day": "２０２６-０３-０５".encode(),
    "month nought": b"0000-00",
    "quotes": b"'\"`;--",
    "SQL": b"1); DROP TABLE groupco_user; --",
    "a field of another table": b"user__password",
    "format": b"%s%(x)s{0.__class__}{{7*7}}",
    "script": b"<script>alert(1)</script>",
    "two lines": b"a\r\nBcc: x@evil.example",
    "ANSI": b"\x1b[31mred",
    "a path": b"../../../../etc/passwd",
    "another host": b"//evil.example/%0d%0aSet-Cookie:a=b",
    "a formula": b"=1+1",
    "long": b"x" * 70_000,
    "long Hangul": "가".encode() * 3000,
    "a list": b"[1,2]",
    "an object": b'{"a":1}',
    "true": b"true",
    "null": b"null",
}

JSON: Final[dict[str, Any]] = {
    "null": None,
    "true": True,
    "a fraction": 1.5,
    "a whole fraction": 1.0,
    "minus": -1,
    "53 bits and one": 2**53,
    "64 bits": 2**64,
    "huge": 10**400,
    "a list": [],
    "a list of it": ["x"],
    "an object": {},
    "deep": {"a": {"a": {"a": []}}},
    **{
        name: sent.decode("utf-8", "surrogatepass")
        for name, sent in BYTES.items()
        if name not in ("no UTF-8", "cut UTF-8", "EUC-KR")
    },
}

# Bodies that no form has, each with the content type it comes with; %s is a good filling-in.
BODIES: Final[dict[str, tuple[str, bytes]]] = {
    "a good form as JSON": ("application/json", b"%s"),
    "JSON": ("application/json", b'{"act":"x"}'),
    "text": ("text/plain", b"%s"),
    "no type": ("", b"%s"),
    "a type of nonsense": ("\u00ff/;;=", b"%s"),
    "no boundary": ("multipart/form-data", b"%s"),
    "a boundary of nothing": ("multipart/form-data; boundary=", b"%s"),
    "a boundary of Hangul": ("multipart/form-data; boundary=\u00ec", b"%s"),
    "an endless boundary": ("multipart/form-data; boundary=" + "x" * 9000, b"%s"),
    "cut off in a header": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="a',
    ),
    "cut off in a value": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="act"\r\n\r\nval',
    ),
    "a part without a name": (
        "multipart/form-data; boundary=x",
        b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--\r\n",
    ),
    "a part in base64 that is none": (
        "multipart/form-data; boundary=x",
        (
            b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n'
            b"Content-Transfer-Encoding: base64\r\n\r\n\xff\xff!\r\n--x--\r\n"
        ),
    ),
    "a part with headers without end": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n'
        + b"X: y\r\n" * 3000
        + b"\r\n1\r\n--x--",
    ),
    "another charset": ("application/x-www-form-urlencoded; charset=utf-16", b"%s"),
    "a charset of nonsense": ("application/x-www-form-urlencoded; charset=nonsense", b"%s"),
    "a charset that is no charset": ("application/x-www-form-urlencoded; charset=base64", b"%s"),
    "a multipart charset that is none": (
        "multipart/form-data; boundary=x; charset=rot13",
        b'--x\r\nContent-Disposition: form-data; name="act"\r\n\r\nval\r\n--x--\r\n',
    ),
    "a multipart charset of zips": (
        "multipart/form-data; boundary=x; charset=zlib",
        b'--x\r\nContent-Disposition: form-data; name="act"\r\n\r\nval\r\n--x--\r\n',
    ),
    "a multipart charset of addresses": (
        "multipart/form-data; boundary=x; charset=idna",
        b'--x\r\nContent-Disposition: form-data; name="act"\r\n\r\n' + b"a" * 80 + b"\r\n--x--\r\n",
    ),
    "1001 fields": ("application/x-www-form-urlencoded", b"&".join([b"%s"] + [b"x=1"] * 1001)),
    "every field twice": ("application/x-www-form-urlencoded", b"%s&%s"),
    "only separators": ("application/x-www-form-urlencoded", b"&&&===&;"),
    "bytes": ("application/x-www-form-urlencoded", bytes(range(256)) * 4),
    "seven megabytes": ("application/x-www-form-urlencoded", b"a=" + b"x" * (7 << 20)),
    "101 files": (
        "multipart/form-data; boundary=x",
        b"".join(
            b'--x\r\nContent-Disposition: form-data; name="f%d"; filename="a"\r\n\r\n1\r\n' % n
            for n in range(101)
        )
        + b"--x--\r\n",
    ),
}
