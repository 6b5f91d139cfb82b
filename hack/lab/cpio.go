// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"fmt"
	"path"
	"strings"
)

// An archive is the "newc" cpio that the kernel unpacks as its first root.
type archive struct {
	buf  bytes.Buffer
	dirs map[string]bool
	n    int
}

func (a *archive) entry(name string, mode uint32, data []byte, major, minor int) {
	a.n++
	fmt.Fprintf(&a.buf, "070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X",
		a.n, mode, 0, 0, 1, 0, len(data), 0, 0, major, minor, len(name)+1, 0)
	a.buf.WriteString(name + "\x00")
	a.pad()
	a.buf.Write(data)
	a.pad()
}

func (a *archive) pad() {
	for a.buf.Len()%4 != 0 {
		a.buf.WriteByte(0)
	}
}

// dir adds a folder and what it lies in, once.
func (a *archive) dir(name string) {
	name = strings.Trim(path.Clean("/"+name), "/")
	if name == "" || a.dirs[name] {
		return
	}
	if a.dirs == nil {
		a.dirs = map[string]bool{}
	}
	a.dir(path.Dir(name))
	a.dirs[name] = true
	a.entry(name, 0o040755, nil, 0, 0)
}

// file adds a regular file.
func (a *archive) file(name string, mode uint32, data []byte) {
	name = strings.Trim(path.Clean("/"+name), "/")
	a.dir(path.Dir(name))
	a.entry(name, 0o100000|mode, data, 0, 0)
}

// device adds a character device.
func (a *archive) device(name string, major, minor int) {
	a.dir(path.Dir(name))
	a.entry(name, 0o020600, nil, major, minor)
}

// bytes ends the archive.
func (a *archive) bytes() []byte {
	a.entry("TRAILER!!!", 0, nil, 0, 0)
	return a.buf.Bytes()
}
