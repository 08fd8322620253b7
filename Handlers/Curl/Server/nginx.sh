#!/usr/bin/env bash
# Starts nginx for tests: nginx.sh FOLDER PLAIN_PORT TLS_PORT UPSTREAM_PORT
#
# It listens on loopback, without TLS (HTTP/1.1) and with it (HTTP/2 too), under a certificate for 'localhost' that an
# authority of its own signed (FOLDER/ca.pem). It serves FOLDER/www, and hands '/law/' on to UPSTREAM_PORT. It stays in the
# foreground.
set -euo pipefail
folder=$1 plain=$2 tls=$3 upstream=$4
program=$(command -v nginx || echo /usr/sbin/nginx)
mkdir -p "$folder"/{www,temporary}
cd "$folder"

key() {
    openssl ecparam -name prime256v1 -genkey -noout -out "$1"
}

if [[ ! -e server.pem ]]; then
    key ca.key
    openssl req -x509 -new -key ca.key -sha256 -days 30 -subj "/CN=Test authority" -out ca.pem 2>/dev/null
    key server.key
    openssl req -new -key server.key -subj "/CN=localhost" -out server.csr 2>/dev/null
    openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -sha256 -days 30 \
        -extfile <(echo "subjectAltName=DNS:localhost") -out server.pem 2>/dev/null
    head -c 1024 /dev/zero | tr '\0' 'a' >www/small
    head -c 104857600 /dev/zero >www/large
fi

user=
if [[ $EUID -eq 0 ]]; then user="user root;"; fi
cat >nginx.conf <<END
$user
daemon off;
worker_processes 1;
pid $folder/nginx.pid;
error_log $folder/error.log;
events { worker_connections 1024; }
http {
    access_log off;
    keepalive_requests 10000000;
    client_max_body_size 1m;
    client_body_temp_path $folder/temporary/body;
    proxy_temp_path $folder/temporary/proxy;
    fastcgi_temp_path $folder/temporary/fastcgi;
    uwsgi_temp_path $folder/temporary/uwsgi;
    scgi_temp_path $folder/temporary/scgi;
    server {
        listen 127.0.0.1:$plain;
        listen 127.0.0.1:$tls ssl http2;
        ssl_certificate $folder/server.pem;
        ssl_certificate_key $folder/server.key;
        ssl_protocols TLSv1.2;
        root $folder/www;
        location /law/ {
            client_max_body_size 0;
            proxy_pass http://127.0.0.1:$upstream;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_buffering off;
            proxy_buffer_size 256k;
            proxy_buffers 4 256k;
            proxy_busy_buffers_size 512k;
            proxy_request_buffering off;
            proxy_read_timeout 60s;
        }
        location /gzip/ {
            alias $folder/www/;
            gzip on;
            gzip_types application/octet-stream text/plain;
            gzip_min_length 0;
        }
    }
}
END
exec "$program" -c "$folder/nginx.conf" -p "$folder" -e "$folder/error.log"
