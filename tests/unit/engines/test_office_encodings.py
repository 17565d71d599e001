"""Code pages found by the letters of a text."""

import pytest

from chalicelib.engines.office.encodings import code_page


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Улица;Дом\nЛенина;Первый\nСадовая;Второй\n", "cp1251"),
        ("Улица;Дом\nЛенина;Первый\nСадовая;Второй\n", "koi8-r"),
        ("Straße;Käufer\nÄpfel;für Müller & Söhne\n", "cp1252"),
        ("Ulica;Źródło\nŁąkowa;Święty Józef\n", "cp1250"),
        ("Δρόμος;Όνομα\nΣταδίου;Νίκος\n", "cp1253"),
        ("Sokak;İşletme\nÇiçek;Ağaçlı\n", "cp1254"),
        ("商品,数量\nりんご,みかん\nノート,鉛筆\n", "cp932"),
        ("商品,数量\n苹果,香蕉\n电脑,键盘\n", "gb18030"),
        ("商品,數量\n蘋果,香蕉\n電腦,鍵盤\n", "big5"),
        ("상품,수량\n사과,바나나\n서울시,부산시\n", "cp949"),
    ],
)
def test_code_page_is_found_when_the_text_is_not_unicode(text: str, encoding: str) -> None:
    assert code_page(text.encode(encoding)) == encoding


def test_western_code_page_is_taken_when_nothing_tells() -> None:
    assert code_page(b"price\n10 \x80\n") == "cp1252"
