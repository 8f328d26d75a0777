"""Old and foreign word processor files: LibreOffice makes a .docx of them, in a cage.

It runs without a window in a profile made for this one file: macros off, links not followed, no
proxy that leads anywhere, and without network where the system allows that. Its files lie in the
private folder of the job, and the supervisor ends it with the job.
"""

import contextlib
import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from reviewer.errors import Unreadable, UnsupportedFormat
from reviewer.ingest.limits import Tools
from reviewer.sandbox import Pace
from reviewer.sandbox.network import leave_network

CONVERT_S = 60
"""Seconds that a conversion may take."""
MEMORY_MB = 4096
_DEAD = "127.0.0.1"
_SIGNS = (b"\xd0\xcf\x11\xe0", b"PK\x03\x04", b"{\\rtf", b"\xdb\xa5", b"\x9b\xa5", b"\xfe\x37")
"""Compound files, archives, RTF, and Word before it had either."""
_XML = (b"urn:oasis:names:tc:opendocument", b'progid="Word.Document"')
_SETTINGS = (
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Office.Writer/Content/Update", "Link", "0"),
    ("Office.Writer/Content/Update", "Field", "false"),
    ("Inet/Settings", "ooInetProxyType", "2"),
    ("Inet/Settings", "ooInetHTTPProxyName", _DEAD),
    ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("Inet/Settings", "ooInetHTTPSProxyName", _DEAD),
    ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
    ("Inet/Settings", "ooInetNoProxy", ""),
)


_SOCKETS = (Path("/tmp"), Path("/var/tmp"))


def to_docx(data: bytes, name: str, folder: Path, tools: Tools, pace: Pace) -> bytes:
    """Return the file as a .docx.

    Args:
        data: The file.
        name: Its name: its suffix tells LibreOffice what it may be.
        folder: A private folder for this conversion alone.
        tools: Where LibreOffice is.
        pace: Granted the time and memory that it takes.

    Raises:
        UnsupportedFormat: LibreOffice is not installed.
        Unreadable: LibreOffice could not open it, or not in time.
    """
    program = tools.office or shutil.which("soffice") or shutil.which("libreoffice")
    suffix = Path(name).suffix.lower()
    if not program:
        raise UnsupportedFormat(
            f"{name} 是 {suffix} 格式，需要 LibreOffice 才能读取",
            remedy="请安装 LibreOffice，或用 Word/WPS 另存为 .docx",
        )
    pace.step(cpu_s=CONVERT_S, memory_mb=MEMORY_MB, wall_s=2 * CONVERT_S)
    source = folder / f"contract{_suffix_for(data, suffix)}"
    source.write_bytes(data)
    _profile(folder / "profile")
    leave_network()
    try:
        subprocess.run(
            [
                program,
                "--headless",
                "--norestore",
                "--nolockcheck",
                "--nodefault",
                f"-env:UserInstallation={(folder / 'profile').as_uri()}",
                "--convert-to",
                "docx:MS Word 2007 XML",
                "--outdir",
                str(folder / "out"),
                str(source),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env=_environment(folder),
            timeout=CONVERT_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable(f"{name} 转换超时", remedy="请用 Word/WPS 另存为 .docx") from error
    except OSError as error:
        raise UnsupportedFormat(
            f"{name} 需要 LibreOffice，但它无法启动", remedy="请用 Word/WPS 另存为 .docx"
        ) from error
    finally:
        forget(folder)
    made = folder / "out" / "contract.docx"
    if not made.is_file():
        raise Unreadable(
            f"{name} 无法转换，可能已损坏或加密", remedy="请去除密码，并用 Word/WPS 另存为 .docx"
        )
    return made.read_bytes()


def forget(folder: Path) -> None:
    """Remove the socket that LibreOffice leaves outside `folder` when it is killed.

    It lies in the system's temporary folder, whatever the environment says, and is called after
    the profile.
    """
    profile = (folder / "profile").as_uri().encode("utf-16-le")
    digest = hashlib.md5(profile, usedforsecurity=False).digest()
    name = "".join(f"{byte:x}" for byte in digest)
    for root in _SOCKETS:
        for socket in root.glob(f"OSL_PIPE_*_SingleOfficeIPC_{name}"):
            with contextlib.suppress(OSError):
                socket.unlink()


def is_office(data: bytes) -> bool:
    """Return whether the bytes begin like a file of a word processor."""
    start = data[:4096].lstrip()
    if data.startswith(_SIGNS[0]):
        return data[28:30] == b"\xfe\xff" and data[30:32] in (b"\x09\x00", b"\x0c\x00")
    return data.startswith(_SIGNS) or any(sign in start for sign in _XML)


def _suffix_for(data: bytes, suffix: str) -> str:
    """Return the suffix by which LibreOffice recognises what the file really is."""
    if data.startswith(b"{\\rtf"):
        return ".rtf"
    if data.startswith(b"\xd0\xcf\x11\xe0") and "WordDocument".encode("utf-16-le") in data:
        return ".doc"
    if data.startswith(b"PK"):
        return ".odt"
    if _XML[0] in data[:4096]:
        return ".fodt"
    return ".xml" if _XML[1] in data[:4096] else suffix


def _profile(folder: Path) -> None:
    (folder / "user").mkdir(parents=True)
    items = "".join(
        f'<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for path, name, value in _SETTINGS
    )
    (folder / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{items}</oor:items>',
        encoding="utf-8",
    )


def _environment(folder: Path) -> dict[str, str]:
    """Return an environment in which nothing leads out of the folder."""
    dead = f"http://{_DEAD}:9"
    return {
        "PATH": os.defpath,
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LANG": "C.UTF-8",
        "SAL_USE_VCLPLUGIN": "svp",
        "http_proxy": dead,
        "https_proxy": dead,
        "HTTP_PROXY": dead,
        "HTTPS_PROXY": dead,
    }
