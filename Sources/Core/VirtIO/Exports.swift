// A driver sees the queue's storage types (layouts, slot headers, payloads) as a part of this module. The token table and
// the ring, through which memory could be reached or a buffer had twice, are for this package alone.
@_exported public import VirtqueueStorage
