// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// logged writes a log as QEMU does: sectors of 512 bytes, a head, then requests with their bytes.
func logged(t *testing.T, entries int, requests ...any) string {
	t.Helper()
	var b bytes.Buffer
	add := func(v any) {
		if err := binary.Write(&b, binary.LittleEndian, v); err != nil {
			t.Fatal(err)
		}
		b.Write(make([]byte, (512-b.Len()%512)%512))
	}
	add(struct {
		Magic, Version, Entries uint64
		Sector                  uint32
	}{logMagic, 1, uint64(entries), 512})
	for _, r := range requests {
		add(r)
	}
	name := filepath.Join(t.TempDir(), "log")
	if err := os.WriteFile(name, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func request(sector, sectors, flags uint64) [4]uint64 { return [4]uint64{sector, sectors, flags, 0} }

func sectors(text string, n int) []byte { return bytes.Repeat([]byte(text), 512*n/len(text)) }

// TestCut: what was flushed is on the disk after every cut, in the order in which
// it was written; what was not is there in part, in some cut all and in another nothing of it.
func TestCut(t *testing.T) {
	log := logged(t, 8,
		request(1, 2, 0), sectors("a", 2),
		request(2, 1, 0), sectors("b", 1),
		request(0, 0, flagFlush),
		request(7, 1, 0), sectors("g", 1), // never again after the next one
		request(7, 1, flagFUA), sectors("f", 1),
		request(4, 2, 0), sectors("c", 2),
		request(1, 1, 0), sectors("d", 1),
		request(9, 1, flagDiscard),
		request(8, 1, 0), sectors("e", 1), // QEMU was killed before it counted this one
	)
	seen := map[string]bool{}
	for seed := range uint64(200) {
		disk := filepath.Join(t.TempDir(), "disk")
		if err := os.WriteFile(disk, sectors(".", 10), 0o600); err != nil {
			t.Fatal(err)
		}
		did, err := cut(disk, log, rand.New(rand.NewPCG(seed, 0)))
		if err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(disk)
		if err != nil {
			t.Fatal(err)
		}
		var got strings.Builder
		for s := range 10 {
			got.WriteByte(b[512*s])
			if !bytes.Equal(b[512*s:512*(s+1)], bytes.Repeat(b[512*s:512*s+1], 512)) {
				t.Fatalf("sector %d is torn", s)
			}
		}
		seen[got.String()] = true
		if did.flushed != 2 || did.kept+did.torn+did.lost != 4 {
			t.Errorf("%v", did)
		}
	}
	for disk := range seen {
		rest := strings.NewReplacer(".ab....f..", "", ".db....f..", "", ".ab.cc.f..", "", ".db.cc.f..", "", ".ab.c..f..", "", ".db.c..f..", "").Replace(disk)
		if rest != "" {
			t.Errorf("a disk holds %s", disk)
		}
	}
	if len(seen) != 6 {
		t.Errorf("%d kinds of cuts, want all 6: %v", len(seen), seen)
	}
}

func TestCutReadsLogsOnly(t *testing.T) {
	disk := filepath.Join(t.TempDir(), "disk")
	write(t, disk, "not a log, and long enough to have a head")
	if _, err := cut(disk, disk, rand.New(rand.NewPCG(0, 0))); err == nil {
		t.Error("a text is a log")
	}
}
