"""The linters of GitHub's workflows, for ``make prove``."""
