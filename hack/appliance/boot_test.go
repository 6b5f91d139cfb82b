// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

var idle = flag.Duration("idle", time.Minute, "how long an idle station must write nothing")

// sitter are a card's settings for a machine without a camera.
func sitter() string {
	return strings.Replace(defaultSettings, `"usb"`, `"sitter"`, 1) + maintained
}

// The bounds of issue 4.
const (
	bootLimit   = 20 * time.Second
	memoryLimit = 120 // MiB
	sizeLimit   = 160 // MB, with the voice
)

// TestAppliance takes one card through a station's life.
func TestAppliance(t *testing.T) {
	l := newLobby(t)
	first := l.image(1, nil)
	l.insert(first, card{hostname: "rathaus-1", settings: sitter(), code: l.office(), place: "Eingangshalle"})
	size := diskUse(t, first)
	t.Logf("image on disk: %d MB", size)
	if size > sizeLimit {
		t.Errorf("the image takes %d MB, want at most %d", size, sizeLimit)
	}

	l.on("first start, with enrolment")
	l.runs(1, "confirmed")
	s, err := l.init.status(t.Context())
	check(t, err)
	if s.Hostname == "" || s.PermTotal < 2<<30 {
		t.Errorf("the appliance says %+v, want a name and a data partition of more than 2 GiB", s)
	}
	l.leads(l.out("screen.png"), ":8081")
	memory := l.memory("/user/stationd")
	t.Logf("idle memory of stationd: %s MiB, of guardd: %s MiB", memory, l.memory("/user/guardd"))
	if m, err := strconv.ParseFloat(memory, 64); err != nil || m > memoryLimit {
		t.Errorf("stationd takes %s MiB, want at most %d", memory, memoryLimit)
	}

	l.off()
	l.holdsNoKey()
	if busy := l.on("after a power cut"); busy > bootLimit {
		t.Errorf("the station answers after %v of the processor's time, want at most %v", busy, bootLimit)
	}
	l.updates()
	l.clocksAndNetworks()
}

// holdsNoKey: the card out of the box shows neither the station's key nor the names of its files.
func (l *lobby) holdsNoKey() {
	l.Helper()
	f, err := os.Open(l.vm.image)
	check(l.T, err)
	defer f.Close()
	block := make([]byte, 16*mib)
	for at := int64(permStart); at < diskSize; at += int64(len(block)) - 64 { // a word may lie across two blocks
		n, err := f.ReadAt(block, at)
		if err != nil && !errors.Is(err, io.EOF) {
			l.Fatal(err)
		}
		for _, word := range []string{"PRIVATE KEY-----", "office.json", "Musterstadt"} {
			if bytes.Contains(block[:n], []byte(word)) {
				l.Errorf("the card shows %q in clear at byte %d", word, at)
			}
		}
	}
}

// updates brings releases onto the running station, good ones and bad ones.
func (l *lobby) updates() {
	l.bring(2, l.image(2, nil))
	l.runs(2, "confirmed")
	l.until(time.Minute, "the enrolment is kept", l.answers)
	modes := []string{"crash", "hang", "sick"}
	if testing.Short() {
		modes = modes[:1]
	}
	for i, mode := range modes {
		began := time.Now()
		image := l.image(3+i, faulty(mode))
		l.startsWith(image, true)
		l.bring(3+i, image)
		l.runs(2, "runs again")
		l.startsWith(l.vm.image, false)
		l.until(time.Minute, "the enrolment is kept", l.answers)
		l.Logf("a release whose daemon is in mode %s: switched back by itself, all in %v", mode, time.Since(began).Round(time.Second))
	}
	if testing.Short() {
		return
	}
	l.bring(6, l.image(6, faulty("freeze")))
	l.runs(6, "station restarted")
	l.bring(7, l.image(7, nil))
	l.runs(7, "confirmed")
	l.until(time.Minute, "the enrolment is kept", l.answers)
}

// startsWith: whether the boot partition of an image or card is that of a faulty release.
func (l *lobby) startsWith(image string, faulty bool) {
	l.Helper()
	f, err := os.Open(image)
	check(l.T, err)
	defer f.Close()
	boot, err := io.ReadAll(io.NewSectionReader(f, bootStart, bootSize))
	check(l.T, err)
	if got := bytes.Contains(boot, []byte(faultyLine)); got != faulty {
		l.Errorf("the boot partition is a faulty release's: %v, want %v", got, faulty)
	}
}

// bring updates the station and waits until the release has started.
func (l *lobby) bring(n int, image string) {
	l.Helper()
	began := time.Now()
	check(l.T, l.init.update(l.Context(), image))
	l.runs(n, "first start")
	l.Logf("release %d was uploaded and started in %v", n, time.Since(began).Round(time.Second))
	check(l.T, os.Remove(image))
}

// TestIdle: a station that nobody uses writes nothing at all to its card.
func TestIdle(t *testing.T) {
	takesLong(t)
	l := newLobby(t)
	l.insert(l.image(1, nil), card{hostname: "rathaus-1", settings: sitter(), code: l.office()})
	l.on("first start, with enrolment")
	l.runs(1, "confirmed")
	time.Sleep(2 * time.Minute) // the kernel takes its time with what the start wrote
	before, err := l.vm.written()
	check(t, err)
	last := before
	for left := *idle; left > 0; left -= 20 * time.Second {
		time.Sleep(20 * time.Second)
		now, err := l.vm.written()
		check(t, err)
		if now != last {
			t.Logf("%v before the end: %d bytes", left, now-last)
		}
		last = now
	}
	t.Logf("idle for %v: %d bytes written to the card", *idle, last-before)
	if last != before {
		t.Errorf("an idle station wrote %d bytes, want 0", last-before)
	}
}

// clocksAndNetworks: a station whose clock is wrong is put right by the office,
// and one without a network starts all the same.
func (l *lobby) clocksAndNetworks() {
	l.off()
	l.on("with a clock six years late", "-rtc", "base=2020-01-01T00:00:00")
	l.until(2*time.Minute, "the office sets the clock", func() error {
		_, err := l.stationSays("clock")
		return err
	})
	l.off()
	l.vm.network = append(l.vm.network, "restrict=on")
	l.on("without a network")
	l.leads(l.out("screen-offline.png"), ":8081")
}

// TestPC boots the other image: its own boot code, BIOS, no camera.
func TestPC(t *testing.T) {
	takesLong(t)
	l := newLobby(t)
	if _, err := exec.LookPath("qemu-system-x86_64"); err != nil {
		t.Skip("needs qemu-system-x86")
	}
	l.vm.kind = "pc"
	l.insert(l.image(1, nil), card{hostname: "rathaus-2", settings: sitter(), code: l.office()})
	l.on("PC, first start, with enrolment")
	l.runs(1, "confirmed")
}

// TestWithoutDataPartition: a station that can store nothing says so.
func TestWithoutDataPartition(t *testing.T) {
	l := newLobby(t)
	l.insert(l.image(1, nil), card{settings: sitter()})
	f, err := os.OpenFile(l.vm.image, os.O_WRONLY, 0)
	check(t, err)
	defer f.Close()
	if _, err := f.WriteAt(make([]byte, 64<<10), permStart); err != nil {
		t.Fatal(err)
	}
	check(t, l.vm.start(t.Context()))
	l.until(2*time.Minute, "the station says that it cannot open", func() error {
		page, err := l.page(http.StatusServiceUnavailable)
		if err == nil && !strings.Contains(page, "station.toml") {
			err = os.ErrInvalid
		}
		return err
	})
}

// TestCardIsReadBack writes a whole card, and damages it.
func TestCardIsReadBack(t *testing.T) {
	takesLong(t)
	l := newLobby(t)
	image := l.image(1, nil)
	target, err := os.Create(l.vm.image)
	check(t, err)
	defer target.Close()
	e := errand{l.repository, "pi", image}
	check(t, e.write(t.Context(), target, card{hostname: "rathaus-1", password: secret}, io.Discard))
	l.vm.more = []string{"-object", "filter-dump,id=cable,netdev=net,file=" + l.file("cable.pcap")}
	check(t, l.vm.start(t.Context()))
	l.until(2*time.Minute, "the station waits to be enrolled", func() error {
		_, err := l.page(http.StatusServiceUnavailable)
		return err
	})
	l.until(time.Minute, "the station tells the network its name", func() error {
		heard, err := os.ReadFile(l.file("cable.pcap"))
		if err == nil && !bytes.Contains(heard, []byte("rathaus-1")) {
			err = errors.New("nothing of it is in what went over the cable")
		}
		return err
	})
	l.off()
	from, err := os.Open(image)
	check(t, err)
	defer from.Close()
	if err := same(from, target); err == nil {
		t.Error("a card that holds something else is not noticed")
	}
}

// TestEmptyDaemon is what remains of time and size without the station.
func TestEmptyDaemon(t *testing.T) {
	takesLong(t)
	l := newLobby(t)
	image := l.image(1, func(c *config) {
		c.Packages = []string{fotobox + "/hack/appliance/testdata/empty"}
		c.PackageConfig = nil
	})
	l.insert(image, card{})
	l.on("gokrazy with an empty daemon")
	t.Logf("its image on disk: %d MB", diskUse(t, image))
}

// TestTwoBuildsAreTheSame builds the commit in two folders.
func TestTwoBuildsAreTheSame(t *testing.T) {
	takesLong(t)
	l := newLobby(t)
	n, err := errand{repository: l.repository, kind: "pi"}.compare(t.Context(), "a", "folder-with-a-longer-name/b")
	check(t, err)
	t.Logf("two builds of one commit in two folders: %d of %d bytes differ", n, int64(diskSize))
	if n != 0 {
		t.Errorf("two builds differ in %d bytes, want 0", n)
	}
}

// diskUse is a file's size without its holes, in MB.
func diskUse(t *testing.T, name string) int64 {
	t.Helper()
	info, err := os.Stat(name)
	check(t, err)
	return info.Sys().(*syscall.Stat_t).Blocks * 512 / 1e6
}
