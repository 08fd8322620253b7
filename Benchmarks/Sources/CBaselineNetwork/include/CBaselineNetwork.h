// What the same work costs with OpenSSL and blocking sockets alone, and the peers that load a node.

#ifndef AURA_CBASELINE_NETWORK_H
#define AURA_CBASELINE_NETWORK_H

#include <stdbool.h>
#include <stddef.h>

// Each function writes into `message` why it failed.

// Makes a key on P-256 and a certificate that it signs itself, `folder`/certificate.pem and `folder`/key.pem, and writes the 64
// digits of the key's fingerprint, with a terminating zero, into `fingerprint`.
bool baseline_network_identity(const char *folder, const char *name, char *fingerprint, char *message, size_t message_size);

// Sends `count` messages of `size` bytes over TLS 1.3 with certificates of both sides, from one thread to another, and waits
// until the last has been read. `seconds` receives how long that took, without connecting.
bool baseline_network_stream(
    const char *client, const char *server, size_t size, size_t count, double *seconds, char *message, size_t message_size);

// Sends messages of `size` bytes to an echo, one after another. `seconds` receives the time of each of `count` round trips.
bool baseline_network_round_trips(
    const char *client, const char *server, size_t size, size_t count, double *seconds, char *message, size_t message_size);

// Connects one peer for each of `count` folders `folders`/0, `folders`/1 … to the node at a port of this machine, in the node's
// own protocol. Each sends `size` bytes a second and waits for the reply, `rounds` times. `seconds` receives the time of each of
// `count` × `rounds` replies.
bool baseline_network_peers(
    const char *folders, int port, size_t size, size_t count, size_t rounds, double *seconds, char *message,
    size_t message_size);

// A longer way to a port of this machine: bytes arrive `seconds` after they were sent, each way, and none waits for those before it.
typedef struct baseline_network_delay baseline_network_delay;

// Opens it, for one connection at a time, at the port that `listening` receives; NULL where that fails.
baseline_network_delay *baseline_network_delay_open(int port, double seconds, int *listening);
void baseline_network_delay_close(baseline_network_delay *delay);

#endif
