"""A PDF of three pages whose second one, full of SECRETs, is tied to the others in every way that PDF knows."""

from tests.integration.engines.tiny_pdf import stream, text, write

FIRST, SECOND, THIRD = "10 0 R", "11 0 R", "12 0 R"

_PAGES: dict[int, str | bytes] = {
    2: "<< /Type /Pages /Count 3 /Kids [3 0 R 12 0 R] /MediaBox [0 0 300 400] /Rotate 90 /Resources 4 0 R >>",
    3: "<< /Type /Pages /Parent 2 0 R /Count 2 /Kids [10 0 R 11 0 R] /CropBox [5 5 295 395] >>",
    4: "<< /Font << /F1 5 0 R /T3 6 0 R >> /XObject << /Fm1 20 0 R /Fm2 21 0 R /Both 22 0 R >>"
    " /Properties << /MC1 << /ActualText (kept words) >> /MC2 << /ActualText (SECRET property) >> >> >>",
    5: "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    6: "<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1 1] /FontMatrix [1 0 0 1 0 0] /FirstChar 0 /LastChar 0"
    " /Widths [1] /Encoding << /Differences [0 /a] >> /CharProcs << /a 23 0 R >> >>",
    10: "<< /Type /Page /Parent 3 0 R /Contents 13 0 R /StructParents 0 /B [72 0 R]"
    " /Annots [80 0 R 81 0 R 82 0 R 83 0 R 85 0 R 89 0 R 90 0 R 91 0 R] >>",
    11: "<< /Type /Page /Parent 3 0 R /Contents [14 0 R] /StructParents 1 /B [73 0 R] /Thumb 24 0 R"
    " /Annots [84 0 R 86 0 R 87 0 R 88 0 R 90 0 R] >>",
    12: "<< /Type /Page /Parent 2 0 R /Contents 15 0 R /StructParents 2 /Rotate 0 /B [74 0 R]"
    " /PieceInfo << /Editor << /Private (SECRET copy) >> >> >>",
    13: stream("/P << /MCID 0 >> BDC " + text("alpha") + " EMC /Span /MC1 BDC EMC /Fm1 Do /Both Do"),
    14: stream("/P << /MCID 0 >> BDC " + text("SECRET page") + " EMC /Span /MC2 BDC EMC /Fm2 Do /Both Do"),
    15: stream("/P << /MCID 0 >> BDC " + text("omega") + " EMC"),
    20: stream(text("form one"), "/Type /XObject /Subtype /Form /BBox [0 0 300 400] /Resources 4 0 R"),
    21: stream(text("SECRET form"), "/Type /XObject /Subtype /Form /BBox [0 0 300 400] /Resources 4 0 R"),
    22: stream("0 0 10 10 re f", "/Type /XObject /Subtype /Form /BBox [0 0 300 400]"),
    23: stream("1 0 d0 (SECRET glyph) pop"),
    24: stream("SECRET thumbnail", "/Width 1 /Height 1"),
}

_WAYS_IN: dict[int, str | bytes] = {
    30: "<< /Type /Outlines /First 31 0 R /Last 33 0 R /Count 5 >>",
    31: f"<< /Title (Alpha) /Parent 30 0 R /Next 32 0 R /Dest [{FIRST} /Fit] >>",
    32: f"<< /Title (SECRET chapter) /Parent 30 0 R /Prev 31 0 R /Next 33 0 R /A << /S /GoTo /D [{SECOND} /Fit] >>"
    " /First 34 0 R /Last 35 0 R /Count 2 >>",
    33: "<< /Title (Omega) /Parent 30 0 R /Prev 32 0 R /Dest (three) >>",
    34: "<< /Title (SECRET section) /Parent 32 0 R /Next 35 0 R /Dest (two) >>",
    35: f"<< /Title (Section on page three) /Parent 32 0 R /Prev 34 0 R /Dest [{THIRD} /XYZ 0 0 0] >>",
    40: "<< /Kids [42 0 R 43 0 R] >>",
    42: f"<< /Limits [(one) (three)] /Names [(one) [{FIRST} /Fit] (three) << /D [{THIRD} /Fit] >>] >>",
    43: f"<< /Limits [(two) (two)] /Names [(two) [{SECOND} /Fit]] >>",
    41: f"<< /OldOne [{FIRST} /Fit] /OldTwo [{SECOND} /Fit] >>",
    45: "<< /Names [(notes.txt) 46 0 R] >>",
    46: "<< /Type /Filespec /F (notes.txt) /EF << /F 47 0 R >> >>",
    47: stream("attached words", "/Type /EmbeddedFile"),
    70: "<< /Type /Thread /F 72 0 R /I << /Title (Article) >> >>",
    71: "<< /Type /Thread /F 75 0 R /I << /Title (SECRET article) >> >>",
    72: f"<< /T 70 0 R /N 73 0 R /V 74 0 R /P {FIRST} /R [0 0 9 9] >>",
    73: f"<< /N 74 0 R /V 72 0 R /P {SECOND} /R [0 0 9 9] >>",
    74: f"<< /N 72 0 R /V 73 0 R /P {THIRD} /R [0 0 9 9] >>",
    75: f"<< /T 71 0 R /N 75 0 R /V 75 0 R /P {SECOND} /R [0 0 9 9] >>",
}

_FORM: dict[int, str | bytes] = {
    50: "<< /Fields [51 0 R 52 0 R 86 0 R 53 0 R] /CO [86 0 R 51 0 R] /DR 56 0 R /DA (/F1 0 Tf) /XFA 57 0 R >>",
    51: "<< /FT /Tx /T (on both) /V (shared value) /Kids [83 0 R 84 0 R] >>",
    52: "<< /FT /Tx /T (SECRET group) /Kids [54 0 R] >>",
    53: "<< /FT /Tx /T (never shown) /V (kept) >>",
    54: "<< /Parent 52 0 R /T (inner) /V (SECRET value) /Kids [88 0 R] >>",
    56: "<< /Font << /F1 5 0 R >> /XObject << /Fm2 21 0 R >> >>",
    57: stream("<xdp>SECRET datasets</xdp>"),
    80: f"<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /Dest [{SECOND} /Fit] /P {FIRST} /StructParent 3 >>",
    81: f"<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /Dest (three) /P {FIRST} >>",
    82: "<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /GoTo /D /OldTwo >> >>",
    83: f"<< /Type /Annot /Subtype /Widget /Parent 51 0 R /Rect [0 0 9 9] /P {FIRST} >>",
    84: f"<< /Type /Annot /Subtype /Widget /Parent 51 0 R /Rect [0 0 9 9] /P {SECOND} /MK << /CA (SECRET) >> >>",
    85: "<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /GoTo /D (two)"
    " /Next << /S /URI /URI (https://example.org/) >> >> >>",
    86: f"<< /Type /Annot /Subtype /Widget /FT /Tx /T (SECRET field) /V (SECRET) /Rect [0 0 9 9] /P {SECOND} >>",
    87: f"<< /Type /Annot /Subtype /Text /Contents (SECRET note) /Rect [0 0 9 9] /P {SECOND} >>",
    88: f"<< /Type /Annot /Subtype /Widget /Parent 54 0 R /Rect [0 0 9 9] /P {SECOND} /StructParent 4 >>",
    90: f"<< /Type /Annot /Subtype /Stamp /Rect [0 0 9 9] /P {SECOND} >>",
    91: "<< /Type /Annot /Subtype /Widget /FT /Btn /T (reset) /Rect [0 0 9 9]"
    " /A << /S /ResetForm /Fields [52 0 R 86 0 R 51 0 R] >> >>",
    89: "<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /Dest [2 /Fit] >>",
}

_STRUCTURE: dict[int, str | bytes] = {
    60: "<< /Type /StructTreeRoot /K 61 0 R /ParentTree 69 0 R /IDTree << /Names [(s) 63 0 R (t) 64 0 R] >> >>",
    61: "<< /S /Document /P 60 0 R /K [62 0 R 63 0 R 65 0 R 68 0 R] >>",
    62: f"<< /S /P /P 61 0 R /Pg {FIRST} /K 0 /ActualText (alpha) >>",
    63: "<< /S /Sect /P 61 0 R /ID (s) /K [66 0 R 67 0 R] /Alt (SECRET section) >>",
    64: f"<< /S /P /P 65 0 R /ID (t) /Pg {THIRD} /K 0 >>",
    65: f"<< /S /Sect /P 61 0 R /ActualText (SECRET and omega) /K [64 0 R << /Type /MCR /Pg {SECOND} /MCID 7 >>] >>",
    66: f"<< /S /P /P 63 0 R /Pg {SECOND} /K [0] /ActualText (SECRET words) >>",
    67: f"<< /S /Form /P 63 0 R /Pg {SECOND} /K << /Type /OBJR /Obj 88 0 R >> /Alt (SECRET widget) >>",
    68: f"<< /S /Link /P 61 0 R /Pg {FIRST} /K << /Type /OBJR /Obj 80 0 R >> /Alt (SECRET link) >>",
    69: "<< /Nums [0 [62 0 R] 1 [66 0 R] 2 [64 0 R] 3 68 0 R 4 67 0 R] >>",
}

_CATALOG = f"""<< /Type /Catalog /Pages 2 0 R /Outlines 30 0 R /PageMode /UseOutlines /Dests 41 0 R
    /Names << /Dests 40 0 R /EmbeddedFiles 45 0 R >> /AcroForm 50 0 R /StructTreeRoot 60 0 R
    /MarkInfo << /Marked true >> /Threads [70 0 R 71 0 R] /OpenAction [{SECOND} /Fit] /Lang (en) /Vendor [87 0 R 11 0 R]
    /PageLabels << /Nums [0 << /S /r >> 1 << /P (A-) /S /D /St 8 >>] >> /Metadata 48 0 R
    /PieceInfo << /Editor << /Private (SECRET whole) >> >> /ViewerPreferences << /PrintPageRange [2 2] >> >>"""


_METADATA: dict[int, str | bytes] = {
    1: _CATALOG,
    48: stream("<x:xmpmeta/>", "/Type /Metadata /Subtype /XML"),
    49: "<< /Title (Kept title) >>",
}


def tangled() -> bytes:
    """The document."""
    return write(_METADATA | _PAGES | _WAYS_IN | _FORM | _STRUCTURE, "/Info 49 0 R /ID [<01> <02>]")
