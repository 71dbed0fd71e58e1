# gapmap as a container. It serves others only with sign-in set up: mount .streamlit/secrets.toml (docs/operations.md).
# All packages come as wheels, pinned with their hashes, so neither stage needs a compiler.

FROM python:3.11.14-slim-bookworm AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /app
COPY requirements.txt ./
RUN python -m venv /opt/gapmap \
    && /opt/gapmap/bin/python -m pip install --only-binary :all: --require-hashes -r requirements.txt \
    && /opt/gapmap/bin/python -m pip uninstall --yes pip setuptools

FROM python:3.11.14-slim-bookworm
RUN groupadd --gid 10001 gapmap \
    && useradd --uid 10001 --gid gapmap --no-create-home --shell /usr/sbin/nologin gapmap \
    && install -d -o gapmap -g gapmap -m 0700 /data
WORKDIR /app
COPY --from=packages /opt/gapmap /opt/gapmap
COPY .streamlit/config.toml .streamlit/config.toml
COPY app.py ./
COPY data/contracts data/contracts
COPY data/reference data/reference
COPY gapmap gapmap
COPY pages pages
COPY queries queries
# HOME: the root file system may be read-only, and libraries look for a place of their own.
ENV PATH=/opt/gapmap/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOME=/tmp \
    GAPMAP_STORE=/data/gapmap.duckdb \
    GAPMAP_MAX_UPLOAD_MB=100 \
    STREAMLIT_SERVER_MAX_UPLOAD_SIZE=100 \
    STREAMLIT_SERVER_ADDRESS=0.0.0.0
USER 10001:10001
VOLUME /data
EXPOSE 8501
# Alive, not ready: a store that is being restored is no reason to start the app again.
HEALTHCHECK --interval=30s --timeout=5s --start-period=120s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8501/healthz', timeout=4)"]
# Started directly, so that the app itself gets SIGTERM and closes the stores.
CMD ["streamlit", "run", "app.py"]
