// SPDX-License-Identifier: EUPL-1.2

package envelope

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/appointment"
)

// keys are an office's and its escrow's.
type keys struct{ office, escrow *age.HybridIdentity }

func newKeys(t testing.TB) keys {
	t.Helper()
	office, err := age.GenerateHybridIdentity()
	if err != nil {
		t.Fatal(err)
	}
	escrow, err := age.GenerateHybridIdentity()
	if err != nil {
		t.Fatal(err)
	}
	return keys{office, escrow}
}

func (k keys) recipients(t testing.TB) []age.Recipient {
	t.Helper()
	r, err := ParseRecipients([]string{k.office.Recipient().String(), k.escrow.Recipient().String()})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// capture returns a manifest of the given number of photos, and bytes that stand for them.
func capture(n int) (Manifest, [][]byte) {
	score := 0.25
	m := Manifest{
		Capture:     uuid.MustParse("019ad948-b3c0-7000-8000-000000000001"),
		Appointment: appointment.ID{1, 2, 3},
		CapturedAt:  time.Date(2026, 12, 1, 9, 30, 0, 123e6, time.UTC),
		CapturedBy:  "05911000",
		Mode:        ModeLobby,
		AttackScore: &score,
		Software:    "stationd test", SoftwareHash: strings.Repeat("ab", 32),
	}
	photos := make([][]byte, n)
	random := rand.NewChaCha8([32]byte{})
	for i := range photos {
		photos[i] = make([]byte, 100_000+i)
		_, _ = random.Read(photos[i])
		m.Photos = append(m.Photos, Photo{Chosen: i == 0, Report: json.RawMessage(fmt.Sprintf(`{"verdict":"accept","n":%d}`, i))})
	}
	return m, photos
}

func seal(t testing.TB, m Manifest, photos [][]byte, to []age.Recipient) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Seal(&b, m, photos, to); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestSealAndOpen(t *testing.T) {
	k := newKeys(t)
	m, photos := capture(3)
	sealed := seal(t, m, photos, k.recipients(t))
	if overhead := len(sealed) - 300_003; overhead > 10_000 {
		t.Errorf("the envelope is %d bytes larger than its photos", overhead)
	}
	want, err := m.complete(photos)
	if err != nil {
		t.Fatal(err)
	}
	for name, id := range map[string]age.Identity{"office": k.office, "escrow": k.escrow} {
		got, gotPhotos, err := Open(bytes.NewReader(sealed), id)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: manifest (-want +got):\n%s", name, diff)
		}
		if !slices.EqualFunc(photos, gotPhotos, bytes.Equal) {
			t.Errorf("%s: photos differ", name)
		}
	}
	if want.Photos[2].Name != "photo-3.jpg" || m.Photos[2].Name != "" {
		t.Errorf("photo 3 is named %q, the caller's %q", want.Photos[2].Name, m.Photos[2].Name)
	}
}

func TestOpenWithWrongKey(t *testing.T) {
	m, photos := capture(1)
	sealed := seal(t, m, photos, newKeys(t).recipients(t))
	_, _, err := Open(bytes.NewReader(sealed), newKeys(t).office)
	if _, ok := errors.AsType[*age.NoIdentityMatchError](err); !ok {
		t.Errorf("error is %v, want age's NoIdentityMatchError", err)
	}
}

// TestOpenDamaged changes, cuts and appends bytes all over an envelope: each time Open fails.
func TestOpenDamaged(t *testing.T) {
	k := newKeys(t)
	m, photos := capture(2)
	sealed := seal(t, m, photos, k.recipients(t))
	refuse := func(what string, data []byte) {
		t.Helper()
		if m, photos, err := Open(bytes.NewReader(data), k.office, k.escrow); err == nil || photos != nil || m.Photos != nil {
			t.Errorf("%s: opened with error %v", what, err)
		}
	}
	for at := 0; at < len(sealed); at += 1 + len(sealed)/50 {
		bent := bytes.Clone(sealed)
		bent[at] ^= 0x10
		refuse(fmt.Sprintf("byte %d changed", at), bent)
		refuse(fmt.Sprintf("cut to %d bytes", at), sealed[:at])
	}
	last := bytes.Clone(sealed)
	last[len(last)-1] ^= 1
	refuse("last byte changed", last)
	refuse("one byte short", sealed[:len(sealed)-1])
	refuse("one byte more", append(bytes.Clone(sealed), 0))
	refuse("empty", nil)
}

// TestOpenBounds seals, with age and tar alone, what Seal would not.
func TestOpenBounds(t *testing.T) {
	k := newKeys(t)
	m, photos := capture(1)
	m, err := m.complete(photos)
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	good := []part{{manifestName, manifest}, {"photo-1.jpg", photos[0]}}
	for _, tt := range []struct {
		name  string
		parts []part
		tail  string
		want  string
	}{
		{"good", good, "", ""},
		{"no file", nil, "", "unexpected EOF"},
		{"no photo", good[:1], "", "unexpected EOF"},
		{"no manifest", good[1:], "", "instead of manifest.json"},
		{"another file", append(good[:2:2], part{"photo-2.jpg", photos[0]}), "", "unexpected file"},
		{"a path", []part{good[0], {"../photo-1.jpg", photos[0]}}, "", "instead of photo-1.jpg"},
		{"huge manifest", []part{{manifestName, make([]byte, MaxManifest+1)}}, "", "want at most"},
		{"huge photo", []part{good[0], {"photo-1.jpg", make([]byte, MaxPhoto+1)}}, "", "want at most"},
		{"another photo", []part{good[0], {"photo-1.jpg", photos[0][1:]}}, "", "not the photo"},
		{"manifest is no JSON", []part{{manifestName, []byte("{")}, good[1]}, "", "manifest"},
		{"manifest is empty JSON", []part{{manifestName, []byte("{}")}, good[1]}, "", "manifest"},
		{"something after the tar", good, "x", "after the end"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := Open(packed(t, k, tt.parts, tt.tail), k.office)
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("error is %v, want %q", err, tt.want)
			}
		})
	}
}

// TestOpenReadsNoMore counts what Open takes from an envelope of 64 MB.
func TestOpenReadsNoMore(t *testing.T) {
	k := newKeys(t)
	m, photos := capture(MaxPhotos)
	m, err := m.complete(photos)
	if err != nil {
		t.Fatal(err)
	}
	large := make([]byte, MaxPhoto)
	parts := make([]part, 1, 1+MaxPhotos)
	for i := range m.Photos {
		m.Photos[i].SHA256 = hash(large)
		parts = append(parts, part{photoName(i), large})
	}
	manifest, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	parts[0] = part{manifestName, manifest}
	r := &counter{r: packed(t, k, parts, "")}
	if _, _, err := Open(r, k.office); err == nil {
		t.Error("it was opened")
	}
	if r.n > MaxSize+1 {
		t.Errorf("%d bytes were read, want at most %d", r.n, MaxSize+1)
	}
}

type part struct {
	name string
	data []byte
}

func packed(t *testing.T, k keys, parts []part, tail string) io.Reader {
	t.Helper()
	var b bytes.Buffer
	w, err := age.Encrypt(&b, k.recipients(t)...)
	if err != nil {
		t.Fatal(err)
	}
	tw := tar.NewWriter(w)
	for _, p := range parts {
		if err := add(tw, p.name, time.Unix(0, 0), p.data); err != nil {
			t.Fatal(err)
		}
	}
	if err := tw.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, tail); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return &b
}

type counter struct {
	r io.Reader
	n int
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += n
	return n, err
}

func TestSealRefuses(t *testing.T) {
	to := newKeys(t).recipients(t)
	m, photos := capture(2)
	large := make([]byte, MaxPhoto)
	eight, _ := capture(8)
	for _, tt := range []struct {
		name   string
		m      Manifest
		photos [][]byte
		to     []age.Recipient
		want   string
	}{
		{"photos and manifest differ", m, photos[:1], to, "describes 2"},
		{"an empty photo", m, [][]byte{photos[0], nil}, to, "photo 2"},
		{"a huge photo", m, [][]byte{photos[0], append(large, 0)}, to, "photo 2"},
		{"larger than the office takes", eight, [][]byte{large, large, large, large, large, large, large, large}, to, "larger than"},
		{"nobody could open it", m, photos, nil, "recipient"},
		{"no manifest", Manifest{}, nil, to, "UUIDv7"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if err := Seal(io.Discard, tt.m, tt.photos, tt.to); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error is %v, want %q", err, tt.want)
			}
		})
	}
	if err := Seal(full{}, m, photos, to); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("error is %v, want the writer's", err)
	}
}

// full is a writer without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestParseRecipients(t *testing.T) {
	classic, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	hybrid := newKeys(t).office.Recipient().String()
	for _, tt := range []struct {
		name  string
		texts []string
	}{
		{"none", nil},
		{"empty", []string{""}},
		{"classic", []string{classic.Recipient().String()}},
		{"hybrid and classic", []string{hybrid, classic.Recipient().String()}},
		{"damaged", []string{hybrid[:len(hybrid)-1] + "b"}},
	} {
		if r, err := ParseRecipients(tt.texts); err == nil {
			t.Errorf("%s: %v", tt.name, r)
		}
	}
}

// BenchmarkSeal seals one photo of 1.5 MB.
func BenchmarkSeal(b *testing.B) {
	to := newKeys(b).recipients(b)
	m, _ := capture(1)
	photos := [][]byte{make([]byte, 1_500_000)}
	b.SetBytes(int64(len(photos[0])))
	for b.Loop() {
		if err := Seal(io.Discard, m, photos, to); err != nil {
			b.Fatal(err)
		}
	}
}
