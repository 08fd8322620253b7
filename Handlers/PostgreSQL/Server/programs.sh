# Where PostgreSQL's programs are, and as whom they run.

# Debian keeps the programs of each version in a folder of its own, outside the path.
find_programs() {
    local initdb
    if initdb=$(command -v initdb); then
        programs=$(dirname "$(readlink -f "$initdb")")
    else
        programs=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
    fi
    [[ -x $programs/initdb && -x $programs/postgres ]] ||
        fail "PostgreSQL's server is not installed: install the package 'postgresql' (Debian, Ubuntu, Homebrew) or 'postgresql-server' (Fedora)"
    local version
    version=$("$programs/postgres" --version | grep -o '[0-9]*' | head -n 1)
    [[ $version -ge 15 ]] || fail "$programs is PostgreSQL $version: 15 or newer is needed"

    server_user=$(id -un)
    if [[ $EUID -eq 0 ]]; then
        server_user=postgres
        id -u postgres >/dev/null 2>&1 ||
            fail "PostgreSQL refuses to run as root, and there is no user 'postgres': add one, or run this as another user"
    fi
}

# PostgreSQL refuses to run as root.
as_server() {
    if [[ $EUID -eq 0 ]]; then
        (cd / && exec runuser -u postgres -- "$@")
    else
        "$@"
    fi
}

# What the server reads or writes belongs to its user.
give_to_server() {
    if [[ $EUID -eq 0 ]]; then chown -R postgres: "$@"; fi
}

# The superuser comes in by the socket, as the user of the operating system that the server runs as.
superuser_sql() {
    as_server "$programs/psql" -X -q -At -v ON_ERROR_STOP=1 -h "$folder/socket" -p "$(current_port)" -U postgres \
        -d postgres "$@"
}

# Waits until a query yields a value.
wait_until() {
    local what=$1 query=$2 value=$3 attempt
    for ((attempt = 0; attempt < 300; attempt++)); do
        [[ $(superuser_sql -c "$query") != "$value" ]] || return 0
        sleep 0.1
    done
    fail "$folder: 30 seconds have gone by and still not: $what; the end of its log: $(tail -n 5 "$folder/log")"
}

need_root_for() {
    [[ $EUID -eq 0 ]] || fail "'$1' mounts a tmpfs: run this as root"
}
