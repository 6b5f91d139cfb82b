// SPDX-License-Identifier: EUPL-1.2

package conductor

import (
	"crypto/ed25519"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
)

var noon = time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)

// openGate knows one appointment by its code and by the Terminkennung it returns.
func openGate(t *testing.T) (g *Gate, fb1 string, kennung appointment.Terminkennung) {
	t.Helper()
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	code, err := appointment.Sign(appointment.Code{
		Office: 5911000, ID: appointment.ID{1}, Start: noon, Length: 15 * time.Minute, Service: 1, Persons: 1,
		PhotoWanted: true, ValidUntil: noon.Add(4 * time.Hour),
	}, key)
	if err != nil {
		t.Fatal(err)
	}
	kennung, err = appointment.ParseTerminkennung("WRJ-D8T-6V3")
	if err != nil {
		t.Fatal(err)
	}
	day := []byte("the key of the day")
	g = &Gate{}
	g.Learn(Register{
		Checker: appointment.Checker{Office: 5911000, Keys: []ed25519.PublicKey{key.Public().(ed25519.PublicKey)}},
		DayKey:  day, Typed: map[[16]byte]string{kennung.HMAC(day): code.String()},
	})
	return g, code.String(), kennung
}

func TestGateAnswers(t *testing.T) {
	g, fb1, kennung := openGate(t)
	foreign, err := appointment.Sign(appointment.Code{
		Office: 5112000, ID: appointment.ID{2}, Start: noon, Length: 15 * time.Minute, Persons: 1, ValidUntil: noon.Add(time.Hour),
	}, ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)))
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name, text string
		now        time.Time
		want       appointment.Answer
	}{
		{"scanned", fb1, noon, appointment.OK},
		{"typed", kennung.String(), noon, appointment.OK},
		{"typed in lower case", "wrj d8t 6v3", noon, appointment.OK},
		{"typed too late", kennung.String(), noon.Add(5 * time.Hour), appointment.Expired},
		{"another Terminkennung", "88K-DXQ-NA7", noon, appointment.Malformed},
		{"another office's station", foreign.String(), noon, appointment.WrongOffice},
		{"no code at all", "hello", noon, appointment.Malformed},
	} {
		if got := g.Check(tc.text, tc.now); got.Answer != tc.want {
			t.Errorf("%s: got %q, want %q", tc.name, got.Answer, tc.want)
		}
	}
}

// TestGateChecksIn: from fifteen minutes before the slot until the code ends, at a station that does.
func TestGateChecksIn(t *testing.T) {
	g, fb1, kennung := openGate(t)
	for _, checksIn := range []bool{false, true} {
		r := g.register
		r.ChecksIn = checksIn
		g.Learn(r)
		for at, want := range map[time.Duration]bool{
			-15*time.Minute - time.Second: false, -15 * time.Minute: true, 4 * time.Hour: true, 4*time.Hour + time.Second: false,
		} {
			for _, text := range []string{fb1, kennung.String()} {
				if got := g.Check(text, noon.Add(at)); got.Arrives != (checksIn && want) {
					t.Errorf("%v after the start, a station that checks in %v: arrives %v", at, checksIn, got.Arrives)
				}
			}
		}
	}
}

// TestGateCloses: guessing Terminkennungen is slow, scanning goes on.
func TestGateCloses(t *testing.T) {
	g, fb1, kennung := openGate(t)
	for range maxMisses {
		g.Check("88K-DXQ-NA7", noon)
	}
	if got := g.Check(kennung.String(), noon.Add(missPause-1)).Answer; got != Paused {
		t.Errorf("after %d misses: got %q, want %q", maxMisses, got, Paused)
	}
	if got := g.Check(fb1, noon).Answer; got != appointment.OK {
		t.Errorf("scanned during the pause: got %q, want ok", got)
	}
	if got := g.Check(kennung.String(), noon.Add(missPause)).Answer; got != appointment.OK {
		t.Errorf("after the pause: got %q, want ok", got)
	}
}
