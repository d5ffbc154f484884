# Two stages: what Muse needs is built in one and carried to the other.
FROM python:3.12-slim AS build
WORKDIR /src
RUN python -m venv /opt/muse
COPY requirements.lock .
RUN /opt/muse/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY adapters adapters
RUN /opt/muse/bin/pip install --no-cache-dir --no-deps .

FROM python:3.12-slim
RUN useradd --uid 10001 --create-home --home-dir /var/lib/muse muse
COPY --from=build /opt/muse /opt/muse
ENV PATH=/opt/muse/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    MUSE_DATA_DIR=/var/lib/muse/data
USER muse
WORKDIR /var/lib/muse
VOLUME /var/lib/muse
ENTRYPOINT ["muse"]
CMD ["worker"]
