/* SPDX-License-Identifier: Apache-2.0 */
#include "tls/cert.h"

#include <errno.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

enum { PEM_MOST = 64 * 1024, PART = CERT_RAW / 3 /* a coordinate, the key */ };
static const time_t valid_from = 1704067200, valid_to = 2524607999; /* 2024 to 2049 */

static bool fill(gnutls_x509_crt_t crt, gnutls_x509_privkey_t key, const char *owner) {
  uint8_t serial[16];
  char name[80];
  randombytes_buf(serial, sizeof serial);
  serial[0] &= 0x7F;
  snprintf(name, sizeof name, "yingbin %.50s", owner);
  return gnutls_x509_crt_set_version(crt, 3) == 0 && gnutls_x509_crt_set_serial(crt, serial, sizeof serial) == 0 &&
         gnutls_x509_crt_set_key(crt, key) == 0 &&
         gnutls_x509_crt_set_dn_by_oid(crt, GNUTLS_OID_X520_COMMON_NAME, 0, name, (unsigned)strlen(name)) == 0 &&
         gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_DNSNAME, "yingbin.local", 13, GNUTLS_FSAN_SET) == 0 &&
         gnutls_x509_crt_set_activation_time(crt, valid_from) == 0 && gnutls_x509_crt_set_expiration_time(crt, valid_to) == 0 &&
         gnutls_x509_crt_set_basic_constraints(crt, 0, -1) == 0 &&
         gnutls_x509_crt_set_key_usage(crt, GNUTLS_KEY_DIGITAL_SIGNATURE) == 0 &&
         gnutls_x509_crt_set_key_purpose_oid(crt, GNUTLS_KP_TLS_WWW_SERVER, 0) == 0 &&
         gnutls_x509_crt_sign2(crt, crt, key, GNUTLS_DIG_SHA256, 0) == 0;
}

static void wipe(gnutls_datum_t *secret) {
  if (secret->data) sodium_memzero(secret->data, secret->size);
  gnutls_free(secret->data);
  secret->data = NULL;
}

/* NULL: no memory. */
static char *join(gnutls_x509_crt_t crt, gnutls_x509_privkey_t key) {
  gnutls_datum_t secret = {NULL, 0}, open = {NULL, 0};
  char *both = NULL;
  if (gnutls_x509_privkey_export2(key, GNUTLS_X509_FMT_PEM, &secret) == 0 &&
      gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_PEM, &open) == 0 && (both = malloc((size_t)secret.size + open.size + 1))) {
    memcpy(both, secret.data, secret.size);
    memcpy(both + secret.size, open.data, open.size);
    both[secret.size + open.size] = '\0';
  }
  wipe(&secret);
  gnutls_free(open.data);
  return both;
}

static bool generate(gnutls_x509_privkey_t key) {
  return gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0) == 0;
}

static bool import_raw(gnutls_x509_privkey_t key, const uint8_t raw[CERT_RAW]) {
  gnutls_datum_t part[3];
  for (int i = 0; i < 3; i++) part[i] = (gnutls_datum_t){(unsigned char *)(uintptr_t)(raw + i * PART), PART};
  return gnutls_x509_privkey_import_ecc_raw(key, GNUTLS_ECC_CURVE_SECP256R1, &part[0], &part[1], &part[2]) == 0 &&
         gnutls_x509_privkey_verify_params(key) == 0;
}

/* Of that key, or of a new one. */
static char *make(const uint8_t *raw, const char *owner, struct problem *problem) {
  gnutls_x509_crt_t crt = NULL;
  gnutls_x509_privkey_t key = NULL;
  char *pem = NULL;
  if (gnutls_x509_crt_init(&crt) == 0 && gnutls_x509_privkey_init(&key) == 0 && (raw ? import_raw(key, raw) : generate(key)) &&
      fill(crt, key, owner))
    pem = join(crt, key);
  if (!pem) problem_set(problem, "不能生成证书", "a certificate can't be made");
  if (crt) gnutls_x509_crt_deinit(crt);
  if (key) gnutls_x509_privkey_deinit(key);
  return pem;
}

static gnutls_datum_t datum_of(const char *pem) {
  return (gnutls_datum_t){(unsigned char *)(uintptr_t)pem, (unsigned)strlen(pem)};
}

static bool key_id(gnutls_x509_crt_t crt, uint8_t id[32]) {
  size_t len = 32;
  return gnutls_x509_crt_get_key_id(crt, GNUTLS_KEYID_USE_SHA256, id, &len) == 0 && len == 32;
}

/* The key is the certificate's; its names are filled in. */
static bool look(struct cert *cert) {
  const gnutls_datum_t datum = datum_of(cert->pem);
  uint8_t of_key[32], of_crt[32];
  size_t n = sizeof of_key, m = sizeof cert->fingerprint;
  gnutls_x509_crt_t crt = NULL;
  gnutls_x509_privkey_t key = NULL;
  const bool good = gnutls_x509_crt_init(&crt) == 0 && gnutls_x509_privkey_init(&key) == 0 &&
                    gnutls_x509_crt_import(crt, &datum, GNUTLS_X509_FMT_PEM) == 0 &&
                    gnutls_x509_privkey_import(key, &datum, GNUTLS_X509_FMT_PEM) == 0 &&
                    gnutls_x509_privkey_get_key_id(key, GNUTLS_KEYID_USE_SHA256, of_key, &n) == 0 && key_id(crt, of_crt) &&
                    memcmp(of_key, of_crt, sizeof of_key) == 0 &&
                    gnutls_x509_crt_get_fingerprint(crt, GNUTLS_DIG_SHA256, cert->fingerprint, &m) == 0;
  if (good) sodium_bin2hex(cert->spki, sizeof cert->spki, of_crt, sizeof of_crt);
  if (crt) gnutls_x509_crt_deinit(crt);
  if (key) gnutls_x509_privkey_deinit(key);
  return good;
}

bool cert_open(const char *path, const char *name, struct cert *cert, struct problem *problem) {
  size_t len;
  memset(cert, 0, sizeof *cert);
  if (access(path, F_OK) != 0 && errno == ENOENT) {
    cert->pem = make(NULL, name, problem);
    if (!cert->pem || !file_write(path, cert->pem, strlen(cert->pem), 0600, problem)) return cert_close(cert), false;
  } else if (!file_read(path, PEM_MOST, &cert->pem, &len, problem)) {
    return false;
  }
  if (look(cert)) return true;
  cert_close(cert);
  return problem_set(problem, "%s 不是一个私钥和它的证书：删掉它，下次启动会做一个新的（指纹会变）",
                     "%s is not a key with its certificate: remove it, and a new one is made (with another fingerprint)", path);
}

bool cert_from(const uint8_t raw[CERT_RAW], const char *name, struct cert *cert, struct problem *problem) {
  memset(cert, 0, sizeof *cert);
  cert->pem = make(raw, name, problem);
  if (cert->pem && look(cert)) return true;
  cert_close(cert);
  return false;
}

static bool put_part(const gnutls_datum_t *part, uint8_t *to) { /* without the zeros before it, or one too many */
  const unsigned char *from = part->data;
  unsigned size = part->size;
  while (size > PART && *from == 0) from++, size--;
  if (size > PART) return false;
  memset(to, 0, PART - size);
  memcpy(to + PART - size, from, size);
  return true;
}

bool cert_raw(const char *pem, uint8_t raw[CERT_RAW]) {
  const gnutls_datum_t datum = datum_of(pem);
  gnutls_datum_t x = {NULL, 0}, y = {NULL, 0}, k = {NULL, 0};
  gnutls_ecc_curve_t curve;
  gnutls_x509_privkey_t key = NULL;
  const bool good = gnutls_x509_privkey_init(&key) == 0 && gnutls_x509_privkey_import(key, &datum, GNUTLS_X509_FMT_PEM) == 0 &&
                    gnutls_x509_privkey_export_ecc_raw(key, &curve, &x, &y, &k) == 0 && curve == GNUTLS_ECC_CURVE_SECP256R1 &&
                    put_part(&x, raw) && put_part(&y, raw + PART) && put_part(&k, raw + 2 * PART);
  wipe(&k);
  gnutls_free(x.data);
  gnutls_free(y.data);
  if (key) gnutls_x509_privkey_deinit(key);
  return good;
}

bool cert_spki(const char *pem, char spki[CERT_SPKI]) {
  const gnutls_datum_t datum = datum_of(pem);
  uint8_t id[32];
  gnutls_x509_crt_t crt = NULL;
  const bool good =
      gnutls_x509_crt_init(&crt) == 0 && gnutls_x509_crt_import(crt, &datum, GNUTLS_X509_FMT_PEM) == 0 && key_id(crt, id);
  if (good) sodium_bin2hex(spki, CERT_SPKI, id, sizeof id);
  if (crt) gnutls_x509_crt_deinit(crt);
  return good;
}

void cert_close(struct cert *cert) {
  if (cert->pem) sodium_memzero(cert->pem, strlen(cert->pem));
  free(cert->pem);
  memset(cert, 0, sizeof *cert);
}
