// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/hack/visitor"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
)

var (
	visits = flag.Int("visits", 60, "visits of TestKilled, and a quarter of them on PostgreSQL")
	seed   = flag.Uint64("seed", uint64(time.Now().UnixNano()), "seed of TestKilled")
)

// TestKilled kills one of the programs at a random moment of every visit, as a
// power cut does, and starts it again. Every visit whose screen said that the
// photo is stored must be at the office exactly once, and none twice.
func TestKilled(t *testing.T) { storm(t, *visits-*visits/4, nil) }

// TestKilledPostgres is the same on PostgreSQL, with a quarter of the visits, and
// the server is killed as well.
func TestKilledPostgres(t *testing.T) {
	needSpeed(t)
	storm(t, *visits/4, storetest.Own(t))
}

func storm(t *testing.T, visits int, server *storetest.Server) {
	if testing.Short() {
		t.Skip("takes minutes")
	}
	t.Logf("seed %d", *seed)
	database := ""
	if server != nil {
		database = server.Where()
	}
	k := &killing{
		t: t, rand: rand.New(rand.NewPCG(*seed, 0)), stored: map[string]bool{}, server: server,
		town: newTownOn(t, database, "folder:"+sitterFolder(t), newLedger(t)),
	}
	for i := range visits {
		k.visit(i)
	}
	k.settle()
	got := k.town.awaitCaptures(t, len(k.stored))
	for id := range k.stored {
		if got[id] != 1 {
			t.Errorf("the screen said stored, the office has it %d times", got[id])
		}
	}
	for id, n := range got {
		if n != 1 {
			t.Errorf("appointment %s has %d captures, want 1", id, n)
		}
	}
	t.Logf("%d visits, %d killed stations, %d killed offices, %d killed databases, %d screens said stored, %d captures at the office",
		visits, k.stations, k.offices, k.servers, len(k.stored), len(got))
	if _, err := k.town.registryd(t.Context(), "", "audit"); err != nil {
		t.Errorf("the record after all that: %v", err)
	}
	searchFiles(t, filepath.Join(k.town.dir, "station"), []byte("\xff\xd8\xff"))
}

// A killing is a town in a bad storm.
type killing struct {
	t      *testing.T
	rand   *rand.Rand
	town   *town
	server *storetest.Server // its PostgreSQL, or nil
	stored map[string]bool   // appointments whose screen said stored

	stations, offices, servers int // how many were killed
}

// visit lets a citizen try, while one program is killed and started again.
func (k *killing) visit(i int) {
	k.t.Helper()
	ctx := k.t.Context()
	b, err := k.town.book(ctx, "Ada Beispiel", soon())
	if err != nil {
		k.t.Fatal(err)
	}
	code, err := appointment.Parse(b.code)
	if err != nil {
		k.t.Fatal(err)
	}
	killed := make(chan error, 1)
	delay, station := time.Duration(k.rand.IntN(1500))*time.Millisecond, k.rand.IntN(2) == 0
	server := !station && k.server != nil && k.rand.IntN(2) == 0
	visit, leave := context.WithCancel(ctx)
	defer leave()
	go func() {
		time.Sleep(delay)
		killed <- k.strike(ctx, station, server)
		if station {
			leave() // whoever stood there has walked away
		}
	}()
	v := &visitor.Visitor{Base: "http://" + k.town.kiosk}
	err = v.Visit(visit, b.code)
	// Without an end the screen may still be the last citizen's.
	if err == nil && v.Now.Look == "good" {
		k.stored[code.ID.String()] = true
	} else if err == nil || !station {
		k.t.Errorf("visit %d ended on %+v with %v though the station lived", i, v.Now, err)
	}
	if err := <-killed; err != nil {
		k.t.Fatalf("visit %d: %v", i, err)
	}
}

// strike kills a program and starts it again.
func (k *killing) strike(ctx context.Context, station, server bool) error {
	if server {
		k.servers++
		return k.server.Kill()
	}
	if station {
		k.stations++
		k.town.station.kill()
		return k.town.openStation(ctx)
	}
	k.offices++
	k.town.office.kill()
	return k.town.openOffice(ctx)
}

// settle waits until the station has delivered what it has.
func (k *killing) settle() {
	dir := filepath.Join(k.town.dir, "station", "outbox", "new")
	for until := time.Now().Add(6 * time.Minute); time.Now().Before(until); time.Sleep(100 * time.Millisecond) {
		entries, err := os.ReadDir(dir)
		if err != nil {
			k.t.Fatal(err)
		}
		if len(entries) == 0 {
			return
		}
	}
	k.t.Error("the outbox was not empty after six minutes")
}
