"""What the checks of a pack found, for people and for machines."""

from patcher.checks.model import Result
from patcher.operations.proof import Proof
from patcher.report import count
from patcher.report.json import envelope
from patcher.report.rows import Row, print_rows
from patcher.report.verification import row_of, verdict


def lines(proof: Proof) -> None:
    """Print a line per check, its findings below it, and a summary."""
    rows: list[Row] = []
    for result in proof.results:
        rows.append(row_of(result))
        for each in result.findings or ():
            rows.append([(f"  {each.place}", "yellow" if each.advice else "red"), f"  {each.text}"])
    rules = len(list(proof.pack.entries()))
    if proof.unwritten:
        said = f"{len(proof.unwritten)} of {rules} reasons are to be written"
        rows.append(("reasons", ("to do", "yellow"), "", said))
        rows += [[(f"  {id_}", "yellow")] for id_ in proof.unwritten]
    print_rows(("check", "", "", ""), rows, _summary(proof, rules))


def _summary(proof: Proof, rules: int) -> str:
    before = ", ".join(pack.name for pack in proof.before)
    after = f", after {before}" if before else ""
    return f"{proof.pack.name}: {verdict(proof.results)}; {count(rules, 'rule')}{after}"


def as_json(proof: Proof) -> str:
    """The same as one object, on one line."""
    pin = proof.pack.upstream
    return envelope(
        pack=proof.pack.name,
        commit=(pin and pin.commit) or None,
        before=[pack.name for pack in proof.before],
        rules=[id_ for id_, _, _ in proof.pack.entries()],
        checks=[_members(result) for result in proof.results],
        to_be_written=proof.unwritten,
        holds=not any(result.failures for result in proof.results),
    )


def _members(result: Result) -> dict[str, object]:
    findings = [
        {"place": each.place, "text": each.text, "advice": each.advice}
        for each in result.findings or ()
    ]
    return {
        "name": result.label,
        "holds": result.holds,
        "note": result.note,
        "findings": findings,
    }
