"""Dynamic XFA forms, which Adobe's programs alone can draw: what is said of them."""

REFUSAL = (
    "This PDF is a dynamic XFA form: its only page says that Adobe Acrobat or Reader is needed, and nothing else can"
    " show what the form holds. Open it there, print it to a PDF, and convert that."
)
READER_PAGE = "adobe.com/go/reader"
"""Part of the address that the page of such a form gives in every language (".../reader_download")."""
