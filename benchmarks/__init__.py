"""Speed, measured against other programs in one interleaved run; `python -m benchmarks` runs all."""
