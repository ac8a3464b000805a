# Everything a newcomer needs: `make run` and `make test`. GNU make and Python 3.11 or newer do.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help setup run test test-deep coverage pictures bench check lock packages packages-dev
MAKEFLAGS += --no-print-directory

PORT ?= 8000
ARGS ?=
PYTHON := .venv/bin/python

# The first Python that is new enough and can make a virtual environment. Debian ships python3
# without ensurepip, so each candidate is tried, not just looked for.
define find_python
python=; bare=; \
for candidate in python3 python3.13 python3.12 python3.11 python3.14 python; do \
	"$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	bare=$$candidate; \
	"$$candidate" -c 'import venv, ensurepip' 2>/dev/null || continue; \
	python=$$candidate; break; \
done; \
if [ -z "$$python$$bare" ]; then \
	echo "Python 3.11 이상이 없습니다. Python 3.11 이상을 설치한 뒤 다시 실행하세요." >&2; exit 2; \
elif [ -z "$$python" ]; then \
	echo "$$bare 에 venv 모듈이 없습니다. python3-venv 패키지를 설치한 뒤 다시 실행하세요." >&2; exit 2; \
fi
endef

# When the packages are in place, .venv itself says so at once.
define install
@$(PYTHON) requirements/install.py --check $(1) 2>/dev/null || { \
	$(find_python); "$$python" -X utf8 requirements/install.py $(1); }
endef

# What a production server is given: `check` must find nothing to object to.
PRODUCTION_LIKE := DEMO=0 DEBUG=0 CONSOLE_TODAY= \
	ALLOWED_HOSTS=console.example,.workplace.example \
	CONSOLE_URL=https://console.example COMPANY_DOMAIN=workplace.example \
	DATABASE_URL=postgres://console:secret@127.0.0.1:1/console \
	REDIS_URL=redis://127.0.0.1:1/0 EMAIL_URL=smtp://127.0.0.1:25

help:
	@echo "make run        콘솔을 실행합니다(http://localhost:$(PORT), 다른 포트는 PORT=8001)."
	@echo "make test       모든 테스트를 실행합니다(pytest 인자는 ARGS=\"-k 이름\")."
	@echo "make test-deep  오래 걸리는 테스트까지 실행합니다."
	@echo "make coverage   테스트가 지나간 줄과 가지를 잽니다."
	@echo "make pictures   모든 화면의 그림을 var/pictures 에 만듭니다(Chromium이 있어야 합니다)."
	@echo "make bench      속도를 재고 benchmarks/README.md 의 표를 새로 씁니다(BENCH_SMALL=1: 짧게, BENCH_HISTORY=1: 길게)."
	@echo "make check      형식, 타입, 설정, 마이그레이션, 문서를 검사합니다."
	@echo "make setup      패키지를 설치하고 .env 를 만듭니다(run 이 알아서 합니다)."
	@echo "make lock       requirements/*.lock 을 새로 만듭니다."

packages:
	$(call install,base local)

packages-dev:
	$(call install,base local dev)

setup: packages
	@[ -e .env ] || { umask 077; printf '%s\n' \
		'# 데모로 실행합니다: 내장 데이터베이스와 예시 값을 씁니다. 운영 서버에서는 지우세요.' \
		'DEMO=1' > .env; }

run: export PORT := $(PORT)
run: setup
	@$(PYTHON) -m workplace_console.local run

test: packages-dev
	@$(PYTHON) -m pytest -n 2 --dist worksteal $(ARGS)

test-deep: packages-dev
	@$(PYTHON) -m pytest -n 2 --dist worksteal --deep $(ARGS)

# What the tests reach, with the processes that they start; a quarter of an hour.
coverage: packages-dev
	@rm -rf var/coverage; mkdir -p var/coverage
	@$(PYTHON) -m coverage run -m pytest -n 2 --dist worksteal $(ARGS)
	@$(PYTHON) -m coverage combine -q
	@$(PYTHON) -m coverage report

pictures: packages-dev
	@$(PYTHON) -m tests.pictures $(ARGS)

# On a PostgreSQL of its own. The short one writes nothing.
bench: packages-dev
	@$(PYTHON) -m benchmarks.scale $(if $(BENCH_SMALL),--size small,--write) \
		$(if $(BENCH_HISTORY),--history) $(ARGS)

check: packages-dev
	$(PYTHON) -m ruff check
	$(PYTHON) -m ruff format --check
	DEMO=1 $(PYTHON) -m mypy
	$(PYTHON) .venv/bin/lint-imports
	$(PYTHON) -m tests.secrets_scan
	@secret=$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(64))'); \
	export SECRET_KEY="$$secret" $(PRODUCTION_LIKE); \
	set -ex; \
	$(PYTHON) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run; \
	$(PYTHON) manage.py check --deploy --fail-level WARNING; \
	$(PYTHON) manage.py docs_rules --check; \
	$(PYTHON) manage.py catalogue --check

# local and dev name base.lock as their constraint, so all three install together.
lock: packages-dev
	@set -ex; for name in base local dev; do \
		$(PYTHON) -m uv pip compile "requirements/$$name.in" -o "requirements/$$name.lock" \
			--universal --python-version 3.11 --generate-hashes \
			--no-emit-index-url --no-header --no-annotate --quiet; \
	done
