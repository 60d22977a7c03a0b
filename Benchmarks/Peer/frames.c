// The Linux peer on a wire: sends frames, or counts those that come in, as the other end asks. The guest kernel has the
// same in FrameService.swift; what lies in a frame is told in WireFrame.swift.
#define _GNU_SOURCE
#include "peer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { TYPE = 0x88b5, LEAST = 60, MOST = 1514, BURST = 32, TAKEN_EVERY = 64 };
enum kind { DATA, HELLO, LOAD, READY, TAKEN, RESULT, STOP, END };
enum direction { TRANSMIT = 1, RECEIVE = 2 };

struct frame {
  uint8_t to[6], from[6];
  uint16_t type;
  uint8_t kind, zero;
  uint32_t words[(MOST - 16 + 3) / 4];
} __attribute__((packed));

static int wire;
static const uint8_t here[6] = {0x52, 0x54, 0, 0, 0, 1}, there[6] = {0x52, 0x54, 0, 0, 0, 2};

static void fill(struct frame *frame, enum kind kind) {
  memset(frame, 0, sizeof *frame);
  memcpy(frame->to, there, 6);
  memcpy(frame->from, here, 6);
  frame->type = htons(TYPE);
  frame->kind = (uint8_t)kind;
}

static void say(enum kind kind, uint32_t first, uint32_t second, uint32_t third) {
  struct frame frame;
  fill(&frame, kind);
  frame.words[0] = first;
  frame.words[1] = second;
  frame.words[2] = third;
  if (send(wire, &frame, LEAST, 0) != LEAST) fail("a frame of the protocol");
}

static void open_wire(void) {
  struct ifreq request = {.ifr_name = "eth0"};
  int control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  for (int i = 0; if_nametoindex(request.ifr_name) == 0; i++) {
    if (i == 1000) fail("eth0");
    usleep(10000);
  }
  if (ioctl(control, SIOCGIFFLAGS, &request) < 0) fail("eth0's flags");
  request.ifr_flags |= IFF_UP;
  if (ioctl(control, SIOCSIFFLAGS, &request) < 0) fail("eth0 up");
  close(control);
  wire = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(TYPE));
  struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_protocol = htons(TYPE),
                                .sll_ifindex = (int)if_nametoindex(request.ifr_name)};
  if (wire < 0 || bind(wire, (struct sockaddr *)&address, sizeof address) < 0) fail("a packet socket");
  // For more frames than the other end has on its way at any time.
  int byte_count = 8 << 20;
  if (setsockopt(wire, SOL_SOCKET, SO_RCVBUFFORCE, &byte_count, sizeof byte_count) < 0) fail("room for frames");
}

static void wait_at_most(long milliseconds) {
  struct timeval limit = {.tv_sec = milliseconds / 1000, .tv_usec = milliseconds % 1000 * 1000};
  if (setsockopt(wire, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) < 0) fail("a limit to waiting");
}

// How often the card's queues have interrupted.
static uint32_t interrupts(void) {
  FILE *file = fopen("/proc/interrupts", "r");
  if (file == NULL) fail("/proc/interrupts");
  char line[1024];
  uint32_t sum = 0;
  while (fgets(line, sizeof line, file) != NULL)
    if (strstr(line, "-input.") != NULL || strstr(line, "-output.") != NULL)
      sum += (uint32_t)strtoul(strchr(line, ':') + 1, NULL, 10);
  fclose(file);
  return sum;
}

static struct frame frames[BURST];
static struct iovec parts[BURST];
static struct mmsghdr messages[BURST];

static void make_messages(size_t byte_count) {
  for (int i = 0; i < BURST; i++) {
    parts[i] = (struct iovec){.iov_base = &frames[i], .iov_len = byte_count};
    messages[i] = (struct mmsghdr){.msg_hdr = {.msg_iov = &parts[i], .msg_iovlen = 1}};
  }
}

static void transmit(uint32_t byte_count, uint32_t count) {
  for (int i = 0; i < BURST; i++) fill(&frames[i], DATA);
  make_messages(byte_count);
  for (uint32_t sent = 0; sent < count;) {
    uint32_t number = count - sent < BURST ? count - sent : BURST;
    for (uint32_t i = 0; i < number; i++) frames[i].words[0] = sent + i;
    int done = sendmmsg(wire, messages, number, 0);
    // Dropped above the driver: the other end counts what is missing.
    if (done < 0 && errno == ENOBUFS) done = 1;
    if (done < 0) fail("sending");
    sent += (uint32_t)done;
  }
}

// Until the other end says that there are no more: how many frames came, and how many of them not in turn.
static uint32_t receive(uint32_t *disordered) {
  make_messages(sizeof frames[0]);
  uint32_t count = 0, next = 0;
  for (;;) {
    int number = recvmmsg(wire, messages, BURST, MSG_WAITFORONE, NULL);
    if (number < 0) fail("receiving");
    for (int i = 0; i < number; i++) {
      if (frames[i].kind == STOP) {
        say(TAKEN, next, 1, 0);
        return count;
      }
      if (frames[i].kind != DATA) continue;
      if (frames[i].words[0] != next) *disordered += 1;
      next = frames[i].words[0] + 1;
      count++;
      if (next % TAKEN_EVERY == 0) say(TAKEN, next, 0, 0);
    }
  }
}

void serve_frames(void) {
  open_wire();
  wait_at_most(100);
  int was_asked = 0;
  for (;;) {
    struct frame frame;
    if (!was_asked) say(HELLO, 0, 0, 0);
    ssize_t size = recv(wire, &frame, sizeof frame, 0);
    if (size < 0 && (errno == EAGAIN || errno == EINTR || errno == ENETDOWN)) continue;
    if (size < LEAST) fail("a frame of the protocol");
    if (frame.kind == END) return;
    if (frame.kind != LOAD) continue;
    was_asked = 1;
    wait_at_most(0);
    uint32_t before = interrupts(), disordered = 0, count = frame.words[2];
    say(READY, 0, 0, 0);
    if (frame.words[0] == TRANSMIT) transmit(frame.words[1], count);
    else count = receive(&disordered);
    say(RESULT, count, interrupts() - before, disordered);
  }
}
