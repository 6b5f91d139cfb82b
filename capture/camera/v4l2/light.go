// SPDX-License-Identifier: EUPL-1.2

package v4l2

import (
	"context"
	"image"
	"sync"
	"time"

	"github.com/blackjack/webcam"
)

const (
	// settle is how long a sensor takes to show a new exposure: about three pictures.
	settle = 250 * time.Millisecond
	// locked is how long the exposure stays as it is after a still: a burst is one picture.
	locked = 2 * time.Second
	// forgotten is how long after the last metering the camera meters by itself again. Until then the
	// person may come back for another photo.
	forgotten = 30 * time.Second
)

// A light meters the face and sets the exposure.
type light struct {
	knobs *knobs
	can   aperture
	gains bool // the gain may be set
	auto  bool // the camera has an exposure of its own

	mu      sync.Mutex
	picture image.Image // the newest preview
	now     exposure
	manual  bool // now is what the sensor has
	busy    bool // a step is under way
	dead    bool // the camera did not answer
	until   time.Time
	metered time.Time
}

// newLight is nil where nothing is to be metered, or cannot.
func newLight(k *knobs, s Sensor, can map[webcam.ControlID]webcam.Control) *light {
	time, ok := can[exposureTime]
	if !ok || s.Exposure.how != "" && s.Exposure.how != metered {
		return nil
	}
	l := &light{knobs: k, can: aperture{time: span{max(time.Min, 1), time.Max}}}
	_, l.auto = can[exposureAuto]
	if g, ok := can[gain]; ok && s.Gain.how != fixed {
		l.gains, l.can.gain = true, span{g.Min, g.Max}
	}
	return l
}

// see keeps the newest preview, and gives the exposure back to the camera when nobody has been
// metered for long: an empty station follows the daylight.
func (l *light) see(img image.Image) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.picture = img
	if l.manual && l.auto && !l.busy && !l.dead && time.Since(l.metered) > forgotten {
		l.start(func(p panel) error {
			err := p.SetControl(exposureAuto, exposeAperture)
			l.mu.Lock()
			l.manual = err != nil
			l.mu.Unlock()
			return err
		})
	}
}

// lock keeps the exposure for a burst.
func (l *light) lock() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.until = time.Now().Add(locked)
}

// meter corrects the exposure by one step, unless one is under way or has not shown yet. It does
// not wait for the camera.
func (l *light) meter(region image.Rectangle) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.metered = time.Now()
	if l.busy || l.dead || l.picture == nil || time.Now().Before(l.until) {
		return
	}
	if !l.manual {
		l.start(l.take)
		return
	}
	r, ok := read(l.picture, region)
	if !ok {
		return
	}
	if next := l.can.next(l.now, r); next != l.now {
		l.start(func(p panel) error { return l.set(p, next) })
	}
}

// start runs one job with the controls; the caller holds mu.
func (l *light) start(job func(panel) error) {
	l.busy = true
	go func() {
		err := l.knobs.do(context.Background(), job)
		l.mu.Lock()
		defer l.mu.Unlock()
		l.busy, l.dead = false, err != nil
		l.until = later(l.until, time.Now().Add(settle))
	}()
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// take takes the exposure over from the camera, as it is.
func (l *light) take(p panel) error {
	if l.auto {
		if err := p.SetControl(exposureAuto, exposeManual); err != nil {
			return err
		}
	}
	var e exposure
	var err error
	if e.time, err = p.GetControl(exposureTime); err != nil {
		return err
	}
	if l.gains {
		if e.gain, err = p.GetControl(gain); err != nil {
			return err
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.now, l.manual = e, true
	return nil
}

// set sets what differs, and keeps what the camera made of it.
func (l *light) set(p panel, next exposure) error {
	if err := p.SetControl(exposureTime, next.time); err != nil {
		return err
	}
	if l.gains {
		if err := p.SetControl(gain, next.gain); err != nil {
			return err
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.now = next
	return nil
}
