# Rulewright in a container: build with `docker build -t rulewright .`, run with `docker run --rm rulewright demo`.
FROM python:3.13-slim AS build
RUN apt-get update && apt-get install --yes --no-install-recommends gcc libc6-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY requirements.lock ./
RUN python -m venv /app/.venv && /app/.venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY . .
RUN /app/.venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation --editable . \
 && /app/.venv/bin/python setup.py --quiet build_ext --inplace

FROM python:3.13-slim
RUN useradd --create-home --uid 10001 trader
COPY --from=build --chown=trader:trader /app /app
USER trader
WORKDIR /app
ENTRYPOINT ["/app/.venv/bin/rulewright"]
CMD ["--help"]
