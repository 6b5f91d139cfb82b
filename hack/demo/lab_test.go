// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"os"
	"testing"
	"time"
)

//lab:program daemon/stationd
//lab:program daemon/registryd
//lab:memory 1536
//lab:timeout 10m

func TestLabVisit(t *testing.T) {
	if os.Getenv("FOTOBOX_LAB") == "" {
		t.Skip("needs the lab: make lab")
	}
	began := time.Now()
	said := func(what string) { t.Logf("%6.1f s %s", time.Since(began).Seconds(), what) }
	log := newLedger(t)
	folder := sitterFolder(t)
	said("sitter")
	w := &town{dir: t.TempDir(), bin: "/lab/bin", camera: "folder:" + folder, burst: 1, log: log}
	if err := w.freeAddresses(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.close)
	if err := w.found(t.Context()); err != nil {
		t.Fatal(err)
	}
	said("founded")
	if err := w.openOffice(t.Context()); err != nil {
		t.Fatal(err)
	}
	said("office")
	if err := w.enrol(t.Context()); err != nil {
		t.Fatal(err)
	}
	said("enrolled")
	if err := w.openStation(t.Context()); err != nil {
		t.Fatal(err)
	}
	said("station")
	b, err := w.book(t.Context(), "CANARY", soon())
	if err != nil {
		t.Fatal(err)
	}
	said("booked")
	v := &visitor{base: "http://" + w.kiosk}
	if err := v.visit(t.Context(), b.code); err != nil {
		t.Fatal(err)
	}
	said("visited")
	w.awaitCaptures(t, 1)
	said("captures")
}
