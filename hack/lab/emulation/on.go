// SPDX-License-Identifier: EUPL-1.2

//go:build emulated

package emulation

// emulator runs programs of another architecture (Debian's qemu-user-static).
const emulator = "qemu-aarch64-static"
