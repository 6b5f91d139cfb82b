// SPDX-License-Identifier: EUPL-1.2

// Package kiosk serves the screen of the station: a page that is a pure function of the session's state.
package kiosk

import (
	"context"
	"crypto/rand"
	"errors"
	"iter"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/fotobox-project/fotobox/daemon/session"
	"github.com/fotobox-project/fotobox/ui/style"
	"github.com/fotobox-project/fotobox/ui/text"
	"github.com/fotobox-project/fotobox/ui/voice"
)

// ErrPause is what [Station.Scan] returns while codes are not taken because too
// many wrong ones were typed.
var ErrPause = errors.New("codes are not taken for a while")

// A Station is what the screen shows and whom it tells what people do.
type Station interface {
	// States yields the present state at once, then every change, until ctx or
	// the station ends. A slow reader may miss states, never the newest.
	States(ctx context.Context) iter.Seq[session.State]
	// Tell reports an event; its outcome shows up as a state.
	Tell(ctx context.Context, ev session.Event) error
	// Scan takes a code as it was typed or scanned; the answer shows up as a state.
	Scan(ctx context.Context, text string) error
}

// Pictures is where the screen's pictures come from; all are JPEG.
type Pictures interface {
	// Preview waits for a frame newer than the one numbered after. taken is when
	// the sensor saw it, by this machine's clock.
	Preview(ctx context.Context, after uint64) (jpeg []byte, number uint64, taken time.Time, err error)
	// Photo is the n-th photo, from 0, of the visit's Review; it reports false
	// when the visit does not have it any more.
	Photo(visit uint64, n int) (jpeg []byte, ok bool)
}

// Settings are what differs from station to station. The zero value works.
type Settings struct {
	Office   string         // the office's name as people know it; empty reads "the office"
	Language text.Language  // what an idle station speaks; empty is German
	Mode     func() string  // operating mode now, see envelope.Manifest; nil is envelope.ModeLobby
	ChecksIn func() bool    // whether people are checked in here now; nil: they are not
	Zone     *time.Location // of the dates shown; nil is time.Local
	Log      *slog.Logger   // nil logs nothing
	Displays *atomic.Int64  // counts the pages that show the station at this moment; nil counts nothing
}

type kiosk struct {
	station  Station
	pictures Pictures
	screen   screen
	log      *slog.Logger
	displays *atomic.Int64
}

// New returns the pages of the station. The streams below it end when the
// station's States end, so that a server can shut down.
func New(station Station, pictures Pictures, set Settings) http.Handler {
	return protect(newKiosk(station, pictures, set).routes())
}

func newKiosk(station Station, pictures Pictures, set Settings) *kiosk {
	k := &kiosk{station: station, pictures: pictures, screen: newScreen(set, newBoot()), log: set.Log, displays: set.Displays}
	if k.log == nil {
		k.log = slog.New(slog.DiscardHandler)
	}
	if k.displays == nil {
		k.displays = new(atomic.Int64)
	}
	return k
}

// newBoot draws the key that makes nonces worthless after a restart.
func newBoot() (b boot) {
	rand.Read(b[:]) // never fails (crypto/rand)
	return b
}

func (k *kiosk) routes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /{$}", k.adapt(k.page))
	mux.Handle("GET /state", k.adapt(k.stream))
	mux.Handle("POST /press", k.adapt(k.press))
	mux.Handle("POST /key", k.adapt(k.key))
	mux.Handle("POST /code", k.adapt(k.code))
	mux.Handle("POST /language", k.adapt(k.language))
	mux.Handle("GET /preview/{nonce}", k.adapt(k.preview))
	mux.Handle("GET /photo/{nonce}/{attempt}/{n}", k.adapt(k.photo))
	mux.Handle("GET /assets/kern/", http.StripPrefix("/assets/kern/", style.Handler()))
	mux.Handle("GET "+voicePath, http.StripPrefix(voicePath, voice.Handler()))
	mux.Handle("GET /assets/", own())
	return mux
}

// now is the station's present state.
func (k *kiosk) now(ctx context.Context) (session.State, error) {
	for s := range k.station.States(ctx) {
		return s, nil
	}
	return session.State{}, refusal{http.StatusServiceUnavailable, "away", context.Cause(ctx)}
}
