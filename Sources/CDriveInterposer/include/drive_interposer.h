#ifndef SPINDLE_DRIVE_INTERPOSER_H
#define SPINDLE_DRIVE_INTERPOSER_H

/*
 * This library is loaded in front of libc with LD_PRELOAD and is not called by name: what it
 * offers are libc's own functions, for the device nodes that SPINDLE_DRIVE_NODES lists.
 */

#endif
