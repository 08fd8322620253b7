#define _GNU_SOURCE

#include "CBaselineNetwork.h"
#include "tls.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

// Bytes on their way, and when they may arrive.
struct chunk {
    struct chunk *next;
    double due;
    ssize_t size;
    char bytes[16384];
};

// One direction of the connection.
struct direction {
    int from, to;
    struct chunk *first, **last;
};

struct baseline_network_delay {
    int listener, stop[2], port;
    double seconds;
    pthread_t thread;
};

static bool take(struct direction *direction, double seconds) {
    struct chunk *chunk = malloc(sizeof *chunk);
    chunk->size = read(direction->from, chunk->bytes, sizeof chunk->bytes);
    if (chunk->size <= 0) {
        free(chunk);
        return false;
    }
    chunk->due = tls_now() + seconds;
    chunk->next = NULL;
    *direction->last = chunk;
    direction->last = &chunk->next;
    return true;
}

// Writes what is due, and says in how many seconds the next is.
static double give(struct direction *direction) {
    struct chunk *chunk;
    while ((chunk = direction->first)) {
        double wait = chunk->due - tls_now();
        if (wait > 0) return wait;
        for (ssize_t done = 0, step; done < chunk->size; done += step) {
            step = write(direction->to, chunk->bytes + done, (size_t)(chunk->size - done));
            if (step <= 0) break;
        }
        if (!(direction->first = chunk->next)) direction->last = &direction->first;
        free(chunk);
    }
    return 1;
}

static void drop(struct direction *direction) {
    while (direction->first) {
        struct chunk *chunk = direction->first;
        direction->first = chunk->next;
        free(chunk);
    }
}

// Passes bytes on, both ways, until a side closes or the way is to end.
static void carry(struct baseline_network_delay *delay, int near, int far) {
    struct direction ways[2] = {{.from = near, .to = far}, {.from = far, .to = near}};
    for (int way = 0; way < 2; way++) ways[way].last = &ways[way].first;
    bool is_open = near >= 0 && far >= 0;
    while (is_open) {
        double wait = give(&ways[0]), other = give(&ways[1]);
        if (other < wait) wait = other;
        struct timespec timeout = {.tv_sec = (time_t)wait, .tv_nsec = (long)((wait - (double)(time_t)wait) * 1e9)};
        struct pollfd polled[3] = {{near, POLLIN, 0}, {far, POLLIN, 0}, {delay->stop[0], POLLIN, 0}};
        ppoll(polled, 3, &timeout, NULL);
        if (polled[2].revents) is_open = false;
        for (int way = 0; way < 2 && is_open; way++) {
            if (polled[way].revents) is_open = take(&ways[way], delay->seconds);
        }
    }
    drop(&ways[0]);
    drop(&ways[1]);
    close(near);
    close(far);
}

static void *run(void *argument) {
    struct baseline_network_delay *delay = argument;
    int on = 1;
    for (;;) {
        struct pollfd polled[2] = {{delay->listener, POLLIN, 0}, {delay->stop[0], POLLIN, 0}};
        poll(polled, 2, -1);
        if (polled[1].revents) return NULL;
        int near = accept(delay->listener, NULL, NULL), far = tls_connect(delay->port);
        setsockopt(near, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        setsockopt(far, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        carry(delay, near, far);
    }
}

baseline_network_delay *baseline_network_delay_open(int port, double seconds, int *listening) {
    baseline_network_delay *delay = calloc(1, sizeof *delay);
    delay->port = port;
    delay->seconds = seconds;
    delay->listener = tls_listen(listening);
    if (delay->listener >= 0 && pipe(delay->stop) == 0 && pthread_create(&delay->thread, NULL, run, delay) == 0) return delay;
    free(delay);
    return NULL;
}

void baseline_network_delay_close(baseline_network_delay *delay) {
    if (write(delay->stop[1], "", 1) == 1) pthread_join(delay->thread, NULL);
    close(delay->stop[0]);
    close(delay->stop[1]);
    close(delay->listener);
    free(delay);
}
