# Two stages: what Muse needs is built in one, from the lock, and carried to the other.
FROM python:3.12-slim AS build
WORKDIR /src
RUN python -m venv /opt/muse
COPY requirements.lock .
RUN /opt/muse/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY adapters adapters
RUN /opt/muse/bin/pip install --no-cache-dir --no-deps .
RUN /opt/muse/bin/python -m compileall -q /opt/muse/lib

FROM python:3.12-slim
RUN useradd --uid 10001 --create-home --home-dir /var/lib/muse muse
COPY --from=build /opt/muse /opt/muse
ENV PATH=/opt/muse/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MUSE_DATA_DIR=/var/lib/muse/data
USER muse
WORKDIR /var/lib/muse
VOLUME /var/lib/muse
# Whether the process lives; whether it can play is /readyz, which is for load balancers.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s CMD ["python", "-c", \
    "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ.get(\"MUSE_HTTP_PORT\", \"8080\")}/healthz', timeout=4)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["muse"]
CMD ["run"]
