// SPDX-License-Identifier: EUPL-1.2

package reader

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// What sysfs says of devices: a keyboard has all keys of a desktop's.
const (
	allKeys   = "1000000000007 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe"
	powerKeys = "8000 10000000000000 0"
	mediaKeys = "3f000303ff 0 0 483ffff17aff32d bfd4444600000000 1 130ff38b17c000 677bfad9415fed 19ed68000004400 10000002"
)

// machine is a fake of the kernel's input devices, whose events a test writes.
type machine struct {
	t     *testing.T
	dir   string
	mu    sync.Mutex
	wires map[string]*os.File // of devices that are grabbed
	held  map[string]bool     // by another program
	tries map[string]int
	log   bytes.Buffer
	scans chan string
}

func newMachine(t *testing.T) *machine {
	m := &machine{t: t, dir: t.TempDir(), wires: map[string]*os.File{}, held: map[string]bool{}, tries: map[string]int{}, scans: make(chan string, 16)}
	m.must(os.Mkdir(filepath.Join(m.dir, "dev"), 0o755))
	return m
}

func (m *machine) must(err error) {
	m.t.Helper()
	if err != nil {
		m.t.Fatal(err)
	}
}

// plug adds a device.
func (m *machine) plug(node, name, bus, vendor, product, keys string) {
	m.t.Helper()
	for file, content := range map[string]string{"name": name, "id/bustype": bus, "id/vendor": vendor, "id/product": product, "capabilities/key": keys} {
		path := filepath.Join(m.dir, "class", node, "device", file)
		m.must(os.MkdirAll(filepath.Dir(path), 0o755))
		m.must(os.WriteFile(path, []byte(content+"\n"), 0o644))
	}
	m.must(os.WriteFile(filepath.Join(m.dir, "dev", node), nil, 0o644))
}

func (m *machine) unplug(node string) {
	m.t.Helper()
	m.must(os.Remove(filepath.Join(m.dir, "dev", node)))
	m.must(os.RemoveAll(filepath.Join(m.dir, "class", node)))
	m.mu.Lock()
	defer m.mu.Unlock()
	if w := m.wires[node]; w != nil {
		m.must(w.Close())
		delete(m.wires, node)
	}
}

// scanner is a Scanner on this machine.
func (m *machine) scanner(set ScannerSettings) *Scanner {
	s := NewScanner(set, func(text string) { m.scans <- text }, slog.New(slog.NewTextHandler(&m.log, nil)))
	s.class, s.nodes, s.grab = filepath.Join(m.dir, "class"), filepath.Join(m.dir, "dev"), m.grab
	return s
}

func (m *machine) grab(path string) (*os.File, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	node := filepath.Base(path)
	m.tries[node]++
	if m.held[node] {
		return nil, errors.New("device or resource busy")
	}
	r, w, err := os.Pipe()
	m.wires[node] = w
	return r, err
}

// write sends events to whoever has grabbed the device, as soon as somebody has.
func (m *machine) write(node string, events []event) {
	m.t.Helper()
	var b bytes.Buffer
	for _, e := range events {
		b.Write(make([]byte, 16))
		m.must(binary.Write(&b, binary.LittleEndian, struct {
			Kind, Code uint16
			Value      int32
		}{e.kind, e.code, e.value}))
	}
	m.until("grabbed", func() bool { m.mu.Lock(); defer m.mu.Unlock(); return m.wires[node] != nil })
	m.mu.Lock()
	defer m.mu.Unlock()
	_, err := m.wires[node].Write(b.Bytes())
	m.must(err)
}

func (m *machine) until(what string, ok func() bool) {
	m.t.Helper()
	for range 10_000 {
		if ok() {
			return
		}
		time.Sleep(time.Millisecond)
	}
	m.t.Fatalf("not %s", what)
}

// run runs a scanner until the function that it returns is called.
func (m *machine) run(s *Scanner) (stop func()) {
	ctx, cancel := context.WithCancel(m.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	return func() {
		m.t.Helper()
		cancel()
		m.must(<-ended)
	}
}

func (m *machine) scan(want string) {
	m.t.Helper()
	if got := <-m.scans; got != want {
		m.t.Errorf("got %q, want %q", got, want)
	}
}

func TestScannerComesAndGoes(t *testing.T) {
	m := newMachine(t)
	m.plug("event0", "Power Button", "0019", "0000", "0001", powerKeys)
	s := m.scanner(ScannerSettings{})
	stop := m.run(s)
	for range 2 {
		m.plug("event3", "Scanner", "0003", "05e0", "1200", allKeys)
		m.write("event3", append(typed(t, usKeyboard(), "FB1:ABC"), enter()...))
		m.scan("FB1:ABC")
		if got := s.Attached(); !slices.Equal(got, []string{"Scanner"}) {
			t.Errorf("attached: %q", got)
		}
		m.write("event3", typed(t, usKeyboard(), "WITHOUT-ENTER"))
		m.scan("WITHOUT-ENTER")
		m.write("event3", typed(t, usKeyboard(), "HALF"))
		m.unplug("event3")
		m.until("away", func() bool { return len(s.Attached()) == 0 })
	}
	stop()
	if m.tries["event0"] != 0 {
		t.Error("the power button was taken")
	}
	select {
	case scan := <-m.scans:
		t.Errorf("half a scan was told: %q", scan)
	default:
	}
	if n := strings.Count(m.log.String(), "code scanner works"); n != 2 || strings.Contains(m.log.String(), "ABC") {
		t.Errorf("said %d times that it works, want 2, and nothing of a code:\n%s", n, m.log.String())
	}
}

// TestScannerHeld: what another program has is asked for again and again, and said once.
func TestScannerHeld(t *testing.T) {
	m := newMachine(t)
	m.plug("event3", "Scanner", "0003", "05e0", "1200", allKeys)
	m.held["event3"] = true
	stop := m.run(m.scanner(ScannerSettings{Layout: "de"}))
	m.until("tried three times", func() bool { m.mu.Lock(); defer m.mu.Unlock(); return m.tries["event3"] >= 3 })
	m.mu.Lock()
	m.held["event3"] = false
	m.mu.Unlock()
	m.write("event3", append(typed(t, germanKeyboard(), "FB1:Y/Z-1"), enter()...))
	m.scan("FB1:Y/Z-1")
	stop()
	if n := strings.Count(m.log.String(), "cannot be read"); n != 1 {
		t.Errorf("said %d times that it cannot be read, want once:\n%s", n, m.log.String())
	}
}

// TestWhatIsAScanner: nothing is taken that was not meant.
func TestWhatIsAScanner(t *testing.T) {
	m := newMachine(t)
	m.plug("event0", "Power Button", "0019", "0000", "0001", powerKeys)
	m.plug("event1", "AT Translated Set 2 keyboard", "0011", "0001", "0001", allKeys)
	m.plug("event2", "Acme Scanner", "0003", "05e0", "1200", allKeys)
	m.plug("event3", "Acme Scanner Consumer Control", "0003", "05e0", "1200", mediaKeys)
	m.plug("event4", "Office Keyboard", "0003", "046d", "c31c", allKeys)
	const acme, office = "Acme Scanner (05e0:1200)", "Office Keyboard (046d:c31c)"
	for _, tc := range []struct {
		device string
		want   []string
	}{
		{"", []string{acme, office}},
		{"auto", []string{acme, office}},
		{"05E0:1200", []string{acme}},
		{"acme", []string{acme}},
		{"046d:c31c", []string{office}},
		{"at translated", []string{"AT Translated Set 2 keyboard (0001:0001)"}},
		{"1234:5678", nil},
	} {
		got, err := m.scanner(ScannerSettings{Device: tc.device}).Plugged()
		if err != nil || !slices.Equal(got, tc.want) {
			t.Errorf("%q: got %q, %v, want %q", tc.device, got, err, tc.want)
		}
	}
}

func TestScannerSettings(t *testing.T) {
	if err := (ScannerSettings{}).Check(); err != nil {
		t.Error(err)
	}
	if err := (ScannerSettings{Layout: "dvorak"}).Check(); err == nil || !strings.Contains(err.Error(), `"de" "us"`) {
		t.Errorf("got %v, want the layouts that there are", err)
	}
}
