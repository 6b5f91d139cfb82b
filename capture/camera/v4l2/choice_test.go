// SPDX-License-Identifier: EUPL-1.2

package v4l2

import (
	"errors"
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestParseChoice(t *testing.T) {
	for text, want := range map[string]Choice{
		"usb":                  {},
		"usb:BRIO":             {name: "BRIO"},
		"usb:Cam: the second":  {name: "Cam: the second"},
		"usb:046D:085e":        {id: "046d:085e"},
		"usb:046d:085e/AB:1/2": {id: "046d:085e/AB:1/2"},
		"usb:046d:085":         {name: "046d:085"},
		"/dev/video0":          {node: "/dev/video0"},
		"/dev/video12":         {node: "/dev/video12"},
	} {
		got, err := ParseChoice(text)
		if err != nil || got != want {
			t.Errorf("ParseChoice(%q) = %+v, %v, want %+v", text, got, err, want)
		}
		if again, err := ParseChoice(got.String()); err != nil || again != got {
			t.Errorf("ParseChoice(%q) = %+v, %v, want %+v", got, again, err, got)
		}
	}
	for _, text := range []string{"", "usb:", "usb: ", "webcam", "/dev/video", "/dev/vide0", "/dev/video0x", "csi:1"} {
		if got, err := ParseChoice(text); err == nil || !strings.Contains(err.Error(), `"usb:NAME"`) {
			t.Errorf("ParseChoice(%q) = %+v, %v, want an error that says what can be", text, got, err)
		}
	}
}

// sysfs is a fake /sys/class/video4linux with, for each camera, two nodes of the same name, the
// second for metadata, as links into the tree of devices.
func sysfs(t *testing.T, cameras ...[4]string) string {
	t.Helper()
	root := t.TempDir()
	number := 0
	for i, c := range cameras { // name, vendor, product, serial
		device := filepath.Join(root, "devices", "usb1", "1-"+string(rune('1'+i)))
		put(t, device, map[string]string{"idVendor": c[1], "idProduct": c[2], "serial": c[3]})
		for range 2 {
			name := "video" + string(rune('0'+number))
			dir := filepath.Join(device, "1-1:1.0", "video4linux", name)
			put(t, dir, map[string]string{"name": c[0]})
			link(t, "../../", filepath.Join(dir, "device"))
			link(t, dir, filepath.Join(root, "class", name))
			number++
		}
	}
	return filepath.Join(root, "class")
}

func put(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		if text == "" {
			continue
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func link(t *testing.T, to, from string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(from), 0o700), os.Symlink(to, from)); err != nil {
		t.Fatal(err)
	}
}

func TestFind(t *testing.T) {
	brio := [4]string{"Logitech BRIO: Logitech BRIO", "046d", "085e", "A1"}
	second := [4]string{"Logitech BRIO", "046d", "085e", "A2"}
	plain := [4]string{"USB Camera", "1209", "0001", ""}
	chip := [4]string{"bcm2835-codec", "", "", ""}
	const even = "024" // these send pictures; the others are for metadata
	for _, tc := range []struct {
		name    string
		cameras [][4]string
		choice  string
		sending string
		want    string // node and camera, or part of the error
	}{
		{"the first", [][4]string{plain, brio}, "usb", even, "/dev/video0 USB Camera (1209:0001)"},
		{"the first is no USB camera", [][4]string{chip, brio}, "usb", even, "/dev/video2 Logitech BRIO (046d:085e/A1)"},
		{"metadata comes first", [][4]string{brio}, "usb", "1", "/dev/video1 Logitech BRIO (046d:085e/A1)"},
		{"by name", [][4]string{plain, brio}, "usb:brio", even, "/dev/video2 Logitech BRIO (046d:085e/A1)"},
		{"by id", [][4]string{plain, brio}, "usb:046d:085e", even, "/dev/video2 Logitech BRIO (046d:085e/A1)"},
		{"by serial number", [][4]string{brio, second}, "usb:046d:085e/A2", even, "/dev/video2 Logitech BRIO (046d:085e/A2)"},
		{"by node", [][4]string{chip, brio}, "/dev/video0", even, "/dev/video0 bcm2835-codec"},
		{"two fit", [][4]string{brio, second}, "usb:BRIO", even, "name one of them by its id and serial number"},
		{"nothing there", nil, "usb", even, "no USB camera is there; plug it in"},
		{"another one there", [][4]string{plain}, "usb:BRIO", even, `no camera fits "usb:BRIO", but USB Camera (1209:0001) is there`},
		{"another serial number", [][4]string{brio}, "usb:046d:085e/A2", even, "Logitech BRIO (046d:085e/A1) is there"},
		{"only metadata", [][4]string{plain}, "usb", "", "USB Camera (1209:0001) sends no pictures"},
		{"may not", [][4]string{plain}, "usb", "x", "the program's user must be in the group video"},
	} {
		c, err := ParseChoice(tc.choice)
		if err != nil {
			t.Fatal(err)
		}
		n, modes, err := find(nodes(sysfs(t, tc.cameras...)), c, func(path string) ([]mode, error) {
			if tc.sending == "x" {
				return nil, explain(os.ErrPermission)
			}
			if strings.Contains(tc.sending, path[len(path)-1:]) {
				return []mode{{mjpeg, image.Pt(640, 480), 30}}, nil
			}
			return nil, nil
		})
		got := n.path + " " + n.String()
		if err != nil {
			got = err.Error()
		}
		if (err == nil) != (len(modes) == 1) || got != tc.want && (err == nil || !strings.Contains(got, tc.want)) {
			t.Errorf("%s: got %s, want %s", tc.name, got, tc.want)
		}
	}
	if got := nodes(filepath.Join(t.TempDir(), "not there")); got != nil {
		t.Errorf("without camera drivers: %v", got)
	}
}
