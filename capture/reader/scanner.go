// SPDX-License-Identifier: EUPL-1.2

package reader

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	// lookEvery is how soon a scanner that was plugged in works, at most.
	lookEvery = 500 * time.Millisecond
	// scanPause ends a scan without Enter. Scanners send a key every 1 to 20 ms.
	scanPause = 400 * time.Millisecond
	// scanMore is for events that came while this program did not: a deadline that has passed is
	// reported before what there is to read.
	scanMore = 50 * time.Millisecond
	// eventSize is that of struct input_event on 64-bit machines.
	eventSize = 24
)

// ScannerSettings say which of the machine's keyboards are code scanners.
type ScannerSettings struct {
	// Device is "auto", the USB id "05e0:1200", or a part of the device's name. Empty is "auto": every
	// keyboard on USB or Bluetooth that can type a code. Nobody types at a station, so that whatever
	// else is plugged in there, such as a technician's keyboard, may be taken too.
	Device string `toml:"device"`
	// Layout is the keyboard that the scanner imitates: "us", as scanners come, or "de". Empty is "us".
	Layout string `toml:"layout"`
}

// Check names the value that cannot be.
func (s ScannerSettings) Check() error {
	if _, ok := layouts()[s.layout()]; !ok {
		return fmt.Errorf("scanner.layout = %q: must be one of %q", s.Layout, slices.Sorted(maps.Keys(layouts())))
	}
	return nil
}

func (s ScannerSettings) layout() string {
	if s.Layout == "" {
		return "us"
	}
	return s.Layout
}

// means reports whether a keyboard is one of the scanners.
func (s ScannerSettings) means(k keyboard) bool {
	if s.Device == "" || s.Device == "auto" {
		return k.types() && k.pluggable()
	}
	return k.types() && (strings.EqualFold(s.Device, k.id) || strings.Contains(strings.ToLower(k.name), strings.ToLower(s.Device)))
}

// A Scanner reads what code scanners type. They may come and go.
type Scanner struct {
	settings ScannerSettings
	found    func(text string)
	log      *slog.Logger

	class, nodes string
	grab         func(path string) (*os.File, error)

	mu     sync.Mutex
	nodeOf map[string]*seen // by name, such as event3
}

// seen is a device file and what became of it.
type seen struct {
	file     fs.FileInfo
	name     string // of a scanner that is read
	attached bool
}

// NewScanner returns a reader of scanners. found is told each scan, as it was typed; while it runs
// that scanner waits, so it must return soon. Check has passed the settings.
func NewScanner(s ScannerSettings, found func(text string), log *slog.Logger) *Scanner {
	return &Scanner{
		settings: s, found: found, log: log, class: inputClass, nodes: inputNodes, grab: grab, nodeOf: map[string]*seen{},
	}
}

func (s *Scanner) String() string { return "code scanner" }

// Attached names the scanners that are read now.
func (s *Scanner) Attached() (names []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range s.nodeOf {
		if d.attached {
			names = append(names, d.name)
		}
	}
	slices.Sort(names)
	return names
}

// Plugged names the scanners that are plugged in, whoever reads them.
func (s *Scanner) Plugged() (names []string, err error) {
	files, err := s.files()
	if err != nil {
		return nil, err
	}
	for node := range files {
		if k, err := describe(s.class, node); err == nil && s.settings.means(k) {
			names = append(names, k.name+" ("+k.id+")")
		}
	}
	slices.Sort(names)
	return names, nil
}

// Run reads all scanners, those that are there and those that come, until ctx ends.
func (s *Scanner) Run(ctx context.Context) error {
	var readers sync.WaitGroup
	defer readers.Wait()
	said := map[string]string{} // why a device could not be read, so that it is said once
	for {
		files, err := s.files()
		if err != nil && !errors.Is(err, fs.ErrNotExist) { // no such folder: no input device
			return err
		}
		for _, node := range s.news(files) {
			s.attach(ctx, node, &readers, said)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(lookEvery):
		}
	}
}

// files are the device files of all input devices.
func (s *Scanner) files() (map[string]fs.FileInfo, error) {
	entries, err := os.ReadDir(s.nodes)
	if err != nil {
		return nil, fmt.Errorf("input devices: %w", err)
	}
	files := map[string]fs.FileInfo{}
	for _, e := range entries {
		if info, err := e.Info(); err == nil && strings.HasPrefix(e.Name(), "event") {
			files[e.Name()] = info
		}
	}
	return files, nil
}

// news returns the devices that were not there before and forgets those that are gone. A name may
// have been given to another device meanwhile.
func (s *Scanner) news(files map[string]fs.FileInfo) (nodes []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.DeleteFunc(s.nodeOf, func(node string, d *seen) bool {
		return !d.attached && (files[node] == nil || !os.SameFile(files[node], d.file))
	})
	for _, node := range slices.Sorted(maps.Keys(files)) {
		if s.nodeOf[node] == nil {
			s.nodeOf[node] = &seen{file: files[node]}
			nodes = append(nodes, node)
		}
	}
	return nodes
}

// attach begins to read a device if it is a scanner.
func (s *Scanner) attach(ctx context.Context, node string, readers *sync.WaitGroup, said map[string]string) {
	k, err := describe(s.class, node)
	if err != nil {
		s.forget(node) // half there or half gone: look again
		return
	}
	if !s.settings.means(k) {
		return
	}
	f, err := s.grab(filepath.Join(s.nodes, node))
	if err != nil {
		s.forget(node) // try again
		if said[node] != err.Error() {
			s.log.Warn("code scanner cannot be read", "name", k.name, "id", k.id, "err", err)
		}
		said[node] = err.Error()
		return
	}
	delete(said, node)
	s.log.Info("code scanner works", "name", k.name, "id", k.id)
	s.mark(node, k.name)
	readers.Go(func() {
		err := s.read(ctx, f)
		s.forget(node)
		if ctx.Err() == nil {
			s.log.Warn("code scanner away", "name", k.name, "id", k.id, "err", err)
		}
	})
}

func (s *Scanner) mark(node, name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.nodeOf[node]
	d.name, d.attached = name, true
}

func (s *Scanner) forget(node string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.nodeOf, node)
}

// read tells the scans of one device until it is gone or ctx ends, and closes it. It reads all the
// time: the kernel keeps some 60 events and drops a scan that waits for longer.
func (s *Scanner) read(ctx context.Context, f *os.File) error {
	stop := context.AfterFunc(ctx, func() { f.Close() }) // ends a read that waits
	defer func() {
		if stop() {
			f.Close()
		}
	}()
	k := keys{layout: layouts()[s.settings.layout()]()}
	buffer := make([]byte, 64*eventSize)
	for silent := false; ; {
		if err := f.SetReadDeadline(k.until(time.Now(), silent)); err != nil {
			return err
		}
		n, err := f.Read(buffer)
		late := errors.Is(err, os.ErrDeadlineExceeded)
		if err != nil && !late {
			return err
		}
		if late && silent {
			s.tell(k.pause())
		}
		silent = late && !silent
		for b := buffer[:n]; len(b) >= eventSize; b = b[eventSize:] {
			s.tell(k.feed(decode(b)))
		}
	}
}

// until is how long to wait for the next key of a scan: no time at all is for ever.
func (k *keys) until(now time.Time, silent bool) time.Time {
	switch {
	case !k.pending():
		return time.Time{}
	case silent:
		return now.Add(scanMore)
	}
	return now.Add(scanPause)
}

func (s *Scanner) tell(scan string, ok bool) {
	if ok {
		s.found(scan)
	}
}

// decode reads a struct input_event; the time before it does not matter.
func decode(b []byte) event {
	le := binary.LittleEndian
	return event{le.Uint16(b[16:]), le.Uint16(b[18:]), int32(le.Uint32(b[20:]))}
}
