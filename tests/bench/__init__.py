"""The figures of docs/performance.md: what the product costs, beside what it is compared with."""
