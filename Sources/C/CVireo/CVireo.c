// The target's content is its header; SwiftPM wants one source file.
#include "CVireo.h"
