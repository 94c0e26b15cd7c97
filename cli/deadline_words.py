"""What each deadline is, and what to do about it: one calm sentence for each state."""

from collections.abc import Iterator, Sequence

from cli.i18n import N_, _
from evidence.core.deadlines import Deadline, Matter, State
from evidence.core.periods import Period
from evidence.core.rules import Rules
from evidence.core.submission import Event
from evidence.core.workdays import last_known_year

TITLES = {
    "forward": N_("监管部门把投诉转送机构，并告知您"),
    "decide": N_("机构作出处理决定并告知您（事实清楚、争议简单的）"),
    "decide-complex": N_("机构作出处理决定并告知您（情况复杂、延长了的）"),
    "decide-longest": N_("机构最长的期限（经审批并告知您再延长了的）"),
    "ask-review": N_("您书面申请核查的最后一天（只针对分支机构的处理结果）"),
    "review-answer": N_("上级机构作出核查决定并告知您"),
    "police": N_("公安机关办理治安案件的期限（自立案之日起）"),
    "police-first": N_("公安机关第一次延长后的期限（经批准的）"),
    "police-second": N_("公安机关第二次延长后的期限（经批准的）"),
}
STATES = {
    State.OPEN: N_("未到"),
    State.TODAY: N_("今天到期"),
    State.OVERDUE: N_("已过"),
    State.DONE: N_("已完成"),
    State.EXTENDED: N_("已告知延长"),
    State.RESTARTED: N_("可能重新计算"),
    State.ENDED: N_("不再适用"),
}
_WAIT = N_("现在不用做什么，保持电话畅通。有了消息就记下来。")
_ASK_FIRST = N_(
    "还没有记下转送的日期，所以这一天只是估算。先联系您提交的渠道，问清哪天转送的，"
    "记下来再看这一项。"
)
_DUE = N_("今天到期。今天没有消息也不要着急，明天再联系对方问一问。")
_NEXT = {
    ("forward", State.OVERDUE): N_(
        "联系您提交的那个渠道，报受理编号，问有没有转送、哪天转送的。问到了就记下来。"
    ),
    ("decide", State.OVERDUE): N_(
        "打机构的投诉电话，问处理到哪一步、是不是按情况复杂延长了。记下日期和对方的工号。"
    ),
    ("decide-complex", State.OVERDUE): N_(
        "机构没有告知过您再延长的，这个期限已经过了。可以回到您提交的渠道，如实说明还没有收到"
        "处理决定，引用下面这一条；告知过的，请记下来。"
    ),
    ("decide-longest", State.OVERDUE): N_(
        "最长的期限也过了（鉴定、检测、评估和调解的时间可以不计入）。可以回到您提交的渠道，"
        "如实说明还没有收到处理决定，也可以考虑申请调解或者向法院起诉。"
    ),
    ("ask-review", State.OPEN): N_(
        "对结果没有意见就不用做什么。作出决定的是分支机构、您有异议的，请在这一天之前书面提出，"
        "留下寄出或提交的凭证，再记下来。"
    ),
    ("ask-review", State.TODAY): N_(
        "今天是最后一天。要申请核查，今天就书面提出，留下寄出或提交的凭证，再记下来。"
    ),
    ("ask-review", State.OVERDUE): N_(
        "按这一条申请核查的时间过了。还可以申请调解、仲裁或者向法院起诉。"
    ),
    ("review-answer", State.OVERDUE): N_(
        "联系核查机构问结果；也可以回到您提交的渠道，如实说明还没有收到核查决定。"
    ),
    ("police", State.OVERDUE): N_("联系办案的派出所，问办理结果，或者有没有批准延长。"),
    ("police-first", State.OVERDUE): N_("联系办案的派出所，问办理结果，或者有没有再次批准延长。"),
    ("police-second", State.OVERDUE): N_("联系办案的派出所或者它的上一级公安机关，问办理结果。"),
}
_SETTLED = {
    State.DONE: N_("这一步已经有结果，不用做什么。"),
    State.EXTENDED: N_("机构告知过延长，看下一个期限。"),
    State.RESTARTED: N_("您补充了新的材料（编号 {seq}），机构的期限可能从收到那份材料起重新计算。"),
    State.ENDED: N_("这件事已经了结或没有被受理，期限不再计算。"),
}
_RECORD = {
    "forward": Event.FORWARDED,
    "decide": Event.ANSWERED,
    "decide-complex": Event.ANSWERED,
    "decide-longest": Event.ANSWERED,
    "ask-review": Event.REVIEW,
    "review-answer": Event.REVIEW_ANSWERED,
    "police": Event.ANSWERED,
    "police-first": Event.ANSWERED,
    "police-second": Event.ANSWERED,
}
_NOT_FOUND = N_("没有查到可引用的期限，以官方答复为准。")
_AWAITED = {
    Event.ACCEPTED: N_("期限从立案那天起算，还没有记下。问到了就记下来。"),
    Event.FORWARDED: N_("期限从转送那天起算，还没有记下。问到了就记下来。"),
    Event.ANSWERED: N_("期限从收到处理决定那天起算，还没有记下。收到了就记下来。"),
    Event.REVIEW: N_("期限从申请核查那天起算，还没有记下。"),
}


def title(deadline: Deadline) -> str:
    """Return what is due."""
    return _(TITLES[deadline.period.id])


def state(deadline: Deadline) -> str:
    """Return what became of it."""
    return _(STATES[deadline.state])


def next_step(deadline: Deadline) -> str:
    """Return what to do now."""
    settled = _SETTLED.get(deadline.state)
    if settled is not None:
        return _(settled).format(seq=deadline.restarted_by)
    if deadline.estimated and deadline.state is State.OVERDUE:
        return _(_ASK_FIRST)
    own = _NEXT.get((deadline.period.id, deadline.state))
    return _(own or (_DUE if deadline.state is State.TODAY else _WAIT))


def command(deadline: Deadline) -> str:
    """Return the command that records what is waited for; empty when nothing is."""
    if deadline.state in _SETTLED:
        return ""
    guessed = deadline.estimated and deadline.state is State.OVERDUE
    event = Event.FORWARDED if guessed else _RECORD[deadline.period.id]
    of = deadline.matter.submission.seq
    return " ".join(("liuhen", "submitted", "--event", event.value, "--of", str(of)))


def without(matter: Matter, period: Period | None) -> Iterator[str]:
    """Yield why a matter has no deadline yet: none is known, or what it runs from is missing."""
    event = period.starts.get(matter.submission.record.channel) if period is not None else None
    if period is None or event is None:
        yield _(_NOT_FOUND)
        return
    yield _(_AWAITED[event])
    command = ("liuhen", "submitted", "--event", event.value, "--of", str(matter.submission.seq))
    yield _("记下来：{command}").format(command=" ".join(command))
    yield _("依据：{text}").format(text=_quoted(period))


def _quoted(period: Period) -> str:
    rule = period.provision
    return _("《{instrument}》{article}（{level}）：“{quote}”").format(
        instrument=rule.instrument, article=rule.article, level=rule.level, quote=period.phrase
    )


def basis(deadline: Deadline) -> str:
    """Return the provision, its level, and its words."""
    text = _quoted(deadline.period)
    if not deadline.condition:
        return text
    return text + _("（{condition}）").format(condition=deadline.condition)


def doubts(deadline: Deadline) -> list[str]:
    """Return why the day itself is not certain."""
    said = []
    if deadline.estimated:
        said.append(_("估算：还没有记下转送的日期，按转送期限的最后一天起算，实际可能不同。"))
    if not deadline.certain:
        said.append(
            _("不确定：节假日安排只到 {year} 年，之后按周一至周五推算。").format(
                year=last_known_year()
            )
        )
    return said


def assumptions(shown: Sequence[Deadline], rules: Rules) -> Iterator[str]:
    """Yield how the days were counted, and what was assumed because no provision says it."""
    yield _("以您记下的日期为准，当作对方当天收到或知道。")
    yield _(
        "当天不计入，从第二天算起；最后一天遇到节假日也没有顺延。这两点所引的条款没有写，是本程序的算法。"
    )
    if any(d.period.provision.id.startswith("cmp2020") for d in shown):
        rule = rules.provisions["cmp2020-43"]
        yield _("工作日只用于转送的期限，其他都是自然日（《{instrument}》{article}）。").format(
            instrument=rule.instrument, article=rule.article
        )
    yield _("规定可能修订，以官方现行公布的文本和答复为准。")
