#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes the passwords, keys and certificates that deploy/compose.yaml reads, in deploy/secrets/: each
# file readable by the one user of the one container that needs it. What is there stays as it is.
#   sudo deploy/make-secrets.sh [NAME...]   NAME: what clients call this machine, beside localhost
# Keep a copy of master_key elsewhere: without it nothing that is stored can be read again.
set -euo pipefail
umask 077
if [ "$(id -u)" -ne 0 ]; then
  echo "make-secrets: run it as root: each secret is given to the user of its container" >&2
  exit 1
fi
folder=${CADLENS_SECRETS:-$(dirname "$(readlink -f "$0")")/secrets}
mkdir -p "$folder"
cadlens=65532 postgres=999 redis=999 weed=1000 nginx=101

random_hex() { od -An -N"$1" -tx1 /dev/urandom | tr -d ' \n'; }
keep() {  # keep NAME USER: what comes on standard input, unless there is one already
  local file=$folder/$1
  if [ -e "$file" ]; then cat > /dev/null; else
    cat > "$file.new"
    chown "$2:$2" "$file.new"
    chmod 0400 "$file.new"
    mv "$file.new" "$file"
  fi
}

random_hex 24 | keep database_password $postgres
random_hex 24 | keep redis_password $redis
random_hex 10 | keep s3_access_key $cadlens
random_hex 24 | keep s3_secret_key $cadlens
random_hex 32 | keep master_key $cadlens
random_hex 32 | keep signing_key $cadlens

password=$(cat "$folder/database_password")
printf 'postgresql://cadlens:%s@database:5432/cadlens\n' "$password" | keep database_url $cadlens
password=$(cat "$folder/redis_password")
printf 'redis://:%s@redis:6379/0\n' "$password" | keep redis_url $cadlens
# A queue that loses entries loses no job (the database has them all), but time: so it is on disk.
printf '%s\n' "requirepass $password" "bind * -::*" "port 6379" "dir /data" "appendonly yes" \
  "appendfsync everysec" "maxmemory 768mb" "maxmemory-policy noeviction" | keep redis_config $redis
printf '{"identities": [{"name": "cadlens", "actions": ["Admin", "Read", "Write", "List", "Tagging"],
  "credentials": [{"accessKey": "%s", "secretKey": "%s"}]}]}\n' \
  "$(cat "$folder/s3_access_key")" "$(cat "$folder/s3_secret_key")" | keep objects_config $weed
printf '[s3.sse]\nkek = "%s"\n' "$(random_hex 32)" | keep objects_security $weed

# Certificates for a beginning: replace tls_* and proxy_* by those of your authority.
make_certificate() {  # make_certificate PREFIX USER NAME...
  local prefix=$1 user=$2 names="" name work
  shift 2
  [ ! -e "$folder/${prefix}_key" ] || return 0
  for name in "$@"; do names+=",DNS:$name"; done
  work=$(mktemp -d)
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 398 -subj "/CN=$1" \
    -addext "subjectAltName=${names#,},IP:127.0.0.1" -keyout "$work/key" -out "$work/certificate" 2> /dev/null
  keep "${prefix}_certificate" "$user" < "$work/certificate"
  keep "${prefix}_key" "$user" < "$work/key"
  rm -r "$work"
}
make_certificate tls $cadlens api localhost "$@"
make_certificate proxy $nginx localhost "$@"
# Both containers read it, and there is nothing secret in it.
chmod 0444 "$folder/tls_certificate"
echo "Secrets are in $folder"
