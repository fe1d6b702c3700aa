# One image, one volume.
#
#   docker build -t rechtzeitig .
#   docker run --rm -v rechtzeitig:/data rechtzeitig init     writes configuration and keys into the volume
#   docker run -d -p 8080:8080 -v rechtzeitig:/data rechtzeitig
#
# Inside a container the server must listen on all addresses, not on loopback; a reverse proxy with TLS stands before it.

FROM rust:1.95-slim-bookworm AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends gcc libc6-dev libpq-dev \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY . .
RUN cargo build --release --locked --features postgres --bin rechtzeitig

FROM debian:12-slim
# The same Debian as above: libpq5 here must fit the libpq-dev that the program was built with.
RUN apt-get update \
 && apt-get install -y --no-install-recommends libpq5 ca-certificates \
 && rm -rf /var/lib/apt/lists/* \
 && groupadd --gid 10001 rechtzeitig \
 && useradd --uid 10001 --gid 10001 --home-dir /data --no-create-home --shell /usr/sbin/nologin rechtzeitig \
 && install -d -o 10001 -g 10001 -m 0700 /data
COPY LICENSE /usr/share/doc/rechtzeitig/LICENSE
COPY --from=build /build/target/release/rechtzeitig /usr/local/bin/rechtzeitig
USER 10001:10001
# Configuration, keys, database and sealed files all lie here; `./rechtzeitig.toml` is found without a flag.
WORKDIR /data
VOLUME ["/data"]
# On all addresses of the container; from outside it is reached by its published port alone.
ENV RECHTZEITIG__SERVER__LISTEN=0.0.0.0:8080
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s --retries=3 CMD ["rechtzeitig", "healthz"]
ENTRYPOINT ["rechtzeitig"]
CMD ["serve"]
