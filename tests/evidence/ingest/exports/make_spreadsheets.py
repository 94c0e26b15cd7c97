"""Write the spreadsheet samples again. Needs ``openpyxl`` and ``xlwt``; the tests read the files.

Usage: python -m tests.evidence.ingest.exports.make_spreadsheets FOLDER
"""

import datetime as dt
import sys
from pathlib import Path

import openpyxl
import xlwt

UNICOM = """
序号,业务类型,通话起始时间,通话时长,呼叫类型,对方号码,通话地点,通话类型,通话费,其他费,小计
1,语音电话,2024-01-15 14:30:25,3分3秒,被叫,13900139000,深圳,国内通话,0.00,0.00,0.00
2,语音电话,2024-01-15 08:01:05,49秒,被叫,138****0000,深圳,本地通话,0.00,0.00,0.00
3,语音电话,2024-01-14 21:30:00,1分0秒,主叫,10010,深圳,本地通话,0.00,0.00,0.00
4,语音电话,2024-01-13 07:59:59,12秒,被叫,***,深圳,本地通话,0.00,0.00,0.00
合计,,,,,,,,0.00,0.00,0.00
"""
NO_PEER = """
序号,业务类型,通话起始时间,通话时长,呼叫类型,通话地点,通话类型,通话费,小计
1,语音电话,2024-01-15 14:30:25,3分3秒,被叫,深圳,国内通话,0.00,0.00
2,语音电话,2024-01-15 08:01:05,49秒,主叫,深圳,本地通话,0.00,0.00
"""
PLAIN = """
对方号码,起始时间,通话类型,通话时长（秒）,总话费,长途类型,话单位置,漫游类型,网络
"""
MESSAGES = """
起始时间,通信地点,对方号码,通信方式,信息类型,业务名称,套餐优惠,通信费(元)
2024-01-15 09:00:12,深圳,106900000001,接收,短信,国内短信,,0.00
2024-01-15 14:35:02,深圳,13900139000,发送,短信,国内短信,,0.10
"""
MOBILE = """
起始时间,通信地点,通信方式,对方号码,通信时长,通信类型,套餐优惠,实收通信费(元)
"""


def cells(text: str) -> list[list[str]]:
    """Return the cells of a table written as lines."""
    return [line.split(",") for line in text.strip().splitlines()]


def text_sheet(book: xlwt.Workbook, title: str, text: str) -> None:
    """Add a sheet whose cells are all text, as operators' sites give it."""
    sheet = book.add_sheet(title)
    for r, row in enumerate(cells(text)):
        for c, cell in enumerate(row):
            sheet.write(r, c, cell)


def unicom_xls(path: Path) -> None:
    """Write a sheet of calls and one of messages."""
    book = xlwt.Workbook(encoding="utf-8")
    text_sheet(book, "2024年01月语音通信", UNICOM)
    text_sheet(book, "2024年01月短信", MESSAGES)
    book.save(str(path))


def no_peer_xls(path: Path) -> None:
    """Write a real kind of export without any numbers: its rows are problems, not calls."""
    book = xlwt.Workbook(encoding="utf-8")
    text_sheet(book, "2024年01月语音通信", NO_PEER)
    book.save(str(path))


def resaved_xls(path: Path) -> None:
    """Write dates and numbers as a spreadsheet program makes them when it saves again."""
    book = xlwt.Workbook(encoding="utf-8")
    text_sheet(book, "语音业务历史详单_1", PLAIN)
    sheet = book.get_sheet(0)
    date = xlwt.easyxf(num_format_str="yyyy-mm-dd hh:mm:ss")
    rows = [
        (75500000001, "2024-01-15 14:30:25", "被叫", 183, 0, "国内长途", "755"),
        (13900139000, "2024-01-15 08:01:05", "主叫", 62, 0.6, "本地", "755"),
        (1069000000, "2024-01-15 09:00:00", "被叫", 5, 0, "本地", "755"),
    ]
    for r, (peer, when, *rest) in enumerate(rows, start=1):
        sheet.write(r, 0, peer)
        sheet.write(r, 1, dt.datetime.fromisoformat(when), date)
        for c, value in enumerate(rest, start=2):
            sheet.write(r, c, value)
    book.save(str(path))


def headings_xlsx(path: Path) -> None:
    """Write days as heading rows, times of day below, durations as times, in two sheets."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "本地通话"
    rows: list[list[object]] = [
        ["客户号码：138****8000"],
        ["起止日期：2023-12-27 至 2024-01-26"],
        [*cells(MOBILE)[0]],
        ["12-31"],
        [dt.time(23, 50), "深圳", "被叫", 13900139000, dt.time(0, 1, 2), "国内", None, 0],
        ["01-15 星期一"],
        [dt.time(8, 1, 5), "深圳", "被叫", "9501700011", dt.time(0, 0, 9), "国内", None, 0],
        ["合计", None, None, None, None, None, None, 0],
    ]
    for row in rows:
        sheet.append(row)
    sheet = book.create_sheet("长途通话")
    sheet.append(cells(MOBILE)[0])
    sheet.append([dt.date(2024, 1, 16)])
    sheet.append([dt.time(22, 30), "深圳", "主叫", "02150001234", "1小时2分", "国内", None, 1.2])
    book.save(path)


def main() -> int:
    """Write all into the folder."""
    folder = Path(sys.argv[1])
    unicom_xls(folder / "2024年01月语音通信.xls")
    resaved_xls(folder / "语音业务历史详单.xls")
    no_peer_xls(folder / "没有号码.xls")
    headings_xlsx(folder / "按日分组_山东.xlsx")
    return 0


if __name__ == "__main__":
    sys.exit(main())
