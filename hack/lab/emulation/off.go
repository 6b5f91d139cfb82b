// SPDX-License-Identifier: EUPL-1.2

//go:build !emulated

package emulation

// emulator is empty: the kernel starts the tests' programs itself.
const emulator = ""
