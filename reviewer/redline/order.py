"""The order in which the schema wants properties (ECMA-376 part 1, 17.3.1.26 and 17.3.2.28)."""

from lxml import etree

from reviewer.ingest.package import w

_PARAGRAPH = (
    "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr "
    "shd tabs suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE "
    "autoSpaceDN bidi adjustRightInd snapToGrid spacing ind contextualSpacing mirrorIndents "
    "suppressOverlap jc textDirection textAlignment textboxTightWrap outlineLvl divId cnfStyle rPr "
    "sectPr pPrChange"
)
_RUN = (
    "ins del moveFrom moveTo rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow "
    "emboss imprint noProof snapToGrid vanish webHidden color spacing w kern position sz szCs "
    "highlight u effect bdr shd fitText vertAlign rtl cs em lang eastAsianLayout specVanish oMath"
)
_PLACES = {
    w(name): {w(child): place for place, child in enumerate(words.split())}
    for name, words in {"pPr": _PARAGRAPH, "rPr": _RUN}.items()
}


def in_order(properties: etree._Element) -> etree._Element:
    """Put the children of copied `w:pPr` or `w:rPr` into order; what the schema lacks goes last."""
    places = _PLACES[properties.tag]
    children = sorted(properties, key=lambda child: places.get(child.tag, len(places)))
    if children != list(properties):
        properties[:] = children
    return properties
