"""`python -m patcher.report.schemas`: writes the files of the schemas."""

from patcher.report.schemas import FOLDER, schemas

for name, text in schemas().items():
    (FOLDER / name).write_text(text, "utf-8")
