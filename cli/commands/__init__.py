"""The commands by section, each with its one sentence; their modules are loaded when used."""

from collections.abc import Mapping

from cli.i18n import N_

SECTIONS: Mapping[str, Mapping[str, str]] = {
    N_("建立案件"): {
        "init": N_("建立一个新案件。"),
        "complainant": N_("填写或查看投诉人。"),
        "respondent": N_("添加或查看被投诉机构。"),
        "number": N_("说明一个电话号码是谁的。"),
    },
    N_("收集证据"): {
        "import": N_("把录音、截图等文件存进案件。"),
        "watch": N_("盯住一个文件夹，新文件复制完就自动导入。"),
        "transcript": N_("把图片和录音里的话变成文字，或自己打进去。"),
        "note": N_("写下情况说明。"),
        "tag": N_("标注证据里的疑似违规行为。"),
        "mask": N_("遮盖图片的区域或录音的片段，不给看材料的人看到。"),
        "withdraw": N_("撤回一条记录，原记录仍然保留。"),
    },
    N_("系统提示"): {
        "suggest": N_("让程序找出可能的违规行为，由您决定。"),
        "confirm": N_("确认系统提示，变成标注。"),
        "dismiss": N_("不采用系统提示。"),
    },
    N_("查看"): {
        "list": N_("列出案件里的记录。"),
        "show": N_("显示一条记录的全部内容。"),
        "timeline": N_("按发生时间列出证据、标注和说明。"),
        "stats": N_("统计来电：每天几次、接通几次、夜间几次。"),
        "export": N_("取出一份证据的原文件，或剪出录音片段。"),
    },
    N_("核验"): {
        "verify": N_("检查案件文件是否完好。"),
        "checkpoint": N_("输出检查点，存到案件以外的地方。"),
        "timestamp": N_("申请、收下和查看可信时间戳。"),
        "doctor": N_("检查程序和案件文件能否正常使用。"),
    },
    N_("保管"): {
        "passphrase": N_("给案件加密码、换密码、用恢复码找回，或取消密码。"),
        "backup": N_("把整个案件备份到另一个文件，写好后核验。"),
        "restore": N_("从备份恢复案件，不覆盖已有的。"),
        "erase": N_("彻底删除一条记录的内容，只留哈希和理由。"),
    },
    N_("投诉"): {
        "review": N_("生成之前检查：缺什么，哪里要核对。"),
        "packet": N_("为一家机构、一个渠道生成投诉材料包。"),
        "submitted": N_("记下提交、受理、转送、答复的日期和编号。"),
        "deadlines": N_("算出各个期限，告诉您现在该做什么。"),
        "rules": N_("查看法律条款及其核对情况。"),
        "demo": N_("用自带的虚构案件走完全过程。"),
    },
}

NAMES = tuple(name for section in SECTIONS.values() for name in section)


def summary(name: str) -> str:
    """Return the one sentence of a command, untranslated."""
    return next(section[name] for section in SECTIONS.values() if name in section)


def module(name: str) -> str:
    """Return the module of a command; Python's own words get an underscore."""
    return f"cli.commands.{name}_" if name == "import" else f"cli.commands.{name}"
