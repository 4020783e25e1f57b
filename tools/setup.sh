#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what building and testing need on Debian 12, skipping what is there.
#   tools/setup.sh build   compiler, libraries, fonts, and npm for the web app
#   tools/setup.sh test    the above and the tests' oracles and tools
set -euo pipefail

build=(
  ca-certificates g++ cmake ninja-build ccache mold pkg-config
  libboost1.81-dev libssl-dev libsqlite3-dev libpq-dev zlib1g-dev libcurl4-openssl-dev
  libjose-dev libjansson-dev libcrypt-dev libutf8proc-dev python3-zxcvbn
  libagg-dev libharfbuzz-dev libpng-dev libdeflate-dev
  libcli11-dev libspdlog-dev libfmt-dev prometheus-cpp-dev libexpected-dev nlohmann-json3-dev
  fonts-liberation2 fonts-dejavu-core fonts-droid-fallback
  python3 python3-yaml curl
)
test=(
  libgtest-dev libgmock-dev libbenchmark-dev
  clang-14 clang-format-14 clang-tidy-14 libclang-rt-14-dev llvm-14
  python3-jsonschema python3-ezdxf python3-numpy python3-matplotlib python3-pil
  swift-proxy swift-account swift-container swift-object
  python3-requests python3-pytest python3-aiosmtpd python3-cryptography
  python3-boto3 python3-psycopg2 python3-brotli
  hyperfine time valgrind binutils redis-server postgresql iproute2
  crun golang-github-containers-common debhelper fakeroot lintian systemd openssl chromium
)

# A newer Node.js from elsewhere brings its own npm. The web app is built by a Node.js that npm brings.
command -v npm > /dev/null || build+=(nodejs npm)

wanted=("${build[@]}")
[ "${1:-build}" = test ] && wanted+=("${test[@]}")

missing=()
for package in "${wanted[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q '^install ok installed$' || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

if [ "$(id -u)" -ne 0 ]; then
  echo "cadlens: these Debian packages are missing: ${missing[*]}" >&2
  echo "cadlens: install them with: sudo apt-get install --no-install-recommends ${missing[*]}" >&2
  exit 1
fi
echo "Installing ${#missing[@]} Debian packages ..."
export DEBIAN_FRONTEND=noninteractive
# Debian's package makes a cluster and starts it: the tests make their own, and nobody else needs one.
case " ${missing[*]} " in
  *" postgresql "*)
    mkdir -p /etc/postgresql-common
    [ -e /etc/postgresql-common/createcluster.conf ] ||
      echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.conf
    ;;
esac
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { apt-get update && apt-get install -y --no-install-recommends "${missing[@]}"; } > "$log" 2>&1; then
  tail -20 "$log" >&2
  echo "cadlens: apt-get could not install: ${missing[*]}" >&2
  exit 1
fi
