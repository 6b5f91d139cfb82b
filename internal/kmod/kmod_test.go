// SPDX-License-Identifier: EUPL-1.2

package kmod

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const dep = `kernel/fs/fat.ko:
kernel/media/mc.ko.xz:
kernel/media/videodev.ko: kernel/media/mc.ko.xz
kernel/media/uvc-video.ko: kernel/media/vb2-v4l2.ko kernel/media/videodev.ko kernel/media/mc.ko.xz
kernel/media/vb2-v4l2.ko: kernel/media/videodev.ko kernel/media/mc.ko.xz
`

// machine is a fake kernel: it refuses refuse, and remembers what was inserted.
func machine(t *testing.T, loaded string, refuse string) (tree, *[]string) {
	t.Helper()
	dir := t.TempDir()
	files := map[string]string{"lib/modules.dep": dep, "lib/modules.builtin": "kernel/lib/crc32.ko\nkernel/drivers/usb-core.ko\n"}
	for name := range strings.FieldsSeq(loaded) {
		files["sys/"+name+"/initstate"] = "live\n"
	}
	for name, text := range files {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var inserted []string
	return tree{
		modules: filepath.Join(dir, "lib"), sys: filepath.Join(dir, "sys"),
		insert: func(file string) error {
			if refuse != "" && strings.Contains(file, refuse) {
				return fs.ErrPermission
			}
			inserted = append(inserted, filepath.Base(file))
			return nil
		},
	}, &inserted
}

func TestLoad(t *testing.T) {
	for _, tc := range []struct {
		name, module, loaded string
		want                 []string
	}{
		{"all of it", "uvc_video", "", []string{"mc.ko.xz", "videodev.ko", "vb2-v4l2.ko", "uvc-video.ko"}},
		{"written with a dash", "uvc-video", "", []string{"mc.ko.xz", "videodev.ko", "vb2-v4l2.ko", "uvc-video.ko"}},
		{"some of it is there", "uvc_video", "mc videodev", []string{"vb2-v4l2.ko", "uvc-video.ko"}},
		{"loaded", "uvc_video", "mc videodev vb2_v4l2 uvc_video", nil},
		{"built in", "usb_core", "", nil},
		{"needs nothing", "fat", "", []string{"fat.ko"}},
	} {
		m, inserted := machine(t, tc.loaded, "")
		if err := m.load(tc.module); err != nil {
			t.Errorf("%s: %v", tc.name, err)
		}
		if diff := cmp.Diff(tc.want, *inserted); diff != "" {
			t.Errorf("%s: inserted (-want +got):\n%s", tc.name, diff)
		}
	}
}

func TestLoadFails(t *testing.T) {
	m, inserted := machine(t, "", "vb2")
	if err := m.load("uvc_video"); !errors.Is(err, fs.ErrPermission) || !strings.Contains(err.Error(), "vb2-v4l2.ko") {
		t.Errorf("a module is refused: got %v, want its name and that it may not be", err)
	}
	if len(*inserted) != 2 {
		t.Errorf("inserted %v after the refusal", *inserted)
	}
	if err := m.load("gpio_sim"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("unknown module: got %v, want that it does not exist", err)
	}
	m.modules = t.TempDir()
	if err := m.load("fat"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no modules.dep: got %v, want that it does not exist", err)
	}
}

// TestLoadHere: what this very kernel has needs no loading, and what no kernel has is said.
func TestLoadHere(t *testing.T) {
	if err := Load("no_such_module"); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "no_such_module") {
		t.Errorf("got %v, want an error that names the module", err)
	}
}
