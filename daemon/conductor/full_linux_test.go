// SPDX-License-Identifier: EUPL-1.2

package conductor

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fotobox-project/fotobox/daemon/session"
	"github.com/fotobox-project/fotobox/internal/durable/durabletest"
	"github.com/fotobox-project/fotobox/upload/outbox"
)

// TestFullDiskUnderTheCitizen: the disk gets full between the photo and the consent. The screen is
// told so, the log says what to do, nothing is kept, and the second press stores it once there is room.
func TestFullDiskUnderTheCitizen(t *testing.T) {
	path := durabletest.Small(t, "1m")
	box, err := outbox.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer box.Close()
	h, _, _ := atSeal(t)
	var log bytes.Buffer
	h.Safe.Box, h.Log = box, slog.New(slog.NewTextHandler(&log, nil))
	stuffed := filepath.Join(path, "log")
	durabletest.Stuff(t, stuffed, 0)
	ev, ok := h.Do(t.Context(), sealEffect(7)).(session.StoreFailed)
	if !ok || ev.Problem != "full" {
		t.Errorf("answer %+v, want that the disk is full", ev)
	}
	if !strings.Contains(log.String(), "free some space") {
		t.Errorf("the log does not say what to do: %q", log.String())
	}
	if items, err := box.Pending(); len(items) != 0 || err != nil {
		t.Errorf("pending: %v, %v; the citizen has read that nothing is kept", items, err)
	}
	if err := os.Remove(stuffed); err != nil {
		t.Fatal(err)
	}
	if ev, ok := h.Do(t.Context(), sealEffect(7)).(session.Stored); !ok {
		t.Errorf("with room again: %+v, want it stored", ev)
	}
	if items, err := box.Pending(); len(items) != 1 || err != nil {
		t.Errorf("pending: %v, %v; want the capture once", items, err)
	}
}
