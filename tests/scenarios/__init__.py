"""The life of a recording as data: the same steps are run at several heights."""
