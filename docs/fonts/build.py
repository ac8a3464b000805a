"""Cut the console's web font out of Noto Sans CJK: `python docs/fonts/build.py [--check]`.

The result, static/fonts/noto-sans-kr.woff2, is committed; nobody has to run this to use the
console. It holds the Korean design of every Hangul syllable, so that no name falls back to another
font, and the Latin letters and signs that stand beside them; all weights from 100 to 900 in one
file. The same source and tools give the same bytes: --check builds anew and compares. Needs the
development packages (fontTools and the font itself).
"""  # noqa: INP001 - a tool, not a package

from __future__ import annotations

import argparse
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FONT = Path(__file__).resolve().parents[2] / "static" / "fonts" / "noto-sans-kr.woff2"
COLLECTION = "NotoSansCJK-VF.otf.ttc"
KOREAN = 1  # the collection's second face; the others draw the same letters for other languages

LETTERS_AND_SIGNS = (
    range(0x0020, 0x007F),  # Latin
    range(0x00A0, 0x0180),  # accented Latin, § ° × ÷
    range(0x2010, 0x2070),  # dashes, quotation marks, ellipsis
    range(0x20A0, 0x20C0),  # ₩ and other currencies
    range(0x2100, 0x2150),  # ℃ № ™
    range(0x2190, 0x2200),  # arrows
    range(0x2200, 0x2270),  # − ≤ ≥
    range(0x2460, 0x2474),  # ① to ⑳
    range(0x25A0, 0x2600),  # ■ ● ▲
    range(0x2713, 0x2714),  # ✓
    range(0x3000, 0x3040),  # 、 。 「 」
    range(0x3130, 0x3190),  # Hangul letters by themselves
    range(0x3200, 0x3220),  # ㈀
    range(0x3260, 0x3280),  # ㉠ ㉿
    range(0x3380, 0x33E0),  # ㎏ ㎡
    range(0xAC00, 0xD7A4),  # the 11,172 Hangul syllables
    range(0xFF00, 0xFFF0),  # full width
)
FEATURES = ("kern", "liga", "calt", "ccmp", "locl", "mark", "mkmk", "palt", "halt", "tnum", "lnum")


def source() -> Path:
    """The collection as Noto publishes it. Exits when it is not installed."""
    found = find_spec("manimgx_fonts_cjk")
    if found is None or found.origin is None:
        sys.exit("Noto Sans CJK is missing: install the development packages.")
    return Path(found.origin).with_name(COLLECTION)


def build(target: Path) -> None:
    """Write the web font; the date inside stays the source's, so bytes repeat."""
    options = Options()
    options.layout_features = list(FEATURES)
    options.hinting = False
    options.desubroutinize = True  # larger before compression, smaller after it
    options.name_IDs = ["*"]  # copyright and licence stay inside
    options.notdef_outline = True
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[code for codes in LETTERS_AND_SIGNS for code in codes])
    with TTFont(source(), fontNumber=KOREAN, lazy=True, recalcTimestamp=False) as font:
        subsetter.subset(font)
        font.flavor = "woff2"
        font.save(target)


def is_current() -> bool:
    """Whether a build gives the committed bytes."""
    with tempfile.TemporaryDirectory() as folder:
        again = Path(folder) / FONT.name
        build(again)
        return FONT.exists() and again.read_bytes() == FONT.read_bytes()


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="build anew, compare, change nothing")
    if parser.parse_args(arguments).check:
        if is_current():
            return 0
        sys.stderr.write(f"{FONT.name} is not what this script builds.\n")
        return 1
    build(FONT)
    sys.stdout.write(f"{FONT.name}: {FONT.stat().st_size:,} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
