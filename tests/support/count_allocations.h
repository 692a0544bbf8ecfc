// Counts the calls of operator new. A test program has it that links edict_tests_allocations.
#ifndef EDICT_TESTS_SUPPORT_COUNT_ALLOCATIONS_H_
#define EDICT_TESTS_SUPPORT_COUNT_ALLOCATIONS_H_

#include <cstdint>

// By all threads, since the program began.
uint64_t AllocationCount();

#endif  // EDICT_TESTS_SUPPORT_COUNT_ALLOCATIONS_H_
