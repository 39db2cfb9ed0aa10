"""The edit kinds: `kinds` lists them; the module of each name finds and makes its edits."""
