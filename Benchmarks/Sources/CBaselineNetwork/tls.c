#include "tls.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

bool tls_fail(char *message, size_t message_size, const char *what) {
    char reason[160] = "no reason given by OpenSSL";
    unsigned long code = ERR_get_error();
    if (code) ERR_error_string_n(code, reason, sizeof reason);
    snprintf(message, message_size, "%s (%s; %s)", what, reason, strerror(errno));
    return false;
}

// The keys are made for this run: whoever shows a certificate is taken for the other side.
static int accept_all(int ok, X509_STORE_CTX *store) {
    (void)ok;
    (void)store;
    return 1;
}

SSL_CTX *tls_context(const char *folder, char *message, size_t message_size) {
    char certificate[512], key[512];
    snprintf(certificate, sizeof certificate, "%s/certificate.pem", folder);
    snprintf(key, sizeof key, "%s/key.pem", folder);
    SSL_CTX *context = SSL_CTX_new(TLS_method());
    if (context && SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION)
        && SSL_CTX_use_certificate_chain_file(context, certificate) == 1
        && SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) == 1) {
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, accept_all);
        SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
        SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
        return context;
    }
    tls_fail(message, message_size, "cannot use certificate or key");
    SSL_CTX_free(context);
    return NULL;
}

static struct sockaddr_in loopback(int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

int tls_listen(int *port) {
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    if (bind(listener, (struct sockaddr *)&address, size) || listen(listener, 16)
        || getsockname(listener, (struct sockaddr *)&address, &size)) {
        close(listener);
        return -1;
    }
    *port = ntohs(address.sin_port);
    return listener;
}

int tls_connect(int port) {
    int connection = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = loopback(port);
    if (connect(connection, (struct sockaddr *)&address, sizeof address)) {
        close(connection);
        return -1;
    }
    return connection;
}

SSL *tls_open(SSL_CTX *context, int socket, bool is_server) {
    int on = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    SSL *ssl = SSL_new(context);
    SSL_set_fd(ssl, socket);
    if ((is_server ? SSL_accept(ssl) : SSL_connect(ssl)) == 1) return ssl;
    SSL_free(ssl);
    return NULL;
}

bool tls_read(SSL *ssl, void *bytes, size_t count) {
    size_t done = 0;
    while (done < count) {
        int step = SSL_read(ssl, (char *)bytes + done, (int)(count - done));
        if (step <= 0) return false;
        done += (size_t)step;
    }
    return true;
}

bool tls_write(SSL *ssl, const void *bytes, size_t count) {
    return SSL_write(ssl, bytes, (int)count) == (int)count;
}

double tls_now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}
