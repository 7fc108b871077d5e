"""Why an input file was refused or passed over, one sentence each.

Here: the codes, their sentences in both languages and the exception that carries a code through
the readers and across the process border. Not here: deciding when a file is refused.
"""

from __future__ import annotations

from typing import Literal

from recon.base.models import Text

Code = Literal[
    "ancient",
    "bad_override",
    "bomb",
    "corrupt",
    "crashed",
    "denied",
    "empty",
    "encrypted",
    "encrypted_zip",
    "entities",
    "foreign",
    "garbled",
    "memory",
    "not_tabular",
    "own_output",
    "oversized",
    "packed",
    "parquet",
    "password",
    "sheets",
    "timeout",
    "truncated",
    "undecodable",
    "unread",
    "unknown",
    "vanished",
    "webpage",
]

#: `{detail}` is a number or a name that the reader found; it is never a program's own message.
SENTENCES: dict[Code, Text] = {
    "ancient": Text(
        "这是 Excel 95 以前的旧格式（{detail}），无法读取。请用 Excel 或 WPS 另存为 .xlsx。",
        "this is a format older than Excel 95 ({detail}). Save it as .xlsx in Excel or WPS.",
    ),
    "bad_override": Text(
        "指定的编码“{detail}”读不通这个文件。"
        "请在 recon.toml 中改正 encoding，或删去这一项由软件判断。",
        "the encoding {detail!r} asked for does not decode this file. Correct encoding in "
        "recon.toml, "
        "or remove it to let the tool judge.",
    ),
    "bomb": Text(
        "解压后过大（{detail}），疑为压缩炸弹，未读取。"
        "请核对来源；确属正常数据时请解压后再放入目录。",
        "it unpacks to far more than its size ({detail}), as a zip bomb does. Check where it came "
        "from; if the data are genuine, unpack it first.",
    ),
    "corrupt": Text(
        "文件已损坏或内容与{detail}格式不符，无法读取。"
        "请向提供方重新索取，或用 Excel/WPS 打开后另存为 .xlsx。",
        "the file is damaged or does not follow the {detail} format. Ask for it again, or open "
        "it in "
        "Excel or WPS and save it as .xlsx.",
    ),
    "crashed": Text(
        "读取进程两次中途终止，文件可能已损坏，或机器内存不足。请关闭其他程序后重试，"
        "或用 Excel 或 WPS 打开后另存为 .xlsx。",
        "the reading process ended twice on this file: it is damaged, or the machine lacks memory. "
        "Close other programs and try again, or open it in Excel or WPS and save it as .xlsx.",
    ),
    "denied": Text(
        "没有读取权限。请检查文件权限，或关闭正在占用它的程序后重试。",
        "no permission to read it. Check its permissions, or close the program that holds it.",
    ),
    "empty": Text(
        "文件是空的（没有任何内容）。请核对导出是否成功。",
        "the file is empty. Check whether its export succeeded.",
    ),
    "encrypted": Text(
        "工作簿有打开密码，无法读取。"
        "请去掉密码另存，或把密码写进一个文本文件，用 --password-file 指定。",
        "the workbook is encrypted. Save it without a password, or write the password into a text "
        "file and name that by --password-file.",
    ),
    "encrypted_zip": Text(
        "压缩包有密码，无法读取。请解压后把文件放入目录（--password-file 只能打开工作簿）。",
        "the archive is encrypted. Unpack it and put its files into the folder (--password-file "
        "opens workbooks only).",
    ),
    "entities": Text(
        "XML 中含有文档类型或实体声明（可能是实体炸弹），为安全起见未读取。"
        "请用 Excel 或 WPS 另存为 .xlsx。",
        "its XML declares a document type or entities, which may be an entity bomb. Save it as "
        ".xlsx "
        "in Excel or WPS.",
    ),
    "foreign": Text(
        "内容是{detail}，不能作为表格读取。如其中有数据，请导出为 .xlsx 或 .csv。",
        "its content is {detail}, which is not read as a table. Export data as .xlsx or .csv.",
    ),
    "garbled": Text(
        "文字是乱码（字符之间有空字符），无法读取。请用 Excel 或 WPS 打开后另存为 .xlsx。",
        "its texts are garbled (null characters stand in them). Open it in Excel or WPS and save "
        "it as .xlsx.",
    ),
    "memory": Text(
        "读取所需内存超过上限（{detail}）。请拆分文件，或用 --memory 提高上限。",
        "reading it takes more memory than allowed ({detail}). Split the file, or raise --memory.",
    ),
    "not_tabular": Text(
        "这是一段文字，其中没有表格（找不到一致的分隔符）。"
        "如应有数据，请重新导出为 .xlsx 或 .csv。",
        "the text holds no table (no separator runs through it). If it should hold data, export it "
        "again as .xlsx or .csv.",
    ),
    "own_output": Text(
        "这是 recon 自己生成的文件，不作为输入。",
        "this file was made by recon; it is not read as input.",
    ),
    "oversized": Text(
        "工作表“{detail}”边远处有零散单元格，使表格范围过大，无法读取。"
        "请删除数据以外的行和列后另存。",
        "sheet {detail!r} spans far more than its data because of a stray cell. Delete the "
        "rows and "
        "columns outside the data and save again.",
    ),
    "packed": Text(
        "这是不能直接读取的压缩包（{detail}）。请解压后把其中的文件放入目录。",
        "it is an archive that is not read here ({detail}). Unpack it and put its files into the "
        "folder.",
    ),
    "parquet": Text(
        "Parquet 文件已损坏、没有写完或含有读不懂的内容，无法读取。请从数据仓库重新导出。",
        "the Parquet file is damaged, was not written to its end, or holds what cannot be "
        "understood. Export it from the warehouse again.",
    ),
    "password": Text(
        "提供的密码打不开这个工作簿。请核对 --password-file 中的密码。",
        "the password given does not open this workbook. Check the password in --password-file.",
    ),
    "sheets": Text(
        "工作表过多（{detail} 个，上限 2000 个）。请拆分工作簿。",
        "it has too many sheets ({detail}; at most 2000). Split the workbook.",
    ),
    "timeout": Text(
        "读取超过 {detail} 秒仍未完成，已放弃。请拆分文件，或另存为 .xlsx 或 .csv。",
        "reading did not finish within {detail} seconds. Split the file, or save it as .xlsx "
        "or .csv.",
    ),
    "truncated": Text(
        "文件不完整（下载或复制中断），无法读取。请重新导出或复制。",
        "the file is cut short, as after a broken download. Export or copy it again.",
    ),
    "undecodable": Text(
        "无法判断文字编码（不是 UTF-8、UTF-16、GB18030 或可确认的 Big5）。请另存为 UTF-8，"
        "或在 recon.toml 中为它写明 encoding。",
        "its text encoding cannot be told (not UTF-8, UTF-16, GB18030 or certain Big5). Save it as "
        "UTF-8, or name its encoding in recon.toml.",
    ),
    "unknown": Text(
        "内容不是已知的表格格式。请另存为 .xlsx 或 .csv。",
        "its content is no known table format. Save it as .xlsx or .csv.",
    ),
    "unread": Text(
        "不是能读取的表格文件，没有读取（压缩包里这样的文件共 {detail} 个）。"
        "如其中有数据，请解压后另存为 .xlsx 或 .csv。",
        "no table file that is read (the archive holds {detail} such). If they hold data, unpack "
        "them and save them as .xlsx or .csv.",
    ),
    "webpage": Text(
        "这是一个网页，其中没有表格，常见于登录超时以后的导出。请重新登录并导出。",
        "this is a web page without a table, as after a session that ended. Sign in and export it "
        "again.",
    ),
}


class RefusedError(Exception):
    """A file cannot be read; carries the code of the reason and what the sentence needs."""

    def __init__(self, code: Code, detail: str = "") -> None:
        """Keep code and detail (picklable: it crosses a process border as two strings)."""
        self.code: Code = code
        self.detail = detail
        super().__init__(code, detail)


def sentence(path: str, code: Code, detail: str = "") -> Text:
    """Write the one sentence for a refused or ignored file.

    Args:
        path: Relative path of the file, as shown to the user.
        code: Why.
        detail: The number or name that the sentence quotes.

    Returns:
        `<path>: <what is wrong>. <what to do>.` in both languages.
    """
    found = SENTENCES[code]
    return Text(
        f"{path}: {found.zh.format(detail=detail)}", f"{path}: {found.en.format(detail=detail)}"
    )
