"""A small file cannot make us read without end: what is unpacked, written, chosen and shown counts for the whole file."""

import zlib

import pytest
from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, NumberObject, StreamObject, pdf_name

from motcua.documents import lettering, typefaces
from motcua.documents.budget import MOST, Spent, TooMuch, budgeted
from motcua.documents.lettering import letters_of, rows


def font(table=b""):
    said = {pdf_name("/Subtype"): pdf_name("/Type1"), pdf_name("/BaseFont"): pdf_name("/Times")}
    if table:
        said[pdf_name("/ToUnicode")] = StreamObject(encoded_data=table)
    return DictionaryObject(said)


def resources(table=b""):
    fonts = DictionaryObject({pdf_name("/F1"): font(table)})
    return DictionaryObject({pdf_name("/Font"): fonts})


class Made:
    """A file of one page whose content is many times the same stream."""

    def __init__(self, stream, times=1, table=b""):
        page = DictionaryObject(
            {pdf_name("/Contents"): ArrayObject([stream] * times), pdf_name("/Resources"): resources(table)}
        )
        self.root = {"/Pages": page}


def deflated(content):
    return StreamObject(
        {pdf_name("/Filter"): pdf_name("/FlateDecode")}, encoded_data=zlib.compress(content, 9)
    )


def test_one_stream_named_many_times_counts_each_time():
    with pytest.raises(TooMuch):
        rows(Made(deflated(b" " * 10_000_000), times=1000))


def test_letters_count_and_not_only_operators():
    with pytest.raises(TooMuch):
        rows(Made(deflated(b"BT /F1 9 Tf (" + b"a" * (MOST[Spent.LETTERS] + 1) + b") Tj ET")))


def test_operands_count_that_no_operator_ever_takes():
    with pytest.raises(TooMuch):
        rows(Made(deflated(b"1 " * MOST[Spent.TOKENS])))


@pytest.mark.parametrize(
    "table",
    [
        b"beginbfrange" + b"<0000><ffff><0041>" * 20 + b"endbfrange",
        b"beginbfrange<0000><ffff><" + b"0041" * 100 + b">endbfrange",
        b"beginbfchar" + b"<01><" + b"0041" * MOST[Spent.CODES] + b">endbfchar",
    ],
)
def test_a_typefaces_table_counts_by_what_it_grows_to(table):
    with budgeted(), pytest.raises(TooMuch):
        typefaces.meanings(table)


def test_widths_said_again_and_again_count_each_time():
    said = ArrayObject([NumberObject(one) for one in (0, 65_000, 500)] * 20)
    with budgeted(), pytest.raises(TooMuch):
        typefaces.composite(said)


def test_a_table_that_begins_and_never_ends_is_looked_at_once():
    assert list(typefaces.blocks(b"beginbfchar" * 100_000, b"bfchar")) == []
    assert list(typefaces.blocks(b"beginbfchar<1>endbfchar beginbfchar<2>endbfchar", b"bfchar")) == [
        b"<1>",
        b"<2>",
    ]


def test_a_typeface_chosen_again_is_not_read_again(monkeypatch):
    read = []

    def counted(one):
        read.append(one)
        return typefaces.typeface(one)

    monkeypatch.setattr(lettering, "typeface", counted)
    with budgeted():
        assert len(letters_of(b"BT /F1 9 Tf (a) Tj /F1 9 Tf (b) Tj ET", resources())) == 2
    assert len(read) == 1


def test_a_letter_of_ours_is_far_below():
    with budgeted() as budget:
        assert rows(Made(deflated(b"BT /F1 9 Tf (a) Tj ET")))
        assert all(budget.left[what] > MOST[what] * 0.9 for what in Spent)
