"""LibreOffice as judge: it accepts or rejects all changes and gives the text back."""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, NamedTuple

_MACRO = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Judge" script:language="StarBasic">
Sub Resolve(jobs As String)
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden" : hidden(0).Value = True
  Dim plain(1) As New com.sun.star.beans.PropertyValue
  plain(0).Name = "FilterName" : plain(0).Value = "Text (encoded)"
  plain(1).Name = "FilterOptions" : plain(1).Value = "UTF8,LF"
  Dim dispatcher As Object, doc As Object, line As String, parts As Variant
  dispatcher = createUnoService("com.sun.star.frame.DispatchHelper")
  Open jobs For Input As #1
  Do While Not EOF(1)
    Line Input #1, line
    If Len(line) > 0 Then
      parts = Split(line, "|")
      doc = StarDesktop.loadComponentFromURL(ConvertToURL(parts(0)), "_blank", 0, hidden())
      If parts(2) &lt;&gt; "none" Then
        dispatcher.executeDispatch(doc.CurrentController.Frame, ".uno:" &amp; parts(2), "", 0, Array())
      End If
      doc.storeToURL(ConvertToURL(parts(1)), plain())
      doc.close(True)
    End If
  Loop
  Close #1
  StarDesktop.terminate()
End Sub
</script:module>
"""
_LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false" library:passwordprotected="false">
 <library:element library:name="Judge"/>
</library:library>
"""
_COMMANDS = {
    "accept": "AcceptAllTrackedChanges",
    "reject": "RejectAllTrackedChanges",
    "open": "none",
}


class Job(NamedTuple):
    """What LibreOffice is to do with one file."""

    data: bytes
    resolve: Literal["accept", "reject", "open"]


def texts(jobs: Sequence[Job], folder: Path) -> list[str]:
    """Return the text of each file after LibreOffice resolved its changes, in one start."""
    program = shutil.which("soffice")
    assert program, "LibreOffice is missing: run tests/system/install.sh"
    basic = folder / "profile" / "user" / "basic" / "Standard"
    start = [program, "--headless", "--norestore", f"-env:UserInstallation=file://{folder}/profile"]
    # The first start makes the profile, and with it a library of its own.
    subprocess.run([*start, "--terminate_after_init"], check=True, capture_output=True, timeout=120)
    (basic / "Judge.xba").write_text(_MACRO, encoding="utf-8")
    (basic / "script.xlb").write_text(_LIBRARY, encoding="utf-8")
    lines = []
    for number, job in enumerate(jobs):
        (folder / f"{number}.docx").write_bytes(job.data)
        lines.append(f"{folder}/{number}.docx|{folder}/{number}.txt|{_COMMANDS[job.resolve]}")
    (folder / "jobs").write_text("\n".join(lines) + "\n", encoding="utf-8")
    macro = f"macro:///Standard.Judge.Resolve({folder}/jobs)"
    subprocess.run([*start, macro], check=True, capture_output=True, timeout=900)
    return [(folder / f"{n}.txt").read_text(encoding="utf-8-sig") for n in range(len(jobs))]
