# What a server's folder holds: the cluster, settings, certificates, passwords.

prepare_folder() {
    mkdir -p "$folder"
    chmod 755 "$folder"
    # The path of a Unix socket has some hundred bytes at most, and the socket's name takes fourteen.
    [[ ${#folder} -le 80 ]] || fail "$folder: the path is too long for a socket in it: choose one of 80 bytes or fewer"
    local parent='' part
    local -a parts
    IFS=/ read -ra parts <<<"${folder#/}"
    for part in "${parts[@]}"; do
        parent+=/$part
        as_server test -x "$parent" ||
            fail "$parent: the user '$server_user' may not enter it: chmod o+x $parent, or choose another folder"
    done
    if [[ ! -d $folder/socket ]]; then
        mkdir "$folder/socket"
        give_to_server "$folder/socket"
    fi
    if [[ ! -e $folder/log ]]; then
        : >"$folder/log"
        give_to_server "$folder/log"
    fi
    mkdir -p "$data"
    chmod 700 "$data"
    [[ -z $tmpfs ]] || mount_tmpfs --tmpfs "$tmpfs" "$data"
    give_to_server "$data"
    [[ -z $tls ]] || make_certificates
}

mount_tmpfs() {
    local option=$1 size=$2 place=$3
    need_root_for "$option"
    if ! mountpoint -q "$place"; then mount -t tmpfs -o "size=$size,mode=700" aura-postgresql "$place"; fi
}

# Texts sort as a language sorts them, as in many a real database: what relies on the order of bytes has to say so.
create_cluster() {
    local options=()
    # A small file system has no room for segments of 16 MiB.
    [[ -z $tmpfs ]] || options+=(--wal-segsize=1)
    # What goes with its owner need not outlive a crash of the machine just after it was made.
    [[ -z $owner ]] || options+=(--no-sync)
    as_server "$programs/initdb" -D "$data" -U postgres --auth-local=peer --auth-host=scram-sha-256 --encoding=UTF8 \
        --locale=C --locale-provider=icu --icu-locale=en-US --data-checksums "${options[@]}" >/dev/null
    echo "include '../settings.conf'" >>"$data/postgresql.conf"
}

# A standby has its primary's password and certificates, so that a client may go from one to the other.
take_over() {
    local primary=$1
    mkdir -p "$folder"
    cp -p "$primary/password" "$folder/"
    [[ -z $tls ]] || cp -pR "$primary/tls" "$folder/"
}

copy_cluster() {
    local primary=$1 primary_port=$2 host=127.0.0.1 security=disable
    [[ -z $tls ]] || host=localhost security="verify-full sslrootcert=$folder/tls/ca.crt"
    printf '%s:%s:*:aura_replica:%s\n' "$host" "$primary_port" "$(<"$primary/replica-password")" |
        private_file "$folder/passfile"
    give_to_server "$folder/passfile"
    local source="host=$host port=$primary_port user=aura_replica passfile=$folder/passfile sslmode=$security"
    as_server "$programs/pg_basebackup" -D "$data" -X stream -c fast ${owner:+--no-sync} --no-password -d "$source"
    as_server touch "$data/standby.signal"
    settings+=("primary_conninfo=$source application_name=$(basename "$folder")")
}

# The settings, as they stand in settings.conf. A later line wins over an earlier one.
written_settings() {
    echo "listen_addresses = '127.0.0.1'"
    echo "port = $1"
    echo "unix_socket_directories = '$folder/socket'"
    echo "password_encryption = 'scram-sha-256'"
    # A standby that was away for a while finds what it has missed.
    [[ -n $tmpfs ]] || echo "wal_keep_size = '128MB'"
    [[ -z $tmpfs ]] || echo "min_wal_size = '2MB'"
    echo "log_line_prefix = '%m [%p] %q%u@%d '"
    if [[ -n $tls ]]; then
        echo "ssl = on"
        echo "ssl_min_protocol_version = 'TLSv1.2'"
        echo "ssl_cert_file = '$folder/tls/server.crt'"
        echo "ssl_key_file = '$folder/tls/server.key'"
    fi
    local setting value
    for setting in "${settings[@]}"; do
        value=${setting#*=}
        echo "${setting%%=*} = '${value//\'/\'\'}'"
    done
}

# Who may come in, and how. With TLS, nobody comes in by TCP without it.
write_access() {
    local tcp=host
    [[ -z $tls ]] || tcp=hostssl
    cat >"$data/pg_hba.conf" <<END
local all         postgres                  peer map=owner
local all         all                       scram-sha-256
$tcp  all         all          127.0.0.1/32 scram-sha-256
$tcp  replication aura_replica 127.0.0.1/32 scram-sha-256
END
    echo "owner $server_user postgres" >"$data/pg_ident.conf"
}

make_certificates() {
    [[ ! -e $folder/tls/server.crt ]] || return 0
    command -v openssl >/dev/null || fail "there is no 'openssl': install the package 'openssl'"
    mkdir -p "$folder/tls"
    make_authority ca "A test's CA"
    make_authority other-ca "Another test's CA"
    make_certificate server localhost
    make_certificate wrong-host elsewhere.example
    rm -f "$folder/tls"/{ca,other-ca}.key "$folder/tls"/*.srl
}

make_authority() {
    (umask 077 && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj "/CN=$2" \
        -keyout "$folder/tls/$1.key" -out "$folder/tls/$1.crt" 2>/dev/null)
    chmod 644 "$folder/tls/$1.crt"
}

make_certificate() {
    local file=$folder/tls/$1
    (umask 077 && openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=$2" \
        -keyout "$file.key" 2>/dev/null |
        openssl x509 -req -days 3650 -CA "$folder/tls/ca.crt" -CAkey "$folder/tls/ca.key" -CAcreateserial \
            -extfile <(echo "subjectAltName=DNS:$2") -out "$file.crt" 2>/dev/null)
    chmod 644 "$file.crt"
    give_to_server "$file.key"
}

# Writes its input to a file that nobody else may read.
private_file() {
    (umask 077 && cat >"$1.new" && mv "$1.new" "$1")
}

# The password reaches psql by its input: what stands in the arguments of a process is seen by every user.
create_role() {
    local role=$1 file=$2 attributes=${3:-} verb=ALTER
    [[ -s $file ]] || od -An -N24 -tx1 /dev/urandom | tr -d ' \n' | private_file "$file"
    [[ $(superuser_sql -c "SELECT 1 FROM pg_roles WHERE rolname = '$role'") ]] || verb=CREATE
    superuser_sql <<<"SET log_min_error_statement = panic; $verb ROLE $role LOGIN $attributes PASSWORD '$(<"$file")';"
}

create_role_and_database() {
    create_role aura "$folder/password"
    [[ $(superuser_sql -c "SELECT 1 FROM pg_database WHERE datname = 'aura'") ]] ||
        superuser_sql -c "CREATE DATABASE aura OWNER aura"
    if [[ -n $tablespace ]]; then
        mkdir -p "$folder/small"
        mount_tmpfs --tablespace "$tablespace" "$folder/small"
        give_to_server "$folder/small"
        [[ $(superuser_sql -c "SELECT 1 FROM pg_tablespace WHERE spcname = 'small'") ]] ||
            superuser_sql -c "CREATE TABLESPACE small OWNER aura LOCATION '$folder/small'"
    fi
}

# A text as JSON has it.
json() {
    local text=${1//\\/\\\\}
    printf '"%s"' "${text//\"/\\\"}"
}

write_connection() {
    local port host=127.0.0.1 authority=null
    port=$(current_port)
    if grep -q '^ssl = on' "$folder/settings.conf"; then
        host=localhost
        authority=$(json "$folder/tls/ca.crt")
    fi
    printf '{"host":%s,"port":%s,"database":"aura","user":"aura","passwordFile":%s,"caFile":%s,"pid":%s}\n' \
        "$(json "$host")" "$port" "$(json "$folder/password")" "$authority" "$(head -n 1 "$data/postmaster.pid")" \
        >"$folder/connection"
    mkdir -p "$folder/secrets"
    printf 'postgresql://aura:%s@%s:%s/aura\n' "$(<"$folder/password")" "$host" "$port" |
        private_file "$folder/secrets/DATABASE_URL"
    write_environment "$authority"
}

# What the profile 'server' finds this server by.
write_environment() {
    local effect
    {
        printf 'export AURA_SECRETS=%q\n' "$folder/secrets"
        for effect in JOURNAL STORAGE; do
            if [[ $1 == null ]]; then
                echo "export AURA_${effect}_TLS=disable"
            else
                printf 'export AURA_%s_ROOT_CERTIFICATE=%q\n' "$effect" "$folder/tls/ca.crt"
            fi
        done
    } >"$folder/environment"
}

unmount() {
    local place
    for place in "$data" "$folder/small"; do
        if mountpoint -q "$place" 2>/dev/null; then umount "$place"; fi
    done
}

# Takes away what this script has made, and nothing else.
remove_folder() {
    [[ -e $folder/settings.conf ]] || return 0
    rm -rf "${data:?}" "${folder:?}"/{socket,small,tls,secrets}
    rm -f "$folder"/{log,settings.conf,password,replica-password,passfile,connection,environment}
    rmdir "$folder" 2>/dev/null || echo "$folder: it holds something else and stays" >&2
}
