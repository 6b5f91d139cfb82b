// SPDX-License-Identifier: EUPL-1.2

package handover

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"image"
	"image/jpeg"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/image/rule"
	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/inbox"
	"github.com/fotobox-project/fotobox/registry/store"
	"github.com/fotobox-project/fotobox/registry/store/storetest"
	"github.com/fotobox-project/fotobox/upload/envelope"
)

func TestMain(m *testing.M) { os.Exit(storetest.Both(m).Run()) }

var booked = appointment.ID{0xca, 0x5e, 3, 4, 5, 6, 7, 8}

// bench is an inbox whose photos wait for the registry software.
type bench struct {
	*inbox.Inbox
	store    *store.Store
	identity *age.HybridIdentity
	logged   *lockedBuffer
	log      *slog.Logger
}

// lockedBuffer takes the log of several goroutines.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func newBench(t testing.TB) *bench {
	t.Helper()
	s := storetest.Open(t)
	identity, err := age.GenerateHybridIdentity()
	if err != nil {
		t.Fatal(err)
	}
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{store: s, identity: identity, logged: &lockedBuffer{}}
	b.log = slog.New(slog.NewTextHandler(b.logged, nil))
	b.Inbox = inbox.New(s, key, []age.Identity{identity}, b.log)
	b.Handover = true
	return b
}

// manifest is that of a capture taken now; the report has one finding of each kind.
func manifest(t testing.TB, mode string, photos int) envelope.Manifest {
	t.Helper()
	score := 0.125
	m := envelope.Manifest{
		Capture: uuid.Must(uuid.NewV7()), Appointment: booked, CapturedAt: time.Now(), CapturedBy: "05112000",
		Mode: mode, AttackScore: &score, Software: "stationd 0.2.0", SoftwareHash: "6d1f00aa",
	}
	report := `{"engine":"fotobox 1","set":"de","hash":"ab","verdict":"unclear","findings":[
		{"id":"5.4","name":"head-height","mandatory":true,"value":0.7512345678,"unit":"of the height","min":0.6,"max":0.9,"side":"inside","advice":""},
		{"id":"5.7","name":"eye-distance","mandatory":true,"value":310,"unit":"px","min":300,"max":null,"side":"inside","advice":""},
		{"id":"3.3","name":"gaze","advisory":true,"value":null,"unit":"°","min":-5,"max":5,"side":"unclear","advice":"gaze.unclear","reason":"the eyes could not be located"}]}`
	for i := range photos {
		m.Photos = append(m.Photos, envelope.Photo{Chosen: i == 0, Report: json.RawMessage(report)})
	}
	var r rule.Report
	if err := json.Unmarshal([]byte(report), &r); err != nil || len(r.Findings) != 3 {
		t.Fatalf("the test's report is none: %v", err)
	}
	return m
}

// drawn is a small JPEG, another one for every n.
func drawn(t testing.TB, n int) []byte {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, 31, 40))
	for i := range img.Pix {
		img.Pix[i] = uint8(i * (n + 1))
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// takes delivers a capture of two photos and takes the second one over, against
// the engine. It returns that photo.
func (b *bench) takes(t testing.TB, mode string) (uuid.UUID, []byte) {
	t.Helper()
	m := manifest(t, mode, 2)
	b.delivers(t, m)
	if _, err := b.Open(t.Context(), "anna", m.Capture); err != nil {
		t.Fatal(err)
	}
	photo, err := b.TakeOver(t.Context(), "anna", m.Capture, 1, inbox.OKObvious)
	if err != nil {
		t.Fatal(err)
	}
	return m.Capture, photo
}

func (b *bench) delivers(t testing.TB, m envelope.Manifest) {
	t.Helper()
	var sealed bytes.Buffer
	err := envelope.Seal(&sealed, m, [][]byte{drawn(t, 0), drawn(t, 1)}, []age.Recipient{b.identity.Recipient()})
	if err != nil {
		t.Fatal(err)
	}
	digest := envelope.Digest(sha256.Sum256(sealed.Bytes()))
	if _, _, err := b.Put(t.Context(), "station-1", m.Capture, m.Appointment, digest, &sealed); err != nil {
		t.Fatal(err)
	}
}

// record gives the entries about a capture as "actor action detail" lines.
func (b *bench) record(t testing.TB, id uuid.UUID) (list []string) {
	t.Helper()
	for e, err := range audit.All(t.Context(), b.store) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Subject == "capture:"+id.String() {
			list = append(list, strings.TrimSpace(fmt.Sprintln(e.Actor, e.Action, e.Detail)))
		}
	}
	return list
}

func (b *bench) item(t testing.TB, id uuid.UUID) inbox.Item {
	t.Helper()
	i, err := b.Get(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return i
}
