// SPDX-License-Identifier: EUPL-1.2

package conductor

import (
	"sync"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/daemon/session"
)

const (
	// maxMisses wrong typed codes in a row close the gate for missPause (office.md).
	maxMisses = 5
	missPause = 60 * time.Second
)

// Paused is the answer to a typed code while the gate is closed.
const Paused appointment.Answer = "paused"

// Register is what the station knows of its office's appointments, with the
// network down too.
type Register struct {
	appointment.Checker
	DayKey   []byte
	Typed    map[[16]byte]string // HMAC of a Terminkennung -> its FB1 text
	ChecksIn bool                // the station stands in an office whose people it checks in
}

// A Gate checks the codes that are scanned or typed. Its methods may be called
// at the same time from anywhere.
type Gate struct {
	mu       sync.Mutex
	register Register
	misses   int
	closed   time.Time // until when typed codes are not looked at
}

// Learn replaces what the gate knows.
func (g *Gate) Learn(r Register) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.register = r
}

// Check judges an FB1 text or a Terminkennung.
func (g *Gate) Check(text string, now time.Time) session.Scanned {
	g.mu.Lock()
	defer g.mu.Unlock()
	kennung, err := appointment.ParseTerminkennung(text)
	if err != nil {
		return g.scanned(text, now)
	}
	if now.Before(g.closed) {
		return session.Scanned{Answer: Paused}
	}
	if fb1, ok := g.register.Typed[kennung.HMAC(g.register.DayKey)]; ok {
		g.misses = 0
		return g.scanned(fb1, now)
	}
	if g.misses++; g.misses >= maxMisses {
		g.misses, g.closed = 0, now.Add(missPause)
	}
	return session.Scanned{Answer: appointment.Malformed}
}

func (g *Gate) scanned(text string, now time.Time) session.Scanned {
	code, answer := g.register.Check(text, now)
	arrives := g.register.ChecksIn && answer == appointment.OK && appointment.CheckIn(code.Start, code.ValidUntil, now) == appointment.OK
	return session.Scanned{Code: code, Answer: answer, Arrives: arrives}
}
