"""Pages in twelve scripts, and how many of their letters are read wrongly: a part of `benchmarks.ocr`.

The text is the first article of the Universal Declaration of Human Rights, free to use, in pieces of its words.
"""

import random
import time
from dataclasses import dataclass

import cv2  # type: ignore[import-not-found]
import numpy  # type: ignore[import-not-found]
from PIL import Image, ImageDraw, ImageFont

from chalicelib.engines.ocr.paddle import SMALL
from chalicelib.engines.ocr.reading import DOUBTFUL, Wanted, read_picture

SIZE = (1_300, 1_000)
LINES, FONT_SIZES = 12, (30, 34, 40)


@dataclass(frozen=True)
class Script:
    """``text`` is cut at blanks, or anywhere where the script has none; ``font`` is a file that Pillow finds."""

    name: str
    font: str
    text: str


SCRIPTS = (
    Script(
        "Latin",
        "NotoSerif-Regular.ttf",
        "Alle Menschen sind frei und gleich an Würde und Rechten geboren. Wszyscy ludzie rodzą się wolni i równi pod "
        "względem swej godności i swych praw. Bütün insanlar hür, haysiyet ve haklar bakımından eşit doğarlar.",
    ),
    Script(
        "Cyrillic",
        "NotoSerif-Regular.ttf",
        "Все люди рождаются свободными и равными в своем достоинстве и правах. Они наделены разумом и совестью и "
        "должны поступать в отношении друг друга в духе братства.",
    ),
    Script(
        "Greek",
        "NotoSerif-Regular.ttf",
        "Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια και τα δικαιώματα. Είναι προικισμένοι με "
        "λογική και συνείδηση.",
    ),
    Script(
        "Arabic",
        "NotoNaskhArabic-Regular.ttf",
        "يولد جميع الناس أحرارا متساوين في الكرامة والحقوق. وقد وهبوا عقلا وضميرا وعليهم أن يعامل "
        "بعضهم بعضا بروح الإخاء.",
    ),
    Script(
        "Hebrew",
        "NotoSansHebrew-Regular.ttf",
        "כל בני אדם נולדו בני חורין ושווים בערכם ובזכויותיהם. כולם חוננו בתבונה ובמצפון, לפיכך חובה עליהם לנהוג איש "
        "ברעהו ברוח של אחוה.",
    ),
    Script(
        "Devanagari",
        "NotoSansDevanagari-Regular.ttf",
        "सभी मनुष्यों को गौरव और अधिकारों के मामले में जन्मजात स्वतन्त्रता और समानता प्राप्त है। उन्हें बुद्धि और अन्तरात्मा की देन प्राप्त है।",
    ),
    Script(
        "Thai",
        "NotoSansThai-Regular.ttf",
        "มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกันในเกียรติศักดิ์และสิทธิ ต่างมีเหตุผลและมโนธรรม และควรปฏิบัติต่อกันด้วยเจตนารมณ์แห่งภราดรภาพ",
    ),
    Script(
        "Chinese",
        "NotoSansCJK-Regular.ttc",
        "人人生而自由，在尊严和权利上一律平等。他们赋有理性和良心，并应以兄弟关系的精神相对待。",
    ),
    Script(
        "Japanese",
        "NotoSansCJK-Regular.ttc",
        "すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。人間は、理性と良心とを授けられており、"
        "互いに同胞の精神をもって行動しなければならない。",
    ),
    Script(
        "Korean",
        "NotoSansCJK-Regular.ttc",
        "모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다. 인간은 천부적으로 이성과 양심을 "
        "부여받았으며 서로 형제애의 정신으로 행동하여야 한다.",
    ),
    Script(
        "Vietnamese",
        "NotoSans-Regular.ttf",
        "Tất cả mọi người sinh ra đều được tự do và bình đẳng về nhân phẩm và quyền. Mọi con người đều được tạo hoá "
        "ban cho lý trí và lương tâm.",
    ),
    Script(
        "Tamil",
        "NotoSansTamil-Regular.ttf",
        "மனிதப் பிறிவியினர் சகலரும் சுதந்திரமாகவே பிறக்கின்றனர். அவர்கள் மதிப்பிலும் உரிமைகளிலும் சமமானவர்கள்.",
    ),
)
"""The last is one that neither engine reads: it has to be said."""
_UNSPACED = frozenset({"Thai", "Chinese", "Japanese"})


def page(script: Script, number: int) -> tuple[numpy.ndarray, list[str]]:
    """A page (grey) and its lines: each a piece of the text that begins at any word."""
    rng = random.Random(f"{script.name} {number}")
    font = ImageFont.truetype(script.font, rng.choice(FONT_SIZES))
    pieces, joint = (list(script.text), "") if script.name in _UNSPACED else (script.text.split(), " ")
    image, lines = Image.new("L", SIZE, 255), []
    for row in range(LINES):
        at, line = rng.randrange(len(pieces)), ""
        while font.getlength(wider := (line + joint + pieces[at % len(pieces)]).strip()) < SIZE[0] - 200:
            line, at = wider, at + 1
        ImageDraw.Draw(image).text((100, 60 + 75 * row), line, 0, font)
        lines.append(line)
    return numpy.array(image), lines


def wrong(read: str, true: str) -> int:
    """How many letters have to be put in, left out or changed."""
    before = numpy.arange(len(true) + 1)
    letters = numpy.array([ord(letter) for letter in true])
    for letter in read:
        row = numpy.minimum(before[1:] + 1, before[:-1] + (letters != ord(letter)))
        row = numpy.concatenate([[before[0] + 1], row])
        steps = numpy.arange(len(row))
        before = numpy.minimum.accumulate(row - steps) + steps
    return int(before[-1])


def measured(script: Script, pages: int) -> tuple[float, float, int, float]:
    """The share of letters that are wrong, the least confidence, pages that are named as doubtful, seconds a page."""
    errors, letters, least, named, started = 0, 0, 1.0, 0, time.process_time()
    for number in range(pages):
        picture, lines = page(script, number)
        read, _ = read_picture(cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR), Wanted(SMALL))
        true = "".join("".join(line.split()) for line in lines)
        errors += wrong("".join(word.text for line in read.words for word in line), true)
        letters += len(true)
        least = min(least, read.confidence)
        named += not read.words or read.confidence < DOUBTFUL
    return errors / letters, least, named, (time.process_time() - started) / pages


def report(pages: int) -> None:
    """Print a line for each script."""
    print(f"{'script':12} letters wrong  least confidence  pages named  s/page")
    for script in SCRIPTS:
        share, least, named, spent_s = measured(script, pages)
        print(f"{script.name:12} {share:13.3f} {least:17.2f} {named:12} {spent_s:7.1f}", flush=True)
