"""A receipt as text: it comes back from files, pasted mails and saved mails, and holds only as it was signed."""

import datetime as dt
import email.message
import re
import shutil
import subprocess
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys import identity, sshsig
from keys.identity import fingerprint
from pipeline import receipt
from pipeline.receipt import BadReceipt, Receipt, Signed, read

DAY = dt.date(2026, 12, 2)
SPOC, OTHER = identity.new(DAY), identity.new(DAY)
GIVEN = Receipt(
    "P-7F3K-2M9Q", "brackenford-council", "jobcentre", "ab" * 32, dt.datetime(2026, 12, 2, 9, 31, tzinfo=dt.UTC),
    "Zoë Łuczak", fingerprint(SPOC.public()), (("MAPPA-2026-1270", "mappa-j"),),
)  # fmt: skip
BY = partial(sshsig.sign, SPOC.signing)
TEXT = GIVEN.text(BY)
SIGNED = Signed(GIVEN, SPOC.public().signing)


def said():
    return TEXT.partition("-----BEGIN")[0]


def mail(body, *, as_file=False, encoding="quoted-printable"):
    message = email.message.EmailMessage()
    message["Subject"] = "Re: OFFICIAL-SENSITIVE: sealed pack"
    if as_file:
        message.set_content("Please find it attached.")
        message.add_attachment(body.encode(), maintype="text", subtype="plain", filename="receipt.txt")
    else:
        message.set_content(body, cte=encoding)
    return message.as_bytes()


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        TEXT.replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + TEXT.encode(),
        TEXT.encode("utf-16"),
        ("Dear Perpetua,\n\nhere it is:\n\n" + TEXT + "\nKind regards\nZoë\n").encode(),
        "".join(f"> {line}\n" for line in TEXT.splitlines()).encode(),
        "".join(f"   >> {line}  \n\n" for line in TEXT.splitlines()).encode(),
        (TEXT + TEXT).encode(),
        mail(TEXT),
        mail(TEXT, encoding="base64"),
        mail(TEXT, as_file=True),
        mail("".join(f"> {line}\n" for line in TEXT.splitlines())),
    ],
    ids=[
        "the file", "Windows line ends", "a byte order mark", "UTF-16, as Notepad may save it", "in a letter", "quoted",
        "quoted twice, with empty lines", "twice", "a mail as it was saved", "in base64", "attached to a mail", "quoted in a mail",
    ],
)  # fmt: skip
def test_receipt_comes_back(data):
    """However it travels, what was signed is read, once."""
    assert read(data) == [SIGNED]


def test_several_receipts_in_one_file():
    """Each is read, and one that is altered does not hide the others."""
    other = Receipt(**{**vars(GIVEN), "pack": "P-2222-3333", "slips": ()}).text(BY)
    found = read((TEXT.replace("jobcentre", "police") + other + TEXT).encode())
    assert isinstance(found[0], BadReceipt)
    assert [one.receipt.pack for one in found[1:]] == ["P-2222-3333", "P-7F3K-2M9Q"]


def refused(data):
    (found,) = read(data)
    assert isinstance(found, BadReceipt)
    assert found.hint
    assert "Łuczak" not in f"{found} {found.hint}"
    return str(found)


@pytest.mark.parametrize("number", range(1, 10))
def test_no_line_can_be_changed(number):
    """Whatever is altered, the signature does not hold."""
    line = TEXT.splitlines()[number]
    assert "altered" in refused(TEXT.replace(line, line[:-1] + ("x" if line[-1] != "x" else "y")).encode())


@given(at=st.integers(0, len(TEXT) - 1), letter=st.sampled_from("Aa0-~"))
def test_no_letter_can_be_changed(at, letter):
    """A letter exchanged anywhere leaves a receipt that says the same, or none."""
    changed = TEXT[:at] + letter + TEXT[at + 1 :]
    for one in read(changed.encode()):
        assert isinstance(one, BadReceipt) or one == SIGNED


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: b"", "no receipt in it"),
        (lambda: b"\x00\xff" * 100, "no receipt in it"),
        (lambda: b"Dear Perpetua, all came well.", "no receipt in it"),
        (lambda: cut(-60), "cut off"),
        (lambda: said().encode("utf-8"), "cut off"),
        (lambda: b"sealpack-receipt-v1\n" * 5_000, "cut off"),
        (lambda: signed("sealpack-receipt-v1\nPack: P-7F3K-2M9Q\n"), "not laid out"),
        (lambda: signed(said().replace("Terms: accepted", "Terms: refused")), "not laid out"),
        (lambda: signed(said().replace("By: Zoë", "By: \x1b[2J")), "not laid out"),
        (lambda: signed(said() + "Also: this\n"), "not laid out"),
        (lambda: signed(said(), "sealpack-manifest"), "altered"),
    ],
    ids=[
        "nothing", "bytes", "a letter", "cut off", "without a signature", "titles without end", "too short", "other terms",
        "a name that writes over a terminal", "something more", "signed for something else",
    ],
)  # fmt: skip
def test_what_is_no_receipt_is_told(make, told):
    """In words, which repeat no name."""
    data = make()
    found = read(data)
    assert told in str(found[0])
    assert all(isinstance(one, BadReceipt) for one in found)


def cut(at):
    return TEXT[:at].encode()


def signed(text, namespace=receipt.NAMESPACE):
    return (text + BY(text.encode(), namespace)).encode()


def test_no_name_in_a_repr():
    """A receipt that gets into a log names nobody."""
    assert "Łuczak" not in repr(SIGNED)


@pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="ssh-keygen is not installed")
def test_signature_is_checked_without_this_program(tmp_path):
    """`ssh-keygen -Y verify` takes it, over every line above it."""
    text, mark, signature = TEXT.partition("-----BEGIN SSH SIGNATURE")
    (tmp_path / "said.sig").write_text(mark + signature)
    (tmp_path / "signers").write_text(f"spoc {SPOC.public().signing}\n")
    done = subprocess.run(
        ["ssh-keygen", "-Y", "verify", "-f", tmp_path / "signers", "-I", "spoc", "-n", receipt.NAMESPACE, "-s", tmp_path / "said.sig"],
        input=text.encode(), capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_lines_are_short_enough_for_a_mail():
    """No line is longer than mail programs leave whole."""
    assert max(map(len, TEXT.splitlines())) <= 76
    assert re.fullmatch(r"[\n -~]+", TEXT.replace("Zoë Łuczak", ""))


def html(body):
    message = email.message.EmailMessage()
    message["Subject"] = "Re: sealed pack"
    message.set_content(body, subtype="html")
    return message.as_bytes()


@pytest.mark.parametrize(
    "data",
    [
        html("<html><body><p>Thank you.</p><div>" + "<br>\n".join(TEXT.splitlines()) + "</div></body></html>"),
        html("".join(f"<p class=x>{line}</p>" for line in TEXT.splitlines())),
        mail(TEXT).replace(b"MIME-Version:", b"Mime-Version:"),
        mail(TEXT, as_file=True) + b"\n" + b"x" * 5_000_000,
    ],
    ids=[
        "HTML with line breaks",
        "HTML in paragraphs",
        "another spelling of a header",
        "with a large attachment",
    ],
)
def test_mail_of_any_kind_gives_its_receipt(data):
    """As mail programs save them."""
    assert read(data) == [SIGNED]


def nested(kind, depth):
    multi = kind.startswith("multi")
    lines = [
        f'Content-Type: {kind}; boundary="b{n}"\nMIME-Version: 1.0\n\n--b{n}\n'
        if multi
        else f"Content-Type: {kind}\nMIME-Version: 1.0\n\n"
        for n in range(depth)
    ]
    return ("Subject: x\nMIME-Version: 1.0\n" + "".join(lines)).encode()


@pytest.mark.parametrize(
    "data",
    [
        nested("multipart/mixed", 1_500), nested("message/rfc822", 4_000), b"Subject: x\nMIME-Version: 1.0\nContent-Type: ;x*\n\n" + TEXT.encode(),
        b"Subject: x\nMIME-Version: 1.0\nContent-Transfer-Encoding: base64\nContent-Type: text/plain; charset=\xff\n\n" + TEXT.encode(),
        (said().replace("2026-12-02T09:31Z", "2026-13-45T99:99Z") + BY(said().replace("2026-12-02T09:31Z", "2026-13-45T99:99Z").encode(), receipt.NAMESPACE)).encode(),
        (said().replace("2026-12-02", "٢٠٢٦-12-02") + BY(said().replace("2026-12-02", "٢٠٢٦-12-02").encode(), receipt.NAMESPACE)).encode(),
    ],
    ids=["nested parts", "nested mails", "a header that is none", "a charset that is none", "a day that is none", "digits of another script"],
)  # fmt: skip
def test_nothing_that_comes_crashes_it(data):
    """Each gives what is in it, or says that it is none."""
    assert read(data)


def test_file_that_is_too_large_is_told():
    """Not read in part, and then told as one without a receipt."""
    (found,) = read(b"x" * (receipt.LARGEST + 1))
    assert "too large" in str(found)
