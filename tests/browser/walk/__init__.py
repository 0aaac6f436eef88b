"""The steps of the real case as people take them: one file a part of the loop, all through screens."""
