"""One deployment as a pipeline runs it: stopped in time, without a lock or a process left."""
