"""Members of clusters that are born, restarted, replaced and lost, as processes from the compiled files."""
