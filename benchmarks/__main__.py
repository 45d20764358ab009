"""Run every benchmark."""

from benchmarks import cohort, index, render, structured_report

if __name__ == "__main__":
    render.main()
    structured_report.main()
    index.main([])
    cohort.main()
