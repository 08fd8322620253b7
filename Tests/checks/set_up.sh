#!/usr/bin/env bash
# Installs what building and testing need besides Swift. Where everything is there it does nothing.
set -euo pipefail

# what to look for, and the Debian package that brings it
needs=(
    "header:sqlite3.h libsqlite3-dev"
    "header:postgresql/libpq-fe.h libpq-dev"
    "header:openssl/ssl.h libssl-dev"
    "header:argon2.h libargon2-dev"
    "header:curl/curl.h libcurl4-openssl-dev"
    "program:/usr/sbin/nginx nginx"
    "program:/usr/lib/postgresql/*/bin/initdb postgresql"
    "command:openssl openssl"
    "command:ps procps"
    "command:chrt util-linux"
    "command:pkg-config pkg-config"
    "command:sqlite3 sqlite3"
    "command:readelf binutils"
    "command:git git"
    "command:python3 python3-minimal"
    "module:ensurepip python3-venv"
    "command:prometheus prometheus"
    "command:promtool prometheus"
    "command:faketime faketime"
    "library:libedit.so.2 libedit2"
    "library:libgnutls.so.30 libgnutls30"
    "library:libnettle.so.8 libnettle8"
    "library:libseccomp.so.2 libseccomp2"
)

has() {
    case $1 in
    # where there are several architectures, some packages have a folder for each
    header:*) compgen -G "/usr/include/${1#header:}" >/dev/null || compgen -G "/usr/include/*-linux-*/${1#header:}" >/dev/null \
        || [[ -e /usr/local/include/${1#header:} ]] ;;
    command:*) command -v "${1#command:}" >/dev/null ;;
    module:*) python3 -c "import ${1#module:}" 2>/dev/null ;;
    library:*) [[ $(/sbin/ldconfig -p) == *"${1#library:} "* ]] ;;
    # in the path, or where a distribution keeps it outside
    program:*) command -v "${1##*/}" >/dev/null || compgen -G "${1#program:}" >/dev/null ;;
    esac
}

missing=()
for need in "${needs[@]}"; do
    read -r what package <<<"$need"
    has "$what" || missing+=("$package")
done

swift=${SWIFT:-swift}
if ! command -v "$swift" >/dev/null; then
    echo "There is no '$swift'. Install Swift 6.3 or newer: https://www.swift.org/install" >&2
    exit 1
fi

# An object store for the tests, AWS's own clients, and OpenTelemetry's messages: in a folder of this repository, where no other program sees them
python=$(cd "$(dirname "$0")/../.." && pwd)/.build/python
set_up_python() {
    "$python/bin/python3" -c "import moto.server, boto3, awscli, crc32c, opentelemetry.proto.collector.trace.v1.trace_service_pb2" 2>/dev/null && return
    echo "installing moto, boto3, awscli, crc32c and opentelemetry-proto into $python"
    python3 -m venv "$python"
    "$python/bin/python3" -m pip install --quiet "moto[server]==5.2.1" boto3 awscli crc32c opentelemetry-proto
}

if [[ ${#missing[@]} -eq 0 ]]; then
    set_up_python
    echo "everything is there"
    exit 0
fi

if ! command -v apt-get >/dev/null; then
    echo "Missing: ${missing[*]} (Debian's names). Install them with this system's package manager, then try again." >&2
    exit 1
fi
as_root=()
if [[ $EUID -ne 0 ]]; then
    if ! command -v sudo >/dev/null; then
        echo "Missing: ${missing[*]}. Install them as root: apt-get install ${missing[*]}" >&2
        exit 1
    fi
    as_root=(sudo)
fi
export DEBIAN_FRONTEND=noninteractive
echo "updating the list of packages"
"${as_root[@]}" apt-get update -qq
if [[ " ${missing[*]} " == *" postgresql "* ]]; then
    # The package would make a cluster of its own and start it on port 5432. The tests start their own servers, and what
    # else listens on this machine is its owner's to say: a file that counts during this installation alone.
    no_cluster=/etc/postgresql-common/createcluster.d/aura-set-up.conf
    "${as_root[@]}" mkdir -p "$(dirname "$no_cluster")"
    trap '"${as_root[@]}" rm -f "$no_cluster"' EXIT
    "${as_root[@]}" tee "$no_cluster" <<<"create_main_cluster = false" >/dev/null
fi
if [[ " ${missing[*]} " == *" nginx "* && ! -e /usr/sbin/policy-rc.d ]]; then
    # Likewise it would serve on port 80.
    policy=/usr/sbin/policy-rc.d
    trap '"${as_root[@]}" rm -f "${no_cluster:-}" "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
    "${as_root[@]}" chmod +x "$policy"
fi
echo "installing ${missing[*]}"
"${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" </dev/null >/dev/null
set_up_python
