"""A review as a page: one file that needs no network and no server."""

from patcher.report.page.page import html

__all__ = ["html"]
