"""proto"""
import logging
import fitz
_h = logging.NullHandler(); logging.getLogger().addHandler(_h)
from chalicelib.engines.word_body import PageBuilder
from chalicelib.engines.word_page import build_flow
from chalicelib.engines.word_text import read_text, lost_lines
from chalicelib.engines.job import Outcome
def convert(job, progress):
    doc=fitz.open(job.inputs[0].path)
    b=PageBuilder(); fonts={}; w=[]
    for i,page in enumerate(doc):
        layer=read_text(page)
        build_flow(b,page,layer,fonts)
        l=lost_lines(layer,b.text())
        if l: w.append(f"p{i+1} lost {len(l)}/{len(layer.seen)} {sum(len(x.letters) for x in l)}/{layer.seen_letters} {[x.text[:20] for x in l[:4]]} hid {layer.hidden_letters} unr {layer.unreadable}")
        b.end_page()
    b.save(job.output)
    return Outcome(tuple(w),{"pages_in":len(doc),"fonts":fonts})
