"""Run every benchmark."""

from benchmarks import render

if __name__ == "__main__":
    render.main()
