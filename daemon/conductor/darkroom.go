// SPDX-License-Identifier: EUPL-1.2

package conductor

import (
	"encoding/json"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/daemon/session"
)

// A Print is one finished photo: the bytes that the citizen sees and the office gets.
type Print struct {
	JPEG   []byte          // 1244x1600, coded once
	Report json.RawMessage // all findings, as package rule writes them
	Photo  session.Photo   // what the session knows of it
}

// prints are the photos of one burst.
type prints struct {
	visit   uint64
	capture uuid.UUID // UUIDv7 of the moment of the burst
	taken   time.Time
	photos  []Print
}

// A darkroom keeps the prints of the one visit that is under way, in memory only.
type darkroom struct {
	mu     sync.Mutex
	prints prints
	closed uint64 // visits below this one have been wiped
}

// keep replaces the visit's prints. Those of a wiped visit are dropped.
func (d *darkroom) keep(p prints) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if p.visit >= d.closed {
		d.prints = p
	}
}

// of returns the visit's prints.
func (d *darkroom) of(visit uint64) (prints, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.prints, len(d.prints.photos) > 0 && d.prints.visit == visit
}

// wipe forgets the pictures of every visit up to this one. The bytes are not
// overwritten: an envelope may just be made of them.
func (d *darkroom) wipe(visit uint64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.prints, d.closed = prints{}, visit+1
}
