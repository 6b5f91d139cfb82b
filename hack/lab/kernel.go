// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// guestArch is the architecture of the stations, and so of the lab.
const guestArch = "arm64"

// A kernel is Debian's, unpacked, with the modules that we have built for it.
type kernel struct {
	release string // as uname -r
	image   string // file to boot
	modules string // folder lib/modules/RELEASE
	extra   string // folder of our own modules
}

// newKernel brings Debian's present arm64 kernel into the cache.
func newKernel(cache string) (kernel, error) {
	guest, err := newApt(cache, guestArch)
	if err != nil {
		return kernel{}, err
	}
	names, err := guest.depends("linux-image-" + guestArch)
	if err != nil {
		return kernel{}, err
	}
	if len(names) != 1 {
		return kernel{}, fmt.Errorf("%w: linux-image-%s depends on %q, want one kernel", errUnavailable, guestArch, names)
	}
	release := strings.TrimPrefix(names[0], "linux-image-")
	dir := filepath.Join(cache, "kernel-"+release)
	if err := guest.unpack(dir, names[0]); err != nil {
		return kernel{}, err
	}
	k := kernel{
		release: release,
		image:   filepath.Join(dir, "boot/vmlinuz-"+release),
		modules: filepath.Join(dir, "lib/modules", release),
		extra:   filepath.Join(cache, fmt.Sprintf("extra-%s-%08x", release, crc32.ChecksumIEEE([]byte(parting+kbuild)))), // another one when its making changes
	}
	if _, err := os.Stat(k.modules); os.IsNotExist(err) {
		k.modules = filepath.Join(dir, "usr/lib/modules", release) // newer packages
	}
	if _, err := os.Stat(filepath.Join(k.extra, "gpio-sim.ko")); err == nil {
		return k, nil
	}
	host := guest
	if runtime.GOARCH != guestArch {
		if host, err = newApt(cache, runtime.GOARCH); err != nil {
			return k, err
		}
	}
	return k, k.buildGPIOSim(cache, guest, host)
}
