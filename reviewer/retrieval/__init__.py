"""The retrieval index over model clauses and law excerpts."""
