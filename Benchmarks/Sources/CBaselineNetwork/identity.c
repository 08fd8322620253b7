#include "CBaselineNetwork.h"
#include "tls.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static X509 *self_signed(EVP_PKEY *key, const char *name) {
    X509 *certificate = X509_new();
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 86400);
    X509_set_pubkey(certificate, key);
    X509_NAME *subject = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, (const unsigned char *)name, -1, -1, 0);
    X509_set_issuer_name(certificate, subject);
    X509_sign(certificate, key, EVP_sha256());
    return certificate;
}

static bool write_pem(const char *path, EVP_PKEY *key, X509 *certificate) {
    int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, key ? 0600 : 0644);
    FILE *file = descriptor < 0 ? NULL : fdopen(descriptor, "w");
    if (!file) return false;
    int written = key ? PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL) : PEM_write_X509(file, certificate);
    return fclose(file) == 0 && written == 1;
}

bool baseline_network_identity(const char *folder, const char *name, char *fingerprint, char *message, size_t message_size) {
    char path[512];
    mkdir(folder, 0700);
    EVP_PKEY *key = EVP_EC_gen("P-256");
    if (!key) return tls_fail(message, message_size, "cannot make a key");
    X509 *certificate = self_signed(key, name);
    snprintf(path, sizeof path, "%s/key.pem", folder);
    bool is_written = write_pem(path, key, NULL);
    snprintf(path, sizeof path, "%s/certificate.pem", folder);
    is_written = is_written && write_pem(path, NULL, certificate);
    unsigned char *info = NULL, digest[SHA256_DIGEST_LENGTH];
    int size = i2d_PUBKEY(key, &info);
    SHA256(info, (size_t)size, digest);
    for (int index = 0; index < SHA256_DIGEST_LENGTH; index++) sprintf(fingerprint + 2 * index, "%02x", digest[index]);
    OPENSSL_free(info);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return is_written || tls_fail(message, message_size, "cannot write the identity");
}
