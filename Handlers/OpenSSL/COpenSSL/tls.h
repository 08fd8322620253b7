#ifndef AURA_COPENSSL_TLS_H
#define AURA_COPENSSL_TLS_H

#include <openssl/bio.h>
#include <openssl/ssl.h>

// OpenSSL offers these as macros, which Swift does not import.

static inline int aura_ssl_ctx_set_version(SSL_CTX *context, int version) {
    return SSL_CTX_set_min_proto_version(context, version) && SSL_CTX_set_max_proto_version(context, version);
}

static inline void aura_ssl_ctx_set_mode(SSL_CTX *context, long mode) {
    SSL_CTX_set_mode(context, mode);
}

static inline void aura_ssl_ctx_set_session_cache_mode(SSL_CTX *context, long mode) {
    SSL_CTX_set_session_cache_mode(context, mode);
}

static inline int aura_ssl_ctx_add_chain_certificate(SSL_CTX *context, X509 *certificate) {
    return (int)SSL_CTX_add1_chain_cert(context, certificate);
}

static inline int aura_certificate_count(const STACK_OF(X509) *certificates) {
    return sk_X509_num(certificates);
}

static inline X509 *aura_certificate(const STACK_OF(X509) *certificates, int index) {
    return sk_X509_value(certificates, index);
}

static inline int aura_ssl_set_server_name(SSL *ssl, const char *name) {
    return (int)SSL_set_tlsext_host_name(ssl, name);
}

static inline int aura_ssl_new_index(void) {
    return SSL_get_ex_new_index(0, NULL, NULL, NULL, NULL);
}

static inline void aura_bio_set_retry_read(BIO *bio) {
    BIO_set_retry_read(bio);
}

static inline void aura_bio_clear_retry(BIO *bio) {
    BIO_clear_retry_flags(bio);
}

#endif
