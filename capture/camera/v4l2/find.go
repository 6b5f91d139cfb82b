// SPDX-License-Identifier: EUPL-1.2

package v4l2

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// A node is one /dev/videoN as sysfs tells of it: the appliance has no udev and so no
// /dev/v4l/by-id.
type node struct {
	path   string // "/dev/video0"
	number int
	name   string // what the camera calls itself
	device string // directory of the USB device; "" for another bus
	id     string // "046d:085e"; "" for another bus
	serial string // "" where the camera has none
}

// String names the camera for people and for the calibration: the same camera in another socket
// has the same name.
func (n node) String() string {
	switch {
	case !n.usb():
		return n.name
	case n.serial == "":
		return fmt.Sprintf("%s (%s)", n.name, n.id)
	}
	return fmt.Sprintf("%s (%s/%s)", n.name, n.id, n.serial)
}

// usb tells whether it is one of a USB device.
func (n node) usb() bool { return n.id != "" }

// nodes lists what the directory (/sys/class/video4linux) has, lowest number first. A node that
// vanishes meanwhile is left out.
func nodes(class string) []node {
	entries, err := os.ReadDir(class)
	if err != nil {
		return nil // the directory comes with the first camera driver
	}
	var list []node
	for _, e := range entries {
		number, err := strconv.Atoi(strings.TrimPrefix(e.Name(), "video"))
		if err != nil {
			continue // v4l-subdev0, vbi0
		}
		dir := filepath.Join(class, e.Name())
		n := node{path: "/dev/" + e.Name(), number: number, name: spoken(attribute(dir, "name"))}
		// device is the USB interface, its parent the device
		if where, err := filepath.EvalSymlinks(filepath.Join(dir, "device")); err == nil {
			n.fromUSB(filepath.Dir(where))
		}
		if n.name != "" {
			list = append(list, n)
		}
	}
	slices.SortFunc(list, func(a, b node) int { return cmp.Compare(a.number, b.number) })
	return list
}

func (n *node) fromUSB(device string) {
	vendor, product := attribute(device, "idVendor"), attribute(device, "idProduct")
	if vendor == "" || product == "" {
		return
	}
	n.device, n.id, n.serial = device, vendor+":"+product, attribute(device, "serial")
}

// spoken is the name once: the driver writes "BRIO: BRIO" where the camera has one name for itself
// and its only function.
func spoken(name string) string {
	if first, again, ok := strings.Cut(name, ": "); ok && first == again {
		return first
	}
	return name
}

// attribute reads one line of sysfs; "" when it is not there.
func attribute(dir, name string) string {
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}

// find gives the node of the camera that is meant, and its modes. A USB camera has a second node
// for metadata, which opens like the first but sends no pictures: the node with modes is it.
func find(list []node, c Choice, modes func(path string) ([]mode, error)) (node, []mode, error) {
	var at node
	var can []mode
	var wrong error
	for _, n := range list {
		if !c.fits(n) || at.path != "" && (c.any() || at.device == n.device) {
			continue
		}
		m, err := modes(n.path)
		switch {
		case err != nil:
			wrong = fmt.Errorf("%s: %w", n, err)
		case len(m) == 0:
		case at.path != "":
			return node{}, nil, fmt.Errorf("%q fits %s and %s; name one of them by its id and serial number, or unplug the other", c, at, n)
		default:
			at, can = n, m
		}
	}
	if at.path == "" {
		return node{}, nil, absent(list, c, wrong)
	}
	return at, can, nil
}

// absent says what to do when no node is the camera.
func absent(list []node, c Choice, wrong error) error {
	if wrong != nil {
		return wrong
	}
	var others []string
	for _, n := range list {
		if text := n.String(); n.usb() && !slices.Contains(others, text) {
			others = append(others, text)
		}
	}
	switch {
	case len(others) == 0:
		return errAbsent
	case c.any():
		return fmt.Errorf("%s sends no pictures; unplug it and plug it in again", strings.Join(others, ", "))
	}
	return fmt.Errorf("no camera fits %q, but %s is there; plug the camera in or change the setting", c, strings.Join(others, ", "))
}
