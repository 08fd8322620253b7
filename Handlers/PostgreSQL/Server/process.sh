# The server's processes: start, stop, kill, and what happens at the end of the owner.

is_running() {
    [[ -e $data/postmaster.pid ]] && as_server "$programs/pg_ctl" status -D "$data" >/dev/null
}

current_port() {
    sed -n 's/^port = //p' "$folder/settings.conf" | tail -n 1
}

is_free() {
    ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# A port below those that the system gives to outgoing connections.
free_port() {
    local candidate
    for _ in {1..100}; do
        candidate=$((20000 + RANDOM % 12000))
        if is_free "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    fail "there is no free port between 20000 and 32000; choose one: --port N"
}

# Another process may take the port between the look and the start: then another one is tried.
start_server() {
    local chosen=$port log_size
    if [[ -z $chosen && -e $folder/settings.conf ]]; then
        chosen=$(current_port)
        is_free "$chosen" || chosen=''
    fi
    write_access
    for _ in {1..5}; do
        [[ -n $chosen ]] || chosen=$(free_port)
        written_settings "$chosen" >"$folder/settings.conf"
        log_size=$(wc -c <"$folder/log")
        ! launch || return 0
        [[ -z $port ]] && tail -c "+$((log_size + 1))" "$folder/log" | grep -q 'Address already in use' || break
        chosen=''
    done
    fail_to_start
}

launch() {
    (
        let_go
        as_server "$programs/pg_ctl" start -D "$data" -l "$folder/log" --wait --timeout=60 --silent
    ) >/dev/null 2>&1
}

# What stays in the background keeps nothing open that belongs to whoever called: a caller may wait for its end.
let_go() {
    local descriptor
    for descriptor in /dev/fd/*; do
        descriptor=${descriptor##*/}
        if [[ $descriptor -gt 2 && $descriptor -ne 255 ]]; then eval "exec $descriptor>&-"; fi
    done
}

fail_to_start() {
    fail "$folder: the server does not start; the end of its log: $(tail -n 8 "$folder/log")"
}

# Clients are cut off; where that does not end it, it is stopped as by a crash, from which it recovers.
stop_server() {
    is_running || return 0
    [[ -z $remove ]] && as_server "$programs/pg_ctl" stop -D "$data" -m fast --wait --timeout=20 --silent >/dev/null 2>&1 ||
        as_server "$programs/pg_ctl" stop -D "$data" -m immediate --wait --silent
}

# The server is halted first, so that it starts no process that is not on the list.
kill_server() {
    is_running || fail "$folder: no server runs there"
    local server process processes
    server=$(head -n 1 "$data/postmaster.pid")
    kill -STOP "$server"
    mapfile -t processes < <(ps -A -o pid= -o ppid= | awk -v parent="$server" '$2 == parent { print $1 }')
    kill -KILL "$server" "${processes[@]}"
    for process in "$server" "${processes[@]}"; do
        while is_alive "$process"; do sleep 0.02; done
    done
    # Where nobody takes note of the end of an orphan, its number stays, and the next start would hold it for a server.
    if kill -0 "$server" 2>/dev/null; then rm -f "$data/postmaster.pid" "$folder"/socket/.s.PGSQL.*; fi
}

# An orphan that nobody takes note of is a zombie for ever, and dead.
is_alive() {
    [[ $(ps -o stat= -p "$1") == [!Z]* ]]
}

# A process in the background looks for the owner's once a second. It ends without a deed when the server was stopped.
watch_owner() {
    local mark deed=(stop "$folder")
    mark=$folder/watched-for-$owner
    [[ -n $keep ]] || deed+=(--remove)
    : >"$mark"
    # A group of its own: what ends the owner's group, such as Ctrl-C, does not end it.
    set -m
    (
        let_go
        trap '' HUP
        while is_alive "$owner"; do
            [[ -e $mark ]] || exit 0
            sleep 1
        done
        [[ ! -e $mark ]] || "$self" "${deed[@]}"
    ) </dev/null >/dev/null 2>&1 &
    set +m
}
