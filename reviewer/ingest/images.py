"""Pictures of pages: photographs, scans, faxes with several pages in one file."""

import io
import warnings
from collections.abc import Iterator, Sequence
from typing import Any

from reviewer.contract import Unread
from reviewer.errors import Unreadable
from reviewer.ingest.flow import flow
from reviewer.ingest.limits import Limits
from reviewer.ingest.ocr import Recognise, missing
from reviewer.ingest.printed import Printed
from reviewer.ingest.source import Given, Source

_FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "GIF", "WEBP", "MPO")
_SMALLEST = 20
"""Pixels of a side below which nothing can be read."""


def read_images(
    pictures: Sequence[Given], name: str, limits: Limits, recognise: Recognise | None
) -> Source:
    """Return what is written on pictures, each a page.

    Raises:
        NoTextLayer: Recognition is not installed.
        Unreadable: A picture is damaged or too large, or nothing was recognised.
    """
    if recognise is None:
        raise missing(name, "是图片")
    pages: list[list[Printed]] = []
    unread: list[Unread] = []
    notes: list[str] = []
    for picture in pictures:
        for pixels in _frames(picture, limits, limits.max_pages - len(pages)):
            number = len(pages) + 1
            seen = recognise(pixels, number)
            pages.append(seen.lines)
            part = f"第 {number} 页"
            notes.append(
                f"{part}是图片，已用文字识别读取（平均置信度 {seen.confidence:.0%}），请核对"
            )
            if not seen.lines or seen.unreadable >= max(3, 0.1 * len(seen.lines)):
                reason = f"{seen.unreadable} 处文字无法辨认" if seen.lines else "没有认出文字"
                unread.append(Unread(part=part, reason=reason))
    if not any(pages):
        raise Unreadable(f"{name} 里没有认出文字", remedy="请换一张更清晰的图片，或提供 .docx")
    text, starts, places = flow(pages)
    return Source(
        text=text,
        pages=starts,
        places=places,
        page_count=len(pages),
        unread=tuple(unread),
        warnings=tuple(notes),
    )


def _frames(picture: Given, limits: Limits, left: int) -> Iterator[Any]:
    """Yield the pixels of each picture in a file.

    Raises:
        Unreadable: It is damaged, too large, or has too many.
    """
    import numpy
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = limits.max_pixels
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(picture.data), formats=_FORMATS) as image:
                count = getattr(image, "n_frames", 1) if image.format in ("TIFF", "GIF") else 1
                if count > left:
                    raise Unreadable(
                        f"{picture.name} 超过上限 {limits.max_pages} 页",
                        remedy="请拆分，或调高上限",
                    )
                for index in range(count):
                    image.seek(index)
                    _check(image.size, picture.name, limits)
                    upright = ImageOps.exif_transpose(image)
                    yield numpy.asarray(_flat(upright))
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise _too_large(picture.name, limits) from error
    except (OSError, ValueError, SyntaxError, EOFError, KeyError, TypeError, IndexError) as error:
        raise Unreadable(
            f"{picture.name} 不是有效的图片，或已损坏", remedy="请重新导出该图片"
        ) from error


def _check(size: tuple[int, int], name: str, limits: Limits) -> None:
    if size[0] * size[1] > limits.max_pixels:
        raise _too_large(name, limits)
    if min(size) < _SMALLEST:
        raise Unreadable(f"{name} 太小，认不出文字", remedy="请提供更清晰的图片")


def _too_large(name: str, limits: Limits) -> Unreadable:
    return Unreadable(
        f"{name} 的像素超过上限 {limits.max_pixels // 10**6} 百万", remedy="请缩小图片后再试"
    )


def _flat(image: Any) -> Any:
    """Return the image in three colours on white."""
    from PIL import Image

    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, (255, 255, 255, 255))
        return Image.alpha_composite(paper, image).convert("RGB")
    if image.mode in ("I", "I;16", "I;16B", "I;16L", "F"):
        import numpy

        pixels = numpy.asarray(image).astype("float32")
        span = float(pixels.max() - pixels.min()) or 1.0
        image = Image.fromarray(((pixels - pixels.min()) * (255 / span)).astype("uint8"))
    return image.convert("RGB")
