// SPDX-License-Identifier: EUPL-1.2

package kiosk

import (
	"bytes"
	"encoding/binary"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/fotobox-project/fotobox/daemon/session"
)

// watch opens the preview of a visit.
func watch(t *testing.T, d desk, nonce, origin string) (*websocket.Conn, *http.Response) {
	t.Helper()
	server := httptest.NewServer(d.handler)
	t.Cleanup(server.Close)
	if origin == "" {
		origin = server.URL
	}
	c, answer, _ := websocket.Dial(t.Context(), server.URL+"/preview/"+nonce, &websocket.DialOptions{HTTPHeader: http.Header{"Origin": {origin}}})
	if c != nil {
		t.Cleanup(func() { c.CloseNow() })
	}
	return c, answer
}

// pull asks for one frame.
func pull(t *testing.T, c *websocket.Conn) ([]byte, error) {
	t.Helper()
	if err := c.Write(t.Context(), websocket.MessageText, []byte("ready")); err != nil {
		return nil, err
	}
	_, message, err := c.Read(t.Context())
	return message, err
}

func atCamera() session.State {
	return session.State{Visit: 4, Code: code(), Stage: session.Position, Deadline: time.Now().Add(time.Minute)}
}

// TestPreview: one frame for each "ready", newer each time, with its age.
func TestPreview(t *testing.T) {
	d := newDesk()
	d.stage.set(atCamera())
	d.album.age = 40 * time.Millisecond
	c, _ := watch(t, d, d.nonce(), "")
	for n := range 3 {
		message, err := pull(t, c)
		if err != nil {
			t.Fatal(err)
		}
		if age := binary.BigEndian.Uint32(message); age < 40 || age > 400 {
			t.Errorf("age %d ms, want about 40", age)
		}
		if !bytes.Equal(message[4:], d.album.frames[n]) {
			t.Errorf("pull %d: another frame", n)
		}
	}
	s, _ := d.stage.look()
	s.Stage = session.Review
	d.stage.set(s)
	if _, err := pull(t, c); websocket.CloseStatus(err) != websocket.StatusNormalClosure {
		t.Errorf("off the camera: %v, want a normal end", err)
	}
}

// TestPreviewNeverStale: an old frame is not sent, however long the page waits.
func TestPreviewNeverStale(t *testing.T) {
	d := newDesk()
	d.stage.set(atCamera())
	d.album.age = Fresh + time.Millisecond
	c, _ := watch(t, d, d.nonce(), "")
	time.AfterFunc(200*time.Millisecond, func() { c.CloseNow() })
	if message, err := pull(t, c); err == nil {
		t.Errorf("got a frame of %d bytes, want none", len(message))
	}
}

func TestPreviewRefused(t *testing.T) {
	for name, tc := range map[string]struct {
		state  session.State
		nonce  string
		origin string
		status int
	}{
		"idle":          {session.State{}, "", "", 409},
		"review":        {session.State{Visit: 4, Stage: session.Review}, "", "", 409},
		"another visit": {atCamera(), newBoot().nonce(4), "", 409},
		"other origin":  {atCamera(), "", "http://evil.example", 403},
	} {
		d := newDesk()
		d.stage.set(tc.state)
		if tc.nonce == "" {
			tc.nonce = d.nonce()
		}
		if c, answer := watch(t, d, tc.nonce, tc.origin); c != nil || answer.StatusCode != tc.status {
			t.Errorf("%s: connected %v, status %d, want %d", name, c != nil, answer.StatusCode, tc.status)
		}
	}
}

// TestPreviewPoliteness: a page that says anything else is shown the door.
func TestPreviewPoliteness(t *testing.T) {
	d := newDesk()
	d.stage.set(atCamera())
	c, _ := watch(t, d, d.nonce(), "")
	if err := c.Write(t.Context(), websocket.MessageText, []byte("hello")); err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.Read(t.Context()); websocket.CloseStatus(err) != websocket.StatusPolicyViolation {
		t.Errorf("got %v, want a policy violation", err)
	}
}
