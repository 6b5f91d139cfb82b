// SPDX-License-Identifier: EUPL-1.2

package inbox

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fotobox-project/fotobox/upload/envelope"
)

// TestPlaces fills the room for deliveries: who comes then waits, and is sent
// away after a while or served when room is free.
func TestPlaces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPlaces()
		var leave []func()
		for n := range held / envelope.MaxSize {
			l, err := p.take(t.Context(), fmt.Sprint(n), -1) // unannounced counts as the largest
			if err != nil {
				t.Fatal(err)
			}
			leave = append(leave, l)
		}
		began := time.Now()
		if _, err := p.take(t.Context(), "late", 2_000_000); !errors.Is(err, errBusy) || time.Since(began) != waiting {
			t.Errorf("%v after %s, want busy after %s", err, time.Since(began), waiting)
		}
		time.AfterFunc(time.Second, leave[0])
		began = time.Now()
		l, err := p.take(t.Context(), "late", 2_000_000)
		if err != nil || time.Since(began) != time.Second {
			t.Fatalf("%v after %s, want room after 1s", err, time.Since(began))
		}
		l()
		for _, l := range leave[1:] {
			l()
		}
		if !p.bytes.TryAcquire(held) || len(p.of) != 0 {
			t.Errorf("afterwards %v is left", p.of)
		}
	})
}

// TestPlacesOfOneStation: the third at once is sent away, until one is done.
func TestPlacesOfOneStation(t *testing.T) {
	p := newPlaces()
	first, err := p.take(t.Context(), "one", 1)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.take(t.Context(), "one", 1); err != nil {
		t.Fatal(err)
	}
	if _, err := p.take(t.Context(), "one", 1); !errors.Is(err, errBusy) {
		t.Errorf("third: %v", err)
	}
	first()
	if _, err := p.take(t.Context(), "one", 1); err != nil {
		t.Errorf("after one is done: %v", err)
	}
}
