"""Writes the generated documents: `make docs`. A test checks that they are current."""

import json
from pathlib import Path

from reviewer.anchoring.wording import AnchorFile
from reviewer.comparison import Comparison
from reviewer.knowledge.exemplars import ExemplarFile
from reviewer.knowledge.laws import LawFile
from reviewer.knowledge.signals import SignalFile
from reviewer.model_clause import Fix, ModelClause
from reviewer.monitoring.notices import NoticeFile
from reviewer.playbook import Check
from reviewer.review import Review
from reviewer.shop.metric import MetricFile, PromotionFile, Ratios
from reviewer.terms.term import Terms

REPOSITORY = Path(__file__).resolve().parents[1]


def generated() -> dict[Path, str]:
    """Return the text of every generated document by its path."""
    schemas = {
        "docs/review.schema.json": Review.model_json_schema(mode="serialization"),
        "corpus/schema/check.schema.json": Check.model_json_schema(),
        "corpus/schema/law.schema.json": LawFile.model_json_schema(),
        "corpus/schema/clause.schema.json": ModelClause.model_json_schema(),
        "corpus/schema/fix.schema.json": Fix.model_json_schema(),
        "corpus/schema/exemplars.schema.json": ExemplarFile.model_json_schema(),
        "corpus/schema/metrics.schema.json": MetricFile.model_json_schema(),
        "corpus/schema/promotions.schema.json": PromotionFile.model_json_schema(),
        "corpus/schema/ratios.schema.json": Ratios.model_json_schema(),
        "corpus/schema/anchor.schema.json": AnchorFile.model_json_schema(),
        "corpus/schema/notices.schema.json": NoticeFile.model_json_schema(),
        "corpus/schema/signals.schema.json": SignalFile.model_json_schema(),
        "docs/comparison.schema.json": Comparison.model_json_schema(mode="serialization"),
        "docs/terms.schema.json": Terms.model_json_schema(mode="serialization"),
    }
    return {
        REPOSITORY / name: json.dumps(schema, ensure_ascii=False, indent=1) + "\n"
        for name, schema in schemas.items()
    }


def main() -> None:
    """Write them."""
    for path, text in generated().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
