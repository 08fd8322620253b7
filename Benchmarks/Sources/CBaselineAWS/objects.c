// A store of objects, items and messages that answers as fast as sockets allow: what is measured is the client.

#define _GNU_SOURCE
#include "CBaselineAWS.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum { HEAD_BYTES = 16384, BODY_BYTES = 262144 };

static char zeros[BODY_BYTES];

static int send_all(int connection, const char *bytes, size_t count, int flags) {
    while (count > 0) {
        ssize_t sent = send(connection, bytes, count, MSG_NOSIGNAL | flags);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) return -1;
        bytes += sent;
        count -= (size_t)sent;
    }
    return 0;
}

// The value of a field within a request's head, or NULL.
static const char *field(const char *head, const char *name) {
    size_t length = strlen(name);
    for (const char *line = strstr(head, "\r\n"); line; line = strstr(line, "\r\n")) {
        line += 2;
        if (strncasecmp(line, name, length) == 0 && line[length] == ':') {
            line += length + 1;
            while (*line == ' ') line++;
            return line;
        }
    }
    return NULL;
}

static int answer(int connection, const char *body, const char *type) {
    char head[2048];
    int count = snprintf(head, sizeof head,
                         "HTTP/1.1 200 OK\r\nETag: \"0123456789abcdef0123456789abcdef\"\r\nContent-Type: %s\r\n"
                         "Content-Length: %zu\r\n\r\n%s",
                         type, strlen(body), body);
    return send_all(connection, head, (size_t)count, 0);
}

static int send_object(int connection, const char *target) {
    const char *name = strrchr(target, '/');
    long long size = name ? atoll(name + 1) : 0;
    char head[512];
    int count = snprintf(head, sizeof head,
                         "HTTP/1.1 200 OK\r\nETag: \"0123456789abcdef0123456789abcdef\"\r\n"
                         "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Type: application/octet-stream\r\n"
                         "Content-Length: %lld\r\n\r\n",
                         size);
    if (send_all(connection, head, (size_t)count, size > 0 ? MSG_MORE : 0) != 0) return -1;
    while (size > 0) {
        size_t part = size < BODY_BYTES ? (size_t)size : BODY_BYTES;
        if (send_all(connection, zeros, part, 0) != 0) return -1;
        size -= (long long)part;
    }
    return 0;
}

#define HERONS "a heron a heron a heron a heron "
#define TEXT HERONS HERONS HERONS HERONS HERONS HERONS HERONS HERONS
#define SUM "c42fd6c081186cb64dceffefd8df5675"
#define NAME "5fea7756-0ea4-451a-a703-a558b933e274"
#define HANDLE \
    "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0aJcXsfHTyWOoGXUuyDkMLkCAnYYPYdNAUJfFCIqCEWZnBkFSrXiVvXlhnOWcAaKYxYhGVfSz2nKzUaJ" \
    "8zpXZnG0yMpXkKxwJ0nGnCqJ5ZlQnVgqLkzjKzZ0Wl8Xn6pXh1aX6X2pZ8fV7wYxgJ0X"

// The answer of an operation of DynamoDB or SQS: the same to every request.
static const char *service_answer(const char *target) {
    static const struct {
        const char *operation, *answer;
    } answers[] = {
        {"GetItem", "{\"Item\":{\"pk\":{\"S\":\"notes\"},\"sk\":{\"S\":\"1\"},\"text\":{\"S\":\"" TEXT "\"}}}"},
        {"SendMessageBatch",
         "{\"Successful\":[{\"Id\":\"0\",\"MessageId\":\"" NAME "\",\"MD5OfMessageBody\":\"" SUM "\"}],\"Failed\":[]}"},
        {"SendMessage", "{\"MessageId\":\"" NAME "\",\"MD5OfMessageBody\":\"" SUM "\"}"},
        {"ReceiveMessage",
         "{\"Messages\":[{\"MessageId\":\"" NAME "\",\"ReceiptHandle\":\"" HANDLE "\",\"MD5OfBody\":\"" SUM
         "\",\"Body\":\"" TEXT
         "\",\"Attributes\":{\"ApproximateReceiveCount\":\"1\",\"SentTimestamp\":\"1784000000000\"}}]}"},
        {"DeleteMessageBatch", "{\"Successful\":[{\"Id\":\"0\"}],\"Failed\":[]}"},
    };
    const char *name = strchr(target, '.');
    for (size_t index = 0; name && index < sizeof answers / sizeof *answers; index++) {
        size_t length = strlen(answers[index].operation);
        if (strncmp(name + 1, answers[index].operation, length) == 0 && name[1 + length] == '\r') {
            return answers[index].answer;
        }
    }
    return "{}";
}

static int respond(int connection, const char *head) {
    const char *target = field(head, "x-amz-target");
    if (target) return answer(connection, service_answer(target), "application/x-amz-json-1.0");
    if (strncmp(head, "GET ", 4) == 0) {
        char target[1024];
        if (sscanf(head, "GET %1023[^ ?]", target) != 1) return -1;
        return send_object(connection, target);
    }
    const char *line_end = strstr(head, "\r\n");
    const char *upload = strstr(head, "uploadId=");
    if (strncmp(head, "POST ", 5) == 0 && upload && upload < line_end) {
        return answer(connection,
                      "<CompleteMultipartUploadResult><ETag>&quot;0-8&quot;</ETag><Bucket>b</Bucket><Key>k</Key>"
                      "</CompleteMultipartUploadResult>",
                      "application/xml");
    }
    if (strncmp(head, "POST ", 5) == 0) {
        return answer(connection,
                      "<InitiateMultipartUploadResult><Bucket>b</Bucket><Key>k</Key><UploadId>upload</UploadId>"
                      "</InitiateMultipartUploadResult>",
                      "application/xml");
    }
    return answer(connection, "", "application/xml");
}

static void *serve(void *argument) {
    int connection = (int)(intptr_t)argument;
    char *buffer = malloc(HEAD_BYTES + 1);
    char *scratch = malloc(BODY_BYTES);
    size_t held = 0;
    for (;;) {
        buffer[held] = 0;
        char *end = strstr(buffer, "\r\n\r\n");
        if (!end) {
            if (held == HEAD_BYTES) break;
            ssize_t count = recv(connection, buffer + held, HEAD_BYTES - held, 0);
            if (count <= 0) break;
            held += (size_t)count;
            continue;
        }
        end[2] = 0;
        const char *expect = field(buffer, "expect");
        if (expect && send_all(connection, "HTTP/1.1 100 Continue\r\n\r\n", 25, 0) != 0) break;
        const char *length = field(buffer, "content-length");
        size_t head_bytes = (size_t)(end + 4 - buffer);
        size_t left = length ? (size_t)atoll(length) : 0;
        size_t here = held - head_bytes < left ? held - head_bytes : left;
        left -= here;
        while (left > 0) {
            ssize_t count = recv(connection, scratch, left < BODY_BYTES ? left : BODY_BYTES, 0);
            if (count <= 0) goto done;
            left -= (size_t)count;
        }
        if (respond(connection, buffer) != 0) break;
        held -= head_bytes + here;
        memmove(buffer, buffer + head_bytes + here, held);
    }
done:
    close(connection);
    free(buffer);
    free(scratch);
    return NULL;
}

static int listener(uint16_t port) {
    int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0) {
        close(listener);
        return -1;
    }
    return listener;
}

uint16_t baseline_free_port(void) {
    int found = listener(0);
    struct sockaddr_in address;
    socklen_t length = sizeof address;
    getsockname(found, (struct sockaddr *)&address, &length);
    close(found);
    return ntohs(address.sin_port);
}

// Ends this process with the one that started it. PR_SET_PDEATHSIG would end it with the thread that did, which may be one of a pool.
static void *end_with_parent(void *parent) {
    while (getppid() == (pid_t)(intptr_t)parent) usleep(200000);
    exit(0);
}

void baseline_serve_objects(uint16_t port) {
    pthread_t watcher;
    if (pthread_create(&watcher, NULL, end_with_parent, (void *)(intptr_t)getppid()) != 0) exit(1);
    pthread_detach(watcher);
    int accepting = listener(port);
    if (accepting < 0 || listen(accepting, 512) != 0) exit(1);
    for (;;) {
        int connection = accept(accepting, NULL, NULL);
        if (connection < 0) continue;
        int on = 1;
        setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        pthread_t thread;
        if (pthread_create(&thread, NULL, serve, (void *)(intptr_t)connection) != 0) {
            close(connection);
            continue;
        }
        pthread_detach(thread);
    }
}
