"""The words for stored identifiers, the same in every command (DESIGN section 3)."""

from collections.abc import Mapping

from cli.display import safe
from cli.i18n import N_, _

KINDS = {
    "case": N_("案件"),
    "complainant": N_("投诉人"),
    "respondent": N_("被投诉机构"),
    "number": N_("号码"),
    "exhibit": N_("证据"),
    "record": N_("通话或短信"),
    "transcript": N_("文字稿"),
    "note": N_("情况说明"),
    "tag": N_("标注"),
    "suggestion": N_("系统提示"),
    "mask": N_("遮盖"),
    "withdraw": N_("撤回"),
    "erase": N_("删除"),
    "salvage": N_("抢救"),
    "packet": N_("投诉材料包"),
    "timestamp": N_("可信时间戳"),
    "submission": N_("提交记录"),
}
_MEDIA = {
    "recording": N_("录音"),
    "screenshot": N_("图片"),
    "message": N_("短信"),
    "call": N_("通话记录"),
    "bill": N_("详单"),
    "document": N_("文件"),
}
ROLES = {
    "collector": N_("催收人员"),
    "lender": N_("放贷机构"),
    "self": N_("本人"),
    "family": N_("家人"),
    "colleague": N_("同事"),
    "friend": N_("朋友"),
    "other": N_("其他"),
}
DIRECTIONS = {
    "in": N_("打入"),
    "out": N_("打出"),
    "conference": N_("多方通话"),
}
NUMBER_CLASSES = {
    "mobile": N_("手机号码"),
    "landline": N_("固定电话"),
    "enterprise": N_("400/800 企业号码"),
    "service_95": N_("95 开头的号码"),
    "sms_106": N_("106 开头的短信号码"),
    "public": N_("公共服务号码"),
    "foreign": N_("境外号码格式"),
    "other": N_("不属于常见的号码格式"),
}
NUMBER_KINDS = {
    "resale_mobile": N_("虚拟运营商手机号码"),
    "satellite": N_("卫星电话号码"),
    "service_enterprise": N_("95 开头的号码，分配给大型服务企业"),
    "call_centre": N_("95 开头的号码，用于呼叫中心和增值业务"),
    "coast_guard": N_("海警报警电话"),
    "sms_provincial": N_("106 短信号码：省内经营类"),
    "sms_machine": N_("106 号码：物联网"),
    "sms_operator": N_("106 短信号码：运营商自有业务"),
    "sms_nationwide": N_("106 短信号码：全国经营类"),
    "sms_non_commercial": N_("106 短信号码：全国非经营类"),
    "provincial_service": N_("96 开头的省内服务号码"),
}
OUTCOMES = {
    "answered": N_("已接"),
    "missed": N_("未接"),
    "rejected": N_("拒接"),
    "refused": N_("被手机拦截"),
    "voicemail": N_("语音信箱"),
    "answered_elsewhere": N_("在其他设备接听"),
    "outgoing": N_("拨出"),
    "unknown": N_("结果不明"),
}
BOXES = {
    "received": N_("收到"),
    "sent": N_("发出"),
    "draft": N_("草稿"),
    "outbox": N_("待发"),
    "failed": N_("发送失败"),
    "queued": N_("排队待发"),
}
WRITERS = {
    "ocr": N_("图片文字识别（机器）"),
    "speech": N_("语音转文字（机器）"),
    "file": N_("导入的文字稿"),
    "person": N_("本人填写"),
}
STATUSES = {
    "imported": N_("已保存"),
    "duplicate": N_("重复"),
    "skipped": N_("跳过"),
    "failed": N_("失败"),
}
CHANNELS = {
    "12378": N_("12378 银行保险消费者投诉维权热线"),
    "nfra": N_("国家金融监督管理总局网站"),
    "nfra-report": N_("向国家金融监督管理总局举报"),
    "institution": N_("机构自己的投诉渠道"),
    "local-finance": N_("地方金融管理局"),
    "police": N_("公安机关报案"),
    "nifa": N_("中国互联网金融协会举报平台"),
}
EVENTS = {
    "submitted": N_("已提交"),
    "accepted": N_("已受理或立案"),
    "forwarded": N_("已转送机构"),
    "extended": N_("告知延长"),
    "answered": N_("已答复"),
    "refused": N_("不予受理"),
    "review": N_("已申请核查"),
    "review_answered": N_("核查已答复"),
    "closed": N_("已了结"),
}
VERDICTS = {
    "INTACT": N_("完好"),
    "NOT INTACT": N_("有问题"),
    "NOT CHECKED": N_("未检查"),
}
_CHECKS = {
    "file-structure": N_("数据库文件的结构"),
    "schema": N_("表和文件头：与留痕写出的不一样"),
    "triggers": N_("防止改写的触发器"),
    "entries": N_("每条记录的内容和前后链接"),
    "entry-order": N_("记录的顺序"),
    "entry-leaf": N_("记录的哈希值"),
    "entry-form": N_("记录的格式"),
    "entry-link": N_("与前一条记录的链接"),
    "entry-damaged": N_("读不出来的记录（文件损坏）"),
    "entry-missing": N_("记录的内容不见了，也没有删除它的记录"),
    "erased": N_("已按规定删除、只留哈希的记录"),
    "erase-entry": N_("删除记录的内容"),
    "erase-undone": N_("记录说已经删除，内容却还在"),
    "erased-list": N_("已删除记录的列表"),
    "original-kept": N_("记录说已经删除，原文件却还在"),
    "entry-seal": N_("记录的加密封装"),
    "key-slots": N_("密码和恢复码各自封装的密钥"),
    "originals": N_("每份证据的原文件"),
    "original-size": N_("原文件的大小"),
    "original-digest": N_("原文件的 SHA-256"),
    "original-missing": N_("原文件缺失或不全"),
    "original-chunks": N_("原文件的分块"),
    "original-damaged": N_("原文件无法读出"),
    "original-lookup": N_("识别重复原文件的索引"),
    "original-orphan": N_("没有对应记录的原文件"),
    "signing-key": N_("案件的签名密钥"),
    "anchor": N_("与案件外保存的检查点一致"),
    "anchor-code": N_("有检查点对得上这个短码"),
    "anchor-case": N_("检查点属于这个案件"),
    "anchor-signature": N_("检查点的签名"),
    "anchor-size": N_("检查点之后没有缺少记录"),
    "anchor-root": N_("检查点之前的记录没有变"),
    "copy": N_("另一份案件文件记下的哈希，这一份都原样有"),
    "copy-contents": N_("另一份案件文件里的内容（要另外核验那一份）"),
    "copy-case": N_("另一份文件属于这个案件"),
    "copy-size": N_("另一份案件文件里没有更多的记录"),
    "copy-entries": N_("与另一份案件文件从这一条起不同"),
    "disk-read": N_("磁盘读出案件文件的每一部分"),
    "meta-rows": N_("案件设置里有不是留痕写的内容"),
    "more-problems": N_("还有更多问题"),
    # of reports.bundle
    "files": N_("每个文件"),
    "root": N_("根哈希与检查点一致"),
    "signature": N_("检查点的签名"),
    "case-key": N_("签名的密钥就是案件开始时的密钥"),
    "case-id": N_("案件编号"),
    "case-other": N_("属于这个案件"),
    "case-prefix": N_("记录与案件一致"),
    "packet-record": N_("案件里有生成它的记录"),
    "exhibits": N_("每份证据"),
    "exhibit-digest": N_("证据的 SHA-256"),
    "exhibit-size": N_("证据的大小"),
    "exhibit-entry": N_("证据对应的记录"),
    "exhibit-file": N_("证据文件"),
    "exhibit-index": N_("证据编号对照表"),
    "exhibit-unlisted": N_("没有登记的证据文件"),
    "exhibit-withheld": N_("没有随附的证据文件"),
    "file-digest": N_("文件的 SHA-256 与清单不符"),
    "file-missing": N_("清单里的文件不见了"),
    "file-oversize": N_("文件过大"),
    "file-unlisted": N_("清单里没有的文件"),
    "file-unexpected": N_("不认识的文件"),
    "file-unreadable": N_("读不了的文件"),
    "file-unsafe": N_("不安全的文件名或链接"),
    "manifest-form": N_("清单的格式"),
    "manifest-incomplete": N_("清单不完整"),
    "manifest-missing": N_("缺少清单"),
    "bag-declaration": N_("声明文件"),
    "bag-info": N_("说明文件"),
    "checkpoint-form": N_("检查点的格式"),
    "key-form": N_("公钥文件的格式"),
    "leaves-form": N_("哈希列表的格式"),
    "leaves-count": N_("哈希列表的条数"),
    "redacted": N_("遮盖过的副本或摘录"),
    "timestamp": N_("可信时间戳的内容和签名"),
    "timestamp-chain": N_("时间戳的证书追溯到所给的根证书"),
    "earlier": N_("以前的材料包原样在前"),
}
_TIMESTAMP_WORDS = {
    "timestamp-certificate": N_("签发的证书不能用来签时间戳，或不是签名指明的那张"),
    "timestamp-expired": N_("签发时证书不在有效期内"),
    "timestamp-foreign-nonce": N_("回复与请求的随机数不同"),
    "timestamp-forged": N_("签名与内容不符"),
    "timestamp-malformed": N_("不是规定形式的时间戳"),
    "timestamp-not-of-case": N_("它的检查点与这里的记录不一致"),
    "timestamp-other-checkpoint": N_("不是对这份检查点作出的"),
    "timestamp-refused": N_("服务方没有签发"),
    "timestamp-unsupported": N_("签名方式本程序不能核对，不等于有问题"),
    "timestamp-untrusted": N_("不能追溯到所给的根证书"),
}
_SYSTEM_WORDS = {
    "key_passphrase": N_("密码"),
    "key_recovery": N_("恢复码"),
    "not disclosed": N_("没有公开"),
    "the case has no record of this packet": N_("案件里没有记下生成过这一份"),
    "leaves or checkpoint missing": N_("缺少哈希列表或检查点"),
    "signed with another key": N_("用另一把密钥签名"),
    "leaves, checkpoint or key missing": N_("缺少哈希列表、检查点或公钥"),
    "no --root given": N_("没有用“--root”给出根证书"),
    "its root was not given": N_("没有用“--root”给出收下时依据的根证书"),
    "no checkpoint of this case has this code": N_(
        "本案件没有这个短码的检查点。先看是不是抄错、是不是别的案件，或同一案件各写各的另一份文件；"
        "都不是，就说明那之前的记录被改过"
    ),
    "too-long": N_("太长"),
    "not-utf-8": N_("不是 UTF-8 文字"),
    "line-count": N_("行数不对"),
    "origin": N_("第一行不对"),
    "size": N_("第二行不是条数"),
    "root": N_("第三行不是根哈希"),
    "signature-line": N_("签名那一行不对"),
    "signature": N_("签名那一行不对"),
    "not-canonical": N_("写法与留痕写出的不同"),
    "read-only": N_("文件是只读的"),
    "Permission denied": N_("没有权限"),
    "No such file or directory": N_("没有这个文件或文件夹"),
    "Is a directory": N_("这是一个文件夹"),
    "Not a directory": N_("路径中间有一段不是文件夹"),
    "Read-only file system": N_("磁盘是只读的"),
    "No space left on device": N_("磁盘空间不足"),
    "File name too long": N_("名字太长"),
    "File exists": N_("已经存在"),
    "Input/output error": N_("磁盘读写出错"),
    "attempt to write a readonly database": N_("文件是只读的"),
    "unable to open database file": N_("文件打不开"),
    "disk I/O error": N_("磁盘读写出错"),
    "database disk image is malformed": N_("数据库内部结构损坏"),
    "file is not a database": N_("不是数据库文件"),
}


def kind(value: str) -> str:
    """Return the word for an entry kind; an unknown one as it is."""
    return _known(KINDS, value)


def kind_or_medium(value: str) -> str:
    """Return the word for an entry kind or for an exhibit's medium."""
    return kind(value) if value in KINDS else medium(value)


def medium(value: str) -> str:
    """Return the word for an exhibit's medium."""
    return _known(_MEDIA, value)


def role(value: str) -> str:
    """Return the word for a number's role."""
    return _known(ROLES, value)


def direction(value: str) -> str:
    """Return the word for a call's direction."""
    return _known(DIRECTIONS, value)


def number_kind(number_class: str, kind: str) -> str:
    """Return the words for what kind of number it is by the numbering plan."""
    return _known(NUMBER_KINDS, kind) if kind else _known(NUMBER_CLASSES, number_class)


def outcome(value: str) -> str:
    """Return the word for what became of a call."""
    return _known(OUTCOMES, value)


def box(value: str) -> str:
    """Return the word for where a message lay."""
    return _known(BOXES, value)


def writer(value: str) -> str:
    """Return the word for who wrote a transcript."""
    return _known(WRITERS, value)


def status(value: str) -> str:
    """Return the word for what became of a file."""
    return _known(STATUSES, value)


def event(value: str) -> str:
    """Return the word for what became of a submission."""
    return _known(EVENTS, value)


def channel(value: str) -> str:
    """Return the name of a channel."""
    return _known(CHANNELS, value)


def verdict(value: str) -> str:
    """Return the word for a verdict."""
    return _known(VERDICTS, value)


def check(value: str) -> str:
    """Return what a check of ``evidence.store.verify`` looks at."""
    return _known(_CHECKS, value)


def system_words(value: str) -> str:
    """Return the operating system's, SQLite's or our own words, translated where known.

    What it is about may come first: ``001: timestamp-forged``.
    """
    about, colon, words = value.rpartition(": ")
    known = _TIMESTAMP_WORDS.get(words) or _SYSTEM_WORDS.get(words)
    return about + colon + _(known) if known else _(value)


def _known(words: Mapping[str, str], value: str) -> str:
    return _(words[value]) if value in words else safe(value)
