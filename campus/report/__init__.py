"""The report: one self-contained HTML file, made from a results folder alone."""

from campus.report.build import write_report

__all__ = ["write_report"]
