"""Chat text around an order: list numbers, polite words, dates, phone numbers, addresses, emoji."""

from __future__ import annotations

import re

_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0x00A0: " "}
_WIDE = re.compile("[\uff01-\uff5e\u3000\u00a0]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff\ufe0e\ufe0f]")
_EMOJI = re.compile(
    "[\u2190-\u21ff\u2300-\u245f\u2500-\u2570\u2574-\u2714\u2717-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]"
)
_LIST_NUMBER = re.compile(
    r"^\s*(?:\d{1,3}(?:[.、)](?!\d)|\u20e3)|\(\d{1,3}\)|[①-⒛㈠-㈩]|[一二三四五六七八九十]{1,3}、|[-•·*]\s)\s*"
)
_LIST_NUMBER_TAB = re.compile(r"^\s*(?:\d{1,3}[.、)）．]|[①-⒛])\s*\t")
KNOWN_UNITS = "箱件桶瓶包袋盒罐提条條打支听聽板托块塊个個只隻捆扎盘盤份套组組筐篮籃壶壺坛罈排串卷枚杯碗粒"
_DATE = (
    r"(?:\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*[日号]?|\d{1,2}月\d{1,2}[日号]?"
    r"|\d{1,2}/\d{1,2}|\d{1,2}(?:\.\d{1,2})?[日号])"
)
_TIME = r"(?:\d{1,2}:\d{2}(?::\d{2})?|\d{1,2}点(?:半|\d{1,2}分?)?)"
_POLITE_WORDS = (
    "你好 您好 大家好 早上好 上午好 下午好 晚上好 早安 老板娘 老板 老闆 经理 亲 各位 在吗 在么 哈喽 "
    "哈啰 嗨 hello hi hey please pls thanks thank you thx good morning ok 非常感谢 谢谢 謝謝 多谢 "
    "感谢 辛苦 麻烦 拜托 收到 好的 好 早 尽快 尽早 马上 及时 今天 明天 后天 今日 明日 上午 下午 中午 "
    "晚上 早上 之前 以前 前 内 周 这周 下周 本周 星期 礼拜 安排 处理 确认 发货 送货 发出 送到 送达 "
    "送来 送过来 配送 发 送 到货 到 下单 订货 要货 订单 订购 报货 补货 进货 拿货 叫货 货单 清单 货 单 "
    "如下 以下 这些 下面 这批 这次 的 帮忙 帮我 帮 给我 给 我们 我店 我 本店 需要 想要 还要 另外 再来 "
    "再加 再 先 就 要 来 订 请 加 和 一下 你们 你 您们 您 了 吧 哦 哈 啊 呀 呢 啦 哟 嘛 吗 行 可以 可"
)
_POLITE = "|".join(
    [
        *(rf"{day}[一二三四五六日天末]" for day in ("周", "这周", "下周", "本周", "星期", "礼拜")),
        *sorted(set(_POLITE_WORDS.split()), key=len, reverse=True),
    ]
)
_PUNCTUATION = r"[\s,.!?:;~、。…()\-—_@#+=]"
_REMARK = re.compile(rf"(?>{_DATE}|{_TIME}|{_POLITE}|{_PUNCTUATION})++", re.IGNORECASE)
_LABELLED = re.compile(
    r"\s*(?:联系电话|联系人|联系方式|电话|手机号?|收货人|收货地址|送货地址|收货|地址|备注|日期|时间|客户名称|客户|"
    r"店名|门店|tel|phone|mobile|address|note|remarks?|date)\s*(?::|\s|(?=\d)).*",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"(?<!\d)(?:(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}|0\d{2,3}-\d{7,8})(?!\d)", re.ASCII
)
_PHONE_AFTER = re.compile(r"(?:[,，;；\s]*(?:电话|手机|tel)?[:：]?\s*)(?<!\d)1[3-9]\d{9}\s*$", re.ASCII)
_SENDER = re.compile(rf"\S{{1,20}}(?:\s\S{{1,20}})?\s+{_DATE}\s+{_TIME}")
_UNIT_QUANTITY = re.compile(rf"[\d〇零一二三四五六七八九十两百千]\s*[{KNOWN_UNITS}]")
_LAST = frozenset(" ,.!?;~、。…") | {word[-1] for word in _POLITE_WORDS.split()} | set("一二三四五六日天末")
_START = re.compile(rf"^(?>{_DATE}|{_POLITE}|{_PUNCTUATION})++", re.IGNORECASE)
_END = re.compile(rf"(?>{_POLITE}|[\s,.!?;~、。…])++$", re.IGNORECASE)


def narrow(text: str) -> str:
    """Return the text with full-width characters in their normal width; it keeps its length."""
    return text.translate(_WIDTH) if _WIDE.search(text) else text


def cleaned(line: str) -> str:
    """Return a line without emoji, invisible characters and its number in a list."""
    plain = " ".join(_EMOJI.sub(" ", _INVISIBLE.sub("", line)).split())
    found = _LIST_NUMBER.match(narrow(plain))
    return plain[found.end() :] if found else plain


def without_list_number(line: str) -> str:
    """Return a line without its number in a list, where a tab follows it."""
    return _LIST_NUMBER_TAB.sub("", line, count=1)


def is_remark(text: str) -> bool:
    """Return whether a line is a greeting, thanks, a date, a phone number or an address, and no goods."""
    plain = narrow(text)
    if _REMARK.fullmatch(plain) or (":" in plain and _SENDER.fullmatch(plain)):
        return True
    if _UNIT_QUANTITY.search(plain):
        return False
    return bool(_LABELLED.fullmatch(plain) or _PHONE.search(plain))


def without_polite_words(text: str) -> str:
    """Return a line without the polite words and the date at its ends; "" if there is nothing else."""
    text = _PHONE_AFTER.sub("", text)
    plain = narrow(text)
    start, end = _START.match(plain), _END.search(plain) if plain[-1:].lower() in _LAST else None
    return text[start.end() if start else 0 : end.start() if end else len(text)].strip()
