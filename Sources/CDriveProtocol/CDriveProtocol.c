#include "drive_protocol.h"
