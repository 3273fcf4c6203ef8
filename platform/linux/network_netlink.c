/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>
#include <unistd.h>

#include "platform/network.h"

enum { BUFFER = 8192 };

int network_open(void) {
  const struct sockaddr_nl to = {.nl_family = AF_NETLINK,
                                 .nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_IFADDR |
                                              RTMGRP_IPV6_ROUTE};
  const int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
  if (fd >= 0 && bind(fd, (const struct sockaddr *)(const void *)&to, sizeof to) == 0) return fd;
  if (fd >= 0) close(fd);
  return -1;
}

static bool is_good_news(const struct nlmsghdr *m) {
  if (m->nlmsg_type == RTM_NEWADDR || m->nlmsg_type == RTM_NEWROUTE) return true;
  if (m->nlmsg_type != RTM_NEWLINK || m->nlmsg_len < NLMSG_LENGTH(sizeof(struct ifinfomsg))) return false;
  const unsigned flags = ((const struct ifinfomsg *)NLMSG_DATA(m))->ifi_flags;
  return (flags & IFF_UP) && (flags & IFF_RUNNING);
}

bool network_came_back(int fd) {
  _Alignas(struct nlmsghdr) char buffer[BUFFER];
  bool good = false;
  for (;;) {
    const ssize_t n = recv(fd, buffer, sizeof buffer, 0);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == ENOBUFS) { /* more than could be kept: something did change */
      good = true;
      continue;
    }
    if (n <= 0) return good;
    size_t left = (size_t)n;
    for (const struct nlmsghdr *m = (const void *)buffer; NLMSG_OK(m, left); m = NLMSG_NEXT(m, left))
      good = good || is_good_news(m);
  }
}
