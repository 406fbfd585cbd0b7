"""The input: what is accepted, what is one bad row, what is a bad file."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadgen_core import BadCompanyNumber, CompanyNumber, Host, NameQuery, UsageError
from leadgen_core.engine.inputs import Row, read_rows, to_host


def read(content: bytes, encoding: str = "utf-8") -> list[Row]:
    return list(read_rows(io.BytesIO(content), "in.csv", encoding)[1])


class TestCompanyNumber:
    @pytest.mark.parametrize(
        ("text", "number"),
        [
            ("09370755", "09370755"),
            ("9370755", "09370755"),
            ("sc 12345", "SC012345"),
            ("SC012345", "SC012345"),
            ("R0 263", "R0000263"),
            ("IP27215R", "IP27215R"),
            ("rs0031en", "RS0031EN"),
            ("\ufeff6", None),
            ("", None),
            ("123456789", None),
            ("SC12-345", None),
            ("ABCDEF", None),
            ("ſ1234567", None),
            ("１２３４５６７８", None),
        ],
    )
    def test_reads_what_people_write(self, text: str, number: str | None) -> None:
        if number is None:
            with pytest.raises(BadCompanyNumber):
                CompanyNumber.parse(text)
        else:
            assert str(CompanyNumber.parse(text)) == number

    @given(st.text())
    def test_anything_is_a_number_or_the_declared_error(self, text: str) -> None:
        try:
            number = CompanyNumber.parse(text)
        except BadCompanyNumber as error:
            assert not text.strip() or len(text) < 12 or text not in str(error)  # noqa: PT017
        else:
            assert CompanyNumber.parse(str(number)) == number
            assert len(number.value) == 8

    @given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=8, max_size=8))
    def test_every_legal_form_stays_as_it_is(self, text: str) -> None:
        assert CompanyNumber.parse(f" {text.lower()} ").value == text

    def test_the_constructor_takes_canonical_text_only(self) -> None:
        for text in ("9370755", "sc012345", "SC 12345"):
            with pytest.raises(BadCompanyNumber):
                CompanyNumber(text)


class TestRows:
    def test_bom_crlf_other_columns_and_lost_zeros(self) -> None:
        columns, rows = read_rows(
            io.BytesIO(b"\xef\xbb\xbfcompany_number,our_ref\r\n9370755,A-17\r\n\r\nSC012345,\r\n"), "in.csv"
        )
        first, second = rows
        assert columns == ("our_ref",)
        assert first.subjects == (CompanyNumber("09370755"),)
        assert first.line == 2
        assert first.columns == {"our_ref": "A-17"}
        assert first.repaired == ("company number 9370755 read as 09370755",)
        assert (second.line, second.repaired) == (4, ())

    def test_a_header_as_people_write_it(self) -> None:
        (row,) = read(b"Company Number;Name\n 9370755 ;Acme\n")
        assert row.subjects == (CompanyNumber("09370755"),)

    def test_name_with_postcode_and_domain(self) -> None:
        (row,) = read(b'name,postcode,domain\n"Acme,  Widgets  Ltd",m4  1bf,https://www.Acme.co.uk/about\n')
        assert row.subjects == (NameQuery("Acme, Widgets Ltd", "M4 1BF"), Host("acme.co.uk"))

    def test_line_numbers_count_lines_not_records(self) -> None:
        rows = read(b'name,note\na,"1\n2"\n\nc,\n')
        assert [row.line for row in rows] == [2, 5]

    @pytest.mark.parametrize(
        ("content", "says"),
        [
            (b"company_number\nnone\n", "company_number: "),
            (b"company_number\n" + b"1" * 10_000_000 + b"\n", "10000000 characters"),
            (b"domain\nnot a host\n", "domain is no host name"),
            (b"company_number,x\n,1\n", "has no company_number, no name and no domain"),
            (b"company_number\n1,2\n", "has 2 cells, but the header names 1"),
            (b'{"company_number": 1}\n{"company_number"\n', "not JSON at column"),
            (b'{"company_number": 1}\n[1]\n', "not a JSON object"),
        ],
    )
    def test_a_bad_row_is_one_record_and_the_others_go_on(self, content: bytes, says: str) -> None:
        good = {b"{": b'{"domain": "acme.co.uk"}\n', b"d": b"acme.co.uk\n"}.get(content[:1], b"09370755\n")
        rows = read(content + good)
        assert rows[-1].subjects in ((CompanyNumber("09370755"),), (Host("acme.co.uk"),))
        bad = [row for row in rows if row.bad]
        assert [row.line for row in bad] == [2]
        assert says in str(bad[0].bad)
        assert len(str(bad[0].columns)) < 1000

    def test_empty_records_are_passed_over(self) -> None:
        assert read(b"company_number,name\n,\n,,\n\n") == []

    def test_an_unclosed_quote_does_not_lose_the_lines_before_it(self) -> None:
        rows = read(b'company_number\n09370755\n"1\n2\n3')
        assert rows[0].subjects == (CompanyNumber("09370755"),)
        assert rows[1].bad == "company_number holds a line break"

    @pytest.mark.parametrize(
        ("content", "says"),
        [
            (b"", "the file is empty"),
            (b"\n\n", "the file is empty"),
            (b"number,firm\n1,2\n", "line 1: the header has no known column"),
            (b"name,name\n1,2\n", "names the column 'name' twice"),
            (b"name\nCaf\xe9\n", "line 2: byte 0xe9 at offset 8 is not UTF-8"),
            (b"name\nCaf\xe9\n", "--encoding latin-1"),
        ],
    )
    def test_a_bad_file_is_one_sentence_with_the_place(self, content: bytes, says: str) -> None:
        with pytest.raises(UsageError, match=r"^in\.csv: ") as caught:
            read(content)
        assert says in str(caught.value)

    def test_latin_1_is_read_when_asked_for(self) -> None:
        (row,) = read(b"name\nCaf\xe9\n", "latin-1")
        assert row.subjects == (NameQuery("Café"),)

    @given(st.binary(max_size=300))
    def test_any_bytes_are_rows_or_the_declared_error(self, content: bytes) -> None:
        for head in (b"company_number,name,postcode,domain\n", b"{}\n", b""):
            try:
                rows = read(head + content)
            except UsageError:
                continue
            assert all(row.bad or row.subjects for row in rows)

    @given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), max_size=20)))
    def test_a_written_csv_comes_back(self, names: list[str]) -> None:
        stream = io.StringIO()
        csv.writer(stream, quoting=csv.QUOTE_ALL).writerows([["name"], *([name] for name in names)])
        rows = read(stream.getvalue().encode())
        clean = [" ".join(name.split()) for name in names]
        assert [row.subjects for row in rows if not row.bad] == [(NameQuery(name),) for name in clean if name]


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("acme.co.uk", "acme.co.uk"),
        ("HTTP://user:pw@www.Acme.co.uk:8080/x?y#z", "acme.co.uk"),
        ("café.example", "xn--caf-dma.example"),
        ("localhost", None),
        ("10.0.0.1", None),
        ("-a.co", None),
        ("", None),
    ],
)
def test_hosts(text: str, host: str | None) -> None:
    assert to_host(text) == (None if host is None else Host(host))
