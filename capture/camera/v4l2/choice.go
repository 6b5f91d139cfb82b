// SPDX-License-Identifier: EUPL-1.2

package v4l2

import (
	"fmt"
	"regexp"
	"strings"
)

// A Choice says which camera is meant. The zero Choice is the first USB camera.
type Choice struct {
	node string // "/dev/video0"
	id   string // "046d:085e" or "046d:085e/SERIAL", lower case but for the serial
	name string // part of the USB name
}

// ParseChoice reads one of
//
//	usb                    the first USB camera
//	usb:BRIO               the camera whose USB name has that in it, in any case
//	usb:046d:085e          the camera of that vendor and product
//	usb:046d:085e/1A2B3C   the one of them with that serial number
//	/dev/video0            that node, whatever is behind it
func ParseChoice(text string) (Choice, error) {
	if regexp.MustCompile(`^/dev/video\d+$`).MatchString(text) {
		return Choice{node: text}, nil
	}
	kind, which, named := strings.Cut(text, ":")
	switch {
	case kind != "usb" || named && strings.TrimSpace(which) == "":
		return Choice{}, fmt.Errorf(`%q is no camera; it must be "usb", "usb:NAME", "usb:VENDOR:PRODUCT", "usb:VENDOR:PRODUCT/SERIAL" or "/dev/videoN"`, text)
	case !named:
		return Choice{}, nil
	}
	if id := regexp.MustCompile(`^[0-9a-fA-F]{4}:[0-9a-fA-F]{4}(/.+)?$`); !id.MatchString(which) {
		return Choice{name: which}, nil
	}
	return Choice{id: strings.ToLower(which[:9]) + which[9:]}, nil
}

// String is what ParseChoice reads.
func (c Choice) String() string {
	switch {
	case c.node != "":
		return c.node
	case c.id != "":
		return "usb:" + c.id
	case c.name != "":
		return "usb:" + c.name
	}
	return "usb"
}

// any tells whether the first camera will do.
func (c Choice) any() bool { return c == Choice{} }

// fits tells whether p is a node of the camera that is meant.
func (c Choice) fits(p node) bool {
	switch {
	case c.node != "":
		return p.path == c.node
	case !p.usb():
		return false
	case c.id != "":
		return p.id == c.id || p.id+"/"+p.serial == c.id
	}
	return strings.Contains(strings.ToLower(p.name), strings.ToLower(c.name))
}
