/* SPDX-License-Identifier: Apache-2.0 */
#include "monitor/cert.h"

#include <errno.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

enum { PEM_MOST = 64 * 1024 };
static const time_t valid_from = 1704067200, valid_to = 2524607999; /* 2024 to 2049 */

static bool fill(gnutls_x509_crt_t crt, gnutls_x509_privkey_t key, const char *kiosk) {
  uint8_t serial[16];
  char name[80];
  randombytes_buf(serial, sizeof serial);
  serial[0] &= 0x7F;
  snprintf(name, sizeof name, "yingbin %.50s", kiosk);
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

static bool write_pem(const char *path, gnutls_x509_crt_t crt, gnutls_x509_privkey_t key, struct problem *problem) {
  gnutls_datum_t secret = {NULL, 0}, open = {NULL, 0};
  bool good = gnutls_x509_privkey_export2(key, GNUTLS_X509_FMT_PEM, &secret) == 0 &&
              gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_PEM, &open) == 0;
  const size_t len = (size_t)secret.size + open.size;
  char *both = good ? malloc(len) : NULL;
  if (both) {
    memcpy(both, secret.data, secret.size);
    memcpy(both + secret.size, open.data, open.size);
    good = file_write(path, both, len, 0600, problem);
    sodium_memzero(both, len);
  } else {
    good = problem_set(problem, "内存不足", "out of memory");
  }
  free(both);
  if (secret.data) sodium_memzero(secret.data, secret.size);
  gnutls_free(secret.data);
  gnutls_free(open.data);
  return good;
}

static bool make(const char *path, const char *kiosk, struct problem *problem) {
  gnutls_x509_crt_t crt = NULL;
  gnutls_x509_privkey_t key = NULL;
  bool good = gnutls_x509_crt_init(&crt) == 0 && gnutls_x509_privkey_init(&key) == 0 &&
              gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0) == 0 &&
              fill(crt, key, kiosk);
  if (good)
    good = write_pem(path, crt, key, problem);
  else
    problem_set(problem, "不能为志愿者手机页面生成证书", "the certificate of the phones' page can't be made");
  if (crt) gnutls_x509_crt_deinit(crt);
  if (key) gnutls_x509_privkey_deinit(key);
  return good;
}

/* The key is the certificate's, and the fingerprint. */
static bool look(const char *pem, size_t len, uint8_t fingerprint[32]) {
  const gnutls_datum_t datum = {(unsigned char *)(uintptr_t)pem, (unsigned)len};
  uint8_t of_key[32], of_crt[32];
  size_t n = 32, m = sizeof of_key, k = sizeof of_crt;
  gnutls_x509_crt_t crt = NULL;
  gnutls_x509_privkey_t key = NULL;
  bool good = gnutls_x509_crt_init(&crt) == 0 && gnutls_x509_privkey_init(&key) == 0 &&
              gnutls_x509_crt_import(crt, &datum, GNUTLS_X509_FMT_PEM) == 0 &&
              gnutls_x509_privkey_import(key, &datum, GNUTLS_X509_FMT_PEM) == 0 &&
              gnutls_x509_privkey_get_key_id(key, GNUTLS_KEYID_USE_SHA256, of_key, &m) == 0 &&
              gnutls_x509_crt_get_key_id(crt, GNUTLS_KEYID_USE_SHA256, of_crt, &k) == 0 && m == k &&
              memcmp(of_key, of_crt, m) == 0 && gnutls_x509_crt_get_fingerprint(crt, GNUTLS_DIG_SHA256, fingerprint, &n) == 0;
  if (crt) gnutls_x509_crt_deinit(crt);
  if (key) gnutls_x509_privkey_deinit(key);
  return good;
}

bool cert_open(const char *data, const char *kiosk, struct cert *cert, struct problem *problem) {
  char path[PATH_MAX];
  size_t len;
  memset(cert, 0, sizeof *cert);
  if (snprintf(path, sizeof path, "%s/monitor.pem", data) >= (int)sizeof path)
    return problem_set(problem, "数据文件夹的路径太长", "the data folder's path is too long");
  if (access(path, F_OK) != 0 && errno == ENOENT && !make(path, kiosk, problem)) return false;
  if (!file_read(path, PEM_MOST, &cert->pem, &len, problem)) return false;
  if (look(cert->pem, len, cert->fingerprint)) return true;
  cert_close(cert);
  return problem_set(problem, "%s 不是一个私钥和它的证书：删掉它，下次启动会做一个新的（指纹会变）",
                     "%s is not a key with its certificate: remove it, and a new one is made (with another fingerprint)", path);
}

void cert_close(struct cert *cert) {
  if (cert->pem) sodium_memzero(cert->pem, strlen(cert->pem));
  free(cert->pem);
  memset(cert, 0, sizeof *cert);
}
