"""What the words of a PDF say of its fapiao: careful, and silent where it is not sure."""

from __future__ import annotations

from datetime import date

import pytest

from tasks.rules.fapiao import Paper, paper_in

DIGITAL = "26342000000012345678"


@pytest.mark.parametrize(
    "words",
    [
        f"电子发票（普通发票）\n发票号码：{DIGITAL}\n开票日期：2026年11月01日\n价税合计（大写）壹佰贰拾圆整 （小写）¥120.00",
        f"电子发票\r\n发 票 号 码 ： {DIGITAL}\r\n开 票 日 期：2026 年 11 月 1 日\r\n价税合计 ( 小写 ) ￥120.00",
        f"发票号码:\n开票日期:\n价税合计（小写）\n{DIGITAL}\n2026年11月01日\n¥110.09\n¥9.91\n¥120.00\n电子发票",
        f"电⼦发票 发票号码：{DIGITAL} 开票⽇期：２０２６年１１⽉０１⽇ （⼩写）¥１２０．００",
        f"电子发票（铁路电子客票）发票号码:{DIGITAL} 开票日期:2026年11月01日 票价:￥120.00",
    ],
    ids=["in order", "letters apart", "values behind labels", "other signs of the same", "train"],
)
def test_a_digital_fapiao_is_read_however_its_text_lies(words):
    assert paper_in(words) == Paper(DIGITAL, date(2026, 11, 1), 12_000)


@pytest.mark.parametrize(("code", "number"), [("034002300111", "12345678"), ("3400231130", "87654321")])
def test_an_older_fapiao_is_its_code_and_its_number(code, number):
    words = (
        f"安徽增值税电子普通发票\n发票代码：{code}\n发票号码：{number}\n开票日期：2026年11月01日\n（小写）￥ 1,120.50"
    )
    assert paper_in(words) == Paper(code + number, date(2026, 11, 1), 112_050)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "订单号 26342000000012345678 合计 ¥120.00 2026年11月01日",
        "发票抬头：回声汽车 税号 91340000MA2N00000X",
        "发票号码：12345678",
        "发票号码：11111111 发票号码：22222222 发票代码：034002300111",
        f"发票号码 开票日期 {DIGITAL} 26342000000012345679",
        f"发票 流水号 {DIGITAL}",
        "发票号码 x263420000000123456789",
        "发票 开票日期 2026年11月01日 有效期至 2027年11月01日",
        "发票 开票日期 2026年13月41日",
        "发票 2026年11月01日",
        "发票 ¥120.00 ¥10.00",
        "发票 ¥120.00 ¥100.00 ¥10.00",
        "发票（小写）¥120.00（小写）¥130.00",
        "发票（小写）¥-120.00",
        "发票号码： 开票日期： ٢٦٣٤٢٠٠٠٠٠٠٠١٢٣٤٥٦٧٨ ２０２６",
        "发票号码：٢٦٣٤٢٠٠٠٠٠٠٠١٢٣٤٥٦٧٨",
        "发票（小写）¥١٢٠.٠٠",
    ],
)
def test_what_is_not_sure_is_not_said(words):
    assert not paper_in(words), paper_in(words)


@pytest.mark.parametrize("label", ["发票代码:", "校 验 码:", "校验码"])
def test_the_check_code_of_an_older_fapiao_is_not_its_number(label):
    words = f"增值税电子普通发票\n发票号码:\n开票日期:\n{label}\n12345678\n2026年11月01日\n62144024716642790452"
    assert paper_in(words) == Paper("", date(2026, 11, 1), None)


BLANK = "\u3000"


@pytest.mark.parametrize("filler", [BLANK, " ", "\n", "\r\n", "9", ",", "¥", "¥ ", "(", "票价", "发 ", "１", "\ufdfa"])
@pytest.mark.parametrize("begins", ["（小写）", "发票代码", "发票号码", "票价", "2026", "（", ""])
def test_words_of_any_length_are_looked_through_once(begins, filler):
    """A pattern that tries every way to share out a run of blanks does not come back from this."""
    assert paper_in(f"发票{begins}{filler * 4000}x") == Paper()


def test_what_is_a_page_apart_is_read_as_if_it_were_near():
    words = f"发票号码{BLANK * 4000}：{BLANK * 4000}{DIGITAL} 开票日期 （小写）{BLANK * 4000}￥120.00"
    assert paper_in(words) == Paper(DIGITAL, None, 12_000)
