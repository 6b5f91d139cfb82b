// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// sysfs describes a machine with a built-in disk, a stick and a card.
func sysfs() fstest.MapFS {
	m := fstest.MapFS{}
	for name, text := range map[string]string{
		"block/sda/size": "1000215216\n", "block/sda/removable": "0\n", "block/sda/device/model": "Built-in SSD    \n",
		"block/sda/sda2/holders/dm-0/dev": "254:0\n",
		"block/sdb/size":                  "62333952\n", "block/sdb/removable": "1\n", "block/sdb/device/model": "Card Reader  \n",
		"block/sdc/size": "2097152\n", "block/sdc/removable": "1\n", "block/sdc/device/model": "Old Stick\n",
		"block/sdd/size": "7814037168\n", "block/sdd/removable": "1\n", "block/sdd/device/model": "Backup\n",
		"block/mmcblk0/size": "62333952\n", "block/mmcblk0/removable": "0\n", "block/mmcblk0/device/name": "SC32G\n",
	} {
		m[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return m
}

func TestReadDevice(t *testing.T) {
	got, err := readDevice(sysfs(), "mmcblk0", "/dev/sda2 / ext4 rw 0 0\n")
	if err != nil {
		t.Fatal(err)
	}
	want := device{name: "mmcblk0", model: "SC32G", size: 31914983424, removable: true}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(device{})); diff != "" {
		t.Errorf("device (-want +got):\n%s", diff)
	}
	if _, err := readDevice(sysfs(), "sdb1", ""); err == nil || !strings.Contains(err.Error(), "is no disk") {
		t.Errorf("a partition gives %v, want an error", err)
	}
}

func TestDeviceIsRefused(t *testing.T) {
	for _, tc := range []struct{ name, mounts, want string }{
		{"sdb", "", ""},
		{"mmcblk0", "/dev/sdb1 /media/x vfat rw 0 0\n", ""},
		{"sda", "/dev/sda2 / ext4 rw 0 0\n", "holds this machine's system"},
		{"sda", "", "another disk"},
		{"sdb", "/dev/sdb1 /media/photos vfat rw 0 0\n", "/media/photos"},
		{"sdb", "Filename Type Size Used Priority\n/dev/sdb2 partition 1 0 -2\n", "in use"},
		{"sdc", "", "needs"},
		{"sdd", "", "which no card has"},
	} {
		d, err := readDevice(sysfs(), tc.name, tc.mounts)
		if err != nil {
			t.Fatal(err)
		}
		err = d.check()
		if tc.want == "" && err != nil || tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)) {
			t.Errorf("%s with %q: %v, want %q", tc.name, tc.mounts, err, tc.want)
		}
	}
	fixed := device{name: "sde", model: "x", size: diskSize, removable: false}
	if err := fixed.check(); err == nil {
		t.Error("a built-in disk is not refused")
	}
}

func TestDeviceNameIsTyped(t *testing.T) {
	d := device{name: "sdb", model: "Card Reader", size: 32e9}
	for typed, ok := range map[string]bool{"Card Reader\n": true, "Card Reader": true, "yes\n": false, "sdb\n": false, "": false} {
		var out strings.Builder
		if err := d.ask(strings.NewReader(typed), &out); (err == nil) != ok {
			t.Errorf("typing %q gives %v, want ok = %v", typed, err, ok)
		}
		if !strings.Contains(out.String(), "32 GB. Everything on it will be lost.") {
			t.Errorf("the question is %q", out.String())
		}
	}
}

func TestConfirmNeedsADevice(t *testing.T) {
	if err := confirm("card.img", strings.NewReader(""), &strings.Builder{}); err == nil {
		t.Error("a file is taken for a device")
	}
}
