// What the parts of the Linux peer's program share.
#include <stdint.h>

// Ends the machine.
void end(void);
// Says what could not be done, and why, and ends the machine.
void fail(const char *what);

// Does with network frames what the other end of the wire asks for, until it says that this was all.
void serve_frames(void);
