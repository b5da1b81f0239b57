"""`python -m pipelines` is `adiff`."""

from pipelines.command import main

main()
