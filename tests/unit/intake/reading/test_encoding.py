import pytest

from recon.intake.formats import encoding
from recon.intake.formats.encoding import judge_encoding, judge_html
from recon.intake.formats.refusals import RefusedError

LINE = "某某市教育局,91350100MA0001,2024-03,工会经费,1234.56,已缴款\r\n"
TEXT = "单位名称,统一社会信用代码,所属期,摘要,金额,状态\r\n" + LINE * 20
TRADITIONAL = (
    "單位名稱,統一編號,日期,摘要,金額,備註\r\n" + "臺北市政府教育局,123,2024,經費,1,無\r\n" * 20
)
FRENCH = "Année;Société;Montant;Réglé\nÉté;Crédit Général;1,5;payé à la société\n" * 30
GERMAN = "Jahr;Größe;Maß\nfür;Straße;Übergröße\n" * 30


@pytest.mark.parametrize(
    ("codec", "expected"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("gb18030", "gb18030"),
        ("gbk", "gb18030"),
    ],
)
def test_chinese_text_is_decoded_for_sure(codec: str, expected: str) -> None:
    found = judge_encoding(TEXT.encode(codec))
    assert (found.codec, found.is_certain) == (expected, True)
    assert TEXT.encode(codec).decode(found.codec).endswith("已缴款\r\n")


def test_big5_is_taken_when_certain() -> None:
    content = TRADITIONAL.encode("big5")
    found = judge_encoding(content)
    assert found.codec == "big5hkscs"
    assert content.decode(found.codec) == TRADITIONAL


@pytest.mark.parametrize("text", [FRENCH, GERMAN])
def test_latin_text_never_passes_for_chinese(text: str) -> None:
    content = text.encode("latin-1")
    assert content.decode("gb18030", errors="ignore")
    with pytest.raises(RefusedError) as refused:
        judge_encoding(content)
    assert refused.value.code == "undecodable"


def test_a_short_chinese_file_is_probable_only() -> None:
    found = judge_encoding("姓名,金额\n王,1\n".encode("gb18030"))
    assert (found.codec, found.is_certain) == ("gb18030", False)
    assert "很可能" in found.label
    assert "probable" in found.label


def test_rare_names_do_not_spoil_the_evidence() -> None:
    names = "".join(f"{name},1\n" for name in ("王珺瑀", "李喆", "张玥", "赵堃", "龚翀")) * 5
    found = judge_encoding(("姓名,金额,单位名称,所属日期,工会经费\n" + names).encode("gb18030"))
    assert found.codec == "gb18030"


def test_a_character_cut_by_a_fixed_width_export_is_damage_not_refusal() -> None:
    content = TEXT.encode("gb18030")[:-2] + b"\xd2\n" + LINE.encode("gb18030")
    found = judge_encoding(content)
    assert (found.codec, found.damaged > 0, found.is_certain) == ("gb18030", True, False)
    content = TEXT.encode()[:-3] + b"\n" + LINE.encode()
    found = judge_encoding(content)
    assert (found.codec, found.damaged > 0) == ("utf-8", True)


def test_the_user_wins_if_the_word_decodes() -> None:
    assert judge_encoding(FRENCH.encode("latin-1"), "latin-1").codec == "iso8859-1"
    assert judge_encoding(TEXT.encode("gbk"), "GBK").codec == "gb18030"
    for word in ("utf-8", "no-such-codec"):
        with pytest.raises(RefusedError) as refused:
            judge_encoding(TEXT.encode("gbk"), word)
        assert (refused.value.code, refused.value.detail) == ("bad_override", word)


def test_markup_may_declare_its_encoding() -> None:
    page = '<meta http-equiv="Content-Type" content="text/html; charset=gb2312"><td>甲'.encode(
        "gbk"
    )
    found = judge_html(page)
    assert (found.codec, found.is_certain) == ("gb18030", True)
    lying = b"<meta charset=utf-8><table><td>" + TEXT.encode("gb18030")
    assert judge_html(lying).codec == "gb18030"


def test_an_encoding_without_damage_is_not_said_to_have_some() -> None:
    found = encoding._judge_damaged("工会经费收入明细".encode() * 40, "utf-8", 0.9)
    assert found is not None
    assert found.evidence == (
        "常用汉字占 90%，处处符合 UTF-8",
        "90% common characters, all of it UTF-8",
    )
    assert found.damaged == 0
