#ifndef AURA_BASELINE_TLS_H
#define AURA_BASELINE_TLS_H

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>

// A context with the certificate and key of a folder, for TLS 1.3 alone; the other side must show a certificate too.
SSL_CTX *tls_context(const char *folder, char *message, size_t message_size);

// A socket that listens at a free port of this machine.
int tls_listen(int *port);

// A socket connected to a port of this machine.
int tls_connect(int port);

// An SSL on a socket after its handshake; NULL where that fails.
SSL *tls_open(SSL_CTX *context, int socket, bool is_server);

bool tls_read(SSL *ssl, void *bytes, size_t count);
bool tls_write(SSL *ssl, const void *bytes, size_t count);

double tls_now(void);

bool tls_fail(char *message, size_t message_size, const char *what);

#endif
