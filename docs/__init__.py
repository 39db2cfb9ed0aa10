"""The documentation: pages, and in `docs.generate` what makes the generated ones."""
