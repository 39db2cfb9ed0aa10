"""The edit kinds: `kinds` lists them, and the module of each one's name finds and makes its edits."""
