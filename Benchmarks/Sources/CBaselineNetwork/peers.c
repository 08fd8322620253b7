#include "CBaselineNetwork.h"
#include "tls.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { hello_head = 34 };

struct peer {
    SSL *ssl;
    int socket;
    size_t sent, answered, received;
    double next, start;
};

static void put(unsigned char *bytes, unsigned long long number, int count) {
    for (int index = 0; index < count; index++) bytes[index] = (unsigned char)(number >> (8 * (count - 1 - index)));
}

// The prefix of a frame: what follows the length, the kind, a zero, the head's size.
static void put_prefix(unsigned char *frame, int kind, size_t head, size_t payload) {
    put(frame, 4 + head + payload, 4);
    frame[4] = (unsigned char)kind;
    frame[5] = 0;
    put(frame + 6, head, 2);
}

static bool say_hello(struct peer *peer) {
    unsigned char frame[8 + hello_head] = {0};
    put_prefix(frame, 1, hello_head, 0);
    memcpy(frame + 8, "AURA\0\1", 6);
    put(frame + 14, (unsigned long long)(size_t)peer, 8);
    put(frame + 22, 1, 8);
    put(frame + 30, 1 << 20, 4);
    put(frame + 34, 1 << 20, 4);
    put(frame + 38, 4096, 4);
    return tls_write(peer->ssl, frame, sizeof frame) && tls_read(peer->ssl, frame, sizeof frame) && frame[4] == 1;
}

// Asks on the channel "echo", with as many zeros as wanted.
static bool ask(struct peer *peer, size_t size) {
    unsigned char frame[8 + 12 + 5 + 2 + 4096] = {0};
    size_t head = 8 + 4 + 5 + 2;
    put_prefix(frame, 3, head, size);
    put(frame + 8, peer->sent + 1, 8);
    put(frame + 16, 10000, 4);
    memcpy(frame + 20, "\4echo", 5);
    peer->start = tls_now();
    peer->sent++;
    return tls_write(peer->ssl, frame, 8 + head + size);
}

// Reads what came; a reply that is whole has as many bytes as any, for each request is like the others. Heartbeats, credit and
// replies are told apart by their kinds.
static bool hear(struct peer *peer, double *seconds) {
    static unsigned char bytes[16384];
    for (;;) {
        int count = SSL_read(peer->ssl, bytes, sizeof bytes);
        if (count <= 0) return SSL_get_error(peer->ssl, count) == SSL_ERROR_WANT_READ;
        // A node writes these small frames whole, several in a record at most.
        for (int offset = 0; offset + 8 <= count;) {
            int length = bytes[offset] << 24 | bytes[offset + 1] << 16 | bytes[offset + 2] << 8 | bytes[offset + 3];
            if (bytes[offset + 4] == 4) seconds[peer->answered++] = tls_now() - peer->start;
            offset += 4 + length;
        }
    }
}

static bool connect_peer(struct peer *peer, const char *folders, size_t number, int port, char *message, size_t message_size) {
    char folder[512];
    snprintf(folder, sizeof folder, "%s/%zu", folders, number);
    SSL_CTX *context = tls_context(folder, message, message_size);
    if (!context) return false;
    peer->socket = tls_connect(port);
    peer->ssl = tls_open(context, peer->socket, false);
    SSL_CTX_free(context);
    if (!peer->ssl || !say_hello(peer)) return tls_fail(message, message_size, "a peer cannot connect");
    fcntl(peer->socket, F_SETFL, fcntl(peer->socket, F_GETFL) | O_NONBLOCK);
    return true;
}

static bool serve(struct peer *peers, struct pollfd *polled, size_t size, size_t count, size_t rounds, double *seconds) {
    double begin = tls_now() + 0.5;
    for (size_t index = 0; index < count; index++) {
        peers[index].next = begin + (double)index / (double)count;
        polled[index] = (struct pollfd){.fd = peers[index].socket, .events = POLLIN};
    }
    double end = begin + (double)rounds + 10;
    for (size_t done = 0; done < count * rounds && tls_now() < end;) {
        double now = tls_now(), next = now + 1;
        for (size_t index = 0; index < count; index++) {
            struct peer *peer = &peers[index];
            if (peer->sent == rounds) continue;
            if (peer->next <= now && peer->answered == peer->sent) {
                if (!ask(peer, size)) return false;
                peer->next += 1;
            }
            if (peer->next < next) next = peer->next;
        }
        int wait = (int)((next - tls_now()) * 1000);
        if (poll(polled, (nfds_t)count, wait > 0 ? wait : 0) < 0) return false;
        done = 0;
        for (size_t index = 0; index < count; index++) {
            if (polled[index].revents && !hear(&peers[index], seconds + index * rounds)) return false;
            done += peers[index].answered;
        }
    }
    for (size_t index = 0; index < count; index++) {
        if (peers[index].answered != rounds) return false;
    }
    return true;
}

bool baseline_network_peers(
    const char *folders, int port, size_t size, size_t count, size_t rounds, double *seconds, char *message,
    size_t message_size) {
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    struct peer *peers = calloc(count, sizeof *peers);
    struct pollfd *polled = calloc(count, sizeof *polled);
    bool is_connected = true;
    for (size_t index = 0; index < count && is_connected; index++) {
        is_connected = connect_peer(&peers[index], folders, index, port, message, message_size);
    }
    bool is_done = is_connected
        && (serve(peers, polled, size, count, rounds, seconds)
            || tls_fail(message, message_size, "a peer lost its connection or a reply"));
    for (size_t index = 0; index < count; index++) {
        SSL_free(peers[index].ssl);
        if (peers[index].socket) close(peers[index].socket);
    }
    free(peers);
    free(polled);
    return is_done;
}
