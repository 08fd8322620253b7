#include "CBaselineNetwork.h"
#include "tls.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

// The side that answers: a thread of its own with a blocking socket.
struct answering {
    SSL_CTX *context;
    int listener;
    size_t size, count;
    bool echoes;
};

static void *answer(void *argument) {
    struct answering *answering = argument;
    int connection = accept(answering->listener, NULL, NULL);
    SSL *ssl = tls_open(answering->context, connection, true);
    char *bytes = malloc(answering->size);
    for (size_t number = 0; ssl && number < answering->count; number++) {
        if (!tls_read(ssl, bytes, answering->size)) break;
        if (answering->echoes && !tls_write(ssl, bytes, answering->size)) break;
    }
    // The sender waits for this byte.
    if (ssl && !answering->echoes) tls_write(ssl, "", 1);
    if (ssl) SSL_shutdown(ssl);
    free(bytes);
    SSL_free(ssl);
    close(connection);
    return NULL;
}

static bool stream(SSL *ssl, char *bytes, size_t size, size_t count, double *seconds) {
    double start = tls_now();
    for (size_t number = 0; number < count; number++) {
        if (!tls_write(ssl, bytes, size)) return false;
    }
    if (!tls_read(ssl, bytes, 1)) return false;
    *seconds = tls_now() - start;
    return true;
}

static bool round_trips(SSL *ssl, char *bytes, size_t size, size_t count, double *seconds) {
    for (size_t number = 0; number < count; number++) {
        double start = tls_now();
        if (!tls_write(ssl, bytes, size) || !tls_read(ssl, bytes, size)) return false;
        seconds[number] = tls_now() - start;
    }
    return true;
}

static bool run(
    const char *client, const char *server, size_t size, size_t count, bool echoes, double *seconds, char *message,
    size_t message_size) {
    int port = 0;
    struct answering answering = {
        .context = tls_context(server, message, message_size), .size = size, .count = count, .echoes = echoes};
    SSL_CTX *context = tls_context(client, message, message_size);
    if (!context || !answering.context) return false;
    answering.listener = tls_listen(&port);
    pthread_t thread;
    pthread_create(&thread, NULL, answer, &answering);
    int connection = tls_connect(port);
    SSL *ssl = tls_open(context, connection, false);
    char *bytes = calloc(1, size);
    bool is_done = ssl
        && (echoes ? round_trips(ssl, bytes, size, count, seconds) : stream(ssl, bytes, size, count, seconds));
    if (!is_done) tls_fail(message, message_size, "the echo failed");
    free(bytes);
    SSL_free(ssl);
    close(connection);
    pthread_join(thread, NULL);
    close(answering.listener);
    SSL_CTX_free(context);
    SSL_CTX_free(answering.context);
    return is_done;
}

bool baseline_network_stream(
    const char *client, const char *server, size_t size, size_t count, double *seconds, char *message, size_t message_size) {
    return run(client, server, size, count, false, seconds, message, message_size);
}

bool baseline_network_round_trips(
    const char *client, const char *server, size_t size, size_t count, double *seconds, char *message, size_t message_size) {
    return run(client, server, size, count, true, seconds, message, message_size);
}
