# One verb per chore; CI calls the same verbs. `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help setup run test test-scale bench

help:
	@echo "make run         set up what is missing, then serve the site on HOST:PORT (127.0.0.1:8000)"
	@echo "make setup       the part of make run before serving"
	@echo "make test        lint, types, migrations, content, labs, unit and browser tests"
	@echo "make test-scale  the suite against its own PostgreSQL, Redis and Celery worker"
	@echo "make bench       the benchmarks; each prints ratios"
	@echo "TORCH=no leaves PyTorch out. docs/operations.md explains every variable."

setup:
	@scripts/install
	@.venv/bin/python manage.py prepare

run: setup
	@.venv/bin/python manage.py serve

test:
	@scripts/install dev
	@scripts/check

test-scale:
	@scripts/install dev
	@.venv/bin/python scripts/scale.py

bench:
	@scripts/install dev
	@scripts/bench
