"""What a reader must be told of the file itself: protection, tracking, signatures."""

from lxml import etree

from reviewer.ingest.package import Package, w

_ON = (None, "1", "true", "on")
_ALLOWED = {
    "readOnly": "只读",
    "comments": "只许批注",
    "trackedChanges": "只许修订",
    "forms": "只许填写窗体",
}


def notes_on(package: Package) -> tuple[str, ...]:
    """Return, in Chinese, what the settings of a file mean for its redline."""
    found: list[str] = []
    names = package.related("settings")
    settings = package.root(names[0]) if names else None
    if settings is not None:
        found += _of_settings(settings)
    if any("_xmlsignatures/" in name for name in package.parts):
        found.append("文件带有数字签名，写入修订后签名失效，需要重新签署")
    if any(b"_MarkAsFinal" in package.parts.get(name, b"") for name in ("docProps/custom.xml",)):
        found.append("文件被标记为最终版本，收件人打开后需点“仍然编辑”")
    return tuple(found)


def _of_settings(settings: etree._Element) -> list[str]:
    found: list[str] = []
    protection = settings.find(w("documentProtection"))
    if (
        protection is not None
        and protection.get(w("enforcement"), "0") in _ON
        and protection.get(w("edit"), "none") != "none"
    ):
        kind = _ALLOWED.get(protection.get(w("edit"), ""), "限制编辑")
        found.append(f"文件受保护（{kind}），保护原样保留；接受或拒绝修订前需先在 Word 里停止保护")
    write = settings.find(w("writeProtection"))
    if write is not None:
        recommended = write.get(w("recommended"), "0") in _ON
        found.append(
            "文件建议以只读方式打开，此设置原样保留"
            if recommended
            else "文件设有修改密码，原样保留；没有密码的人只能以只读方式打开"
        )
    tracking = settings.find(w("trackRevisions"))
    if tracking is not None and tracking.get(w("val")) in _ON:
        found.append("文件已开启修订跟踪，此设置原样保留")
    return found
