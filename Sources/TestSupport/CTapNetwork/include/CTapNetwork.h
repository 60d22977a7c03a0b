// A network of a test's own, with the Linux kernel in it as the neighbour: calls with structures that Swift does not see.
#ifndef CTAPNETWORK_H
#define CTAPNETWORK_H

enum { TAP_QUEUE_LIMIT = 8 };

struct tap_network {
  // The tap device's queues, as QEMU wants them: with a header in front of each frame. Close-on-exec.
  int queues[TAP_QUEUE_LIMIT];
  // A UDP socket in the network, non-blocking, close-on-exec.
  int socket;
  // What could not be done, when the result is below zero.
  const char *failure;
};

// Makes a network namespace with a tap device in it and a socket at the device's address and `port`. The kernel has
// `address`/24, forwards, and knows that `neighbour` has the card address `neighbour_card`; addresses are as on the wire.
// The namespace goes with the last of the descriptors. 0, or a negated errno value.
int tap_network_make(struct tap_network *network, int queue_count, const unsigned char card[6],
                     const unsigned char address[4], unsigned short port, const unsigned char neighbour[4],
                     const unsigned char neighbour_card[6]);

// Takes the next datagram: its length and the port it came from; -EAGAIN when there is none.
int tap_network_receive(int socket, void *bytes, int limit, unsigned short *port);

// Sends a datagram: 0, or a negated errno value.
int tap_network_send(int socket, const void *bytes, int count, const unsigned char address[4], unsigned short port);

#endif
