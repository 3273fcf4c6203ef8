/* SPDX-License-Identifier: Apache-2.0
 * What a code of others is, by its shape: tables, asked in their order.
 */
#include <string.h>
#include <strings.h>

#include "core/ticket.h"

/* Digits that a wallet shows to be charged: so many of them, beginning with a number of two digits. */
static const struct {
  size_t least, most;
  int from, to;
} payment_digits[] = {
    {18, 18, 10, 15}, /* WeChat Pay */
    {16, 24, 25, 30}, /* Alipay */
    {19, 19, 62, 62}, /* China UnionPay */
};

/* Case doesn't count in any of these: QR codes are often written in capitals to be smaller. */
static const struct {
  const char *prefix;
  enum foreign is;
} prefixes[] = {
    {"wxp://", FOREIGN_PAYMENT},    {"weixin://wxpay", FOREIGN_PAYMENT},
    {"upwallet:", FOREIGN_PAYMENT}, {"uppaywallet:", FOREIGN_PAYMENT},
    {"000201", FOREIGN_PAYMENT}, /* EMVCo: payload format indicator 01 */
    {"weixin:", FOREIGN_WECHAT},    {"wechat:", FOREIGN_WECHAT},
    {"wxwork:", FOREIGN_WECOM},     {"alipays:", FOREIGN_ALIPAY},
    {"alipay:", FOREIGN_ALIPAY},    {"alipayqr:", FOREIGN_ALIPAY},
    {"BEGIN:VCARD", FOREIGN_CARD},  {"MECARD:", FOREIGN_CARD},
    {"BIZCARD:", FOREIGN_CARD},     {"WIFI:", FOREIGN_WIFI},
    {"tel:", FOREIGN_PHONE},        {"sms:", FOREIGN_PHONE},
    {"smsto:", FOREIGN_PHONE},      {"mailto:", FOREIGN_PHONE},
    {"matmsg:", FOREIGN_PHONE},     {"geo:", FOREIGN_PHONE},
    {"www.", FOREIGN_WEB},
};

/* Hosts of web addresses; one with a dot first stands for all below it. */
static const struct {
  const char *host;
  enum foreign is;
} hosts[] = {
    {"qr.alipay.com", FOREIGN_PAYMENT},
    {"qr.95516.com", FOREIGN_PAYMENT},
    {"wx.tenpay.com", FOREIGN_PAYMENT},
    {"payapp.weixin.qq.com", FOREIGN_PAYMENT},
    {"payapp.wechatpay.cn", FOREIGN_PAYMENT},
    {"work.weixin.qq.com", FOREIGN_WECOM},
    {".work.weixin.qq.com", FOREIGN_WECOM},
    {"weixin.qq.com", FOREIGN_WECHAT},
    {".weixin.qq.com", FOREIGN_WECHAT},
    {".wechat.com", FOREIGN_WECHAT},
    {"wxaurl.cn", FOREIGN_WECHAT},
    {".alipay.com", FOREIGN_ALIPAY},
};

static bool begins(const char *text, size_t len, const char *prefix) {
  size_t n = strlen(prefix);
  return len >= n && strncasecmp(text, prefix, n) == 0;
}

static bool pays_by_digits(const char *text, size_t len) {
  for (size_t i = 0; i < len; i++)
    if (text[i] < '0' || text[i] > '9') return false;
  if (len < 2) return false;
  int first = (text[0] - '0') * 10 + (text[1] - '0');
  for (size_t i = 0; i < sizeof(payment_digits) / sizeof(payment_digits[0]); i++)
    if (len >= payment_digits[i].least && len <= payment_digits[i].most && first >= payment_digits[i].from &&
        first <= payment_digits[i].to)
      return true;
  return false;
}

static enum foreign of_host(const char *url, size_t len) {
  size_t n = 0;
  while (n < len && !strchr("/:?#", url[n])) n++; /* strchr finds a NUL, too: that ends a host as well */
  for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
    size_t want = strlen(hosts[i].host);
    bool below = hosts[i].host[0] == '.';
    if (below ? n > want : n == want)
      if (strncasecmp(url + n - want, hosts[i].host, want) == 0) return hosts[i].is;
  }
  return FOREIGN_WEB;
}

enum foreign foreign_of(const char *text, size_t len) {
  if (pays_by_digits(text, len)) return FOREIGN_PAYMENT;
  for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
    if (begins(text, len, prefixes[i].prefix)) return prefixes[i].is;
  for (const char *const *scheme = (const char *const[]){"http://", "https://", NULL}; *scheme; scheme++)
    if (begins(text, len, *scheme)) return of_host(text + strlen(*scheme), len - strlen(*scheme));
  return FOREIGN_UNKNOWN;
}
