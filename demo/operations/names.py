"""The words of which the names of the demonstration are composed."""

SLUG, MAKER = "demo", "岭珠味业"

CATEGORIES = {
    "SY": (
        "酱油",
        "瓶",
        ("生抽", "老抽", "味极鲜", "蒸鱼豉油", "薄盐生抽"),
        ("160ml", "500ml", "800ml", "1.9L", "4.9L"),
    ),
    "OY": (
        "蚝油",
        "瓶",
        ("蚝油", "金装蚝油", "儿童蚝油", "捞汁蚝油", "香菇蚝油"),
        ("260g", "510g", "710g", "2.27kg", "6kg"),
    ),
    "VI": (
        "食醋",
        "瓶",
        ("白米醋", "陈醋", "香醋", "糯米甜醋", "寿司醋"),
        ("150ml", "420ml", "600ml", "1.75L", "5L"),
    ),
    "CW": (
        "料酒",
        "瓶",
        ("料酒", "葱姜料酒", "花雕料酒", "黄酒", "去腥料酒"),
        ("200ml", "450ml", "500ml", "1L", "5L"),
    ),
    "CE": (
        "鸡精",
        "袋",
        ("鸡精", "鸡粉", "松茸鲜", "味精", "蘑菇精"),
        ("40g", "100g", "200g", "454g", "908g"),
    ),
    "PA": (
        "酱料",
        "瓶",
        ("黄豆酱", "甜面酱", "柱侯酱", "海鲜酱", "沙茶酱"),
        ("110g", "230g", "340g", "800g", "2.3kg"),
    ),
    "HO": (
        "辣酱",
        "瓶",
        ("蒜蓉辣酱", "剁椒", "香菇辣酱", "豆豉油辣", "泡椒酱"),
        ("90g", "210g", "280g", "750g", "2kg"),
    ),
    "CO": (
        "复合调料",
        "盒",
        ("卤料包", "煲仔饭汁", "火锅底料", "酸汤料", "烧烤料"),
        ("35g", "80g", "150g", "400g", "1kg"),
    ),
}
FACTORS = (24, 20, 12, 6, 4)
"""The number of base units in a case, from the smallest size to the largest."""

CHANNELS = {"CY": "餐饮", "SC": "商超", "LS": "零售", "PF": "批发"}
TIERS = {"ordinary": ("普通", "0"), "key": ("重点", "60"), "core": ("核心", "80")}
TAGS = {
    "trial": "新品试销",
    "cold-chain": "有冷藏",
    "night-market": "夜市",
    "school": "校园配送",
    "e-com": "线上分销",
    "prompt-payer": "回款及时",
    "watch": "重点关注",
}
PROVINCES = ("44", "45", "43", "36", "35", "46")

FIRST = "鼎恒瑞兴盛泰裕祥鸿佳禾穗榕珑澜沐芸朗煦旭"
SECOND = "源丰顺达昌和康润晟味鲜谷岭溪屿汀茂延承启"
TRADES = ("调味品", "食品", "粮油食品", "商贸", "副食")
SURNAMES = "陈李黄张梁林刘吴罗杨郑何周曾邓谢胡叶苏卢蔡莫温庄"
GIVEN = "伟强明芳丽敏静杰涛峰斌霞燕玲军辉颖琳浩宇欣怡晨嘉俊文志国建华秀英海燕"
STREETS = (
    "解放路",
    "人民路",
    "建设路",
    "环城路",
    "迎宾大道",
    "沿江路",
    "文昌路",
    "新华路",
    "工业大道",
    "市场街",
)
SHOPS = {
    "CY": ("大排档", "酒楼", "小厨", "饭店", "砂锅粥", "烧腊店", "茶餐厅"),
    "SC": ("超市", "生活超市", "购物广场"),
    "LS": ("便利店", "士多", "粮油店", "杂货铺"),
    "PF": ("批发部", "调味品档", "干货行"),
}
NICK = (
    "阿强",
    "肥仔",
    "好又近",
    "顺意",
    "福满",
    "旺角",
    "老街",
    "金海",
    "荔湾",
    "新村",
    "阿娟",
    "大树",
    "康乐",
    "百味",
    "明记",
    "喜来",
    "南国",
    "榕树头",
    "码头",
    "四季",
)

ENGLISH = {
    "酱油": "Soy sauce",
    "蚝油": "Oyster sauce",
    "食醋": "Vinegar",
    "料酒": "Cooking wine",
    "鸡精": "Chicken seasoning",
    "酱料": "Sauces and pastes",
    "辣酱": "Chili sauce",
    "复合调料": "Compound seasoning",
    "餐饮": "Food service",
    "商超": "Supermarkets",
    "零售": "Retail",
    "批发": "Wholesale",
    "普通": "Standard",
    "重点": "Key",
    "核心": "Core",
    "新品试销": "Trial of new products",
    "有冷藏": "Cold storage",
    "夜市": "Night market",
    "校园配送": "School delivery",
    "线上分销": "Online resale",
    "回款及时": "Pays on time",
    "重点关注": "On watch",
    "岭珠": "Lingzhu",
    "珠江厨": "Zhujiang Kitchen",
}
"""The English names of categories, channels, tiers, tags and brands."""
UNIT_NAMES = {
    "瓶": ("bottle", "bottles"),
    "袋": ("bag", "bags"),
    "盒": ("box", "boxes"),
    "箱": ("case", "cases"),
    "桶": ("pail", "pails"),
}
