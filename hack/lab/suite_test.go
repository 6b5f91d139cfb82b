// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestSuites(t *testing.T) {
	root := t.TempDir()
	for name, text := range map[string]string{
		"a/lab_test.go":          "package a\nfunc TestLabOne(){}\nfunc helper(){}\nfunc TestMain(){}\n",
		"a/lab_more_test.go":     "package a\nfunc TestLabTwo(){}\n",
		"a/b/ordinary_test.go":   "package b\nfunc TestOther(){}\n",
		"c/lab_test.go":          "package c\n//lab:program daemon/x\n//lab:memory 900\n//lab:timeout 9m\nfunc TestThree(){}\n",
		"c/testdata/lab_test.go": "package none\nfunc TestNone(){}\n",
	} {
		write(t, filepath.Join(root, name), text)
	}
	got, err := suites(root)
	if err != nil {
		t.Fatal(err)
	}
	want := []suite{
		{dir: "a", tests: []string{"TestLabTwo", "TestLabOne"}, memory: 768, timeout: 5 * time.Minute},
		{dir: "c", tests: []string{"TestThree"}, programs: []string{"daemon/x"}, memory: 900, timeout: 9 * time.Minute},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(suite{})); diff != "" {
		t.Error(diff)
	}
	write(t, filepath.Join(root, "d/lab_test.go"), "package d\n//lab:colour red\n")
	if _, err := suites(root); err == nil || !strings.Contains(err.Error(), "//lab:colour red") {
		t.Errorf("an unknown wish: %v", err)
	}
	if s := got[0].only(regexp.MustCompile("One$")); len(s.tests) != 1 || len(got[0].tests) != 2 {
		t.Errorf("one of two tests: %v of %v", s.tests, got[0].tests)
	}
}

// TestListen: only what the program says is its output, whatever the console's line ends.
func TestListen(t *testing.T) {
	console := "[ 0.1] kernel\r\n\r\n@@lab load x.ko: no\r\n\n@@lab start\r\n=== RUN TestX\r\n--- PASS: TestX\r\n\n@@lab exit 0\r\n"
	var out bytes.Buffer
	r, err := listen(strings.NewReader(console), &out, time.Now().Add(-time.Second))
	if err != nil || r.status != 0 || r.boot < time.Second {
		t.Errorf("%+v, %v", r, err)
	}
	if diff := cmp.Diff("machine: load x.ko: no\n=== RUN TestX\n--- PASS: TestX\n\n", out.String()); diff != "" {
		t.Error(diff)
	}
	for console, want := range map[string]string{
		"@@lab start\nsaying[   86.308850] Internal error: Oops: 0000000096000004 [#1] SMP\r\n[   86.4] Call trace:\n[   86.312518] Kernel panic - not syncing: Oops: Fatal exception\n": "Internal error: Oops: 0000000096000004 [#1] SMP",
		"[    1.000001] Kernel panic - not syncing: VFS: Unable to mount root fs\n":                                                                                                      "Kernel panic - not syncing: VFS: Unable to mount root fs",
		"@@lab start\n    x_test.go:1: Kernel panic\n[   82.105877] gpiochip1: away\n":                                                                                                   "",
	} {
		if r, err := listen(strings.NewReader(console), &out, time.Now()); r.status >= 0 || r.crash != want || err != nil {
			t.Errorf("%q: status %d, crash %q, %v, want no status and %q", console, r.status, r.crash, err, want)
		}
	}
}

func TestVerdict(t *testing.T) {
	for name, tt := range map[string]struct {
		status int
		text   string
		ok     bool
	}{
		"passed":  {0, "--- PASS: TestA (1s)\n--- PASS: TestB (1s)\nPASS\n", true},
		"subtest": {0, "--- PASS: TestA (1s)\n    --- PASS: TestA/b (1s)\nPASS\n", false},
		"skipped": {0, "--- PASS: TestA (1s)\n--- SKIP: TestB (0s)\nPASS\n", false},
		"failed":  {1, "--- PASS: TestA (1s)\n--- PASS: TestB (0s)\n", false},
	} {
		if err := verdict(result{status: tt.status}, tt.text, 2); (err == nil) != tt.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestArchive reads the archive back by the format's own lengths.
func TestArchive(t *testing.T) {
	var a archive
	a.device("dev/null", 1, 3)
	a.file("/lab/x", 0o755, []byte("hello"))
	a.file("lab/y", 0o644, nil)
	var names []string
	for b := a.bytes(); len(b) > 0; {
		field := func(i int) int {
			n := 0
			for _, c := range b[6+8*i : 14+8*i] {
				n = n<<4 | strings.IndexByte("0123456789ABCDEF", c)
			}
			return n
		}
		size, name := field(6), field(11)
		names = append(names, string(b[110:110+name-1]))
		b = b[(110+name+3)&^3+(size+3)&^3:]
	}
	if diff := cmp.Diff([]string{"dev", "dev/null", "lab", "lab/x", "lab/y", "TRAILER!!!"}, names); diff != "" {
		t.Error(diff)
	}
}

// TestModuleNeeds reads a module that has one section, written by hand.
func TestModuleNeeds(t *testing.T) {
	got, err := moduleNeeds(object("name=x\x00depends=videodev,mc\x00"))
	if diff := cmp.Diff([]string{"videodev", "mc"}, got); diff != "" || err != nil {
		t.Error(err, diff)
	}
	if got, err := moduleNeeds(object("depends=\x00")); len(got) != 0 || err != nil {
		t.Errorf("a module that needs nothing needs %q, %v", got, err)
	}
	if _, err := moduleNeeds([]byte("no module")); err == nil {
		t.Error("a text file is a module")
	}
}

// object is an ELF file with the section .modinfo.
func object(info string) []byte {
	const names = "\x00.modinfo\x00.shstrtab\x00"
	le := binary.LittleEndian
	const head, row = 64, 64
	b := make([]byte, head)
	copy(b, "\x7fELF\x02\x01\x01")
	le.PutUint16(b[16:], 1)   // relocatable
	le.PutUint16(b[18:], 183) // AArch64
	le.PutUint32(b[20:], 1)
	le.PutUint64(b[40:], uint64(head+len(info)+len(names)))
	le.PutUint16(b[52:], head)
	le.PutUint16(b[58:], row)
	le.PutUint16(b[60:], 3)
	le.PutUint16(b[62:], 2)
	b = append(b, info+names...)
	section := func(name, kind uint32, at, size int) {
		s := make([]byte, row)
		le.PutUint32(s, name)
		le.PutUint32(s[4:], kind)
		le.PutUint64(s[24:], uint64(at))
		le.PutUint64(s[32:], uint64(size))
		b = append(b, s...)
	}
	section(0, 0, 0, 0)
	section(1, 1, head, len(info))
	section(10, 3, head+len(info), len(names))
	return b
}

func TestMissing(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	l := lab{root: "../..", cache: t.TempDir()}
	err := l.all(t.Context(), nil, "")
	if err == nil || !strings.Contains(err.Error(), "qemu-system-aarch64 is missing") || !strings.Contains(err.Error(), "skipped: the tests with a real kernel (") || !strings.Contains(err.Error(), "hack/lab/gpiosim") {
		t.Errorf("without QEMU: %v", err)
	}
}
