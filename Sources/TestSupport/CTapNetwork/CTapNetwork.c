#define _GNU_SOURCE
#include "CTapNetwork.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

struct wish {
  struct tap_network *network;
  int queue_count;
  const unsigned char *card, *address, *neighbour, *neighbour_card;
  unsigned short port;
  int result;
};

static struct sockaddr_in internet(const unsigned char address[4], unsigned short port) {
  struct sockaddr_in result = {.sin_family = AF_INET, .sin_port = htons(port)};
  memcpy(&result.sin_addr, address, 4);
  return result;
}

static int failed(struct wish *wish, const char *step) {
  wish->network->failure = step;
  return -errno;
}

static int write_setting(const char *path, const char *value) {
  int file = open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0) return -1;
  ssize_t count = write(file, value, strlen(value));
  close(file);
  return count == (ssize_t)strlen(value) ? 0 : -1;
}

static int make(struct wish *wish) {
  struct tap_network *network = wish->network;
  if (unshare(CLONE_NEWNET) != 0) return failed(wish, "a network namespace");
  // No frames that nobody asked for. Where there is no IPv6 there is nothing to switch off.
  write_setting("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1");
  if (write_setting("/proc/sys/net/ipv4/ip_forward", "1") != 0) return failed(wish, "forwarding in a namespace");

  struct ifreq request = {.ifr_name = "tap0"};
  // NAPI: the kernel verifies checksums on the way in, as with a card, and says so on the way out.
  request.ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR | IFF_NAPI | (wish->queue_count > 1 ? IFF_MULTI_QUEUE : 0);
  for (int index = 0; index < wish->queue_count; index++) {
    int queue = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
    if (queue < 0) return failed(wish, "/dev/net/tun");
    network->queues[index] = queue;
    if (ioctl(queue, TUNSETIFF, &request) != 0) return failed(wish, "a tap device");
  }

  int settings = network->socket = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (settings < 0) return failed(wish, "a socket in a namespace");
  request.ifr_hwaddr.sa_family = ARPHRD_ETHER;
  memcpy(request.ifr_hwaddr.sa_data, wish->card, 6);
  if (ioctl(settings, SIOCSIFHWADDR, &request) != 0) return failed(wish, "a tap device's card address");
  struct sockaddr_in own = internet(wish->address, 0), mask = internet((unsigned char[]){255, 255, 255, 0}, 0);
  memcpy(&request.ifr_addr, &own, sizeof own);
  if (ioctl(settings, SIOCSIFADDR, &request) != 0) return failed(wish, "a tap device's address");
  memcpy(&request.ifr_netmask, &mask, sizeof mask);
  if (ioctl(settings, SIOCSIFNETMASK, &request) != 0) return failed(wish, "a tap device's network mask");
  request.ifr_flags = IFF_UP | IFF_RUNNING;
  if (ioctl(settings, SIOCSIFFLAGS, &request) != 0) return failed(wish, "a tap device that is up");

  struct arpreq entry = {.arp_flags = ATF_PERM | ATF_COM, .arp_dev = "tap0"};
  struct sockaddr_in neighbour = internet(wish->neighbour, 0);
  memcpy(&entry.arp_pa, &neighbour, sizeof neighbour);
  entry.arp_ha.sa_family = ARPHRD_ETHER;
  memcpy(entry.arp_ha.sa_data, wish->neighbour_card, 6);
  if (ioctl(settings, SIOCSARP, &entry) != 0) return failed(wish, "a neighbour's card address");

  own.sin_port = htons(wish->port);
  if (bind(settings, (struct sockaddr *)&own, sizeof own) != 0) return failed(wish, "a socket's address");
  return 0;
}

static void *run(void *argument) {
  struct wish *wish = argument;
  wish->result = make(wish);
  return NULL;
}

int tap_network_make(struct tap_network *network, int queue_count, const unsigned char card[6],
                     const unsigned char address[4], unsigned short port, const unsigned char neighbour[4],
                     const unsigned char neighbour_card[6]) {
  struct wish wish = {network, queue_count, card, address, neighbour, neighbour_card, port, 0};
  for (int index = 0; index < TAP_QUEUE_LIMIT; index++) network->queues[index] = -1;
  network->socket = -1;
  network->failure = "";
  // On a thread of its own, which alone is in the namespace.
  pthread_t thread;
  int error = pthread_create(&thread, NULL, run, &wish);
  if (error != 0) {
    network->failure = "a thread";
    return -error;
  }
  pthread_join(thread, NULL);
  if (wish.result == 0) return 0;
  for (int index = 0; index < TAP_QUEUE_LIMIT; index++)
    if (network->queues[index] >= 0) close(network->queues[index]);
  if (network->socket >= 0) close(network->socket);
  return wish.result;
}

int tap_network_receive(int socket, void *bytes, int limit, unsigned short *port) {
  struct sockaddr_in sender;
  socklen_t length = sizeof sender;
  ssize_t count = recvfrom(socket, bytes, (size_t)limit, 0, (struct sockaddr *)&sender, &length);
  if (count < 0) return -errno;
  *port = ntohs(sender.sin_port);
  return (int)count;
}

int tap_network_send(int socket, const void *bytes, int count, const unsigned char address[4], unsigned short port) {
  struct sockaddr_in receiver = internet(address, port);
  ssize_t sent = sendto(socket, bytes, (size_t)count, MSG_NOSIGNAL, (struct sockaddr *)&receiver, sizeof receiver);
  return sent == count ? 0 : -errno;
}
