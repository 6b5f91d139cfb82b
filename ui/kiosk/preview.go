// SPDX-License-Identifier: EUPL-1.2

package kiosk

import (
	"context"
	"encoding/binary"
	"net/http"
	"strconv"
	"time"

	"github.com/coder/websocket"

	"github.com/fotobox-project/fotobox/daemon/session"
)

const (
	// Fresh is how old a frame may be; an older one is not sent and not shown,
	// so that nobody looks at a frozen face.
	Fresh = 500 * time.Millisecond
	ready = "ready"
)

// preview is the live picture, pulled: the page says "ready", the answer is the
// newest frame as 4 bytes of its age in milliseconds (big-endian) and a JPEG.
// Only a visit that stands before the camera sees it.
func (k *kiosk) preview(w http.ResponseWriter, r *http.Request) error {
	s, err := k.watcher(r.Context(), r.PathValue("nonce"))
	if err != nil {
		return err
	}
	c, err := websocket.Accept(w, r, nil) // refuses another origin, and answers itself
	if err != nil {
		return nil
	}
	defer c.CloseNow()
	c.SetReadLimit(int64(len(ready)))
	k.frames(r.Context(), c, s.Visit)
	return nil
}

// frames answers until the page goes or the visit leaves the camera.
func (k *kiosk) frames(ctx context.Context, c *websocket.Conn, visit uint64) {
	var last uint64
	for {
		if _, word, err := c.Read(ctx); err != nil || string(word) != ready {
			c.Close(websocket.StatusPolicyViolation, "say ready")
			return
		}
		frame, number, err := k.frame(ctx, last)
		if err != nil {
			c.Close(websocket.StatusTryAgainLater, "no frames")
			return
		}
		if s, err := k.now(ctx); err != nil || s.Visit != visit || !watches(s) {
			c.Close(websocket.StatusNormalClosure, "not at the camera")
			return
		}
		if err := send(ctx, c, frame); err != nil {
			return
		}
		last = number
	}
}

// frame waits for a frame that is fresh.
func (k *kiosk) frame(ctx context.Context, after uint64) (message []byte, number uint64, err error) {
	for {
		jpeg, number, taken, err := k.pictures.Preview(ctx, after)
		if err != nil {
			return nil, 0, err
		}
		after = number
		if age := time.Since(taken); age < Fresh {
			head := binary.BigEndian.AppendUint32(make([]byte, 0, 4+len(jpeg)), uint32(max(age, 0)/time.Millisecond))
			return append(head, jpeg...), number, nil
		}
	}
}

func send(ctx context.Context, c *websocket.Conn, message []byte) error {
	ctx, stop := context.WithTimeout(ctx, patience)
	defer stop()
	return c.Write(ctx, websocket.MessageBinary, message)
}

// watcher is the state of a visit that may see itself.
func (k *kiosk) watcher(ctx context.Context, nonce string) (session.State, error) {
	s, err := k.now(ctx)
	if err != nil {
		return s, err
	}
	if !k.screen.boot.holds(nonce, s.Visit) || !watches(s) {
		return s, refusal{http.StatusConflict, "stale", nil}
	}
	return s, nil
}

// watches reports whether the live picture is shown.
func watches(s session.State) bool {
	return s.Stage == session.Position || s.Stage == session.Capture
}

// photo serves one picture of the visit while it is being chosen.
func (k *kiosk) photo(w http.ResponseWriter, r *http.Request) error {
	s, err := k.now(r.Context())
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(r.PathValue("n"))
	gone := refusal{http.StatusNotFound, "stale", err}
	if err != nil || !k.screen.boot.holds(r.PathValue("nonce"), s.Visit) || r.PathValue("attempt") != strconv.Itoa(s.Attempts) || !chooses(s) {
		return gone
	}
	jpeg, ok := k.pictures.Photo(s.Visit, n)
	if !ok {
		return gone
	}
	w.Header().Set("Content-Type", "image/jpeg")
	w.Header().Set("Content-Length", strconv.Itoa(len(jpeg)))
	w.Write(jpeg) // an error is a page that has gone
	return nil
}

// chooses reports whether the photos are shown.
func chooses(s session.State) bool {
	return s.Stage == session.Review || s.Stage == session.Consent
}
