"""The floor for a rewrite of whole modules: LibCST imports, parses, visits once and prints.

Usage: `python benchmarks/floor.py FILE...`, as one process.
"""

import sys
from pathlib import Path

import libcst as cst

for name in sys.argv[1:]:
    content = Path(name).read_bytes()
    visited = cst.parse_module(content).visit(cst.CSTTransformer())
    if visited.bytes != content:
        sys.exit(f"{name}: LibCST printed it differently")
