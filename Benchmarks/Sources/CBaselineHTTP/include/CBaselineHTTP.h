#ifndef CBASELINE_HTTP_H
#define CBASELINE_HTTP_H

/// Fetches an address so often with libcurl's multi interface, so many requests at a time, on the calling thread.
///
/// Returns the bytes of all bodies, or -1 where a request failed.
long long baseline_http_get(const char *url, int count, int in_flight);

#endif
