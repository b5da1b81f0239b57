"""The page on which raters listen and judge: served from this machine, or as one file for each rater."""
