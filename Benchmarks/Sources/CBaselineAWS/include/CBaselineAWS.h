#pragma once

#include <stdint.h>

// Serves the requests of an object store that the measurements make, at a port of the loopback, until the parent ends: a body
// of any length is taken and dropped, and an object whose key is a number has so many bytes. It does not return.
void baseline_serve_objects(uint16_t port);

// A port of the loopback that is free now.
uint16_t baseline_free_port(void);
