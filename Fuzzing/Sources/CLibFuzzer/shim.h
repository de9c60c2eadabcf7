#pragma once

#include <stddef.h>
#include <stdint.h>

/// libFuzzer's own loop (compiler-rt's FuzzerInterface.h), for programs with a `main` of their own.
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*input)(const uint8_t *data, size_t size));
