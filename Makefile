# Thin on purpose: each target is one script, and every script runs without make (see README.md).
.PHONY: run test check format lock bench

run: ; @sh scripts/run
test: ; @sh scripts/test
check: ; @sh scripts/check
format: ; @sh scripts/format
lock: ; @sh scripts/lock
bench: ; @sh scripts/bench
