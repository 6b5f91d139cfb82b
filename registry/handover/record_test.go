// SPDX-License-Identifier: EUPL-1.2

package handover

import (
	"encoding/xml"
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/fotobox-project/fotobox/registry/inbox"
	"github.com/fotobox-project/fotobox/upload/envelope"
)

var update = flag.Bool("update", false, "rewrite testdata")

// opening is a fixed capture, so that its record is always the same.
func opening(t *testing.T, mode string) inbox.Opening {
	t.Helper()
	at := time.Date(2026, 12, 1, 9, 30, 0, 0, time.UTC)
	m := manifest(t, mode, 2)
	m.Capture, m.CapturedAt = uuid.MustParse("019ad948-b3c0-7000-8000-000000000001"), at
	i := inbox.Item{
		ID: m.Capture, Appointment: booked, State: inbox.Taken, Photo: 1, Veto: inbox.OKObvious, Handover: 1,
		ChangedBy: "anna", ChangedAt: at.Add(time.Hour), ExpiresAt: at.Add(envelope.Lifetime),
	}
	return inbox.Opening{Item: i, Manifest: m, Photos: [][]byte{drawn(t, 0), drawn(t, 1)}}
}

func TestRecord(t *testing.T) {
	for mode, file := range map[string]string{envelope.ModeLobby: "testdata/lobby.xml", envelope.ModeCounter: "testdata/counter.xml"} {
		got, err := Record(opening(t, mode))
		if err != nil {
			t.Fatal(err)
		}
		if *update {
			if err := os.WriteFile(file, got, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", file, diff)
		}
		if strings.Contains(string(got), "anna") {
			t.Error("the record names the clerk")
		}
	}
}

// TestRecordNames has the names of the guideline in their places.
func TestRecordNames(t *testing.T) {
	var got struct {
		XMLName xml.Name
		Face    struct {
			Profile string `xml:"ApplicationProfile"`
			Entries []struct {
				ID     string `xml:"id,attr"`
				TMin   string `xml:"tmin,attr"`
				TMax   string `xml:"tmax,attr"`
				Value  string `xml:"value,attr"`
				Result bool   `xml:"result,attr"`
			} `xml:"Quality>Entry"`
		} `xml:"FaceAcquisition"`
	}
	text, err := Record(opening(t, envelope.ModeExtended))
	if err != nil {
		t.Fatal(err)
	}
	if err := xml.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if got.XMLName.Local != "MultiModalProcess" || got.Face.Profile != "GID_UnsupervisedSelfServiceFacialImageAcquisitionSystem" {
		t.Errorf("root %q, profile %q", got.XMLName.Local, got.Face.Profile)
	}
	if len(got.Face.Entries) != 3 || got.Face.Entries[0].Value != "0.751235" || got.Face.Entries[1].TMax != "" || got.Face.Entries[2].Value != "" || got.Face.Entries[2].Result {
		t.Errorf("entries %+v", got.Face.Entries)
	}
	if !strings.Contains(string(text), "The official schema files") {
		t.Error("the record does not say that the schema is not public")
	}
}

func TestRecordOfLess(t *testing.T) {
	o := opening(t, envelope.ModeLobby)
	o.Manifest.Photos[1].Report = []byte(`"none"`)
	o.Manifest.AttackScore, o.Photos[1] = nil, []byte("no JPEG")
	text, err := Record(o)
	if err != nil {
		t.Fatal(err)
	}
	for _, absent := range []string{"<Quality", "<AttackScore", "width="} {
		if strings.Contains(string(text), absent) {
			t.Errorf("the record has %s", absent)
		}
	}
	o.Item.Photo = -1
	if _, err := Record(o); err == nil {
		t.Error("a record of no photo")
	}
	o.Item.Photo, o.Manifest.Photos = 1, o.Manifest.Photos[:1]
	if _, err := Record(o); err == nil {
		t.Error("a record of a photo that the manifest lacks")
	}
}
