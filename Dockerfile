# The program alone: no shell, no package manager, no root.
# docker build --build-arg VERSION="$(git describe --tags --always)" -t pasokh .

FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=container
RUN CGO_ENABLED=0 go build -buildvcs=false -trimpath \
      -ldflags "-s -w -X pasokh/app/boot.version=${VERSION}" -o /out/program/usr/bin/pasokh ./app \
 && install -D -m 0644 /etc/ssl/certs/ca-certificates.crt /out/program/etc/ssl/certs/ca-certificates.crt \
 && install -d -m 1777 /out/program/tmp \
 && install -d -m 0700 /out/own/data

# The time zones are compiled in; the certificates are for senders and mail over TLS.
FROM scratch
COPY --from=build /out/program/ /
COPY --from=build --chown=65532:65532 /out/own/ /
ENV PASOKH_ENV=production \
    PASOKH_ADDR=:8080 \
    PASOKH_DATA=/data \
    PASOKH_LOG=json
# Everything that is written goes to /data (and passing files to /tmp): the root may be read-only.
VOLUME /data
EXPOSE 8080
USER 65532:65532
# Pages and workers alike: configuration, database, Redis and files are there and fit.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
  CMD ["/usr/bin/pasokh", "doctor"]
ENTRYPOINT ["/usr/bin/pasokh"]
CMD ["serve"]
