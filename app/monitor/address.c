/* SPDX-License-Identifier: Apache-2.0
 * Where phones reach us: the address in the settings, or, where that is every one, the machine's own on its network.
 */
#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "httpd/httpd.h"
#include "monitor/inner.h"

/* The first interface that is up and leads somewhere; IPv4, which phones on a hotspot always have. */
static bool own_address(char *out, size_t size) {
  struct ifaddrs *all, *i;
  bool found = false;
  if (getifaddrs(&all) != 0) return false;
  for (i = all; i && !found; i = i->ifa_next) {
    const struct sockaddr_in *in = (const void *)i->ifa_addr;
    if (!i->ifa_addr || i->ifa_addr->sa_family != AF_INET || (i->ifa_flags & IFF_LOOPBACK) || !(i->ifa_flags & IFF_RUNNING))
      continue;
    found = inet_ntop(AF_INET, &in->sin_addr, out, (socklen_t)size) != NULL;
  }
  freeifaddrs(all);
  return found;
}

static bool is_any(const struct sockaddr_storage *at) {
  static const struct in6_addr any;
  if (at->ss_family == AF_INET) return ((const struct sockaddr_in *)(const void *)at)->sin_addr.s_addr == 0;
  return !memcmp(&((const struct sockaddr_in6 *)(const void *)at)->sin6_addr, &any, sizeof any);
}

void address_url(const struct monitor *m, uint16_t port, char *out, size_t size) {
  struct sockaddr_storage at;
  struct problem problem;
  char host[INET6_ADDRSTRLEN];
  out[0] = '\0';
  if (!httpd_address("monitor", m->listen, &at, &problem)) return;
  const bool v6 = at.ss_family == AF_INET6 && !is_any(&at);
  if (is_any(&at)) {
    if (!own_address(host, sizeof host)) return;
  } else if (v6) {
    inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(const void *)&at)->sin6_addr, host, sizeof host);
  } else {
    inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)&at)->sin_addr, host, sizeof host);
  }
  snprintf(out, size, "%s://%s%s%s:%u", m->tls ? "https" : "http", v6 ? "[" : "", host, v6 ? "]" : "", (unsigned)port);
}
