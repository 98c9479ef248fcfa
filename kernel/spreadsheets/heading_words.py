"""The words of headings in both languages, without spaces and in small letters, simplified."""

from __future__ import annotations

import re
from collections.abc import Mapping

_TRADITIONAL = "編碼號產條稱數單價訂購備註規總計項貨採從補進廠發經銷圓"
SIMPLIFIED = str.maketrans(_TRADITIONAL, "编码号产条称数单价订购备注规总计项货采从补进厂发经销圆")
UNIT_NAMES = tuple("箱件桶瓶包袋盒罐听支个提扎条坛壶板捆")
ENGLISH_UNITS = frozenset(("cases", "bottles", "pcs", "pieces", "cartons", "boxes", "packs", "bags"))
NOT_A_UNIT = frozenset(
    ("必填", "选填", "可填", "填写", "请填写", "整数", "含税", "不含税", "未税", "required", "optional")
)
ORDERED = "本次|本单|订货|订购|订单|采购|进货|要货|补货|下单|需求|申请|购买|订"
QUANTITY = re.compile(
    rf"^(?:数量|(?:{ORDERED})+总?(?:数量|数|量)"
    r"|(?:order(?:ed)?|purchase|required|requested)?(?:qty|quantity)(?:ordered|required)?)$"
)


def _words(**texts: str) -> Mapping[str, str]:
    return {word: meaning for meaning, text in texts.items() for word in text.split()}


WORDS = _words(
    sku="""
        sku sku码 sku编码 skucode 商品sku 商品编码 商品编号 商品代码 产品编码 产品编号 产品代码
        货品编码 货品编号 物料编码 物料编号 物料号 物料代码 存货编码 存货编号 货号 商品货号 品号
        料号 款号 itemcode itemno itemnumber productcode productno productnumber productid articleno
        articlenumber materialcode partno partnumber stockcode
    """,
    barcode="""
        条码 条形码 商品条码 商品条形码 产品条码 国际条码 国条码 69码 箱码 箱条码 瓶条码 barcode ean
        ean13 upc gtin
    """,
    name="""
        商品名称 商品名 产品名称 产品名 品名 货品名称 物料名称 存货名称 货物名称 商品品名
        productname itemname productdescription itemdescription
    """,
    unit="订货单位 采购单位 订购单位 下单单位 要货单位 计价单位 orderunit orderingunit priceunit",
    price="""
        价格 单价 售价 销售价 销售单价 供货价 供价 批发价 出厂价 结算价 结算单价 经销价 经销商价
        含税单价 含税价 执行价 price unitprice sellingprice saleprice salesprice netprice
    """,
    per="每 每多少基本单位 计价数量 per perbaseunits pricequantity",
    quantity="件数 订货 要货 补货",
    min_qty="""
        起 起订 起订量 起订数 起订数量 最小起订量 最低起订量 最小订货量 起批量 起购量 从数量 from
        min minqty moq minorderqty minimumqty minimumquantity minimumorderquantity fromqty
        fromquantity
    """,
    advised_resale="""
        建议零售价 建议零售价格 建议售价 建议销售价 建议转售价 建议转售价格 零售指导价 指导零售价 市场指导价
        advised advisedresale advisedresaleprice suggestedretail suggestedretailprice
        recommendedretailprice srp rrp msrp
    """,
)
WORDS_IN_GENERAL = _words(
    sku="编码 编号 代码 code",
    name="名称 商品 产品 货品 商品信息 name product item description",
    unit="单位 计量单位 销售单位 unit uom",
)
