"""Documents that ask for something outside themselves: pictures, text, templates, sheets, formulas."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_PIC = "http://schemas.openxmlformats.org/drawingml/2006/picture"
_WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_X = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_XDR = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_KINDS = "application/vnd.openxmlformats-officedocument"
_BLIP = f'<a:blip xmlns:a="{_A}" xmlns:r="{_R}" r:link="x1"/>'
_ODF = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"),
        ("text", "text"),
        ("table", "table"),
        ("draw", "drawing"),
        ("svg", "svg-compatible"),
        ("manifest", "manifest"),
    )
)


def linking_documents(directory: Path, server: str, picture: Path, secret: Path) -> dict[str, list[Path]]:
    """By kind, documents that refer to ``server`` (a URL), to a local picture and to a local text."""
    images = (f"{server}/image-{{}}.png", picture.as_uri())
    texts = (f"{server}/text-{{}}.txt", secret.as_uri())
    made: dict[str, list[Path]] = {kind: [] for kind in _WRITERS}
    for number, (image, text) in enumerate(zip(images, texts, strict=True)):
        for kind, write in _WRITERS.items():
            path = directory / f"link{number}.{kind}"
            write(path, image.format(kind), text.format(kind))
            made[kind].append(path)
    return made


def _docx(path: Path, image: str, text: str) -> None:
    drawing = (
        f'<w:drawing><wp:inline xmlns:wp="{_WP}"><wp:extent cx="900000" cy="900000"/><wp:docPr id="1" name="p"/>'
        f'<a:graphic xmlns:a="{_A}"><a:graphicData uri="{_PIC}"><pic:pic xmlns:pic="{_PIC}"><pic:nvPicPr>'
        f'<pic:cNvPr id="1" name="p"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>{_BLIP}<a:stretch/></pic:blipFill>'
        '<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="900000" cy="900000"/></a:xfrm>'
        '<a:prstGeom prst="rect"/></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>'
    )
    fields = "".join(_docx_field(code) for code in (f'INCLUDEPICTURE "{image}"', f'INCLUDETEXT "{text}"'))
    body = f'<w:p><w:r>{drawing}</w:r></w:p>{fields}<w:altChunk r:id="x3"/><w:p><w:subDoc r:id="x4"/></w:p>'
    links = {
        "x1": ("image", image),
        "x2": ("attachedTemplate", text),
        "x3": ("aFChunk", text),
        "x4": ("subDocument", text),
    }
    _package(
        path,
        "/word/document.xml",
        f"{_KINDS}.wordprocessingml.document.main+xml",
        {
            "word/document.xml": f'<w:document xmlns:w="{_W}" xmlns:r="{_R}"><w:body>{body}</w:body></w:document>',
            "word/_rels/document.xml.rels": _relations(links),
            "word/settings.xml": (
                f'<w:settings xmlns:w="{_W}" xmlns:r="{_R}"><w:attachedTemplate r:id="x2"/></w:settings>'
            ),
        },
    )


def _docx_field(code: str) -> str:
    marks = {name: f'<w:r><w:fldChar w:fldCharType="{name}"/></w:r>' for name in ("begin", "separate", "end")}
    instruction = f'<w:r><w:instrText xml:space="preserve"> {code} </w:instrText></w:r>'
    return f"<w:p>{marks['begin']}{instruction}{marks['separate']}<w:r><w:t>old</w:t></w:r>{marks['end']}</w:p>"


def _xlsx(path: Path, image: str, text: str) -> None:
    anchor = (
        f'<xdr:wsDr xmlns:xdr="{_XDR}" xmlns:a="{_A}" xmlns:r="{_R}"><xdr:twoCellAnchor><xdr:from><xdr:col>1</xdr:col>'
        "<xdr:colOff>0</xdr:colOff><xdr:row>5</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:to><xdr:col>4</xdr:col>"
        "<xdr:colOff>0</xdr:colOff><xdr:row>9</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to><xdr:pic><xdr:nvPicPr>"
        f'<xdr:cNvPr id="2" name="p"/><xdr:cNvPicPr/></xdr:nvPicPr><xdr:blipFill>{_BLIP}<a:stretch/></xdr:blipFill>'
        '<xdr:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="900000" cy="900000"/></a:xfrm><a:prstGeom prst="rect"/>'
        "</xdr:spPr></xdr:pic><xdr:clientData/></xdr:twoCellAnchor></xdr:wsDr>"
    )
    cells = f'<c r="A1"><f>_xlfn.WEBSERVICE("{text}")</f></c><c r="B1"><f>[1]Sheet1!A1</f><v>3</v></c>'
    _package(
        path,
        "/xl/workbook.xml",
        f"{_KINDS}.spreadsheetml.sheet.main+xml",
        {
            "xl/workbook.xml": f'<workbook xmlns="{_X}" xmlns:r="{_R}"><sheets><sheet name="S" sheetId="1" r:id="x1"/>'
            '</sheets><externalReferences><externalReference r:id="x2"/></externalReferences></workbook>',
            "xl/_rels/workbook.xml.rels": _relations(
                {}, {"x1": ("worksheet", "sheet1.xml"), "x2": ("externalLink", "ext.xml")}
            ),
            "xl/sheet1.xml": f'<worksheet xmlns="{_X}" xmlns:r="{_R}"><sheetData><row r="1">{cells}</row></sheetData>'
            '<drawing r:id="x1"/></worksheet>',
            "xl/_rels/sheet1.xml.rels": _relations({}, {"x1": ("drawing", "drawing1.xml")}),
            "xl/drawing1.xml": anchor,
            "xl/_rels/drawing1.xml.rels": _relations({"x1": ("image", image)}),
            "xl/ext.xml": f'<externalLink xmlns="{_X}"><externalBook xmlns:r="{_R}" r:id="x1"><sheetNames>'
            '<sheetName val="Sheet1"/></sheetNames></externalBook></externalLink>',
            "xl/_rels/ext.xml.rels": _relations({"x1": ("externalLinkPath", text)}),
        },
    )


def _odt(path: Path, image: str, text: str) -> None:
    body = (
        f"<office:text><text:p>{_odf_picture(image, 'as-char')}</text:p>"
        f'<text:section text:name="s"><text:section-source xlink:href="{text}"/><text:p>old</text:p></text:section>'
        "</office:text>"
    )
    _odf(path, "text", body)


def _ods(path: Path, image: str, text: str) -> None:
    formula = f"of:=WEBSERVICE(&quot;{text}&quot;)"
    body = (
        '<office:spreadsheet><table:table table:name="S"><table:table-row>'
        f'<table:table-cell table:formula="{formula}" xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2"/>'
        f"<table:table-cell>{_odf_picture(image, 'paragraph')}</table:table-cell></table:table-row></table:table>"
        f'<table:table table:name="L"><table:table-source xlink:href="{text}" table:filter-name="Text - txt - csv '
        '(StarCalc)" table:filter-options="44,34,76"/><table:table-row><table:table-cell><text:p>old</text:p>'
        "</table:table-cell></table:table-row></table:table></office:spreadsheet>"
    )
    _odf(path, "spreadsheet", body)


def _odf_picture(image: str, anchor: str) -> str:
    return (
        f'<draw:frame text:anchor-type="{anchor}" svg:width="2cm" svg:height="2cm">'
        f'<draw:image xlink:href="{image}" xlink:type="simple"/></draw:frame>'
    )


def _svg(path: Path, image: str, _text: str) -> None:
    """An odt with a picture in it, which refers to the picture outside."""
    frame = _odf_picture("Pictures/inner.svg", "as-char")
    xlink = 'xmlns:xlink="http://www.w3.org/1999/xlink"'
    inner = (
        f'<svg xmlns="http://www.w3.org/2000/svg" {xlink} width="99" height="99">'
        f'<image xlink:href="{image}" x="1" y="1" width="90" height="90"/></svg>'
    )
    _odf(path, "text", f"<office:text><text:p>{frame}</text:p></office:text>", {"Pictures/inner.svg": inner})


def _odf(path: Path, kind: str, body: str, more: Mapping[str, str] | None = None) -> None:
    root = f'{_ODF} xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.2"'
    media = f"application/vnd.oasis.opendocument.{kind}"
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="{what}"/>'
        for name, what in (("/", media), ("content.xml", "text/xml"), *((name, "image/svg+xml") for name in more or ()))
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", media)
        archive.writestr(
            "content.xml",
            f"<office:document-content {root}><office:body>{body}</office:body></office:document-content>",
        )
        for name, content in (more or {}).items():
            archive.writestr(name, content)
        archive.writestr("META-INF/manifest.xml", f"<manifest:manifest {_ODF}>{entries}</manifest:manifest>")


def _rtf(path: Path, image: str, text: str) -> None:
    fields = "".join(
        f"{{\\field{{\\*\\fldinst {code}}}{{\\fldrslt old}}}}\\par "
        for code in (f'INCLUDEPICTURE "{image}" \\\\d', f'INCLUDETEXT "{text}"')
    )
    path.write_text(f"{{\\rtf1\\ansi {{\\*\\template {text}}} start {fields}}}")


def _package(path: Path, main: str, content_type: str, parts: Mapping[str, str]) -> None:
    defaults = (
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
    )
    known = {
        "xl/sheet1.xml": "spreadsheetml.worksheet",
        "xl/drawing1.xml": "drawing",
        "xl/ext.xml": "spreadsheetml.externalLink",
        "word/settings.xml": "wordprocessingml.settings",
    }
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="{_KINDS}.{kind}+xml"/>'
        for name, kind in known.items()
        if name in parts
    )
    overrides += f'<Override PartName="{main}" ContentType="{content_type}"/>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{_TYPES}">{defaults}{overrides}</Types>')
        archive.writestr("_rels/.rels", _relations({}, {"r1": ("officeDocument", main[1:])}))
        for name, content in parts.items():
            archive.writestr(name, content)


def _relations(external: Mapping[str, tuple[str, str]], internal: Mapping[str, tuple[str, str]] | None = None) -> str:
    rows = [
        f'<Relationship Id="{key}" Type="{_R}/{kind}" Target="{target}"{mode}/>'
        for targets, mode in ((external, ' TargetMode="External"'), (internal or {}, ""))
        for key, (kind, target) in targets.items()
    ]
    return f'<Relationships xmlns="{_RELATIONS}">{"".join(rows)}</Relationships>'


_WRITERS = {"docx": _docx, "odt": _odt, "rtf": _rtf, "xlsx": _xlsx, "ods": _ods, "svg": _svg}
