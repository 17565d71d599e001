"""Form fields as content controls that hold their values."""

from chalicelib.engines.word.document.inline import Control, ControlKind
from chalicelib.engines.word.write.looks import run_properties
from chalicelib.engines.word.write.story import Story
from chalicelib.engines.word.write.styles import PLACEHOLDER
from chalicelib.engines.word.write.texts import text_run
from chalicelib.engines.word.write.xml import tag, w

_ON, _OFF, _BOX_FONT = "\u2612", "\u2610", "MS Gothic"
_TICK_FONT = "Segoe UI Symbol"
_LONGEST_NAME = 64
_BLANKS = "\u00a0" * 8


def control_xml(control: Control, story: Story) -> str:
    """``w:sdt`` in a paragraph."""
    empty = not control.value and control.kind is not ControlKind.CHECK
    properties = w(
        "sdtPr",
        _named("alias", control.label or control.name),
        _named("tag", control.name),
        w("id", val=story.writing.next_control()),
        w("lock", val="contentLocked") if control.locked else "",
        w("showingPlcHdr") if empty else "",
        _kind(control),
    )
    return w("sdt", properties, w("sdtContent", _content(control, story, empty=empty)))


def _named(element: str, text: str) -> str:
    return w(element, val=text[:_LONGEST_NAME]) if text else ""


def _kind(control: Control) -> str:
    match control.kind:
        case ControlKind.CHECK:
            checked = tag("w14:checked", w14_val=int(control.on))
            states = (
                tag(f"w14:{name}State", w14_val=f"{ord(sign):04X}", w14_font=font)
                for name, (sign, font) in (
                    ("checked", _sign(control, on=True)),
                    ("unchecked", _sign(control, on=False)),
                )
            )
            return tag("w14:checkbox", checked, *states)
        case ControlKind.DROPDOWN:
            return w("dropDownList", _choices(control))
        case ControlKind.COMBO:
            return w("comboBox", _choices(control))
        case ControlKind.DATE:
            return w("date", w("dateFormat", val="yyyy-MM-dd"))
        case ControlKind.TEXT:
            return w("text", multiLine=1 if control.multiline else None)


def _sign(control: Control, *, on: bool) -> tuple[str, str]:
    """The sign of a box that is ticked or is not, and its font."""
    if on and control.tick and "\u2000" <= control.tick <= "\uffff":
        return control.tick, _TICK_FONT
    return (_ON if on else _OFF), _BOX_FONT


def _choices(control: Control) -> str:
    """Each once, as Word wants them; the value is one of them."""
    wanted = dict.fromkeys(one for one in (*control.choices, control.value) if one.strip())
    return "".join(w("listItem", displayText=one, value=one) for one in wanted)


def _content(control: Control, story: Story, *, empty: bool) -> str:
    if empty:
        return w("r", w("rPr", w("rStyle", val=PLACEHOLDER)), w("t", _BLANKS))
    look = run_properties(control.look, story.look, story.style)
    if control.kind is ControlKind.CHECK:
        box, font = _sign(control, on=control.on)
        fonts = w("rFonts", ascii=font, hAnsi=font, eastAsia=font, cs=font)
        return w("r", w("rPr", fonts), w("t", box))
    return text_run(control.value, look)
