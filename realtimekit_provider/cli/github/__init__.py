"""Speaking to GitHub: comments of a pull request, issues, and the summary of a job's step."""
